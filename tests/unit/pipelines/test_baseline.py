"""Which drift baseline the monitoring job gets."""

from typing import Any

import boto3
import pytest

from pipelines.aws import Aws
from pipelines.baseline import baseline_folder, baseline_parameters, no_baseline_uri, upload_marker
from pipelines.naming import Names

FOLDER = "s3://bucket/executions/abc/baseline"


def package(**sources: str) -> dict[str, Any]:
    return {"DriftCheckBaselines": {"ModelDataQuality": {kind: {"S3Uri": uri} for kind, uri in sources.items()}}}


@pytest.mark.parametrize(
    ("described", "folder"),
    [
        (package(Statistics=f"{FOLDER}/statistics.json", Constraints=f"{FOLDER}/constraints.json"), FOLDER),
        (package(Statistics=f"{FOLDER}/statistics.json"), None),
        (package(Statistics=f"{FOLDER}/statistics.json", Constraints="s3://bucket/other/constraints.json"), None),
        ({"DriftCheckBaselines": {"ModelQuality": {}}}, None),
        ({}, None),
    ],
)
def test_the_folder_of_a_packages_baseline(described: dict[str, Any], folder: str | None) -> None:
    assert baseline_folder(described) == folder


def test_without_a_model_the_marker_takes_its_place(session: boto3.Session, names: Names) -> None:
    aws = Aws(session)
    upload_marker(aws, names)
    found = baseline_parameters(aws, names)
    assert found == {"BaselineUri": no_baseline_uri(names)} == {"BaselineUri": f"s3://{names.bucket}/data/no-baseline"}
    listed = aws.s3.list_objects_v2(Bucket=names.bucket, Prefix="data/no-baseline")["Contents"]
    assert [each["Key"] for each in listed] == ["data/no-baseline/README.txt"]
