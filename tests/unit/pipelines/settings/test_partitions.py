"""Partitions as botocore knows them."""

import botocore.session
import pytest

from pipelines.settings.naming import LAMBDA_NAMES, Names
from pipelines.settings.partitions import partition_of

DATA = botocore.session.get_session().get_component("data_loader").load_data("endpoints")["partitions"]
REGIONS = {region: (each["partition"], each["dnsSuffix"]) for each in DATA for region in each["regions"]}


def test_each_region_has_the_partition_that_botocore_knows() -> None:
    assert len(REGIONS) > 30
    found = {region: partition_of(region) for region in REGIONS}
    assert {region: (each.name, each.dns_suffix) for region, each in found.items()} == REGIONS


@pytest.mark.parametrize(("region", "partition", "suffix"), [
    ("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
])  # fmt: skip
def test_all_names_of_a_region_name_its_partition(region: str, partition: str, suffix: str) -> None:
    names = Names("scones-prod", "123456789012", region)
    arns = [names.state_machine_arn, names.role_arn("model"), *map(names.function_arn, LAMBDA_NAMES)]
    assert {arn.split(":")[1] for arn in arns} == {partition}
    assert names.review_queue_url == f"https://sqs.{region}.{suffix}/123456789012/scones-prod-review"
