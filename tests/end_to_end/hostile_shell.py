"""A shell whose variables and files would send every AWS client elsewhere, to a trap that notes who comes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

SERVICES = ("S3", "STS", "SAGEMAKER", "SAGEMAKER_RUNTIME", "SFN", "LAMBDA", "SQS", "EVENTBRIDGE", "CLOUDFORMATION")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


class HostileShell(NamedTuple):
    """Variables of a shell, and who fell for them."""

    variables: dict[str, str]
    visitors: list[str]


@contextmanager
def hostile_shell(folder: Path) -> Iterator[HostileShell]:
    """A shell with a stale profile, endpoints, proxies, certificates and files that all lead to the trap."""
    visitors: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            visitors.append(repr(self.rfile.readline()))
            self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield HostileShell(variables(f"http://127.0.0.1:{server.server_port}", folder), visitors)
    finally:
        server.shutdown()
        server.server_close()


def variables(url: str, folder: Path) -> dict[str, str]:
    config = folder / "config"
    config.write_text(f"[default]\nendpoint_url = {url}\nregion = us-east-1\ncredential_process = /gone\n")
    return {
        **{f"AWS_ENDPOINT_URL_{service}": url for service in SERVICES},
        **dict.fromkeys(PROXIES, url),
        "AWS_ENDPOINT_URL": "https://elsewhere.example",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_PROFILE": "an-account-that-i-left",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_CONFIG_FILE": str(config),
        "AWS_CA_BUNDLE": "/gone.pem",
        "REQUESTS_CA_BUNDLE": "/gone.pem",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_STS_REGIONAL_ENDPOINTS": "legacy",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": url,
        "SAGEMAKER_USER_CONFIG_OVERRIDE": "/gone.yaml",
    }
