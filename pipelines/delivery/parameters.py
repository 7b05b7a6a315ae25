"""Checks the pipeline parameters that somebody gives, before anything is uploaded or started.

Otherwise most mistakes show only once a step takes the value, which may be after the training.
"""

import difflib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError
from pydantic import ValidationError

from pipelines.aws import Aws
from pipelines.delivery.instance_types import check_instance_types
from pipelines.errors import AwsError, ConfigurationError
from pipelines.settings.model import Settings

Declared = Mapping[str, Any]
TYPES: dict[str, Callable[[str], object]] = {
    "Integer": int,
    "Float": float,
    "Boolean": {"true": True, "false": False}.__getitem__,
}
# The setting that each parameter's default comes from, and whose limits therefore apply.
SETTINGS = {
    "ApprovalStatus": ("registry", "approval"),
    "MinimumAccuracy": ("quality_gate", "minimum_accuracy"),
    "MinimumCoverage": ("quality_gate", "minimum_coverage"),
    "MaximumRegression": ("quality_gate", "maximum_regression"),
    "MinimumRobustAccuracy": ("quality_gate", "minimum_robust_accuracy"),
    "MaximumOthersDecided": ("quality_gate", "maximum_others_decided"),
    "TrainingInstanceType": ("training", "instance_type"),
    "ProcessingInstanceType": ("processing", "instance_type"),
}
S3_URI = re.compile(r"s3://[a-z0-9][a-z0-9.-]+/.+")
MOST_CHARACTERS = 1024  # SageMaker's limit


def check_parameters(aws: Aws, settings: Settings, pipeline: str, given: Mapping[str, str]) -> None:
    """Checks the given parameters against the pipeline as SageMaker has it.

    Raises:
        AwsError: there is no such pipeline.
        ConfigurationError: a parameter does not exist, or has a value that it cannot have.
    """
    if not given:
        return
    declared = {each["Name"]: each for each in _declared(aws, pipeline)}
    for name, value in given.items():
        if name not in declared:
            raise ConfigurationError(f"the pipeline has no parameter {name}{_hint(name, declared)}")
        check_value(declared[name], value, settings)
    check_instance_types(settings, declared, given)


def check_value(declared: Declared, text: str, settings: Settings) -> None:
    """Checks one value by its parameter's declaration, and by the setting's limits.

    Raises:
        ConfigurationError: the parameter cannot have this value.
    """
    name, choices = declared["Name"], [str(choice) for choice in declared.get("EnumValues") or ()]
    if choices and text not in choices:
        raise _refusal(name, text, f"allowed are {', '.join(choices)}{_hint(text, choices, list_all=False)}")
    if len(text) > MOST_CHARACTERS:
        raise _refusal(name, f"{text[:20]}…", f"it has more than {MOST_CHARACTERS} characters")
    if name.endswith("Uri") and not S3_URI.fullmatch(text):
        raise _refusal(name, text, "expected s3://BUCKET/KEY")
    try:
        value = TYPES.get(declared["Type"], str)(text)
    except (ValueError, KeyError):
        raise _refusal(name, text, f"the parameter is of type {declared['Type']}") from None
    if name in SETTINGS:
        _check_limits(name, value, settings)


def _check_limits(name: str, value: object, settings: Settings) -> None:
    section, key = SETTINGS[name]
    tree = settings.model_dump()
    try:
        Settings.model_validate({**tree, section: {**tree[section], key: value}})
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise _refusal(name, str(value), f"{reason} (as {section}.{key})") from None


def _declared(aws: Aws, pipeline: str) -> list[Declared]:
    try:
        definition = aws.sagemaker.describe_pipeline(PipelineName=pipeline)["PipelineDefinition"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFound":
            raise
        raise AwsError(f"there is no pipeline {pipeline}; `scones pipeline upsert` creates it") from error
    parameters: list[Declared] = json.loads(definition).get("Parameters", [])
    return parameters


def _refusal(name: str, text: str, reason: str) -> ConfigurationError:
    return ConfigurationError(f"the parameter {name} cannot be '{text}': {reason}")


def _hint(given: str, choices: Mapping[str, object] | list[str], *, list_all: bool = True) -> str:
    close = difflib.get_close_matches(given.lower(), [choice.lower() for choice in choices], n=1)
    meant = [choice for choice in choices if close and choice.lower() == close[0]]
    return (f"; did you mean {meant[0]}?" if meant else "") + (f"; it has {', '.join(choices)}" if list_all else "")
