"""Service Quotas lists how many instances of each type SageMaker may use."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.support import ACCOUNT, REGION, client


@pytest.fixture
def quotas(aws: LocalAws) -> Any:
    return client(aws, "service-quotas")


def test_each_type_of_instance_has_a_quota_in_each_use(quotas: Any) -> None:
    pages = list(quotas.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker"))
    assert all(len(page["Quotas"]) <= 100 for page in pages)
    found = {each["QuotaName"]: each for page in pages for each in page["Quotas"]}
    for use in ("endpoint usage", "training job usage", "processing job usage"):
        quota = found[f"ml.m5.xlarge for {use}"]
        assert quota["Value"] == 1000
        assert quota["QuotaArn"] == f"arn:aws:servicequotas:{REGION}:{ACCOUNT}:sagemaker/{quota['QuotaCode']}"
    assert (
        len({each["QuotaCode"] for each in found.values()}) == len(found) == sum(len(page["Quotas"]) for page in pages)
    )


def test_other_services_have_none_here(quotas: Any) -> None:
    with pytest.raises(ClientError, match=r"knows no quotas of lambda, only those of sagemaker") as refused:
        quotas.list_service_quotas(ServiceCode="lambda")
    assert refused.value.response["Error"]["Code"] == "NoSuchResourceException"
