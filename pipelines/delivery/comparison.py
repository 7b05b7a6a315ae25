"""Compares a pipeline's definition with the one that is deployed, and an execution with those before it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.delivery.teardown import is_absent

# Parameters that say where a model comes from and what it is compared with, not what is trained on what, and how.
ASIDE = {"GitCommit", "ChampionModelUri", "ChampionModelPackage"}
LONGEST = 60  # characters of a value that are shown
Flat = dict[str, str]


@dataclass(frozen=True)
class EarlierExecution:
    """An execution of the same definition with the same parameters."""

    arn: str
    runs: bool


def changes(deployed: str | None, built: str) -> list[str]:
    """What differs in a definition, a line for each value: `TrainModel.….epochs: 150 → 120`."""
    if deployed is None:
        return ["not deployed yet"]
    before, after = dict(_flat(json.loads(deployed))), dict(_flat(json.loads(built)))
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    return [f"{path}: {_shown(before.get(path))} → {_shown(after.get(path))}" for path in paths]


def deployed_definition(aws: Aws, pipeline: str) -> str | None:
    """A pipeline's definition as SageMaker has it; None if there is no such pipeline."""
    try:
        return str(aws.sagemaker.describe_pipeline(PipelineName=pipeline)["PipelineDefinition"])
    except ClientError as error:
        if not is_absent(error):
            raise
        return None


def earlier_execution(aws: Aws, pipeline: str, parameters: Mapping[str, str]) -> EarlierExecution | None:
    """The newest execution, if it trains the same in the same way; None otherwise, or where it failed."""
    found = aws.sagemaker.list_pipeline_executions(
        PipelineName=pipeline, SortBy="CreationTime", SortOrder="Descending", MaxResults=1
    )["PipelineExecutionSummaries"]
    if not found or found[0]["PipelineExecutionStatus"] not in {"Executing", "Succeeded"}:
        return None
    arn = found[0]["PipelineExecutionArn"]
    ran = aws.sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)["PipelineDefinition"]
    if ran != deployed_definition(aws, pipeline) or _values(ran, _given(aws, arn)) != _values(ran, parameters):
        return None
    return EarlierExecution(arn, found[0]["PipelineExecutionStatus"] == "Executing")


def _given(aws: Aws, arn: str) -> dict[str, str]:
    pages = aws.sagemaker.get_paginator("list_pipeline_parameters_for_execution").paginate(PipelineExecutionArn=arn)
    return {each["Name"]: each["Value"] for page in pages for each in page["PipelineParameters"]}


def _values(definition: str, given: Mapping[str, str]) -> dict[str, str]:
    """The values of all parameters that tell, those by default too: SageMaker may list them or not."""
    declared = json.loads(definition).get("Parameters", [])
    defaults = {each["Name"]: str(each["DefaultValue"]) for each in declared if "DefaultValue" in each}
    return {name: value for name, value in {**defaults, **given}.items() if name not in ASIDE}


def _flat(node: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - parsed JSON
    """The values of a document with their paths, in which items are called by their `Name` where they have one."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for number, item in enumerate(node):
            name = item.get("Name", number) if isinstance(item, dict) else number
            yield from _flat(item, f"{path}.{name}")
    else:
        yield path, json.dumps(node)


def _shown(value: str | None) -> str:
    text = "nothing" if value is None else value
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
