"""Which version a new model is compared with, and what the pipeline is told of it."""

from datetime import UTC, datetime
from typing import Any

from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.operations.champion import champion_parameters, serving
from pipelines.settings.naming import Names

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/scones-unlimited-local-vehicles"
CONFIG = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


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
        "InferenceSpecification": {
            "Containers": [{"Image": "image", "ModelDataUrl": f"s3://bucket/{number}/model.tar.gz"}]
        },
    }


def test_the_pipeline_is_told_where_the_champion_lies(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    """Version 3 waits, version 2 was rolled back, and there is no endpoint."""
    found = {3: {**package(3), "ModelApprovalStatus": "PendingManualApproval"}, 2: package(2), 1: package(1)}
    summary = ("ModelPackageName", "ModelPackageArn", "ModelPackageStatus", "CreationTime")
    listed = [{key: each[key] for key in summary} for each in found.values()]
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": listed})
    for number, each in found.items():
        sagemaker.add_response("describe_model_package", each, {"ModelPackageName": f"{ARN}/{number}"})
    name = f"{names.model_package_group}-v2-0a1b2c3d"
    config = {"EndpointConfigName": name, "EndpointConfigArn": f"{CONFIG}/{name}", "CreationTime": NOW}
    sagemaker.add_response("list_endpoint_configs", {"EndpointConfigs": [config]})
    sagemaker.add_response("list_tags", {"Tags": [{"Key": "rolled-back", "Value": "now"}]})
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
