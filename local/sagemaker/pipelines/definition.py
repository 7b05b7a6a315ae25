"""Parses pipeline definitions into steps, dependencies and parameters, and resolves expressions. Pure.

Format: the "SageMaker model building pipeline definition" JSON schema, version 2020-12-01.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from local.protocol.errors import DefinitionError
from local.protocol.json_types import Json
from local.sagemaker.pipelines.json_paths import walk

Values = Mapping[str, Any]
SUPPORTED = ("Processing", "Training", "Model", "RegisterModel", "Condition", "Lambda", "Fail")
# Members of definitions and of steps that are acted upon or only describe.
MEMBERS = {"Version", "Metadata", "Parameters", "PipelineExperimentConfig", "Steps"}
STEP_MEMBERS = {
    *("Name", "Type", "Arguments", "DependsOn", "DisplayName", "Description"),
    *("CacheConfig", "FunctionArn", "OutputParameters", "PropertyFiles", "RetryPolicies"),
}
CASTS: dict[str, Callable[[str], Any]] = {
    "String": str,
    "Integer": int,
    "Float": float,
    "Boolean": lambda text: {"true": True, "false": False}[text.lower()],
}


@dataclass(frozen=True)
class Step:
    """One step. If it is inside a condition step, `branch` has that step's name and the outcome that it needs."""

    name: str
    type: str
    body: Values
    needs: frozenset[str]
    branch: tuple[str, bool] | None = None

    @property
    def arguments(self) -> Values:
        """The step's arguments, with unresolved expressions."""
        arguments: Values = self.body.get("Arguments", {})
        return arguments


@dataclass(frozen=True)
class Definition:
    """A parsed definition: parameters and steps by name, in the order of the text."""

    parameters: Mapping[str, Values]
    steps: Mapping[str, Step]


def parse(text: str) -> Definition:
    """Parses the JSON text of a definition. Raises DefinitionError."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise DefinitionError(f"Unable to parse pipeline definition: it is not JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("Steps"), list) or not document["Steps"]:
        raise DefinitionError("Unable to parse pipeline definition: it has no list 'Steps'")
    _refuse_others(document, MEMBERS, "a pipeline definition")
    steps: dict[str, Step] = {}
    for step in _steps(document["Steps"], None):
        if step.name in steps:
            raise DefinitionError(f"Unable to parse pipeline definition: two steps are named '{step.name}'")
        steps[step.name] = step
    _check_order(steps)
    return Definition(_declared(document.get("Parameters") or []), steps)


def _declared(parameters: Json) -> dict[str, Values]:
    """The declarations of parameters by name."""
    if not isinstance(parameters, list) or not all(isinstance(each, dict) and "Name" in each for each in parameters):
        raise DefinitionError("Unable to parse pipeline definition: a parameter has no 'Name'")
    return {each["Name"]: each for each in parameters}


def _steps(bodies: list[Any], branch: tuple[str, bool] | None) -> Iterator[Step]:
    for body in bodies:
        if not isinstance(body, dict) or not {"Name", "Type"} <= body.keys():
            raise DefinitionError("Unable to parse pipeline definition: a step has no 'Name' or no 'Type'")
        arguments = dict(body.get("Arguments", {}))
        inner = {True: arguments.pop("IfSteps", []), False: arguments.pop("ElseSteps", [])}
        needs = {name for name in _references({**body, "Arguments": arguments}) if name != body["Name"]}
        if branch:
            needs.add(branch[0])
        yield Step(body["Name"], body["Type"], {**body, "Arguments": arguments}, frozenset(needs), branch)
        for outcome, steps in inner.items():
            yield from _steps(steps, (body["Name"], outcome))


def _references(value: Json) -> Iterator[str]:
    """Names of the steps to which a value refers, in Get expressions and in DependsOn."""
    if isinstance(value, dict):
        if isinstance(get := value.get("Get"), str) and get.startswith("Steps."):
            yield re.split(r"[.\[]", get)[1]
        yield from value.get("DependsOn", [])
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def _check_order(steps: Mapping[str, Step]) -> None:
    for step in steps.values():
        if unknown := sorted(step.needs - steps.keys()):
            raise DefinitionError(
                f"The step '{step.name}' depends on '{unknown[0]}', which the definition does not have"
            )
    try:
        TopologicalSorter({step.name: step.needs for step in steps.values()}).prepare()
    except CycleError as error:
        raise DefinitionError(f"These steps depend on each other in a cycle: {', '.join(error.args[1])}") from error


def _refuse_others(value: Values, known: set[str], where: str) -> None:
    if others := sorted(name for name, item in value.items() if item and name not in known):
        raise DefinitionError(f"The local AWS does not act upon {others[0]} of {where}")


def check_supported(definition: Definition) -> None:
    """Raises DefinitionError for a step of a type that does not run here, or with a member that has no effect."""
    for step in definition.steps.values():
        if step.type not in SUPPORTED:
            raise DefinitionError(
                f"The local AWS does not run steps of type {step.type} (step '{step.name}'); "
                f"it runs {', '.join(SUPPORTED)}"
            )
        _refuse_others(step.body, STEP_MEMBERS, f"the step '{step.name}'")


def parameter_values(definition: Definition, given: Mapping[str, str]) -> dict[str, Any]:
    """The values of all parameters in their types: given values, or else defaults. Raises DefinitionError."""
    if unknown := sorted(given.keys() - definition.parameters.keys()):
        raise DefinitionError(f"Unknown parameter '{unknown[0]}'; the pipeline has: {', '.join(definition.parameters)}")
    return {name: _parameter(declared, given.get(name)) for name, declared in definition.parameters.items()}


def _parameter(declared: Values, given: str | None) -> Json:
    name, kind = declared["Name"], declared.get("Type", "String")
    value = declared.get("DefaultValue") if given is None else given
    if value is None:
        raise DefinitionError(f"The parameter '{name}' has no default value and was not given")
    if kind not in CASTS:
        raise DefinitionError(f"The parameter '{name}' has the unknown type '{kind}'; expected {', '.join(CASTS)}")
    try:
        cast = CASTS[kind](str(value))
    except (ValueError, KeyError) as error:
        raise DefinitionError(f"The parameter '{name}' is of type {kind}, but its value is '{value}'") from error
    allowed = declared.get("EnumValues")
    if allowed and cast not in allowed:
        raise DefinitionError(f"The parameter '{name}' is '{value}'; expected one of: {', '.join(map(str, allowed))}")
    return cast


class Resolver:
    """Resolves Get, Std:Join and Std:JsonGet in one execution; `read(uri)` reads an S3 object.

    `steps` has the properties of the steps that have succeeded so far, by name.
    """

    def __init__(self, execution: Values, parameters: Values, read: Callable[[str], bytes]) -> None:
        self._roots: dict[str, Any] = {"Execution": execution, "Parameters": parameters}
        self.steps: dict[str, Any] = {}
        self._read = read
        self._files: dict[tuple[str, str], str] = {}

    def take_over(self, other: "Resolver", names: set[str]) -> None:
        """Takes properties and property files of some steps from another execution."""
        self.steps |= {name: other.steps[name] for name in names}
        self._files |= {key: uri for key, uri in other._files.items() if key[0] in names}

    def remember(self) -> Values:
        """Properties and property files."""
        return {"steps": dict(self.steps), "files": dict(self._files)}

    def recall(self, kept: Values) -> None:
        """Takes back what `remember` gave."""
        self.steps, self._files = kept["steps"], kept["files"]

    def add_property_files(self, step: Step, outputs: Values) -> None:
        """Stores the locations of a step's property files; `outputs` maps output names to S3 URIs."""
        for file in step.body.get("PropertyFiles", []):
            uri = outputs.get(file["OutputName"])
            if uri is None:
                raise DefinitionError(
                    f"The step '{step.name}' has no output '{file['OutputName']}' for a property file"
                )
            self._files[step.name, file["PropertyFileName"]] = f"{uri.rstrip('/')}/{file['FilePath']}"

    def resolve(self, value: Json) -> Json:
        """The value with all expressions replaced. Raises DefinitionError or JobError."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"Get"}:
            return self._get(value["Get"])
        if value.keys() == {"Std:Join"}:
            join = value["Std:Join"]
            return join["On"].join(_text(self.resolve(item)) for item in join["Values"])
        if value.keys() == {"Std:JsonGet"}:
            return self._json_get(value["Std:JsonGet"])
        return {key: self.resolve(item) for key, item in value.items()}

    def _get(self, path: str) -> Json:
        root, _, rest = path.partition(".")
        if root == "Steps":
            name = re.split(r"[.\[]", rest)[0]
            return walk(self.steps.get(name), rest.removeprefix(name).removeprefix("."), path)
        return walk(self._roots.get(root), rest, path)

    def _json_get(self, expression: Values) -> Json:
        if "PropertyFile" in expression:
            _, step, _, name = expression["PropertyFile"]["Get"].split(".")
            uri = self._files.get((step, name))
            if uri is None:
                raise DefinitionError(f"The step '{step}' has no property file '{name}'")
        else:
            uri = self.resolve(expression["S3Uri"])
        try:
            document = json.loads(self._read(uri))
        except ValueError as error:
            raise DefinitionError(f"{uri} is not JSON: {error}") from error
        return walk(document, self.resolve(expression["Path"]), uri)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
