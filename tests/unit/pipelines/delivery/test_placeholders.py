"""Placeholders lie in the folders that the pipelines' parameters name by default."""

import boto3

from pipelines.aws import Aws
from pipelines.delivery.placeholders import upload_placeholders
from pipelines.settings.naming import Names


def test_the_folders_of_the_parameters_are_not_empty(session: boto3.Session, names: Names) -> None:
    aws = Aws(session)
    upload_placeholders(aws, names)
    found = {each["Key"]: each["Size"] for each in aws.s3.list_objects_v2(Bucket=names.bucket)["Contents"]}
    folders = ("data/no-champion", "data/no-reviewed", "baseline", "ground-truth", "profiles", "verdicts")
    assert set(found) == {f"{folder}/README.txt" for folder in folders}
    assert {f"s3://{names.bucket}/{key}" for key in found} == {
        f"{names.no_champion_uri}/README.txt",
        f"{names.no_reviewed_uri}/README.txt",
        f"{names.baseline_uri}/README.txt",
        f"{names.ground_truth_uri}/README.txt",
        f"{names.profiles_uri}/README.txt",
        f"{names.verdicts_uri}/README.txt",
    }
    assert all(found.values())
