import pytest

from local.metrics.regions import region_name


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("eu-west-1", "EU (Ireland)"),
        ("us-east-1", "US East (N. Virginia)"),
        ("cn-north-1", "China (Beijing)"),
        ("moon-base-1", "moon-base-1"),
    ],
)
def test_regions_are_named_as_in_messages(region: str, name: str) -> None:
    assert region_name(region) == name
