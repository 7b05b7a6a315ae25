"""Which versions were rolled back, by the tags of their endpoint configurations."""

from datetime import UTC, datetime

import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.registry.marks import marked_versions, with_marks
from pipelines.registry.versions import ModelVersion
from pipelines.settings.naming import Names

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def version(number: int) -> ModelVersion:
    return ModelVersion(f"arn/{number}", number, "Approved", NOW, "", "s3://b/k", {})


def answer_with(mark: str, sagemaker: Stubber, names: Names) -> None:
    """SageMaker answers that version 2 has an endpoint configuration with a mark, or without any."""
    name = f"{names.model_package_group}-v2-ffffffff"
    config = {"EndpointConfigName": name, "EndpointConfigArn": f"{ARN}/{name}", "CreationTime": NOW}
    sagemaker.add_response("list_endpoint_configs", {"EndpointConfigs": [config]})
    tags = [{"Key": mark, "Value": "2026-01-02T00:00:00+00:00"}] if mark else []
    sagemaker.add_response("list_tags", {"Tags": tags}, {"ResourceArn": f"{ARN}/{name}"})


@pytest.mark.parametrize("mark", ["rolled-back", "no-instances", ""])
def test_a_version_is_marked_by_its_configuration(mark: str, aws: Aws, sagemaker: Stubber, names: Names) -> None:
    answer_with(mark, sagemaker, names)
    found = with_marks(aws, names, [version(3), version(2), version(1)])
    assert [each.rolled_back for each in found] == [False, mark == "rolled-back", False]
    assert [each.lacks_instances for each in found] == [False, mark == "no-instances", False]


def test_all_versions_have_their_marks(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/scones-unlimited-local-vehicles/2"
    known = {"ModelPackageArn": arn, "ModelPackageName": "2", "CreationTime": NOW, "ModelPackageStatus": "Completed"}
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": [known]})
    details = {"ModelPackageVersion": 2, "ModelPackageStatusDetails": {"ValidationStatuses": []}}
    sagemaker.add_response("describe_model_package", {**known, **details})
    answer_with("rolled-back", sagemaker, names)
    assert [(each.arn, each.rolled_back) for each in marked_versions(aws, names)] == [(arn, True)]


def test_without_versions_nothing_is_asked(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    assert with_marks(aws, names, []) == []
