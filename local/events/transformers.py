"""Makes the input of a rule's target from an event: by InputPath, or by the template of an InputTransformer. Pure.

Source: "Amazon EventBridge input transformation" in AWS's user guide.
"""

import json
import re

from local.protocol.errors import DefinitionError, ValidationError
from local.protocol.json_types import Json, Record

STEP = re.compile(r"\.([^.\[\]]+)|\['([^']+)'\]|\[(\d+|\*)\]")
VARIABLE = re.compile(r'"(?:[^"\\]|\\.)*"|<([^<>"\s]+)>', re.DOTALL)  # a text in quotes, or a variable outside of one
IN_TEXT = re.compile(r'<([^<>"\s]+)>')


def at_path(event: Json, path: str) -> list[Json]:
    """The values at a path such as `$.detail.items[0]`; several if it has a `*`. Raises DefinitionError."""
    found = [event]
    rest = path.removeprefix("$")
    if not path.startswith("$") or "".join(match[0] for match in STEP.finditer(rest)) != rest:
        raise DefinitionError(f"Invalid JSON path '{path}'")
    for match in STEP.finditer(rest):
        name, index = match[1] or match[2], match[3]
        found = [item for value in found for item in _below(value, name, index)]
    return found


def _below(value: Json, name: str | None, index: str | None) -> list[Json]:
    if name == "*" or index == "*":
        return list(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
    if name is not None:
        return [value[name]] if isinstance(value, dict) and name in value else []
    number = int(index or 0)
    return [value[number]] if isinstance(value, list) and number < len(value) else []


def transformed(transformer: Record, event: Record, rule: str) -> str:
    """The text that the template of a transformer makes from an event for a rule, given its ARN.

    A variable within quotes becomes the text of its value, elsewhere the JSON of its value. One without a value
    becomes an empty text. Raises DefinitionError if the result is not JSON.
    """
    values = {name: _value(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}
    values |= {
        "aws.events.rule-arn": rule,
        "aws.events.rule-name": rule.rpartition("/")[2],
        "aws.events.event.ingestion-time": event["time"],
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": event,
    }
    text = VARIABLE.sub(lambda match: _replaced(match, values), transformer["InputTemplate"])
    try:
        return json.dumps(json.loads(text))
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if all(_is_text(line) for line in lines):  # a template may have several texts, one on each line
            return text
        raise DefinitionError(f"The InputTemplate makes no JSON: {error}") from error


def check_transformer(transformer: Record, target: str) -> None:
    """Raises ValidationError for a transformer with a malformed path, or whose template is neither JSON nor texts."""
    try:
        transformed(transformer, {"time": "", "detail": {}}, "")
    except DefinitionError as error:
        raise ValidationError(f"Invalid InputTemplate for target {target} : {error}") from error


def _value(event: Record, path: str) -> Json:
    found = at_path(event, path)
    if "*" in path:
        return found
    return found[0] if found else ""


def _replaced(match: re.Match[str], values: Record) -> str:
    if match[1] is not None:
        return json.dumps(values.get(match[1], ""))
    return IN_TEXT.sub(lambda inner: _escaped(values.get(inner[1], "")), match[0])


def _escaped(value: Json) -> str:
    """A value as a part of a text in quotes."""
    text = value if isinstance(value, str) else json.dumps(value)
    return json.dumps(text)[1:-1]


def _is_text(line: str) -> bool:
    try:
        return isinstance(json.loads(line), str)
    except ValueError:
        return False
