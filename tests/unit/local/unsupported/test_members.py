"""The table of members is complete: botocore's models are walked, so that none is accepted and ignored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.model import ListShape, Shape, StructureShape

from local.events.bus import EventService
from local.functions.invoke import FunctionService
from local.iam.authorization import Guard
from local.protocol.errors import ValidationError
from local.protocol.json_protocol import operation_model
from local.runtime.context import Context
from local.runtime.logs import Logs
from local.sagemaker.api import SageMaker
from local.unsupported.members import admit, member_rule, table

PAGES = sorted((Path(__file__).parents[4] / "docs" / "local-aws").glob("*.md"))
DOCS = "\n".join(page.read_text("utf-8") for page in PAGES)
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


def shape_of(service: str, operation: str) -> StructureShape:
    shape = operation_model(service, operation).input_shape
    assert shape is not None
    return shape


def leaves(shape: Shape, path: str = "") -> Iterator[str]:
    """The paths of all members that have no members themselves."""
    if isinstance(shape, ListShape):
        shape = shape.member
    if not isinstance(shape, StructureShape):
        yield path
        return
    for name, member in shape.members.items():
        yield from leaves(member, f"{path}.{name}".lstrip("."))


def cells(shape: Shape, rule: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What the documentation says of a structure's members: a column, and what is in it."""
    if isinstance(shape, ListShape):
        shape = shape.member
    assert isinstance(shape, StructureShape), f"{path} has no members"
    assert {*rule.get("executed", []), *rule.get("recorded", []), *rule} - {"executed", "recorded"} <= set(
        shape.members
    )
    for name, member in shape.members.items():
        below, found = f"{path}.{name}".lstrip("."), member_rule(rule, name)
        if isinstance(found, dict):
            yield from cells(member, found, below)
        elif isinstance(found, list):
            yield "only", f"{below} {' or '.join(found)}"
        elif found is None or name in rule.get("recorded", []):
            yield "refused" if found is None else "recorded", below


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The operations that the local AWS answers itself."""
    context = Context(tmp_path_factory.mktemp("data"), "eu-west-1", 1)
    logs = Logs(context)
    service = SageMaker(
        context,
        logs,
        FunctionService(context, logs),
        EventService(context),
        Guard(context),
        lambda _: None,
        lambda *_: False,
    )
    return service.executed


def test_operations_without_a_row_have_plain_members(executed: frozenset[str]) -> None:
    for operation in executed - table()["sagemaker"].keys():
        assert set(leaves(shape_of("sagemaker", operation))) - {"Tags.Key", "Tags.Value"} <= PLAIN, operation


@pytest.mark.parametrize(
    ("service", "operation"), [(service, operation) for service, row in table().items() for operation in row]
)
def test_the_documentation_says_what_becomes_of_each_member(service: str, operation: str) -> None:
    """Every member of botocore's model that is neither acted upon nor recorded is documented as refused."""
    rule, shape = table()[service][operation], shape_of(service, operation)
    if rule == "refused":
        assert operation in DOCS
        return
    found: dict[str, list[str]] = {"recorded": [], "refused": [], "only": []}
    for column, text in cells(shape, rule):
        found[column].append(text)
    row = " | ".join(", ".join(texts) or "–" for texts in found.values())
    assert not any(found.values()) or f"| {operation} | {row} |" in DOCS.splitlines()


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"ExperimentConfig": {"RunName": "r"}}, "does not act upon ExperimentConfig of CreateProcessingJob"),
        (
            {"NetworkConfig": {"EnableNetworkIsolation": True}},
            "does not act upon NetworkConfig.EnableNetworkIsolation of",
        ),
        (
            {
                "ProcessingInputs": [
                    {"InputName": "i", "S3Input": {"S3Uri": "s3://b/k", "S3InputMode": "Pipe"}},
                ]
            },
            "ProcessingInputs.S3Input.S3InputMode 'Pipe'",
        ),
    ],
)
def test_what_would_be_ignored_is_refused_by_name(more: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        admit("sagemaker", "CreateProcessingJob", {**PROCESSING, **more})


def test_what_asks_for_nothing_is_accepted() -> None:
    admit(
        "sagemaker",
        "CreateProcessingJob",
        {**PROCESSING, "NetworkConfig": {"EnableNetworkIsolation": False}, "Tags": []},
    )
