"""The SDK's session has the configuration that it should have, and validates it once."""

import boto3
import pytest
from jsonschema import ValidationError
from moto import mock_aws

from pipelines import sagemaker_sdk
from pipelines.aws import Aws
from pipelines.delivery import release
from pipelines.settings.naming import Names
from pipelines.settings.reading import load

AWS = Aws(boto3.Session("key", "secret", region_name="eu-west-1"))
NAMES = Names.of(load("dev"), "123456789012")


def test_usage_data_stays_here() -> None:
    from sagemaker.core.common_utils import resolve_value_from_config
    from sagemaker.core.config.config_schema import TELEMETRY_OPT_OUT_PATH

    session = sagemaker_sdk.open_session(AWS, NAMES)
    assert resolve_value_from_config(config_path=TELEMETRY_OPT_OUT_PATH, sagemaker_session=session) is True


def test_building_a_definition_makes_no_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGEMAKER_VALIDATE_ROLE", "false")
    settings = load("dev").model_copy(update={"containers": load("local").containers})  # without a record in a bucket
    with mock_aws():
        aws = Aws(boto3.Session("key", "secret", region_name="eu-west-1"))
        session = sagemaker_sdk.open_session(aws, NAMES)
        assert session.default_bucket() == NAMES.bucket
        for kind in release.KINDS:
            assert NAMES.bucket in release.prepare(aws, session, settings, NAMES, kind).definition
        assert aws.s3.list_buckets()["Buckets"] == []


def test_a_wrong_configuration_is_refused_when_the_session_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sagemaker_sdk, "CONFIG", {"SchemaVersion": "none"})
    with pytest.raises(ValidationError):
        sagemaker_sdk.open_session(AWS, NAMES)


def test_values_are_looked_up_without_validating_again() -> None:
    from sagemaker.core.config.config_manager import SageMakerConfig

    session = sagemaker_sdk.open_session(AWS, NAMES)
    session.sagemaker_config = {"SchemaVersion": "none", "SageMaker": {"Word": "found"}}  # would be refused
    assert SageMakerConfig().get_sagemaker_config_value(session, "SageMaker.Word") == "found"


def test_steps_share_the_client_of_local_mode() -> None:
    from sagemaker.core.local.local_session import LocalSagemakerClient
    from sagemaker.mlops.workflow import steps

    sagemaker_sdk.open_session(AWS, NAMES)
    assert isinstance(steps.LocalSagemakerClient(), LocalSagemakerClient)
    assert steps.LocalSagemakerClient() is steps.LocalSagemakerClient()
