"""`deploy_model` against moto's registry and endpoints."""

from typing import Any

import pytest
from unit.lambdas.context import CONTEXT
from unit.lambdas.deployment import ARN, ENVIRONMENT, GROUP, change, deploy, register, served

from lambdas.deploy_model import models, registry
from lambdas.deploy_model.handler import handler
from lambdas.deploy_model.models import Configuration
from lambdas.shared.errors import InvalidRequest, PackageNotApproved


def test_the_first_deployment_makes_model_configuration_and_endpoint(sagemaker: Any) -> None:
    answer = deploy(1)

    config_name = answer["endpoint_config_name"]
    assert answer == {
        "action": "created",
        "endpoint_name": "scones-test-vehicles",
        "endpoint_config_name": config_name,
        "model_package_arn": f"{ARN}/1",
    }
    found = sagemaker.describe_endpoint_config(EndpointConfigName=config_name)
    assert found["DataCaptureConfig"] == {
        "EnableCapture": True,
        "InitialSamplingPercentage": 40,
        "DestinationS3Uri": ENVIRONMENT["CAPTURE_URI"],
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }
    [variant] = found["ProductionVariants"]
    assert (variant["InstanceType"], variant["InitialInstanceCount"]) == ("ml.m5.large", 2)
    model = sagemaker.describe_model(ModelName=variant["ModelName"])
    assert model["ExecutionRoleArn"] == ENVIRONMENT["MODEL_ROLE_ARN"]
    assert served(sagemaker) == f"{ARN}/1"


def test_the_same_package_again_changes_nothing(sagemaker: Any) -> None:
    first = deploy(1)
    assert deploy(1) == first | {"action": "unchanged"}
    assert change(1, "Approved") == first | {"action": "unchanged"}
    assert len(sagemaker.list_models()["Models"]) == 1
    assert len(sagemaker.list_endpoint_configs()["EndpointConfigs"]) == 1


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"model_package_arn": None},
        {"model_package_arn": "v1"},
        {"model_package_arn": ARN},
        {"detail-type": "Other"},
        {"detail-type": "SageMaker Model Package State Change"},
        {"detail-type": "SageMaker Model Package State Change", "detail": {"ModelPackageArn": f"{ARN}/1"}},
    ],
)
def test_invalid_requests(event: dict[str, Any], artefacts: Any) -> None:
    with pytest.raises(InvalidRequest):
        handler(event, CONTEXT)


def test_an_unknown_package(sagemaker: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"the registry has no .*/99"):
        deploy(99)


def test_a_package_of_another_group(sagemaker: Any) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="others")
    arn = register(sagemaker, "others", "Approved")
    with pytest.raises(InvalidRequest, match=f"not of the group '{GROUP}'"):
        handler({"model_package_arn": arn}, CONTEXT)
    assert served(sagemaker) is None


def test_a_package_that_nobody_approved(sagemaker: Any) -> None:
    with pytest.raises(PackageNotApproved, match="/3 is PendingManualApproval; approve it"):
        deploy(3)
    assert served(sagemaker) is None
    assert sagemaker.list_models()["Models"] == []


def test_an_approval_deploys(sagemaker: Any) -> None:
    sagemaker.update_model_package(ModelPackageArn=f"{ARN}/3", ModelApprovalStatus="Approved")
    assert change(3, "Approved")["action"] == "created"
    assert served(sagemaker) == f"{ARN}/3"


@pytest.mark.parametrize(
    ("version", "status", "group"),
    [
        (3, "PendingManualApproval", GROUP),  # nothing decided
        (3, "Approved", GROUP),  # an event that the registry has overtaken
        (1, "Approved", "others"),  # another group's
        (2, "Rejected", GROUP),  # overtaken: approved by now
    ],
)
def test_what_is_no_reason_to_act_is_ignored(version: int, status: str, group: str, sagemaker: Any) -> None:
    answer = change(version, status, group)
    assert answer == {
        "action": "ignored",
        "endpoint_name": "scones-test-vehicles",
        "endpoint_config_name": None,
        "model_package_arn": f"{ARN}/{version}",
    }
    assert served(sagemaker) is None


def test_rejecting_what_is_not_served_is_ignored(sagemaker: Any) -> None:
    first = deploy(1)
    sagemaker.update_model_package(ModelPackageArn=f"{ARN}/2", ModelApprovalStatus="Rejected")
    answer = change(2, "Rejected")
    assert (answer["action"], answer["endpoint_config_name"]) == ("ignored", first["endpoint_config_name"])
    assert served(sagemaker) == f"{ARN}/1"


def test_without_an_approved_version_a_rejected_one_stays_in_service(sagemaker: Any) -> None:
    deploy(2)
    for version in (1, 2):
        sagemaker.update_model_package(ModelPackageArn=f"{ARN}/{version}", ModelApprovalStatus="Rejected")
    assert change(2, "Rejected")["action"] == "ignored"
    assert served(sagemaker) == f"{ARN}/2"


def test_rejecting_what_is_served_goes_back_to_the_latest_approved(
    sagemaker: Any, updates: list[dict[str, Any]]
) -> None:
    register(sagemaker, GROUP, "Approved")
    deploy(4)
    sagemaker.update_model_package(ModelPackageArn=f"{ARN}/4", ModelApprovalStatus="Rejected")
    expected = models.define(registry.describe(sagemaker, f"{ARN}/2"), Configuration.parse(ENVIRONMENT))
    assert change(4, "Rejected") == {
        "action": "updated",
        "endpoint_name": "scones-test-vehicles",
        "endpoint_config_name": expected.endpoint_config_name,
        "model_package_arn": f"{ARN}/2",
    }
    assert updates == [{"EndpointName": "scones-test-vehicles", "EndpointConfigName": expected.endpoint_config_name}]
