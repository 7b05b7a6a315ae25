"""What a shell says about AWS and proxies does not reach clients of the local AWS."""

import urllib.request
from collections.abc import Callable

import pytest
import requests
from botocore.utils import get_environ_proxies

from local.loopback.shell import loopback_without_proxy, seal

URLS = ["http://127.0.0.1:4566/", "http://localhost:4566/_health", "http://[::1]:4566/"]
HOSTILE = {
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "AWS_SESSION_TOKEN": "token",
    "AWS_PROFILE": "an-account-that-i-left",
    "AWS_ENDPOINT_URL": "https://elsewhere.example",
    "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": "https://elsewhere.example",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_CONFIG_FILE": "/home/me/.aws/config",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_CA_BUNDLE": "/gone.pem",
    "BOTO_CONFIG": "/home/me/.boto",
    "BOTOCORE_EXPERIMENTAL__PLUGINS": "mine=my.plugin",
    "SAGEMAKER_USER_CONFIG_OVERRIDE": "/home/me/sagemaker.yaml",
}


def test_nothing_of_aws_is_left_but_that_no_file_is_read() -> None:
    variables = {
        **HOSTILE,
        "PATH": "/bin",
        "PIP_INDEX_URL": "https://index.example",
        "HTTPS_PROXY": "http://proxy:3128",
        "SAGEMAKER_MODEL_SERVER_WORKERS": "1",
    }
    seal(variables)
    assert variables == {
        "PATH": "/bin",
        "SAGEMAKER_MODEL_SERVER_WORKERS": "1",  # says something to the local AWS itself
        "PIP_INDEX_URL": "https://index.example",  # pip goes on to find its index, behind the same proxy
        "HTTPS_PROXY": "http://proxy:3128",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost,::1,[::1]",
        "no_proxy": "127.0.0.1,localhost,::1,[::1]",
    }


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ({}, "127.0.0.1,localhost,::1,[::1]"),
        ({"NO_PROXY": "corp.example, 127.0.0.1"}, "corp.example,127.0.0.1,localhost,::1,[::1]"),
        ({"no_proxy": "lower.example", "NO_PROXY": "upper.example"}, "lower.example,127.0.0.1,localhost,::1,[::1]"),
        ({"no_proxy": "*"}, "*"),
    ],
)
def test_hosts_that_go_without_a_proxy_already_do_so_on(given: dict[str, str], hosts: str) -> None:
    assert loopback_without_proxy(given) == {"NO_PROXY": hosts, "no_proxy": hosts}


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("spelling", [str.upper, str.lower])
def test_no_http_client_asks_a_proxy_for_this_machine(
    url: str, spelling: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxies = {spelling(name): "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "all_proxy")}
    for name, value in {**proxies, **loopback_without_proxy({"NO_PROXY": "corp.example"})}.items():
        monkeypatch.setenv(name, value)
    assert get_environ_proxies(url) == {}  # botocore
    assert requests.utils.get_environ_proxies(url) == {}  # also pip
    assert urllib.request.proxy_bypass(url.removeprefix("http://").partition("/")[0])
    assert get_environ_proxies("http://index.example") != {}
