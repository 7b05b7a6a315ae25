"""What the function reads of a version in the registry."""

from unit.lambdas.deployment import ARN, GROUP
from unit.lambdas.registry_in_memory import NOW
from unit.lambdas.sagemaker_in_memory import Account

from lambdas.deploy_model.state.registry import Package, describe
from lambdas.shared.clients import client


def test_a_version_says_where_the_photos_are_that_are_kept_with_it(account: Account) -> None:
    account.versions = {1: "Approved", 2: "Rejected"}
    account.kept[2] = "s3://bucket/kept-photos.json"
    created = NOW.isoformat()
    without = Package(f"{ARN}/1", GROUP, 1, "Approved", created)
    assert describe(client("sagemaker"), f"{ARN}/1") == without
    kept = Package(f"{ARN}/2", GROUP, 2, "Rejected", created, kept_photos="s3://bucket/kept-photos.json")
    assert describe(client("sagemaker"), f"{ARN}/2") == kept
