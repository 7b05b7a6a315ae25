"""Endpoints of small models, and a client that invokes them."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.support import BUCKET, IMAGE, REGION, ROLE, tarred

INFERENCE = """
import json, os, pathlib, time
def model_fn(model_dir):
    return pathlib.Path(model_dir, "weights").read_text()
def input_fn(body, content_type):
    if content_type == "application/x-bad":
        from sagemaker_inference.errors import BaseInferenceToolkitError
        raise BaseInferenceToolkitError(415, "Unsupported Media Type", content_type)
    return body
def predict_fn(data, model):
    if data == b"crash": raise RuntimeError("the model is confused")
    time.sleep(float(os.environ.get("PAUSE", "0")))
    return {"model": model, "size": len(data), "greeting": os.environ.get("GREETING"), "pid": os.getpid()}
def output_fn(prediction, accept):
    return json.dumps(prediction), "application/json"
"""
ONE_SERVER = {"SAGEMAKER_MODEL_SERVER_WORKERS": "1"}  # not one for each core: enough, unless a test is about that
Configure = Callable[..., str]


@pytest.fixture(scope="session")
def runtime(aws: LocalAws) -> Any:
    """A client of many connections that does not try again."""
    return boto3.client(
        "sagemaker-runtime",
        endpoint_url=aws.endpoint_url,
        region_name=REGION,
        aws_access_key_id=aws.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws.environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(max_pool_connections=200, retries={"total_max_attempts": 1}),
    )


@pytest.fixture(scope="session")
def configure(sagemaker: Any, s3: Any) -> Configure:
    """`configure(name)`: an endpoint configuration, with a model for each variant, whose weights are its name."""

    def create(
        name: str,
        traffic: dict[str, float] | None = None,  # of each variant
        code: str = INFERENCE,
        environment: dict[str, str] = ONE_SERVER,
        instances: int = 1,
        **more: Any,
    ) -> str:
        made = []
        for variant, weight in (traffic or {"AllTraffic": 1}).items():
            model = f"{name}-{variant}"
            archive = tarred({"weights": variant, "code/inference.py": code})
            s3.put_object(Bucket=BUCKET, Key=f"{model}/model.tar.gz", Body=archive)
            container = {
                "Image": IMAGE,
                "ModelDataUrl": f"s3://{BUCKET}/{model}/model.tar.gz",
                "Environment": {"SAGEMAKER_PROGRAM": "inference.py", "GREETING": "hello", **environment},
            }
            sagemaker.create_model(ModelName=model, PrimaryContainer=container, ExecutionRoleArn=ROLE)
            made.append(
                {
                    "VariantName": variant,
                    "ModelName": model,
                    "InstanceType": "ml.m5.large",
                    "InitialInstanceCount": instances,
                    "InitialVariantWeight": weight,
                }
            )
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=made, **more)
        return name

    return create


@pytest.fixture(scope="session")
def serve(sagemaker: Any, configure: Configure, wait: Any) -> Callable[..., None]:
    """`serve(endpoint, …)`: an endpoint in service with a new configuration; updates one that is there."""
    numbers = count(1)

    def create(endpoint: str, traffic: dict[str, float] | None = None, **more: Any) -> None:
        config = configure(f"{endpoint}-{next(numbers)}", traffic, **more)
        try:
            sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
        except ClientError:
            sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
        describe = lambda: sagemaker.describe_endpoint(EndpointName=endpoint)  # noqa: E731
        done = wait(describe, "EndpointStatus", "InService", "Failed")
        assert done["EndpointStatus"] == "InService", done["FailureReason"]

    return create


@pytest.fixture(scope="session")
def ask(runtime: Any) -> Callable[..., dict[str, Any]]:
    """`ask(endpoint, body)`: what the model answers."""

    def answer(endpoint: str, body: bytes = b"x", **more: Any) -> dict[str, Any]:
        return dict(json.load(runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **more)["Body"]))

    return answer
