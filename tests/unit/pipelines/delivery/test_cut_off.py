"""A deployment and a deletion that are cut off after each thing that they do: the next one goes on from there."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.model import OperationModel

from pipelines.aws import Aws
from pipelines.delivery.deployment import deploy
from pipelines.delivery.teardown import destroy
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning")
MOST = 60  # attempts; more than there are things to do


class CutOffError(Exception):
    """The command was killed."""


def attempt(command: Callable[[Aws], object], kinds: tuple[str, ...]) -> str:
    """Runs a command that is killed right after its first call of one of these kinds; which one, or none at the end."""
    done = ""

    def kill(model: OperationModel, http_response: Any, **_: Any) -> None:
        nonlocal done
        if not done and model.name.startswith(kinds) and http_response.status_code < 300:
            done = model.name
            raise CutOffError

    session = boto3.Session(region_name="eu-west-1")
    session.events.register("after-call", kill)
    try:
        command(Aws(session))
    except CutOffError:
        return done
    return ""


def until_done(command: Callable[[Aws], object], *kinds: str) -> list[str]:
    """Runs a command again and again, each time until it has done one thing more; returns what was done."""
    made: list[str] = []
    for _ in range(MOST):
        if not (call := attempt(command, kinds)):
            return made
        made.append(call)
    raise AssertionError(f"it does not end: {made}")


def test_a_deployment_goes_on_where_one_was_cut_off(empty: Aws, settings: Settings, names: Names) -> None:
    made = until_done(lambda aws: deploy(settings, aws), "CreateStack")
    assert made == ["CreateStack"] * 3
    assert not deploy(settings, empty).changed


def test_a_deletion_goes_on_where_one_was_cut_off(empty: Aws, settings: Settings, names: Names) -> None:
    deploy(settings, empty)
    role = names.role_arn("pipeline")
    for number in (1, 2):
        name = f"{names.model_package_group}-v{number}-0a1b2c3d"
        empty.sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, Containers=[{"Image": "i"}])
        variant = {"VariantName": "v", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        empty.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    empty.sagemaker.create_endpoint(EndpointName=names.endpoint, EndpointConfigName=name)
    empty.stepfunctions.create_state_machine(name=names.state_machine, definition="{}", roleArn=role)
    empty.s3.put_object(Bucket=names.bucket, Key="photos/a.png", Body=b"")
    made = until_done(lambda aws: destroy(settings, aws, keep_data=False), "Delete")
    assert made[:2] == ["DeleteEndpoint", "DeleteEndpointConfig"]
    assert made.count("DeleteStack") == 3
    assert empty.sagemaker.list_models()["Models"] == empty.sagemaker.list_endpoint_configs()["EndpointConfigs"] == []
    assert empty.cloudformation.describe_stacks()["Stacks"] == []
    assert empty.s3.list_buckets()["Buckets"] == []
