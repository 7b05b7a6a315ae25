"""What services publish by themselves reaches CloudWatch, and what nobody publishes is known."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.events.measurements import of_rule
from local.functions.measurements import of_event, of_invocation
from local.metrics.publishing import PUBLISHED, is_measured, publisher
from local.metrics.series import Metric, Metrics, dimensions
from local.runtime.measured import Measured
from local.states.api.measurements import COUNTED

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_value_gets_the_metric_the_unit_and_the_time() -> None:
    metrics = Metrics()
    measure = publisher(metrics, "1/eu-west-1", lambda: NOON)
    for measured in of_invocation("bake", 12.5, error=True, began=NOON.timestamp() - 30):
        measure(measured)
    measure(Measured("AWS/SQS", "Depth", 3, {"QueueName": "q"}))
    duration = Metric("1/eu-west-1", "AWS/Lambda", "Duration", dimensions({"FunctionName": "bake"}))
    [(second, values)] = metrics.within(duration, 0, NOON.timestamp(), "Milliseconds")
    assert (second, values.total) == (NOON.timestamp() - 30, 12.5)  # when it began
    errors = Metric("1/eu-west-1", "AWS/Lambda", "Errors")  # of all functions
    assert [values.total for _, values in metrics.within(errors, 0, NOON.timestamp())] == [1]
    depth = Metric("1/eu-west-1", "AWS/SQS", "Depth", dimensions({"QueueName": "q"}))
    assert [second for second, _ in metrics.within(depth, 0, NOON.timestamp() + 1, "Count")] == [NOON.timestamp()]


def test_the_table_has_what_the_services_measure() -> None:
    names = {each.name for each in of_invocation("f", 1, error=False, began=1)}
    assert names < set(PUBLISHED["AWS/Lambda"])
    assert {each.namespace for each in of_event("f", "Throttles")} == {"AWS/Lambda"}
    assert set(COUNTED.values()) | {"ExecutionTime"} == set(PUBLISHED["AWS/States"])


@pytest.mark.parametrize(
    ("namespace", "name", "measured"),
    [
        ("AWS/Lambda", "Errors", True),
        ("AWS/Lambda", "IteratorAge", False),
        ("AWS/EC2", "CPUUtilization", False),
        ("/aws/sagemaker/Endpoints", "CPUUtilization", False),
        ("Bakery", "BurntScones", True),
    ],
)
def test_metrics_of_aws_are_known_and_others_may_come(namespace: str, name: str, measured: bool) -> None:
    assert is_measured(namespace, name) is measured


def test_the_documentation_lists_what_is_measured() -> None:
    text = (Path(__file__).parents[4] / "docs" / "local-aws" / "cloudwatch.md").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith(("| `AWS/", "| `/aws/"))]
    listed = {row[1].strip(" `"): set(re.findall(r"\w+", row[2].partition("(")[0])) for row in rows}
    assert listed == {namespace: set(names) for namespace, names in PUBLISHED.items()}


def test_a_rule_is_found_as_on_aws() -> None:
    rule = "arn:aws:events:eu-west-1:1:rule/"
    assert of_rule(f"{rule}nightly", "Invocations").dimensions == {"RuleName": "nightly"}
    assert of_rule(f"{rule}own/nightly", "Invocations").dimensions == {"EventBusName": "own", "RuleName": "nightly"}
