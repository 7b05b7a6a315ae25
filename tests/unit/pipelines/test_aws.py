"""The door to AWS: what it opens with, and what its errors say."""

from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    ReadTimeoutError,
    UnauthorizedSSOTokenError,
    WaiterError,
)
from moto import mock_aws

from pipelines.aws import CONFLICTS, Aws, explain_errors, is_missing, split_s3_uri
from pipelines.errors import AwsError

KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials on this machine, and none of an instance."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


@pytest.mark.parametrize(
    "client",
    [
        "s3",
        "sagemaker",
        "sagemaker_runtime",
        "stepfunctions",
        "sqs",
        "logs",
        "cloudformation",
        "sts",
        "events",
        "lambda_",
    ],
)
def test_clients_are_made_once_for_the_region_and_the_endpoint(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:1")
    aws = Aws.connect("eu-central-1", KEYS)
    made = getattr(aws, client)
    assert made is getattr(aws, client)
    assert (made.meta.region_name, made.meta.endpoint_url) == ("eu-central-1", "http://localhost:1")


def test_without_an_endpoint_clients_talk_to_aws() -> None:
    aws = Aws.connect("eu-central-1", KEYS)
    assert aws.sagemaker.meta.endpoint_url == "https://api.sagemaker.eu-central-1.amazonaws.com"
    assert aws.region == "eu-central-1"


def test_the_address_of_one_service_goes_before_that_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://localhost:2")
    aws = Aws.connect("eu-west-1", KEYS)
    assert (aws.s3.meta.endpoint_url, aws.sqs.meta.endpoint_url) == ("http://localhost:2", "http://localhost:1")


def test_addresses_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:1")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert Aws.connect("eu-west-1", KEYS).s3.meta.endpoint_url == "https://s3.eu-west-1.amazonaws.com"


def test_the_account_is_asked_for() -> None:
    with mock_aws():
        assert Aws.connect("eu-west-1", KEYS).account == "123456789012"


def test_a_profile_is_used_unless_there_are_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "credentials").write_text("[team]\naws_access_key_id = of-profile\naws_secret_access_key = secret\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    assert Aws.connect("eu-west-1", {"AWS_PROFILE": "team"}).session.get_credentials().access_key == "of-profile"
    both = Aws.connect("eu-west-1", {"AWS_PROFILE": "team"} | KEYS)
    assert both.session.get_credentials().access_key == "testing"


def test_no_credentials() -> None:
    aws = Aws.connect("eu-west-1", {})
    with pytest.raises(AwsError, match=r"no AWS credentials: .* Set AWS_PROFILE"), explain_errors():
        _ = aws.account


def test_an_unknown_profile() -> None:
    with pytest.raises(AwsError, match=r"no such AWS profile: .*\(nobody\).* Unset AWS_PROFILE"):
        Aws.connect("eu-west-1", {"AWS_PROFILE": "nobody"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[default", r"configuration files cannot be used: .*config\. Correct the file"),
        ("[default]\nservices = gone\n", r"configuration files cannot be used: .*\"gone\".* Correct the file"),
        ("[default]\ncredential_process = /gone\n", r"settings for AWS cannot be used: .*'/gone'.* ~/\.aws/config"),
        ("[default]\ncredential_process = /bin/echo no\n", r"settings for AWS cannot be used: "),
        ("[default]\nregion = eu-west-1\n", r"no AWS credentials: .* a profile that has some"),
        ("[default]\nendpoint_url = nowhere\n", r"settings for AWS cannot be used: Invalid endpoint: nowhere"),
    ],
)
def test_a_file_that_cannot_be_used(text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(text)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(AwsError, match=said), explain_errors():
        _ = Aws.connect("eu-west-1", {}).account


@pytest.mark.parametrize("url", ["nowhere", "http://[::", "http://127.0.0.1:99999"])
def test_an_address_that_is_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    with pytest.raises(AwsError, match=r"the settings for AWS cannot be used: .* begin with AWS_"), explain_errors():
        _ = Aws.connect("eu-west-1", KEYS).account


@pytest.mark.parametrize("name", KEYS)
def test_half_a_key(name: str) -> None:
    with pytest.raises(AwsError, match="is set; set both or neither"):
        Aws.connect("eu-west-1", {name: "testing"})


def test_an_endpoint_that_does_not_answer(unused_port: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{unused_port()}")
    aws = Aws.connect("eu-west-1", KEYS)
    with pytest.raises(AwsError, match=r"AWS cannot be reached: .*AWS_ENDPOINT_URL"), explain_errors():
        aws.sts.get_caller_identity()


@pytest.fixture
def unused_port() -> Callable[[], int]:
    def find() -> int:
        import socket

        with socket.socket() as opened:
            opened.bind(("127.0.0.1", 0))
            return int(opened.getsockname()[1])

    return find


def refusal(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateRole")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            refusal("AccessDenied", "not authorized to perform: iam:CreateRole"),
            "AWS refused CreateRole: not authorized",
        ),
        (refusal("AccessDeniedException"), r"docs/delivery\.md lists what each role may do"),
        (
            refusal("ExpiredToken"),
            r"AWS does not accept the credentials \(ExpiredToken\): no\. Renew them .* AWS_ACCESS_KEY_ID",
        ),
        *(
            (refusal(code, "busy"), rf"else is changing the same thing: .* with {code}: busy\. Wait .* again$")
            for code in sorted(CONFLICTS)
        ),
        (refusal("LimitExceeded", ""), "AWS answered CreateRole with LimitExceeded: it says no more$"),
        (refusal("LimitExceeded", "too many"), "AWS answered CreateRole with LimitExceeded: too many"),
        (EndpointConnectionError(endpoint_url="https://x"), "AWS cannot be reached"),
        (ReadTimeoutError(endpoint_url="https://x"), "AWS cannot be reached"),
        (UnauthorizedSSOTokenError(), "run 'aws sso login'"),
        (WaiterError(name="w", reason="r", last_response={}), "the call to AWS failed: Waiter w failed: r"),
    ],
)
def test_errors_say_what_to_do(error: BotoCoreError | ClientError, said: str) -> None:
    with pytest.raises(AwsError, match=said) as caught, explain_errors():
        raise error
    assert caught.value.__cause__ is error
    assert caught.value.exit_code == 5


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), explain_errors():
        raise KeyError("mine")


@pytest.mark.parametrize(
    ("uri", "bucket", "key"), [("s3://b/a/c.json", "b", "a/c.json"), ("s3://b/a/", "b", "a/"), ("s3://b", "b", "")]
)
def test_an_s3_uri_is_a_bucket_and_a_key(uri: str, bucket: str, key: str) -> None:
    assert split_s3_uri(uri) == (bucket, key)


@pytest.mark.parametrize(("code", "missing"), [("404", True), ("NoSuchBucket", True), ("AccessDenied", False)])
def test_what_s3_does_not_have_is_told_from_other_errors(code: str, missing: bool) -> None:
    assert is_missing(refusal(code)) is missing
