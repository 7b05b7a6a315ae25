"""Checks a pipeline definition when a pipeline is created or updated, as SageMaker does. Pure.

Format: the "SageMaker model building pipeline definition" JSON schema, version 2020-12-01, and "Retry Policy for
Pipeline Steps" in AWS's developer guide.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.protocol.errors import DefinitionError
from local.protocol.json_types import Json
from local.sagemaker.pipelines.conditions import COMPARISONS
from local.sagemaker.pipelines.definition import CASTS, Definition, Step, parameter_values, parse

VERSION = "2020-12-01"
NAME = re.compile(r"[A-Za-z0-9\-_]{1,64}")
TYPES = frozenset(
    {
        *("AutoML", "Callback", "ClarifyCheck", "Cleanup", "Condition", "EMR", "EMRServerless", "Endpoint"),
        *("EndpointConfig", "Fail", "ForEach", "InferenceComponent", "Job", "Lambda", "Lineage", "Model", "Processing"),
        *("QualityCheck", "RegisterModel", "Training", "Transform", "Tuning"),
    }
)
JOBS = {"SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"}
EXCEPTIONS = {"Step.SERVICE_FAULT", "Step.THROTTLING", *JOBS}
# The least and the most value of each number of a retry policy.
NUMBERS = {
    "IntervalSeconds": (0, None),
    "BackoffRate": (0, None),
    "MaxAttempts": (1, 20),
    "ExpireAfterMin": (0, 14_400),
}
CONDITIONS = {*COMPARISONS, "Not", "Or", "In"}


def validate(text: str) -> None:
    """Raises DefinitionError, which names the step, for a definition that SageMaker does not take."""
    definition = parse(text)
    document = json.loads(text)
    if document.get("Version") != VERSION:
        raise _invalid(f"its Version is {document.get('Version')!r}, not '{VERSION}'")
    _check_parameters(document.get("Parameters") or [])
    for step in definition.steps.values():
        _check_step(step, definition)


def _check_parameters(parameters: Json) -> None:
    seen: set[str] = set()
    for declared in parameters:
        name, kind = declared["Name"], declared.get("Type")
        if name in seen:
            raise _invalid(f"two parameters are named '{name}'")
        seen.add(name)
        if kind not in CASTS:
            raise _invalid(f"the parameter '{name}' has the unknown type {kind!r}; expected {', '.join(CASTS)}")
        if declared.get("DefaultValue") is not None:
            parameter_values(Definition({name: declared}, {}), {})


def _check_step(step: Step, definition: Definition) -> None:
    if not NAME.fullmatch(step.name):
        raise _invalid(f"the step name '{step.name}' does not match {NAME.pattern}")
    if step.type not in TYPES:
        raise _invalid(f"the step '{step.name}' has the unknown type '{step.type}'")
    for need in sorted(step.needs):
        if definition.steps[need].type == "Fail":
            raise _invalid(f"the step '{step.name}' depends on '{need}', which is a Fail step")
    for name in _parameters_of(step.body):
        if name not in definition.parameters:
            raise _invalid(f"the step '{step.name}' uses the parameter '{name}', which the definition does not have")
    if step.type == "Condition":
        _check_conditions(step.name, step.arguments.get("Conditions"))
    _check_policies(step.name, step.body.get("RetryPolicies"))


def _check_conditions(step: str, conditions: Json) -> None:
    if not isinstance(conditions, list):
        raise _invalid(f"the step '{step}' has no list 'Conditions'")
    for condition in conditions:
        kind = condition.get("Type") if isinstance(condition, dict) else None
        if kind not in CONDITIONS:
            raise _invalid(f"a condition of the step '{step}' has the unknown type {kind!r}")
        if kind == "Or":
            _check_conditions(step, condition.get("Conditions"))
        if kind == "Not":
            _check_conditions(step, [condition.get("Condition") or condition.get("Expression")])


def _check_policies(step: str, policies: Json) -> None:
    if policies is None:
        return
    if not isinstance(policies, list):
        raise _invalid(f"RetryPolicies of the step '{step}' is not a list")
    for policy in policies:
        if problem := _problem(policy):
            raise _invalid(f"a retry policy of the step '{step}' {problem}")


def _problem(policy: Json) -> str:
    """What is wrong with a retry policy; empty if nothing is."""
    if not isinstance(policy, dict):
        return "is not an object"
    if others := sorted(policy.keys() - {"ExceptionType", *NUMBERS}):
        return f"has the unknown member '{others[0]}'"
    kinds = policy.get("ExceptionType")
    if not isinstance(kinds, list) or not kinds:
        return "has no list 'ExceptionType'"
    if unknown := [kind for kind in kinds if kind not in EXCEPTIONS]:
        return f"has the unknown ExceptionType {unknown[0]!r}; expected {', '.join(sorted(EXCEPTIONS))}"
    if "MaxAttempts" in policy and "ExpireAfterMin" in policy:
        return "has both MaxAttempts and ExpireAfterMin"
    return next(_misfits(policy), "")


def _misfits(policy: Mapping[str, Any]) -> Iterator[str]:
    for name, (least, most) in NUMBERS.items():
        value = policy.get(name, least)
        number = isinstance(value, int | float if name == "BackoffRate" else int) and not isinstance(value, bool)
        if not number or value < least or (most is not None and value > most):
            yield f"has the {name} {value!r}; expected a number from {least}" + (f" to {most}" if most else "")


def _parameters_of(value: Json) -> Iterator[str]:
    """Names of the parameters to which a value refers."""
    if isinstance(value, dict):
        if isinstance(get := value.get("Get"), str) and get.startswith("Parameters."):
            yield get.removeprefix("Parameters.")
        for item in value.values():
            yield from _parameters_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from _parameters_of(item)


def _invalid(text: str) -> DefinitionError:
    return DefinitionError(f"Unable to parse pipeline definition: {text}")
