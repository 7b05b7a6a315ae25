"""Distributed maps, as the States Language and AWS's guide document them."""

import json
from typing import Any

import pytest

from pipelines.histories.visits import visits_of
from tests.local.states.distributed import Run, mapped, output
from tests.local.support import BUCKET

CHILD = {
    "StartAt": "Check",
    "States": {
        "Check": {"Type": "Choice", "Choices": [{"Variable": "$", "IsString": True, "Next": "Bad"}], "Default": "Good"},
        "Good": {"Type": "Pass", "End": True},
        "Bad": {"Type": "Fail", "Error": "Unreadable", "Cause": "not a number"},
    },
}


def jsonata(**members: Any) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", **mapped(**members)}


@pytest.mark.parametrize(
    ("tolerance", "given", "status"),
    [
        ({}, [1, "x"], "FAILED"),
        ({"ToleratedFailureCount": 1}, [1, "x"], "SUCCEEDED"),
        ({"ToleratedFailureCount": 1}, ["x", "y", 3], "FAILED"),
        ({"ToleratedFailurePercentage": 50}, [1, "x"], "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 33.3}, [1, 2, "x"], "FAILED"),
        ({"ToleratedFailureCount": 5, "ToleratedFailurePercentage": 10}, [1, "x"], "FAILED"),
    ],
)
def test_more_failures_than_are_tolerated_fail_the_map(
    run: Run, tolerance: dict[str, Any], given: list[Any], status: str
) -> None:
    ended = run(mapped(CHILD, **tolerance), given)
    failed = {"error": "States.ExceedToleratedFailureThreshold"} if status == "FAILED" else {}
    assert {"status": ended["status"], **failed} == {"status": status, **failed, **{key: ended[key] for key in failed}}


def test_tolerance_may_be_given_by_a_path(run: Run) -> None:
    members = {"ItemsPath": "$.items", "ToleratedFailureCountPath": "$.most"}
    ended = run(mapped(CHILD, **members), {"items": [1, "x"], "most": 1})
    good, bad = output(ended)
    assert good == 1
    assert {key: bad[key] for key in ("Status", "Error", "Cause", "Input")} == {
        "Status": "FAILED",
        "Error": "Unreadable",
        "Cause": "not a number",
        "Input": '"x"',
    }


@pytest.mark.parametrize("tolerance", ["ToleratedFailureCount", "ToleratedFailurePercentage"])
def test_tolerance_may_be_an_expression(run: Run, tolerance: str) -> None:
    machine = jsonata(Items="{% $states.input %}", **{tolerance: "{% 99.5 > 1 ? 0 : 1 %}"})
    assert output(run(machine, [1, 2])) == [1, 2]


def test_items_are_selected_and_put_into_batches(run: Run) -> None:
    members = {
        "ItemsPath": "$.items",
        "ItemSelector": {"n.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "of.$": "$.name"},
        "ItemBatcher": {"MaxItemsPerBatchPath": "$.size", "BatchInput": {"name.$": "$.name"}},
    }
    item = lambda n: {"n": n, "i": n - 1, "of": "x"}  # noqa: E731
    assert output(run(mapped(**members), {"items": [1, 2, 3], "size": 2, "name": "x"})) == [
        {"BatchInput": {"name": "x"}, "Items": [item(1), item(2)]},
        {"BatchInput": {"name": "x"}, "Items": [item(3)]},
    ]


def test_a_batch_may_be_limited_by_an_expression_for_its_bytes(run: Run) -> None:
    machine = jsonata(Items="{% $states.input %}", ItemBatcher={"MaxInputBytesPerBatch": "{% 10 + 10 %}"})
    assert output(run(machine, ["abc", "d", "e"])) == [{"Items": ["abc"]}, {"Items": ["d", "e"]}]


def test_failed_items_of_batches_count_each(run: Run) -> None:
    failing = {"StartAt": "Bad", "States": {"Bad": {"Type": "Fail", "Error": "E"}}}
    members = {"ItemBatcher": {"MaxItemsPerBatch": 2}, "ToleratedFailureCount": 1}
    assert run(mapped(failing, **members), [1, 2])["error"] == "States.ExceedToleratedFailureThreshold"


def test_results_are_written_by_outcome(run: Run, s3: Any) -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket.$": "$.to", "Prefix": "results"}}
    members = {"ItemsPath": "$.items", "ToleratedFailurePercentage": 50, "ResultWriter": writer, "Label": "Numbers"}
    written = output(run(mapped(CHILD, **members), {"items": [1, "x"], "to": BUCKET}))
    read = lambda key: json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())  # noqa: E731
    manifest = read(written["ResultWriterDetails"]["Key"])
    assert (manifest["DestinationBucket"], manifest["MapRunArn"]) == (BUCKET, written["MapRunArn"])
    keys = {
        outcome: [row["Key"].rpartition("/")[2] for row in rows] for outcome, rows in manifest["ResultFiles"].items()
    }
    assert keys == {"SUCCEEDED": ["SUCCEEDED_0.json"], "FAILED": ["FAILED_0.json"], "PENDING": []}
    (good,) = read(manifest["ResultFiles"]["SUCCEEDED"][0]["Key"])
    (bad,) = read(manifest["ResultFiles"]["FAILED"][0]["Key"])
    assert (good["Output"], good["Status"], good["InputDetails"]) == ("1", "SUCCEEDED", {"Included": True})
    assert (bad["Error"], bad["Input"], "Output" in bad) == ("Unreadable", '"x"', False)
    assert "/Numbers:" in good["ExecutionArn"]


def test_a_run_that_fails_writes_what_was_not_begun(run: Run, s3: Any) -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": BUCKET, "Prefix": "stopped"}}
    ended = run(mapped(CHILD, MaxConcurrency=1, ResultWriter=writer), ["x", 1, 2])
    assert ended["error"] == "States.ExceedToleratedFailureThreshold"
    keys = {row["Key"] for row in s3.list_objects_v2(Bucket=BUCKET, Prefix="stopped/")["Contents"]}
    assert {key.rpartition("/")[2] for key in keys} == {"FAILED_0.json", "PENDING_0.json", "manifest.json"}


def test_a_bucket_that_is_not_there_fails_the_writer(run: Run) -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "no-such-bucket-here"}}
    assert run(mapped(ResultWriter=writer), [1])["error"] == "States.ResultWriterFailed"


@pytest.mark.parametrize(
    ("transformation", "expected"), [("COMPACT", [[1], 2]), ("FLATTEN", [1, 2]), ("NONE", ["[1]", "2"])]
)
def test_results_may_be_transformed(run: Run, transformation: str, expected: list[Any]) -> None:
    found = output(run(mapped(ResultWriter={"WriterConfig": {"Transformation": transformation}}), [[1], 2]))
    assert ([row["Output"] for row in found] if transformation == "NONE" else found) == expected


def test_a_child_has_a_context_object_of_its_own(run: Run) -> None:
    child = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"e.$": "$$.Execution"}, "End": True}}}
    (seen,) = output(run(mapped(child, Label="One"), [7]))
    assert seen["e"]["Input"] == 7
    assert "/One:" in seen["e"]["Id"]


def test_map_runs_are_described(run: Run, states: Any) -> None:
    ended = run(mapped(CHILD, ItemBatcher={"MaxItemsPerBatch": 2}, MaxConcurrency=3, kind="EXPRESS"), [1, 2, 3])
    (listed,) = states.list_map_runs(executionArn=ended["executionArn"])["mapRuns"]
    described = states.describe_map_run(mapRunArn=listed["mapRunArn"])
    assert (described["status"], described["maxConcurrency"]) == ("SUCCEEDED", 3)
    assert (described["itemCounts"]["succeeded"], described["itemCounts"]["total"]) == (3, 3)
    assert (described["executionCounts"]["succeeded"], described["executionCounts"]["total"]) == (2, 2)


def test_a_map_run_ends_with_its_execution(states: Any, create: Any, wait: Any) -> None:
    waiting = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
    machine = create(mapped(waiting, MaxConcurrency=1))
    arn = states.start_execution(stateMachineArn=machine, input="[1, 2]")["executionArn"]
    first = lambda: {"n": len(states.list_map_runs(executionArn=arn)["mapRuns"])}  # noqa: E731
    wait(first, "n", 1)
    run_arn = states.list_map_runs(executionArn=arn)["mapRuns"][0]["mapRunArn"]
    counts = lambda: states.describe_map_run(mapRunArn=run_arn)["executionCounts"]  # noqa: E731
    assert wait(counts, "running", 1)["pending"] == 1
    states.stop_execution(executionArn=arn, error="E", cause="C")
    stopped = states.describe_execution(executionArn=arn)
    assert (stopped["status"], stopped["error"], stopped["cause"]) == ("ABORTED", "E", "C")
    assert (
        wait(lambda: states.describe_map_run(mapRunArn=run_arn), "status", "ABORTED")["executionCounts"]["aborted"] == 1
    )


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_children_are_listed_and_described_and_standard_ones_have_a_history(run: Run, states: Any, kind: str) -> None:
    ended = run(mapped(CHILD, kind=kind, Label="Numbers", ToleratedFailureCount=1), [1, "x"])
    (listed,) = states.list_map_runs(executionArn=ended["executionArn"])["mapRuns"]
    (bad,) = states.list_executions(mapRunArn=listed["mapRunArn"], statusFilter="FAILED")["executions"]
    assert len(states.list_executions(mapRunArn=listed["mapRunArn"])["executions"]) == 2
    described = states.describe_execution(executionArn=bad["executionArn"])
    assert (described["input"], described["error"], described["cause"]) == ('"x"', "Unreadable", "not a number")
    assert (bad["itemCount"], described["mapRunArn"]) == (1, listed["mapRunArn"])
    if kind == "EXPRESS":
        with pytest.raises(states.exceptions.InvalidArn):
            states.get_execution_history(executionArn=bad["executionArn"])
        return
    events = states.get_execution_history(executionArn=bad["executionArn"])["events"]
    assert [event["type"] for event in events] == [
        *("ExecutionStarted", "ChoiceStateEntered", "ChoiceStateExited", "FailStateEntered", "ExecutionFailed"),
    ]
    assert events[-1]["executionFailedEventDetails"] == {"error": "Unreadable", "cause": "not a number"}
    assert [(visit.name, visit.status) for visit in visits_of(events)] == [("Check", "succeeded"), ("Bad", "failed")]
