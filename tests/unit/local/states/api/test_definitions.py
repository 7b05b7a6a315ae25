import json
from typing import Any

import pytest

from local.protocol.errors import ServiceError
from local.states.api.definitions import check, definition_of, diagnosed
from local.states.api.history import superfluous
from local.states.validation.problems import schema

MACHINE = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})


def test_the_engine_reads_what_has_no_problem() -> None:
    read: list[str] = []
    check(MACHINE, read.append)
    assert read == [MACHINE]


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("{}", "InvalidDefinition"),
        (MACHINE.replace('"Pass"', '"Task", "Resource": "arn:aws:states:::glue:startJobRun"'), "ValidationException"),
    ],
)
def test_a_problem_is_invalid_and_what_is_not_executed_is_refused(definition: str, code: str) -> None:
    with pytest.raises(ServiceError) as refused:
        check(definition, pytest.fail)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"DefinitionString": '{"a": "${b}"}', "DefinitionSubstitutions": {"b": "c"}}, '{"a": "c"}'),
        ({"Definition": {"a": "${b}"}, "DefinitionSubstitutions": {"b": 1}}, '{"a": "1"}'),
        ({"DefinitionString": "{}"}, "{}"),
    ],
)
def test_the_definition_of_a_template_is_put_together(properties: dict[str, Any], text: str) -> None:
    assert definition_of(properties) == text


def test_diagnostics_are_cut_at_the_most_that_are_wanted() -> None:
    found = diagnosed([schema("No", "/A"), schema("No", "/B")], 1)
    row = {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": "No", "location": "/A"}
    assert found == {"result": "FAIL", "diagnostics": [row], "truncated": True}
    assert diagnosed([], 1) == {"result": "OK", "diagnostics": [], "truncated": False}


@pytest.mark.parametrize(
    ("kind", "last", "of_state", "left_out"),
    [
        ("ExecutionFailed", "TaskStateEntered", True, True),
        ("ExecutionFailed", "TaskStateEntered", False, False),
        ("EvaluationFailed", "EvaluationFailed", True, True),
        ("EvaluationFailed", "TaskStateEntered", True, False),
        ("TaskFailed", "TaskStarted", True, False),
        ("TaskTimedOut", "ExecutionFailed", False, True),
    ],
)
def test_a_failure_is_written_once_and_nothing_after_the_end(
    kind: str, last: str, of_state: bool, left_out: bool
) -> None:
    assert superfluous(kind, last, of_state=of_state) is left_out
