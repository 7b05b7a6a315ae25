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


def lists(stubber: Stubber, *names: str) -> None:
    """The configurations of the account, oldest first."""
    configs = [
        {"EndpointConfigName": name, "EndpointConfigArn": f"{ARN}/{name}", "CreationTime": NOW} for name in names
    ]
    stubber.add_response("list_endpoint_configs", {"EndpointConfigs": configs})


@pytest.mark.parametrize("marked", [True, False])
def test_a_version_is_marked_by_its_latest_configuration(
    marked: bool, aws: Aws, sagemaker: Stubber, names: Names
) -> None:
    stem = f"{names.model_package_group}-v"
    lists(sagemaker, f"{stem}2-0a1b2c3d", f"{stem}2-ffffffff", f"my-{stem}1-0a1b2c3d", f"{stem}1-by-hand")
    tags = [{"Key": "rolled-back", "Value": "2026-01-02T00:00:00+00:00"}] if marked else []
    sagemaker.add_response("list_tags", {"Tags": tags}, {"ResourceArn": f"{ARN}/{stem}2-ffffffff"})
    found = with_marks(aws, names, [version(3), version(2), version(1)])
    assert [each.rolled_back for each in found] == [False, marked, False]


def test_a_configuration_that_is_gone_has_no_mark(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    lists(sagemaker, f"{names.model_package_group}-v1-0a1b2c3d")
    sagemaker.add_client_error("list_tags", "ValidationException", "Could not find it")
    assert with_marks(aws, names, [version(1)]) == [version(1)]
