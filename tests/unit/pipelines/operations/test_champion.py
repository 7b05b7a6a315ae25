"""Which version a new model is compared with, and what the pipeline is told of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.operations.champion import champion_parameters, choose_champion, serving
from pipelines.registry.versions import ModelVersion
from pipelines.settings.naming import Names

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/scones-unlimited-local-vehicles"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def version(number: int, status: str = "Approved") -> ModelVersion:
    uri = f"s3://bucket/{number}/model.tar.gz"
    return ModelVersion(f"{ARN}/{number}", number, status, NOW, reason="", model_uri=uri, metadata={})


@pytest.mark.parametrize(
    ("statuses", "served", "expected"),
    [
        (["PendingManualApproval"], [], None),
        (["PendingManualApproval", "Approved"], [1], 1),
        (["Approved", "Approved"], [1], 1),  # an older version was approved again, and is what production serves
        (["Approved", "Approved"], [], 2),
        (["Rejected", "Approved"], [2], 1),  # a rejected version is on its way out
        (["Approved", "Rejected"], [1], 2),
        ([], [], None),
    ],
)
def test_the_champion_is_approved_and_served(statuses: list[str], served: list[int], expected: int | None) -> None:
    known = [version(number, status) for number, status in zip(range(len(statuses), 0, -1), statuses, strict=True)]
    found = choose_champion(known, [f"{ARN}/{number}" for number in served])
    assert (found.version if found else None) == expected


def test_a_version_that_cannot_be_deployed_is_no_champion() -> None:
    broken = replace(version(2), model_uri="", defect="it names no model archive (ModelDataUrl)")
    assert choose_champion([broken, version(1)], [broken.arn]) == version(1)
    assert choose_champion([broken], []) is None


def missing_endpoint(stubber: Stubber) -> None:
    stubber.add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")


def package(number: int) -> dict[str, Any]:
    return {
        "ModelPackageArn": f"{ARN}/{number}",
        "ModelPackageName": f"{number}",
        "ModelPackageVersion": number,
        "ModelApprovalStatus": "Approved",
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "CreationTime": NOW,
        "InferenceSpecification": {"Containers": [{"Image": "image", "ModelDataUrl": "s3://bucket/1/model.tar.gz"}]},
    }


def test_the_pipeline_is_told_where_the_champion_lies(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    summary = {
        key: package(1)[key] for key in ("ModelPackageName", "ModelPackageArn", "ModelPackageStatus", "CreationTime")
    }
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": [summary]})
    sagemaker.add_response("describe_model_package", package(1), {"ModelPackageName": f"{ARN}/1"})
    missing_endpoint(sagemaker)
    assert champion_parameters(aws, names) == {
        "ChampionModelUri": "s3://bucket/1/model.tar.gz",
        "ChampionModelPackage": f"{ARN}/1",
    }


def test_without_a_champion_the_marker_takes_its_place(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    sagemaker.add_client_error("list_model_packages", "ValidationException", "does not exist")
    missing_endpoint(sagemaker)
    found = champion_parameters(aws, names)
    assert found == {"ChampionModelUri": f"s3://{names.bucket}/data/no-champion", "ChampionModelPackage": "none"}


def test_without_an_endpoint_nothing_is_served(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    missing_endpoint(sagemaker)
    assert serving(aws, names) == []
