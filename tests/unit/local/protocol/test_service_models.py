import pytest
from botocore.session import get_session

from local.protocol.service_models import metadata, regions, services


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
@pytest.mark.parametrize("service", ["s3", "sagemaker-runtime", "unknown"])
def test_regions_are_those_that_botocore_finds_in_the_model(service: str, partition: str) -> None:
    for also_others in (False, True):
        assert regions(service, partition, also_others) == get_session().get_available_regions(
            service, partition, also_others
        )


def test_models_say_what_they_are() -> None:
    found = metadata()
    assert found["sagemaker-runtime"]["signingName"] == "sagemaker"
    assert found["cloudwatch"]["endpointPrefix"] == "monitoring"


@pytest.mark.parametrize("kind", ["service-2", "paginators-1", "endpoint-rule-set-1", "unknown-1"])
def test_services_are_those_that_botocore_finds(kind: str) -> None:
    assert services(kind) == get_session().get_component("data_loader").list_available_services(kind)
