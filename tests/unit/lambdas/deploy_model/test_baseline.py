"""The drift baseline that `deploy_model` leaves for monitoring is that of the version in service."""

from typing import Any

import pytest
from unit.lambdas.deployment import ARN, BUCKET, ENVIRONMENT, GROUP, change, deploy, register, served

from lambdas.shared.errors import BaselineNotCopied

MARKER = "baseline/README.txt"


@pytest.fixture(autouse=True)
def marker(artefacts: Any) -> None:
    artefacts.put_object(Bucket=BUCKET, Key=MARKER, Body=b"so that the folder is not empty")


def published(s3: Any) -> dict[str, str]:
    """What lies in the baseline's folder beside the marker, which must be there."""
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="baseline/")["Contents"]]
    keys.remove(MARKER)
    return {key.rpartition("/")[2]: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in keys}


def baseline(version: int) -> dict[str, str]:
    return {name: f"{name} of {version}" for name in ("statistics.json", "constraints.json")}


def reject(sagemaker: Any, version: int) -> dict[str, Any]:
    sagemaker.update_model_package(ModelPackageArn=f"{ARN}/{version}", ModelApprovalStatus="Rejected")
    return change(version, "Rejected")


def serve(sagemaker: Any, arn: str) -> None:
    """An endpoint that serves a package, made by hand."""
    sagemaker.create_model(
        ModelName="m", ExecutionRoleArn=ENVIRONMENT["MODEL_ROLE_ARN"], Containers=[{"ModelPackageName": arn}]
    )
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=ENVIRONMENT["ENDPOINT_NAME"], EndpointConfigName="c")


def test_a_deployment_brings_its_baseline(sagemaker: Any, artefacts: Any) -> None:
    deploy(1)
    assert published(artefacts) == baseline(1)


def test_an_approval_brings_its_baseline(sagemaker: Any, artefacts: Any) -> None:
    sagemaker.update_model_package(ModelPackageArn=f"{ARN}/3", ModelApprovalStatus="Approved")
    change(3, "Approved")
    assert published(artefacts) == baseline(3)


@pytest.mark.usefixtures("updates")
def test_a_fallback_brings_the_older_versions_baseline(sagemaker: Any, artefacts: Any) -> None:
    deploy(2)
    assert published(artefacts) == baseline(2)
    assert reject(sagemaker, 2)["model_package_arn"] == f"{ARN}/1"
    assert published(artefacts) == baseline(1)


@pytest.mark.usefixtures("updates")
def test_a_version_without_baseline_leaves_none_of_another(sagemaker: Any, artefacts: Any) -> None:
    deploy(1)
    register(sagemaker, GROUP, "Approved")
    deploy(4)
    assert published(artefacts) == {}


def test_what_is_not_deployed_has_no_baseline(sagemaker: Any, artefacts: Any) -> None:
    assert change(3, "PendingManualApproval")["action"] == "ignored"
    assert published(artefacts) == {}
    deploy(1)
    assert change(3, "PendingManualApproval")["action"] == "ignored"
    assert published(artefacts) == baseline(1)


@pytest.mark.parametrize(
    "left",
    [
        {},  # by a fallback whose copying failed: its event comes again, and the rejected version is no longer served
        {"statistics.json": "of version 2"},  # by a deployment of version 2 that SageMaker rolled back
    ],
)
def test_what_serves_is_compared_with_even_if_there_is_nothing_to_deploy(
    left: dict[str, str], sagemaker: Any, artefacts: Any
) -> None:
    deploy(1)
    for name in baseline(1):
        artefacts.delete_object(Bucket=BUCKET, Key=f"baseline/{name}")
    for name, content in left.items():
        artefacts.put_object(Bucket=BUCKET, Key=f"baseline/{name}", Body=content.encode())
    assert reject(sagemaker, 2)["action"] == "ignored"
    assert published(artefacts) == baseline(1)


@pytest.mark.parametrize("missing", ["statistics.json", "constraints.json"])
def test_a_baseline_that_is_lost_holds_up_no_deployment_and_is_told(
    missing: str, sagemaker: Any, artefacts: Any
) -> None:
    for name in baseline(2):
        artefacts.put_object(Bucket=BUCKET, Key=f"baseline/{name}", Body=b"of an older version")
    artefacts.delete_object(Bucket=BUCKET, Key=f"executions/1/{missing}")
    with pytest.raises(BaselineNotCopied, match=f"{ARN}/1 is deployed, but .* s3://{BUCKET}/baseline: .*NoSuchKey"):
        deploy(1)
    assert served(sagemaker) == f"{ARN}/1"
    assert "of an older version" not in published(artefacts).values()


def test_the_retry_of_a_deployment_copies_what_was_missing(sagemaker: Any, artefacts: Any) -> None:
    artefacts.delete_object(Bucket=BUCKET, Key="executions/1/constraints.json")
    with pytest.raises(BaselineNotCopied):
        deploy(1)
    artefacts.put_object(Bucket=BUCKET, Key="executions/1/constraints.json", Body=b"constraints.json of 1")
    assert deploy(1)["action"] == "unchanged"
    assert published(artefacts) == baseline(1)


def test_a_served_version_that_was_deleted_keeps_its_baseline(sagemaker: Any, artefacts: Any) -> None:
    serve(sagemaker, f"{ARN}/99")
    artefacts.put_object(Bucket=BUCKET, Key="baseline/statistics.json", Body=b"of version 99")
    assert reject(sagemaker, 2)["action"] == "ignored"
    assert published(artefacts) == {"statistics.json": "of version 99"}
