"""The drift baseline that `deploy_model` leaves for monitoring is that of the version in service."""

from typing import Any

import pytest
from unit.lambdas.deployment import (
    ARN,
    BUCKET,
    ENVIRONMENT,
    GROUP,
    baseline_files,
    change,
    deploy,
    look,
    register,
    settle,
)

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
    return {name: f"{name} of {version}" for name in baseline_files(version)}


def decide(sagemaker: Any, version: int, status: str) -> dict[str, Any]:
    """Approves or rejects a version, and has the function called until the endpoint is settled."""
    sagemaker.update_model_package(ModelPackageArn=f"{ARN}/{version}", ModelApprovalStatus=status)
    return settle(change(version))


def serves_by_hand(sagemaker: Any, arn: str) -> None:
    """An endpoint that serves a package, made by hand."""
    sagemaker.create_model(
        ModelName="m", ExecutionRoleArn=ENVIRONMENT["MODEL_ROLE_ARN"], Containers=[{"ModelPackageName": arn}]
    )
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=ENVIRONMENT["ENDPOINT_NAME"], EndpointConfigName="c")


def test_the_baseline_comes_when_the_version_serves_and_not_before(sagemaker: Any, artefacts: Any) -> None:
    answer = deploy(2)
    assert (answer["state"], published(artefacts)) == ("changing", {})
    assert look(answer["started"])["state"] == "settled"
    assert published(artefacts) == baseline(2)


def test_an_approval_brings_its_baseline(sagemaker: Any, artefacts: Any) -> None:
    decide(sagemaker, 3, "Approved")
    assert published(artefacts) == baseline(3)


def test_a_fallback_brings_the_older_versions_baseline(
    sagemaker: Any, artefacts: Any, updates: list[dict[str, Any]]
) -> None:
    settle(change(2))
    answer = decide(sagemaker, 2, "Rejected")
    assert answer["model_package_arn"] == f"{ARN}/1"
    assert [call["EndpointConfigName"] for call in updates] == [answer["endpoint_config_name"]]
    assert published(artefacts) == baseline(1)


def test_a_version_without_baseline_leaves_none_of_another(
    sagemaker: Any, artefacts: Any, updates: list[dict[str, Any]]
) -> None:
    settle(change(2))
    register(sagemaker, GROUP, "Approved")
    settle(change(4))
    assert published(artefacts) == {}


def test_a_baseline_that_is_there_is_left_alone(sagemaker: Any, artefacts: Any) -> None:
    settle(change(2))
    before = artefacts.head_object(Bucket=BUCKET, Key="baseline/statistics.json")["LastModified"]
    artefacts.delete_object(Bucket=BUCKET, Key="executions/2/statistics.json")
    assert look()["action"] == "unchanged"
    assert artefacts.head_object(Bucket=BUCKET, Key="baseline/statistics.json")["LastModified"] == before


@pytest.mark.parametrize(
    "left",
    [
        {},  # its copying failed
        {"statistics.json": "of version 3"},  # somebody else put it there
        {"statistics.json": "statistics.json of 2", "constraints.json": "of version 3"},
        {"reference.npz": "of version 3"},
    ],
)
def test_what_serves_is_compared_with_even_if_there_is_nothing_to_deploy(
    left: dict[str, str], sagemaker: Any, artefacts: Any
) -> None:
    settle(change(2))
    for name in baseline(2):
        artefacts.delete_object(Bucket=BUCKET, Key=f"baseline/{name}")
    for name, content in left.items():
        artefacts.put_object(Bucket=BUCKET, Key=f"baseline/{name}", Body=content.encode())
    assert look()["action"] == "unchanged"
    assert published(artefacts) == baseline(2)


def test_a_reference_that_an_older_function_did_not_copy_is_copied(sagemaker: Any, artefacts: Any) -> None:
    settle(change(2))
    artefacts.delete_object(Bucket=BUCKET, Key="baseline/reference.npz")
    assert look()["action"] == "unchanged"
    assert published(artefacts) == baseline(2)


def test_a_version_without_a_reference_is_not_judged_by_that_of_another(sagemaker: Any, artefacts: Any) -> None:
    artefacts.put_object(Bucket=BUCKET, Key="executions/3/reference.npz.old", Body=b"beside it, but another file")
    decide(sagemaker, 3, "Approved")
    artefacts.put_object(Bucket=BUCKET, Key="baseline/reference.npz", Body=b"of version 2")
    assert look()["action"] == "unchanged"
    assert published(artefacts) == baseline(3)


@pytest.mark.parametrize("missing", ["statistics.json", "constraints.json"])
def test_a_baseline_that_is_lost_holds_up_no_deployment_and_is_told(
    missing: str, sagemaker: Any, artefacts: Any
) -> None:
    for name in baseline(1):
        artefacts.put_object(Bucket=BUCKET, Key=f"baseline/{name}", Body=b"of an older version")
    artefacts.delete_object(Bucket=BUCKET, Key=f"executions/2/{missing}")
    assert change(2)["action"] == "created"
    with pytest.raises(BaselineNotCopied, match=f"{ARN}/2 is deployed, but .* s3://{BUCKET}/baseline: .*NoSuchKey"):
        look()
    assert "of an older version" not in published(artefacts).values()


def test_the_retry_copies_what_was_missing(sagemaker: Any, artefacts: Any) -> None:
    artefacts.delete_object(Bucket=BUCKET, Key="executions/2/constraints.json")
    change(2)
    with pytest.raises(BaselineNotCopied):
        look()
    artefacts.put_object(Bucket=BUCKET, Key="executions/2/constraints.json", Body=b"constraints.json of 2")
    assert look()["action"] == "unchanged"
    assert published(artefacts) == baseline(2)


def test_without_an_approved_version_the_baseline_stays(sagemaker: Any, artefacts: Any) -> None:
    serves_by_hand(sagemaker, f"{ARN}/99")
    artefacts.put_object(Bucket=BUCKET, Key="baseline/statistics.json", Body=b"of version 99")
    for version in (1, 2):
        sagemaker.update_model_package(ModelPackageArn=f"{ARN}/{version}", ModelApprovalStatus="Rejected")
    assert change(2)["action"] == "ignored"
    assert published(artefacts) == {"statistics.json": "of version 99"}
