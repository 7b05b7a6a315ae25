"""Only who has the keys of this start is answered, in each form in which clients sign; others get AWS's errors."""

import json
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from botocore import UNSIGNED, auth
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws, start
from tests.local.server.signing import keys, send, signed
from tests.local.support import BUCKET, REGION, ROLE, client, policy

CALLS: dict[str, tuple[str, dict[str, Any], int]] = {
    "s3": ("list_buckets", {}, 0),
    "sts": ("get_caller_identity", {}, 1),
    "sns": ("list_topics", {}, 1),
    "cloudformation": ("list_stacks", {}, 1),
    "sqs": ("list_queues", {}, 1),
    "sagemaker": ("list_models", {}, 2),
    "lambda": ("list_functions", {}, 2),
    "stepfunctions": ("list_state_machines", {}, 2),
    "cloudwatch": ("list_metrics", {}, 2),
    "sagemaker-runtime": ("invoke_endpoint", {"EndpointName": "e", "Body": b"1"}, 2),
}
UNKNOWN = ("InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException")
MISMATCH = ("SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException")
MISSING = ("AccessDenied", "MissingAuthenticationToken", "MissingAuthenticationTokenException")
ODD_KEY = "ä b/+%20?&=~*'()!/.../#;:@,日本"


def as_caller(aws: LocalAws, service: str, *caller: str, **config: Any) -> Any:
    session = boto3.Session(*caller, region_name=REGION)
    return session.client(service, endpoint_url=aws.endpoint_url, config=Config(**config))


def refusal(aws: LocalAws, service: str, *caller: str, **config: Any) -> tuple[str, int]:
    """Code and status of the error that a caller gets."""
    operation, arguments, _ = CALLS[service]
    with pytest.raises(ClientError) as caught:
        getattr(as_caller(aws, service, *caller, **config), operation)(**arguments)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize("service", CALLS)
def test_who_has_no_key_gets_the_error_of_aws(aws: LocalAws, service: str) -> None:
    family = CALLS[service][2]
    key, secret = keys(aws)
    assert refusal(aws, service, "AKIAIOSFODNN7EXAMPLE", secret) == (UNKNOWN[family], 403)
    assert refusal(aws, service, key, "wrong") == (MISMATCH[family], 403)
    assert refusal(aws, service, signature_version=UNSIGNED) == (MISSING[family], 403)


@pytest.mark.parametrize("caller", [("local", "local"), ("ak", "sk"), ("testing", "testing")])
def test_no_key_is_known_beforehand(aws: LocalAws, caller: tuple[str, str]) -> None:
    with pytest.raises(ClientError, match="did not give out its access key"):
        as_caller(aws, "sagemaker", *caller).list_models()


def test_each_start_has_keys_of_its_own_which_only_the_owner_can_read(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        with start(tmp_path / "new" / "data", REGION) as aws:
            found.append(keys(aws))
            file = tmp_path / "new" / "data" / "server.json"
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert json.loads(file.read_text())["environment"] == aws.environment
            for folder in (file.parent, *(file.parent / name for name in ("s3", "logs", "work"))):
                assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (key, secret), other = found
    assert key != other[0]
    assert secret != other[1]
    assert re.fullmatch(r"AKIALOCAL[A-Z2-7]{11}", key)
    assert len(secret) == 40


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_presigned_urls(aws: LocalAws, version: str) -> None:
    s3 = as_caller(aws, "s3", *keys(aws), signature_version=version)
    key = f"{version}/{ODD_KEY}"
    put = s3.generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": key, "ContentType": "text/x"})
    get = s3.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": key, "ResponseContentType": "a/b"})
    listed = s3.generate_presigned_url("list_objects_v2", {"Bucket": BUCKET, "Prefix": key})
    assert urllib3.request("PUT", put, body=b"content", headers={"Content-Type": "text/x"}).status == 200
    answer = urllib3.request("GET", get)
    assert (answer.status, answer.data, answer.headers["Content-Type"]) == (200, b"content", "a/b")
    assert b"<KeyCount>1</KeyCount>" in urllib3.request("GET", listed).data
    for wrong in (
        get.replace("a%2Fb", "a%2Fc"),
        get.replace(f"/{version}/", "/other/"),
        get.replace("Expires=", "Expires=9"),
    ):
        assert urllib3.request("GET", wrong).status == 403, wrong
    assert urllib3.request("DELETE", get).status == 403
    assert urllib3.request("GET", get, headers={"x-amz-request-payer": "requester"}).status == 403
    late = s3.generate_presigned_url(
        "get_object", {"Bucket": BUCKET, "Key": key}, ExpiresIn=-5 if version == "s3" else 0
    )
    assert urllib3.request("GET", late).status == 403


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_presigned_forms(aws: LocalAws, version: str) -> None:
    s3 = as_caller(aws, "s3", *keys(aws), signature_version=version)
    conditions = [["content-length-range", 1, 10], ["starts-with", "$x-amz-meta-a", "b"]]
    form = s3.generate_presigned_post(BUCKET, f"form/{version}", {"x-amz-meta-a": "bc"}, conditions)

    def post(content: bytes = b"content", **changed: str) -> bytes:
        fields = {**form["fields"], **{name.replace("_", "-"): value for name, value in changed.items()}}
        return urllib3.request("POST", form["url"], fields={**fields, "file": ("name", content)}).data

    assert b"Error" not in post()
    kept = client(aws, "s3").get_object(Bucket=BUCKET, Key=f"form/{version}")
    assert (kept["Body"].read(), kept["Metadata"]) == (b"content", {"a": "bc"})
    assert b"Policy Condition failed" in post(key="form/other")
    assert b"Policy Condition failed" in post(content=b"more than ten bytes")
    assert b"Policy Condition failed" in post(x_amz_meta_a="cd")
    assert b"Extra input fields: acl" in post(acl="public-read")
    assert b"SignatureDoesNotMatch" in post(policy="e30=")
    assert b"is not signed" in urllib3.request("POST", form["url"], fields={"key": "k", "file": ("n", b"c")}).data
    late = s3.generate_presigned_post(BUCKET, "late", ExpiresIn=-5)
    answer = urllib3.request("POST", late["url"], fields={**late["fields"], "file": ("n", b"c")})
    assert b"Policy expired" in answer.data


def test_a_request_that_was_changed_on_its_way_is_refused(aws: LocalAws) -> None:
    listing = signed(aws, "POST /", "sagemaker", b"{}", X_Amz_Target="SageMaker.ListModels")
    assert send(listing).status == 200
    assert send(listing, body=b'{"MaxResults": 1}').status == 403
    assert send(listing, headers={"X-Amz-Target": "SageMaker.ListEndpoints"}).status == 403
    assert send(listing, headers={"X-Amz-Security-Token": "x"}).status == 403, "it is not signed"
    assert send(listing, url=f"{listing.url}?a").status == 403
    stored = signed(aws, f"PUT /{BUCKET}/changed", "s3", b"good")
    answer = send(stored, body=b"evil")
    assert (answer.status, b"XAmzContentSHA256Mismatch" in answer.data) == (400, True)
    chunks = send(stored, body=iter([b"ev", b"il"]), headers={"Transfer-Encoding": "chunked"})
    assert b"XAmzContentSHA256Mismatch" in chunks.data
    assert send(stored, body=b"").status == 400
    with pytest.raises(ClientError, match="404"):
        client(aws, "s3").head_object(Bucket=BUCKET, Key="changed")
    assert send(stored).status == 200


def test_bodies_that_are_not_part_of_the_signature(aws: LocalAws) -> None:
    s3 = client(aws, "s3")
    for number, kind in enumerate(("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")):
        body, headers = b"content", {"x-amz-content-sha256": kind}
        if number:
            body = b"7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:FPqWpQ==\r\n\r\n"
            headers |= {"Content-Encoding": "aws-chunked", "X-Amz-Decoded-Content-Length": "7"}
        request = AWSRequest("PUT", f"{aws.endpoint_url}/{BUCKET}/{kind}", headers, body)
        SigV4Auth(Credentials(*keys(aws)), "s3", REGION).add_auth(request)
        assert send(request).status == 200
        assert s3.get_object(Bucket=BUCKET, Key=kind)["Body"].read() == b"content"


def test_odd_keys_and_metadata_are_signed_as_clients_do(aws: LocalAws) -> None:
    s3 = client(aws, "s3")
    s3.put_object(Bucket=BUCKET, Key=ODD_KEY, Body=b"", Metadata={"with_underscore": " two  blanks ", "a-b": "c"})
    assert s3.head_object(Bucket=BUCKET, Key=ODD_KEY)["Metadata"]["a-b"] == "c"
    s3.copy_object(Bucket=BUCKET, Key=f"{ODD_KEY}2", CopySource={"Bucket": BUCKET, "Key": ODD_KEY})
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=ODD_KEY[:4], StartAfter="ä ", Delimiter="#")
    assert found["KeyCount"] > 0


def test_a_request_is_valid_for_a_quarter_of_an_hour(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes in (-16, 16):
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr(auth, "get_current_datetime", lambda moment=moment: moment)
        assert refusal(aws, "s3", *keys(aws)) == ("RequestTimeTooSkewed", 403)
        assert refusal(aws, "sts", *keys(aws)) == ("SignatureDoesNotMatch", 403)


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS key:signature",
        "Bearer x",
        "AWS4-HMAC-SHA256 Credential=a/b",
        "AWS4-HMAC-SHA256 " + "x" * 9000,
        "Basic OmE=",
    ],
)
def test_another_kind_of_signature_is_refused(aws: LocalAws, authorization: str) -> None:
    answer = urllib3.request("GET", f"{aws.endpoint_url}/{BUCKET}", headers={"Authorization": authorization})
    assert (answer.status, b"only AWS4-HMAC-SHA256 signatures" in answer.data) == (403, True)


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Credential=a&X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "X-Amz-Credential=a/20260101/r/s3/aws4_request&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z"
        "&X-Amz-Expires=9999999",
        "X-Amz-Credential=%00",
        "AWSAccessKeyId=a&Expires=x",
        "AWSAccessKeyId=a&Expires=99999999999999999999",
        "AWSAccessKeyId=a&Expires=1&Signature=b",
    ],
)
def test_a_malformed_presigned_url_is_refused(aws: LocalAws, query: str) -> None:
    assert urllib3.request("GET", f"{aws.endpoint_url}/{BUCKET}?{query}").status == 403


def test_temporary_credentials_work_with_their_token_alone(aws: LocalAws) -> None:
    iam, sts = client(aws, "iam"), client(aws, "sts")
    trust = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
    arn = iam.create_role(RoleName="temporary", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    made = [
        sts.assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"],
        sts.assume_role(RoleArn=ROLE.replace("123456789012", "210987654321"), RoleSessionName="session")["Credentials"],
        sts.get_session_token()["Credentials"],
        sts.get_federation_token(Name="name")["Credentials"],
    ]
    for one, other in zip(made, made[1:] + made[:1], strict=True):
        caller = one["AccessKeyId"], one["SecretAccessKey"]
        assert "Buckets" in as_caller(aws, "s3", *caller, one["SessionToken"]).list_buckets()
        assert refusal(aws, "s3", *caller) == ("InvalidToken", 403)
        assert refusal(aws, "sagemaker", *caller, other["SessionToken"]) == ("UnrecognizedClientException", 403)
        url = as_caller(aws, "s3", *caller, one["SessionToken"]).generate_presigned_url("list_buckets")
        assert urllib3.request("GET", url).status == 200


def test_the_keys_of_a_user_work_while_they_are_active(aws: LocalAws) -> None:
    iam = client(aws, "iam")
    iam.create_user(UserName="somebody")
    made = iam.create_access_key(UserName="somebody")["AccessKey"]
    caller = made["AccessKeyId"], made["SecretAccessKey"]
    assert "Buckets" in as_caller(aws, "s3", *caller).list_buckets()
    iam.update_access_key(UserName="somebody", AccessKeyId=caller[0], Status="Inactive")
    assert refusal(aws, "s3", *caller) == ("InvalidAccessKeyId", 403)


def test_a_token_left_in_the_shell_does_no_harm(aws: LocalAws) -> None:
    assert "Buckets" in as_caller(aws, "s3", *keys(aws), "left over").list_buckets()
