"""The table of members is complete: botocore's models are walked, so that none is accepted and ignored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.model import ListShape, Shape, StructureShape

from local.context import Context
from local.errors import ValidationError
from local.events import EventService
from local.functions import FunctionService
from local.guard import Guard
from local.logs import Logs
from local.members import admit, prefixes, table
from local.protocol import operation_model
from local.sagemaker import SageMaker

DOCS = Path(__file__).parents[3] / "docs" / "local-aws.md"
# What the operations that are missing in the table may have: names, filters, order and pages.
# fmt: off
PLAIN = {
    "EndpointConfigName", "EndpointName", "ModelName", "ModelPackageGroupName", "ModelPackageName",
    "PipelineExecutionArn", "ProcessingJobName", "TrainingJobName", "ResourceArn", "Tags", "TagKeys",
    "ModelApprovalStatus", "ModelPackageType", "NameContains", "StatusEquals", "CreationTimeAfter",
    "CreationTimeBefore", "LastModifiedTimeAfter", "LastModifiedTimeBefore", "SortBy", "SortOrder", "NextToken",
    "MaxResults",
}
# fmt: on
PROCESSING = {
    "ProcessingJobName": "p",
    "ProcessingResources": {
        "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    },
    "AppSpecification": {"ImageUri": "i"},
    "RoleArn": "arn:aws:iam::123456789012:role/r",
}


def leaves(shape: Shape, path: str = "") -> Iterator[str]:
    """The paths of all members that have no members themselves."""
    if isinstance(shape, ListShape):
        shape = shape.member
    if not isinstance(shape, StructureShape):
        yield path
        return
    for name, member in shape.members.items():
        yield from leaves(member, f"{path}.{name}".lstrip("."))


def shape_of(operation: str) -> Shape:
    shape = operation_model("sagemaker", operation).input_shape
    assert shape is not None
    return shape


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The operations that the local AWS answers itself."""
    context = Context(tmp_path_factory.mktemp("data"), "eu-west-1", 1)
    logs = Logs(context)
    service = SageMaker(context, logs, FunctionService(context, logs), EventService(context), Guard(context))
    return service.executed


@pytest.mark.parametrize("operation", table())
def test_each_member_is_in_one_place(operation: str) -> None:
    row = table()[operation]
    named = [path for key in ("executed", "recorded", "refused") for path in row.get(key, [])]
    missing = [path for path in leaves(shape_of(operation)) if len(set(prefixes(path)) & set(named)) != 1]
    assert missing == []
    existing = {above for path in leaves(shape_of(operation)) for above in prefixes(path)}
    assert set(named) <= existing
    assert len(named) == len(set(named))
    assert all(set(prefixes(path)) & set(row["executed"]) for path in row.get("only", {}))


def test_operations_without_a_row_have_plain_members(executed: frozenset[str]) -> None:
    for operation in executed - table().keys():
        assert set(leaves(shape_of(operation))) - {"Tags.Key", "Tags.Value"} <= PLAIN, operation
    assert table().keys() <= executed


@pytest.mark.parametrize("operation", [name for name, row in table().items() if row.keys() & {"recorded", "refused"}])
def test_the_documentation_names_what_is_recorded_and_refused(operation: str) -> None:
    row = next(line for line in DOCS.read_text("utf-8").splitlines() if line.startswith(f"| {operation} |"))
    _, _, recorded, refused, _ = row.split("|")
    for cell, key in ((recorded, "recorded"), (refused, "refused")):
        members = {name.strip() for name in cell.replace("–", "").split(",") if name.strip()}
        assert members == set(table()[operation].get(key, [])), f"{operation}: {key}"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"ExperimentConfig": {"RunName": "r"}}, "does not act upon ExperimentConfig of CreateProcessingJob"),
        ({"NetworkConfig": {"EnableNetworkIsolation": True}}, "does not act upon NetworkConfig.EnableNetworkIsolation"),
        (
            {
                "ProcessingInputs": [
                    {"InputName": "i", "S3Input": {"S3Uri": "s3://b/k", "S3DataType": "ManifestFile"}},
                ]
            },
            "acts upon ProcessingInputs.S3Input.S3DataType S3Prefix only, not ManifestFile",
        ),
    ],
)
def test_what_would_be_ignored_is_refused_by_name(more: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        admit("CreateProcessingJob", {**PROCESSING, **more})


def test_what_asks_for_nothing_is_accepted() -> None:
    admit("CreateProcessingJob", {**PROCESSING, "NetworkConfig": {"EnableNetworkIsolation": False}, "Tags": []})
