"""What the tests of `deploy_model` share: the function's environment, its events, and what they are about."""

import json
from collections.abc import Callable
from typing import Any

from unit.lambdas.context import CONTEXT

from lambdas.deploy_model.handler import handler
from lambdas.deploy_model.state import endpoint

GROUP = "scones-test-vehicles"
ARN = f"arn:aws:sagemaker:eu-west-1:123456789012:model-package/{GROUP}"
BUCKET = "scones-test"
MOST_LOOKS = 20  # more than any change takes
EVENT_ID = "6a7e8feb-b491-4cf7-a9f1-bf3703467718"
ROLLOUT = {
    "traffic": "canary",
    "canary_instances": 1,
    "wait_seconds": 600,
    "termination_seconds": 300,
    "maximum_seconds": 3600,
    "latency_milliseconds": 500,
}
SCALING = {
    "enabled": False,
    "min_instances": 2,
    "max_instances": 4,
    "invocations_per_instance": 600,
    "scale_in_cooldown_seconds": 300,
    "scale_out_cooldown_seconds": 60,
}
ENVIRONMENT = {
    "ENDPOINT_NAME": "scones-test-vehicles",
    "MODEL_PACKAGE_GROUP": GROUP,
    "MODEL_ROLE_ARN": "arn:aws:iam::123456789012:role/scones-test-model",
    "INSTANCE_TYPE": "ml.m5.large",
    "INSTANCE_COUNT": "2",
    "CAPTURE_URI": f"s3://{BUCKET}/capture",
    "CAPTURE_PERCENTAGE": "40",
    "BASELINE_URI": f"s3://{BUCKET}/baseline",
    "DEPLOYMENT": json.dumps(ROLLOUT),
    "SCALING": json.dumps(SCALING),
    "HOURS": "always",
    "TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:scones-test-decisions",
    "METRICS_NAMESPACE": "scones-test",
    "ENVIRONMENT": "test",
}


def baseline_files(version: int) -> tuple[str, ...]:
    """The files of a version's baseline: only version 2 has a reference."""
    return ("statistics.json", "constraints.json", *(["reference.npz"] if version == 2 else []))


def deploy(version: int) -> dict[str, Any]:
    return handler({"model_package_arn": f"{ARN}/{version}"}, CONTEXT)


def change(version: int, group: str = GROUP) -> dict[str, Any]:
    """What the function answers to an event that somebody has decided about a version."""
    return handler(event_of(version, ["ModelApprovalStatus"], group), CONTEXT)


def look(started: str | None = None) -> dict[str, Any]:
    """What the function answers to the state machine."""
    return handler({"reconcile": {"started": started}}, CONTEXT)


def settle(answer: dict[str, Any], wait: Callable[[], object] = lambda: None) -> dict[str, Any]:
    """Looks and waits as the state machine does; returns the answer that the endpoint is settled or a change failed."""
    for _ in range(MOST_LOOKS):
        if answer["state"] != "changing":
            return answer
        wait()
        answer = look(answer["started"])
    raise AssertionError(f"the endpoint still changes after {MOST_LOOKS} looks: {answer}")


def event_of(version: int, fields: list[str] | None, group: str = GROUP) -> dict[str, Any]:
    """The event of a version; `fields` are those that it says have changed, None for an event that does not say."""
    detail = {
        "ModelPackageGroupName": group,
        "ModelPackageVersion": version,
        "ModelPackageArn": f"{ARN}/{version}",
        "ModelApprovalStatus": "Approved",  # as it was when the event was sent, which may be long ago
    }
    return {
        "id": EVENT_ID,
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Package State Change",
        "account": "123456789012",
        "region": "eu-west-1",
        "resources": [f"{ARN}/{version}"],
        "detail": detail if fields is None else detail | {"UpdatedModelPackageFields": fields},
    }


def register(sagemaker: Any, group: str, status: str, baseline: str = "") -> str:
    """A version of a model, with its drift baseline in a folder of the bucket if one is given; returns its ARN."""
    container = {
        "Image": "account.dkr.ecr.eu-west-1.amazonaws.com/pytorch:1",
        "ModelDataUrl": "s3://bucket/model.tar.gz",
    }
    specification = {
        "Containers": [container],
        "SupportedContentTypes": ["image/png"],
        "SupportedResponseMIMETypes": ["application/json"],
    }
    answer = sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus=status,
        InferenceSpecification=specification,
        **({"DriftCheckBaselines": {"ModelDataQuality": sources_in(baseline)}} if baseline else {}),
    )
    return str(answer["ModelPackageArn"])


def sources_in(folder: str) -> dict[str, Any]:
    return {
        kind: {"ContentType": "application/json", "S3Uri": f"s3://{BUCKET}/{folder}/{kind.lower()}.json"}
        for kind in ("Statistics", "Constraints")
    }


def served(sagemaker: Any) -> str | None:
    current = endpoint.describe(sagemaker, ENVIRONMENT["ENDPOINT_NAME"])
    return endpoint.served_package(sagemaker, current) if current else None
