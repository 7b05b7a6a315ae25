"""Endpoints: what creates, updates, describes and deletes them, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Configure = Callable[..., str]
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def endpoint(sagemaker: Any, configure: Configure, wait: Any) -> str:
    """An endpoint in service, with the configuration `first`."""
    configure("first", {"first": 1})
    sagemaker.create_endpoint(EndpointName="served", EndpointConfigName="first")
    assert sagemaker.describe_endpoint(EndpointName="served")["EndpointStatus"] == "Creating"
    describe = lambda: sagemaker.describe_endpoint(EndpointName="served")  # noqa: E731
    described = wait(describe, "EndpointStatus", "InService", "Failed")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "first")
    return "served"


def test_an_update_changes_over_only_when_healthy(
    sagemaker: Any, ask: Ask, endpoint: str, configure: Configure, wait: Any
) -> None:
    describe = lambda: sagemaker.describe_endpoint(EndpointName=endpoint)  # noqa: E731
    configure("broken", code="def model_fn(model_dir): raise ValueError('weights are missing')")
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="broken")
    assert ask(endpoint)["model"] == "first"
    failed = wait(describe, "EndpointStatus", "InService")
    assert "weights are missing" in failed["FailureReason"]
    assert failed["EndpointConfigName"] == "first"
    assert ask(endpoint)["model"] == "first"

    configure("second", {"second": 1})
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="second")
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="second")
    with pytest.raises(ClientError, match=r"DeleteEndpoint operation: Cannot update in-progress endpoint"):
        sagemaker.delete_endpoint(EndpointName=endpoint)
    updated = wait(describe, "EndpointStatus", "InService")
    with pytest.raises(ClientError, match="Cannot update endpoint with the currently in use endpoint configuration"):
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="second")
    assert "FailureReason" not in updated
    assert ask(endpoint)["model"] == "second"


def test_a_broken_model_fails_the_endpoint_with_the_end_of_its_log(
    sagemaker: Any, ask: Ask, configure: Configure, wait: Any
) -> None:
    configure("hopeless", code="import no_such_module")
    sagemaker.create_endpoint(EndpointName="hopeless", EndpointConfigName="hopeless")
    describe = lambda: sagemaker.describe_endpoint(EndpointName="hopeless")  # noqa: E731
    described = wait(describe, "EndpointStatus", "Failed", "InService")
    assert "No module named 'no_such_module'" in described["FailureReason"]
    with pytest.raises(ClientError, match=r"ValidationError.*is not in service"):
        ask("hopeless")
    with pytest.raises(ClientError, match="which has failed; delete it"):
        sagemaker.update_endpoint(EndpointName="hopeless", EndpointConfigName="hopeless")


def test_names_are_taken_once(sagemaker: Any, endpoint: str, configure: Configure) -> None:
    with pytest.raises(ClientError, match="Cannot create already existing model"):
        configure("first", {"first": 1})
    with pytest.raises(ClientError, match="Cannot create already existing endpoint"):
        sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName="first")
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        sagemaker.create_endpoint(EndpointName="other", EndpointConfigName="nothing")


def test_models_and_configurations_are_deleted(sagemaker: Any, configure: Configure) -> None:
    configure("brief")
    sagemaker.delete_endpoint_config(EndpointConfigName="brief")
    sagemaker.delete_model(ModelName="brief-AllTraffic")
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        sagemaker.describe_endpoint_config(EndpointConfigName="brief")
    with pytest.raises(ClientError, match="Could not find model"):
        sagemaker.delete_model(ModelName="brief-AllTraffic")


def test_tags_are_kept(sagemaker: Any, endpoint: str) -> None:
    arn = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_what_is_not_served_is_refused(sagemaker: Any, endpoint: str) -> None:
    serverless = {
        "VariantName": "v",
        "ModelName": "first-first",
        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1},
    }
    with pytest.raises(ClientError, match=r"does not act upon ProductionVariants\.ServerlessConfig"):
        sagemaker.create_endpoint_config(EndpointConfigName="serverless", ProductionVariants=[serverless])
    rolling = {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1},
            "WaitIntervalInSeconds": 0,
        }
    }
    with pytest.raises(ClientError, match=r"does not act upon DeploymentConfig\.RollingUpdatePolicy of UpdateEndpoint"):
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="first", DeploymentConfig=rolling)
