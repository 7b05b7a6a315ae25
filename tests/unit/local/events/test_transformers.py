"""What templates of input transformers make of an event."""

import json
from typing import Any

import pytest

from local.events.transformers import at_path, check_transformer, transformed
from local.protocol.errors import DefinitionError, ValidationError

RULE = "arn:aws:events:eu-west-1:123456789012:rule/r"
DETAIL = {
    "yes": True,
    "no": None,
    "n": 1.5,
    "name": 'a "b"',
    "list": [1, "x"],
    "deep": {"items": [{"id": 1}, {"id": 2}]},
}
EVENT = {"id": "1", "time": "2026-01-02T03:04:05Z", "detail-type": "T", "detail": DETAIL}


def made(template: str, **paths: str) -> Any:
    return json.loads(transformed({"InputPathsMap": paths, "InputTemplate": template}, EVENT, RULE))


def test_values_keep_their_types() -> None:
    paths = {name: f"$.detail.{name}" for name in DETAIL}
    template = "{" + ", ".join(f'"{name}": <{name}>' for name in DETAIL) + "}"
    assert made(template, **paths) == DETAIL
    assert made("<yes>", yes="$.detail.yes") is True


def test_within_quotes_values_become_texts() -> None:
    paths = {"t": "$.detail-type", "n": "$.detail.n", "name": "$.detail.name", "list": "$.detail.list"}
    assert made('"<t>: <n> of <name>, <list>"', **paths) == 'T: 1.5 of a "b", [1, "x"]'
    assert made('{"a": "it is <yes>"}', yes="$.detail.yes") == {"a": "it is true"}


def test_a_variable_without_a_value_is_empty() -> None:
    assert made('{"a": <gone>, "b": "x<gone>", "c": "<other>"}', gone="$.detail.gone") == {"a": "", "b": "x", "c": ""}


def test_variables_of_eventbridge() -> None:
    assert made("<aws.events.event.json>") == EVENT
    assert made("<aws.events.event>") == {name: value for name, value in EVENT.items() if name != "detail"}
    assert made('["<aws.events.rule-name>", <aws.events.rule-arn>]') == ["r", RULE]
    assert made("<aws.events.event.ingestion-time>") == EVENT["time"]


def test_several_texts_stay_several_lines() -> None:
    template = '"first <id>"\n"second"'
    assert (
        transformed({"InputPathsMap": {"id": "$.id"}, "InputTemplate": template}, EVENT, RULE) == '"first 1"\n"second"'
    )


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", [EVENT]),
        ("$.detail-type", ["T"]),
        ("$.detail.deep.items[1].id", [2]),
        ("$.detail.deep.items[*].id", [1, 2]),
        ("$['detail']['n']", [1.5]),
        ("$.detail.list[5]", []),
        ("$.detail.n.more", []),
    ],
)
def test_paths(path: str, found: list[Any]) -> None:
    assert at_path(EVENT, path) == found


@pytest.mark.parametrize("path", ["detail", "$detail", "$..id", "$.a[", "$.a[?(@.b)]"])
def test_malformed_paths(path: str) -> None:
    with pytest.raises(DefinitionError, match="Invalid JSON path"):
        at_path(EVENT, path)


@pytest.mark.parametrize("template", ["{", "plain text", '{"a": <x> <x>}', '{"a": b}'])
def test_templates_that_make_no_json_are_refused(template: str) -> None:
    with pytest.raises(ValidationError, match="Invalid InputTemplate for target 1"):
        check_transformer({"InputPathsMap": {"x": "$.detail"}, "InputTemplate": template}, "1")
