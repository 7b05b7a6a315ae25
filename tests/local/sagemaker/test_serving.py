"""Endpoints under load, with several variants, and when a model server dies."""

import json
import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.local.conftest import BUCKET, IMAGE, REGION, ROLE, tarred

INFERENCE = """
import json, os, pathlib, time
def model_fn(model_dir): return pathlib.Path(model_dir, "weights").read_text()
def input_fn(body, content_type): return body
def predict_fn(data, model):
    time.sleep(0.02)
    return {"model": model, "size": len(data), "pid": os.getpid()}
def output_fn(prediction, accept): return json.dumps(prediction), "application/json"
"""


@pytest.fixture(scope="module")
def runtime(aws: Any) -> Any:
    """A client of many connections that does not try again."""
    config = Config(max_pool_connections=200, retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client("sagemaker-runtime", endpoint_url=aws.endpoint_url, region_name=REGION, config=config, **keys)


@pytest.fixture(scope="module")
def serve(sagemaker: Any, s3: Any, wait: Any) -> Any:
    """`serve(endpoint, {model: weight})`: an endpoint with a variant for each model; updates one that is there."""
    numbers = iter(range(100))

    def create(endpoint: str, weights: dict[str, float], **more: Any) -> None:
        config = f"{endpoint}-{next(numbers)}"
        variants = []
        for name, weight in weights.items():
            files = {"weights": name, "code/inference.py": INFERENCE}
            s3.put_object(Bucket=BUCKET, Key=f"{config}/{name}.tar.gz", Body=tarred(files))
            container = {"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/{config}/{name}.tar.gz"}
            model = f"{config}-{name}"
            sagemaker.create_model(ModelName=model, PrimaryContainer=container, ExecutionRoleArn=ROLE)
            variants.append(
                {
                    "VariantName": name,
                    "ModelName": model,
                    "InstanceType": "ml.m5.large",
                    "InitialInstanceCount": 1,
                    "InitialVariantWeight": weight,
                }
            )
        sagemaker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=variants, **more)
        try:
            sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
        except ClientError:
            sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
        describe = lambda: sagemaker.describe_endpoint(EndpointName=endpoint)  # noqa: E731
        assert wait(describe, "EndpointStatus", "InService", "Failed")["EndpointStatus"] == "InService"

    return create


def ask(runtime: Any, endpoint: str, body: bytes = b"x", **more: Any) -> dict[str, Any]:
    return dict(json.load(runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **more)["Body"]))


def test_variants_share_the_traffic_by_weight(sagemaker: Any, runtime: Any, serve: Any) -> None:
    serve("shared", {"much": 9, "little": 1})
    with ThreadPoolExecutor(8) as pool:
        found = Counter(pool.map(lambda _: ask(runtime, "shared")["model"], range(200)))
    assert 150 < found["much"] < 200
    assert found["little"] > 0
    assert ask(runtime, "shared", TargetVariant="little")["model"] == "little"
    with pytest.raises(ClientError, match="Variant other of endpoint shared not found"):
        ask(runtime, "shared", TargetVariant="other")
    sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="shared",
        DesiredWeightsAndCapacities=[
            {"VariantName": "much", "DesiredWeight": 0},
            {"VariantName": "little", "DesiredWeight": 1, "DesiredInstanceCount": 2},
        ],
    )
    described = sagemaker.describe_endpoint(EndpointName="shared")["ProductionVariants"]
    assert [(each["CurrentWeight"], each["CurrentInstanceCount"]) for each in described] == [(0, 1), (1, 2)]
    assert {ask(runtime, "shared")["model"] for _ in range(20)} == {"little"}
    with pytest.raises(ClientError, match="Variant nobody of endpoint shared not found"):
        sagemaker.update_endpoint_weights_and_capacities(
            EndpointName="shared", DesiredWeightsAndCapacities=[{"VariantName": "nobody", "DesiredWeight": 1}]
        )


def test_no_request_is_lost_while_an_update_changes_over(runtime: Any, serve: Any) -> None:
    serve("changing", {"old": 1})
    over = Event()

    def load(_: int) -> list[str]:
        found = []
        while not over.is_set():
            found.append(str(ask(runtime, "changing")["model"]))
        return [*found, str(ask(runtime, "changing")["model"])]

    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(load, range(8))
        try:
            serve("changing", {"new": 1})
        finally:
            over.set()
        found = list(answers)  # raises what any request raised
    assert {each[0] for each in found} == {"old"}
    assert {each[-1] for each in found} == {"new"}


def test_two_hundred_requests_at_once(runtime: Any, serve: Any) -> None:
    serve("busy", {"only": 1})
    with ThreadPoolExecutor(200) as pool:
        sizes = list(pool.map(lambda size: ask(runtime, "busy", b"x" * size)["size"], range(1, 201)))
    assert sizes == list(range(1, 201))


def test_every_core_has_a_server(runtime: Any, serve: Any) -> None:
    serve("cores", {"only": 1})
    with ThreadPoolExecutor(8) as pool:
        servers = Counter(pool.map(lambda _: ask(runtime, "cores")["pid"], range(80)))
    assert len(servers) == os.cpu_count()
    assert min(servers.values()) > 80 / len(servers) / 2


def test_the_description_says_that_a_server_died(sagemaker: Any, runtime: Any, serve: Any, wait: Any) -> None:
    serve("mourned", {"only": 1})
    os.kill(ask(runtime, "mourned")["pid"], signal.SIGKILL)
    describe = lambda: sagemaker.describe_endpoint(EndpointName="mourned")  # noqa: E731
    described = wait(describe, "EndpointStatus", "SystemUpdating", seconds=10)
    (status,) = described["ProductionVariants"][0]["VariantStatus"]
    assert status["Status"] == "Updating"
    assert "model server died with exit code 137 (killed by signal 9)" in status["StatusMessage"]
    described = wait(describe, "EndpointStatus", "InService", seconds=30)
    assert "VariantStatus" not in described["ProductionVariants"][0]
    assert ask(runtime, "mourned")["model"] == "only"


@pytest.mark.parametrize(
    ("modes", "percentage", "expected"),
    [
        (["Input"], 100, [{"endpointInput"}] * 2),
        (["Output"], 100, [{"endpointOutput"}] * 2),
        (["InputAndOutput"], 100, [{"endpointInput", "endpointOutput"}] * 2),
        (["Input"], 0, []),
    ],
    ids=["input", "output", "both", "none"],
)
def test_capture_modes_and_percentage(
    sagemaker: Any,
    runtime: Any,
    s3: Any,
    serve: Any,
    modes: list[str],
    percentage: int,
    expected: list[set[str]],
    request: pytest.FixtureRequest,
) -> None:
    name = f"captured-{request.node.callspec.id}"
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": percentage,
        "DestinationS3Uri": f"s3://{BUCKET}/modes",
        "CaptureOptions": [{"CaptureMode": mode} for mode in modes],
    }
    serve(name, {"only": 1}, DataCaptureConfig=capture)
    for number in range(2):
        ask(runtime, name, InferenceId=f"id-{number}", CustomAttributes="trace=1")
    sagemaker.delete_endpoint(EndpointName=name)
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=f"modes/{name}/").get("Contents", [])
    text = "".join(s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read().decode() for item in found)
    records = [json.loads(line) for line in text.splitlines()]
    assert [record["captureData"].keys() for record in records] == expected
    assert [record["eventMetadata"]["inferenceId"] for record in records] == ["id-0", "id-1"][: len(expected)]
    assert all(record["eventMetadata"]["customAttributes"] == ["trace=1"] for record in records)
