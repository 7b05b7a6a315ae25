"""Endpoints: a real model server, blue/green updates, data capture."""

import base64
import json
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import BUCKET, IMAGE, ROLE, Hear, alive, client, tarred

INFERENCE = """
import json, os, pathlib
def model_fn(model_dir):
    return pathlib.Path(model_dir, "weights").read_text()
def input_fn(body, content_type):
    if content_type == "application/x-bad":
        from sagemaker_inference.errors import BaseInferenceToolkitError
        raise BaseInferenceToolkitError(415, "Unsupported Media Type", content_type)
    return body
def predict_fn(data, model):
    if data == b"crash": raise RuntimeError("the model is confused")
    return {"model": model, "size": len(data), "greeting": os.environ.get("GREETING"), "pid": os.getpid()}
def output_fn(prediction, accept):
    return json.dumps(prediction), "application/json"
"""
CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": f"s3://{BUCKET}/capture",
    "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"], "CsvContentTypes": ["text/csv"]},
}
Configure = Callable[..., str]


IGNORED = {  # what InvokeEndpoint would ignore
    "TargetModel": "m.tar.gz",
    "TargetContainerHostname": "first",
    "InferenceComponentName": "part",
    "EnableExplanations": "`true`",
    "SessionId": "NEW_SESSION",
}


@pytest.fixture(scope="module")
def runtime(aws: Any) -> Any:
    return client(aws, "sagemaker-runtime")


@pytest.fixture(scope="module")
def configure(sagemaker: Any, s3: Any) -> Configure:
    """`configure(name, code)`: a model and an endpoint configuration of that name."""

    def create(name: str, code: str = INFERENCE, weights: str = "1", **more: Any) -> str:
        s3.put_object(
            Bucket=BUCKET, Key=f"{name}/model.tar.gz", Body=tarred({"weights": weights, "code/inference.py": code})
        )
        container = {
            "Image": IMAGE,
            "ModelDataUrl": f"s3://{BUCKET}/{name}/model.tar.gz",
            "Environment": {"SAGEMAKER_PROGRAM": "inference.py", "GREETING": "hello"},
        }
        sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
        variant = {
            "VariantName": "AllTraffic",
            "ModelName": name,
            "InstanceType": "ml.m6i.large",
            "InitialInstanceCount": 1,
        }
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], **more)
        return name

    return create


@pytest.fixture(scope="module")
def endpoint(sagemaker: Any, configure: Configure, wait: Any) -> str:
    """An endpoint in service, which captures data."""
    configure("first", DataCaptureConfig=CAPTURE)
    sagemaker.create_endpoint(EndpointName="served", EndpointConfigName="first")
    assert sagemaker.describe_endpoint(EndpointName="served")["EndpointStatus"] == "Creating"
    wait(lambda: sagemaker.describe_endpoint(EndpointName="served"), "EndpointStatus", "InService", "Failed")
    return "served"


def test_an_endpoint_answers(sagemaker: Any, runtime: Any, endpoint: str) -> None:
    described = sagemaker.describe_endpoint(EndpointName=endpoint)
    assert described["EndpointStatus"] == "InService"
    assert described["EndpointConfigName"] == "first"
    assert described["DataCaptureConfig"]["CaptureStatus"] == "Started"
    assert sagemaker.describe_endpoint_config(EndpointConfigName="first")["DataCaptureConfig"] == CAPTURE
    answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=b"12345", ContentType="image/png")
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    assert answer["ContentType"] == "application/json"
    prediction = json.load(answer["Body"])
    assert (prediction["model"], prediction["size"], prediction["greeting"]) == ("1", 5, "hello")


def test_many_requests_at_once(runtime: Any, endpoint: str) -> None:
    with ThreadPoolExecutor(16) as pool:
        sizes = list(
            pool.map(
                lambda n: json.load(runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x" * n)["Body"])["size"],
                range(1, 101),
            )
        )
    assert sizes == list(range(1, 101))


def test_errors_of_the_model_are_model_errors(runtime: Any, endpoint: str) -> None:
    with pytest.raises(ClientError) as server:
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"crash")
    assert server.value.response["Error"]["Code"] == "ModelError"
    assert server.value.response["OriginalStatusCode"] == 500
    assert "the model is confused" in server.value.response["OriginalMessage"]
    with pytest.raises(ClientError, match="Received client error") as refused:
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x", ContentType="application/x-bad")
    assert refused.value.response["OriginalStatusCode"] == 415
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 424


def test_requests_that_cannot_be_served_are_refused(runtime: Any, endpoint: str) -> None:
    with pytest.raises(ClientError, match=r"ValidationError.*Endpoint nobody of account 123456789012 not found"):
        runtime.invoke_endpoint(EndpointName="nobody", Body=b"x")
    with pytest.raises(ClientError, match="at most 6291456 are allowed"):
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x" * 6_291_457)


@pytest.mark.parametrize("member", IGNORED)
def test_members_that_nothing_comes_of_are_refused(runtime: Any, endpoint: str, member: str) -> None:
    with pytest.raises(ClientError, match=f"does not act upon {member} of InvokeEndpoint"):
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x", **{member: IGNORED[member]})


def test_capture_has_the_format_of_real_files(
    sagemaker: Any, runtime: Any, s3: Any, configure: Configure, wait: Any, data: Path
) -> None:
    configure("captured", DataCaptureConfig=CAPTURE)
    sagemaker.create_endpoint(EndpointName="captured", EndpointConfigName="captured")
    wait(lambda: sagemaker.describe_endpoint(EndpointName="captured"), "EndpointStatus", "InService", "Failed")
    for number in range(3):
        runtime.invoke_endpoint(
            EndpointName="captured", Body=b"\x89PNG", ContentType="image/png", InferenceId=f"id-{number}"
        )
    runtime.invoke_endpoint(EndpointName="captured", Body=b"1,2", ContentType="text/csv")
    sagemaker.delete_endpoint(EndpointName="captured")  # writes what is left
    (item,) = s3.list_objects_v2(Bucket=BUCKET, Prefix="capture/captured/AllTraffic/")["Contents"]
    parts = item["Key"].split("/")
    assert [len(part) for part in parts[3:7]] == [4, 2, 2, 2]
    text = s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read().decode()
    assert text.endswith("}\n")
    records = [json.loads(line) for line in text.splitlines()]
    assert len(records) == 4
    first = records[0]
    assert list(first) == ["captureData", "eventMetadata", "eventVersion"]
    assert first["captureData"]["endpointInput"] == {
        "observedContentType": "image/png",
        "mode": "INPUT",
        "data": base64.b64encode(b"\x89PNG").decode(),
        "encoding": "BASE64",
    }
    answer = first["captureData"]["endpointOutput"]
    assert list(answer) == ["observedContentType", "mode", "data", "encoding"]
    assert (answer["observedContentType"], answer["mode"], answer["encoding"]) == ("application/json", "OUTPUT", "JSON")
    assert json.loads(answer["data"])["size"] == 4
    assert list(first["eventMetadata"]) == ["eventId", "inferenceId", "inferenceTime"]
    assert first["eventMetadata"]["inferenceId"] == "id-0"
    assert time.strptime(first["eventMetadata"]["inferenceTime"], "%Y-%m-%dT%H:%M:%SZ")
    assert first["eventVersion"] == "0"
    assert records[3]["captureData"]["endpointInput"]["encoding"] == "CSV"
    assert (data / "s3" / BUCKET / item["Key"]).read_text() == text


def test_an_update_changes_over_only_when_healthy(
    sagemaker: Any, runtime: Any, endpoint: str, configure: Configure, wait: Any
) -> None:
    describe = lambda: sagemaker.describe_endpoint(EndpointName=endpoint)  # noqa: E731
    configure("broken", code="def model_fn(model_dir): raise ValueError('weights are missing')")
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="broken")
    assert json.load(runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x")["Body"])["model"] == "1"
    failed = wait(describe, "EndpointStatus", "InService")
    assert "weights are missing" in failed["FailureReason"]
    assert failed["EndpointConfigName"] == "first"
    assert json.load(runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x")["Body"])["model"] == "1"

    configure("second", weights="2")
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="second")
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="second")
    updated = wait(describe, "EndpointStatus", "InService")
    assert "FailureReason" not in updated
    assert json.load(runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x")["Body"])["model"] == "2"


def test_a_broken_model_fails_the_endpoint_with_the_end_of_its_log(
    sagemaker: Any, runtime: Any, configure: Configure, wait: Any
) -> None:
    configure("hopeless", code="import no_such_module")
    sagemaker.create_endpoint(EndpointName="hopeless", EndpointConfigName="hopeless")
    described = wait(
        lambda: sagemaker.describe_endpoint(EndpointName="hopeless"), "EndpointStatus", "Failed", "InService"
    )
    assert "No module named 'no_such_module'" in described["FailureReason"]
    with pytest.raises(ClientError, match=r"ValidationError.*is not in service"):
        runtime.invoke_endpoint(EndpointName="hopeless", Body=b"x")


def test_a_server_that_dies_is_started_again(
    aws: Any, sagemaker: Any, runtime: Any, configure: Configure, wait: Any
) -> None:
    configure("mortal")
    sagemaker.create_endpoint(EndpointName="mortal", EndpointConfigName="mortal")
    wait(lambda: sagemaker.describe_endpoint(EndpointName="mortal"), "EndpointStatus", "InService", "Failed")
    before = json.load(runtime.invoke_endpoint(EndpointName="mortal", Body=b"x")["Body"])["pid"]
    os.kill(before, signal.SIGKILL)

    def ask() -> dict[str, Any]:
        try:
            pid = json.load(runtime.invoke_endpoint(EndpointName="mortal", Body=b"x")["Body"])["pid"]
        except ClientError as error:
            return {"outcome": error.response["Error"]["Code"], "pid": before}
        return {"outcome": "answered", "pid": pid}

    after = wait(ask, "outcome", "answered")["pid"]
    assert after != before
    sagemaker.delete_endpoint(EndpointName="mortal")
    assert not alive(after)
    with pytest.raises(ClientError, match="Could not find endpoint"):
        sagemaker.describe_endpoint(EndpointName="mortal")


def test_names_are_taken_once(sagemaker: Any, endpoint: str, configure: Configure) -> None:
    with pytest.raises(ClientError, match="Cannot create already existing model"):
        configure("first")
    with pytest.raises(ClientError, match="Cannot create already existing endpoint"):
        sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName="first")
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        sagemaker.create_endpoint(EndpointName="other", EndpointConfigName="nothing")


def test_models_and_configurations_are_deleted(sagemaker: Any, configure: Configure) -> None:
    configure("brief")
    sagemaker.delete_endpoint_config(EndpointConfigName="brief")
    sagemaker.delete_model(ModelName="brief")
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        sagemaker.describe_endpoint_config(EndpointConfigName="brief")
    with pytest.raises(ClientError, match="Could not find model"):
        sagemaker.delete_model(ModelName="brief")


def test_tags_are_kept(sagemaker: Any, endpoint: str) -> None:
    arn = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_what_is_not_served_is_refused(sagemaker: Any, endpoint: str) -> None:
    serverless = {
        "VariantName": "v",
        "ModelName": "first",
        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1},
    }
    with pytest.raises(ClientError, match=r"does not act upon ProductionVariants\.ServerlessConfig"):
        sagemaker.create_endpoint_config(EndpointConfigName="serverless", ProductionVariants=[serverless])
    rolling = {
        "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}}
    }
    with pytest.raises(ClientError, match="does not act upon DeploymentConfig of UpdateEndpoint"):
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="first", DeploymentConfig=rolling)


def test_captures_that_cannot_be_written_are_reported(
    sagemaker: Any, runtime: Any, configure: Configure, wait: Any, hear: Hear
) -> None:
    configure("lost", DataCaptureConfig={**CAPTURE, "DestinationS3Uri": "s3://no-such-bucket/capture"})
    sagemaker.create_endpoint(EndpointName="lost", EndpointConfigName="lost")
    wait(lambda: sagemaker.describe_endpoint(EndpointName="lost"), "EndpointStatus", "InService", "Failed")
    runtime.invoke_endpoint(EndpointName="lost", Body=b"x")
    hear("lost/AllTraffic: 1 captured records are lost")
    sagemaker.delete_endpoint(EndpointName="lost")
