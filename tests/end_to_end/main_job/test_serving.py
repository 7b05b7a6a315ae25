"""Files that phones send, through InvokeEndpoint and through the workflow of a deployed model."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from end_to_end.support import MARKS, Scones
from photo_files import BAD, GOOD, PhotoFile

pytestmark = MARKS

NAME = "scones-unlimited-local"
MACHINE = f"arn:aws:states:eu-west-1:123456789012:stateMachine:{NAME}-inference"
BUCKET = f"{NAME}-123456789012-eu-west-1"
MOST_BYTES = 6 * 1024 * 1024  # of InvokeEndpoint's body
SENT = [file for file in GOOD if "12 megapixels" not in file.name]  # which the unit tests read


@pytest.fixture(scope="module")
def runtime(standing: Scones, first: dict[str, Any]) -> Any:
    """A client of the endpoint."""
    return standing.client("sagemaker-runtime")


def invoke(runtime: Any, body: bytes, content_type: str = "application/x-image") -> dict[str, Any]:
    answer = runtime.invoke_endpoint(EndpointName=f"{NAME}-vehicles", Body=body, ContentType=content_type)
    return dict(json.load(answer["Body"]))


@pytest.mark.parametrize("file", SENT, ids=lambda file: file.name)
def test_good_files_are_answered(runtime: Any, file: PhotoFile) -> None:
    answer = invoke(runtime, file.make())
    assert set(answer) == {"labels", "probabilities", "other", "upright", "threshold", "model_version", "synthetic"}
    assert answer["synthetic"] is True
    assert sum(answer["probabilities"][0]) == pytest.approx(1)
    assert answer["other"] is None  # the model has seen nothing else than its classes


@pytest.mark.parametrize("file", [file for file in BAD if file.name != "empty"], ids=lambda file: file.name)
def test_bad_files_are_the_clients_error(runtime: Any, file: PhotoFile) -> None:
    content = file.make()
    with pytest.raises(ClientError) as caught:
        invoke(runtime, content)
    if len(content) > MOST_BYTES:
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    else:
        assert caught.value.response["Error"]["Code"] == "ModelError"
        assert caught.value.response["OriginalStatusCode"] == 400
        assert "The photo" in caught.value.response["OriginalMessage"]
    assert invoke(runtime, GOOD[0].make())["probabilities"]  # and the endpoint goes on


def test_an_empty_body_is_the_clients_error(runtime: Any) -> None:
    with pytest.raises(ClientError) as caught:
        invoke(runtime, b"")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 424)


def test_another_content_type_is_refused(runtime: Any) -> None:
    with pytest.raises(ClientError) as caught:
        invoke(runtime, GOOD[0].make(), "application/pdf")
    assert caught.value.response["OriginalStatusCode"] == 415


@pytest.mark.parametrize(
    ("name", "reason"), [("text", "PhotoUnreadable"), ("HEIC", "PhotoUnreadable"), ("JPEG, 100 MB", "PhotoTooLarge")]
)
def test_the_workflow_has_bad_files_reviewed(standing: Scones, first: dict[str, Any], name: str, reason: str) -> None:
    file = next(each for each in BAD if each.name == name)
    standing.client("s3").put_object(Bucket=BUCKET, Key="test-photos/phone/file", Body=file.make())
    states = standing.client("stepfunctions")
    sent = json.dumps({"s3_bucket": BUCKET, "s3_key": "test-photos/phone/file"})
    arn = states.start_execution(stateMachineArn=MACHINE, input=sent)["executionArn"]
    standing.wait_for(lambda: states.describe_execution(executionArn=arn)["status"] != "RUNNING")
    ended = states.describe_execution(executionArn=arn)
    assert ended["status"] == "SUCCEEDED", ended
    output = json.loads(ended["output"])
    assert (output["decision"], output["reason"]["Error"]) == ("unusable", reason)
