"""Whether the endpoint is scaled as the configuration says; nothing is said where it does not ask for that."""

import boto3
import pytest
from botocore.stub import Stubber

from lambdas.shared.deployments import VARIANT, scalable_target
from pipelines.aws import Aws
from pipelines.doctor.scaling import scaling
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


@pytest.fixture
def scaled(settings: Settings) -> Settings:
    """Settings with an endpoint of 1 to 4 instances."""
    endpoint = settings.endpoint
    limits = endpoint.scaling.model_copy(update={"enabled": True, "min_instances": 1, "max_instances": 4})
    return settings.model_copy(update={"endpoint": endpoint.model_copy(update={"scaling": limits})})


@pytest.mark.parametrize(
    ("limits", "count", "state", "said"),
    [
        (None, 1, "do", "the endpoint is not registered"),
        ((1, 2), 1, "do", "from 1 to 2 instances, not 1 to 4"),
        ((1, 4), 4, "do", "all 4 instances are in use"),
        ((1, 4), 3, "ok", "3 instances, from 1 to 4"),
    ],
)
def test_an_endpoint_in_service(
    limits: tuple[int, int] | None,
    count: int,
    state: str,
    said: str,
    session: boto3.Session,
    scaled: Settings,
    names: Names,
) -> None:
    aws = Aws(session)
    if limits:
        aws.client("application-autoscaling").register_scalable_target(
            **scalable_target(names.endpoint), MinCapacity=limits[0], MaxCapacity=limits[1]
        )
    with Stubber(aws.sagemaker) as sagemaker:
        sagemaker.add_response("describe_endpoint", described(names, count))
        (found,) = scaling(aws, scaled, names)
    assert (found.state, found.subject, said in found.text) == (state, "scaling", True)


def test_nothing_is_said_without_the_setting_or_an_endpoint(
    session: boto3.Session, settings: Settings, scaled: Settings, names: Names
) -> None:
    assert list(scaling(Aws(session), settings, names)) == []
    assert list(scaling(Aws(session), scaled, names)) == []


def described(names: Names, count: int) -> dict[str, object]:
    return {
        "EndpointName": names.endpoint,
        "EndpointArn": f"arn:aws:sagemaker:eu-west-1:123456789012:endpoint/{names.endpoint}",
        "EndpointConfigName": "c",
        "EndpointStatus": "InService",
        "CreationTime": 0,
        "LastModifiedTime": 0,
        "ProductionVariants": [{"VariantName": VARIANT, "DesiredInstanceCount": count}],
    }
