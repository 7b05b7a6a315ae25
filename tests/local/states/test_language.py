"""What moto's engine would get silently wrong, by the States Language and AWS's guide."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local.support import ACCOUNT, REGION

Run = Callable[..., dict[str, Any]]


def one(**state: Any) -> dict[str, Any]:
    """A machine of one state, Pass if it has no Type."""
    return {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True, **state}}}


def choice(**rule: Any) -> dict[str, Any]:
    """A machine whose output says whether a rule holds."""
    return {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Choice", "Choices": [{**rule, "Next": "Yes"}], "Default": "No"},
            "Yes": {"Type": "Pass", "Result": True, "End": True},
            "No": {"Type": "Pass", "Result": False, "End": True},
        },
    }


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (r"States.Format('\{{}\}', 1)", "{1}"),
        (r"States.Format('it\'s {}', 1)", "it's 1"),
        ("States.Format('{}', 1.5)", "1.5"),
        ("States.Format('{}', null)", "null"),
        ("States.Format('é {}', 1)", "é 1"),
        ("States.Array(1, null)", [1, None]),
        ("States.Base64Encode('é')", "w6k="),
        ("States.Base64Decode('w6k=')", "é"),
    ],
)
def test_intrinsic_functions(run: Run, call: str, value: Any) -> None:
    assert json.loads(run(one(Parameters={"v.$": call}))["output"]) == {"v": value}


@pytest.mark.parametrize(
    ("definition", "given", "output"),
    [
        (one(OutputPath="$.l[0].x"), {"l": [{"x": 1}]}, 1),
        (one(Result="x"), {}, "x"),
        (one(Result=None), {}, None),
        (choice(Variable="$.v", StringMatches="a?c"), {"v": "abc"}, False),
        (choice(Variable="$.v", StringMatches="a*c"), {"v": "abc"}, True),
        (choice(Variable="$.no", IsPresent=True), {}, False),
        (choice(Variable="$.v", IsTimestamp=True), {"v": "2026-01-31T12:00:00.5+01:00"}, True),
        (
            one(QueryLanguage="JSONata", Output="{% $hash('x', 'SHA-1') %}"),
            {},
            "11f6ad8ec52a2984abaafd7c3b516503785c2072",
        ),
    ],
)
def test_outputs(run: Run, definition: dict[str, Any], given: Any, output: Any) -> None:
    ended = run(definition, given)
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", output)


INNER = {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}
NO_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:no-such-function"
UNMATCHED = choice(Variable="$.v", NumericEquals=1)
del UNMATCHED["States"]["A"]["Default"], UNMATCHED["States"]["No"]


@pytest.mark.parametrize(
    ("definition", "given", "error"),
    [
        (choice(Variable="$.no", StringEquals="x"), {}, "States.Runtime"),
        (UNMATCHED, {"v": 2}, "States.NoChoiceMatched"),
        (one(Parameters={"v.$": "States.Format('{}')"}), {}, "States.IntrinsicFailure"),
        (one(Parameters={"v.$": "States.JsonMerge($, $, true)"}), {}, "States.IntrinsicFailure"),
        (one(Result=1, ResultPath="$.a.b"), {"a": 3}, "States.ResultPathMatchFailure"),
        (one(Type="Map", ItemsPath="$.o", ItemProcessor=INNER), {"o": {}}, "States.Runtime"),
        (one(Type="Task", Resource=NO_FUNCTION), {}, "Lambda.ResourceNotFoundException"),
        (one(QueryLanguage="JSONata", Output="{% 1 / 0 %}"), {}, "States.QueryEvaluationError"),
        (one(QueryLanguage="JSONata", Output="{% [1..100000] %}"), {}, "States.DataLimitExceeded"),
    ],
)
def test_failures(run: Run, definition: dict[str, Any], given: Any, error: str) -> None:
    ended = run(definition, given)
    assert (ended["status"], ended["error"]) == ("FAILED", error)


def test_a_catcher_of_everything_does_not_catch_an_error_of_the_machine_itself(run: Run) -> None:
    task = one(Type="Task", Resource="arn:aws:states:::sqs:sendMessage", Parameters={"QueueUrl.$": "$.no"})
    task["States"]["A"]["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]
    task["States"]["B"] = {"Type": "Pass", "End": True}
    assert run(task)["error"] == "States.Runtime"


def test_the_context_object_is_json(run: Run) -> None:
    context = json.loads(run(one(InputPath="$$"))["output"])
    assert context["Execution"]["RedriveCount"] == 0
    assert context["Execution"]["StartTime"].endswith("Z")
    assert context["State"]["EnteredTime"].endswith("Z")
