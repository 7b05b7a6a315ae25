"""Which versions were rolled back, by the tags of their endpoint configurations."""

from datetime import UTC, datetime

import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.registry.marks import with_marks
from pipelines.registry.versions import ModelVersion
from pipelines.settings.naming import Names

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def version(number: int) -> ModelVersion:
    return ModelVersion(f"arn/{number}", number, "Approved", NOW, "", "s3://b/k", {})


@pytest.mark.parametrize("marked", [True, False])
def test_a_version_is_marked_by_its_configuration(marked: bool, aws: Aws, sagemaker: Stubber, names: Names) -> None:
    name = f"{names.model_package_group}-v2-ffffffff"
    config = {"EndpointConfigName": name, "EndpointConfigArn": f"{ARN}/{name}", "CreationTime": NOW}
    sagemaker.add_response("list_endpoint_configs", {"EndpointConfigs": [config]})
    tags = [{"Key": "rolled-back", "Value": "2026-01-02T00:00:00+00:00"}] if marked else []
    sagemaker.add_response("list_tags", {"Tags": tags}, {"ResourceArn": f"{ARN}/{name}"})
    found = with_marks(aws, names, [version(3), version(2), version(1)])
    assert [each.rolled_back for each in found] == [False, marked, False]


def test_without_versions_nothing_is_asked(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    assert with_marks(aws, names, []) == []
