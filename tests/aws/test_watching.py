"""Alarms and dashboard: all that there is, measured by the local AWS too, and in the runbook."""

import json
import re
from typing import Any

from aws.templates import ROOT, Resources, text

from local.metrics.publishing import is_measured
from pipelines.cost.assumptions import Assumptions
from pipelines.doctor import stuck
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


def alarms(resources: Resources) -> dict[str, Any]:
    """The properties of all alarms, by logical name."""
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::CloudWatch::Alarm"}


def dashboard(application: Resources, names: Names, settings: Settings) -> dict[str, Any]:
    """The body of the dashboard where there is a topic of routes."""
    body, variables = application["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    for name, value in variables.items():
        condition, chosen, otherwise = value["Fn::If"]
        assert (condition, otherwise) == ("HasRoutesTopic", "")
        body = body.replace("${" + name + "}", chosen["Fn::Sub"])
    return dict(json.loads(text({"Fn::Sub": body}, names, settings)))


def test_every_queue_of_dead_letters_has_an_alarm(application: Resources) -> None:
    queues = {name for name, each in application.items() if each["Type"] == "AWS::SQS::Queue" and "DeadLetters" in name}
    alarms = [each["Properties"] for each in application.values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    watched = {
        value["Value"]["Fn::GetAtt"][0]
        for each in alarms
        for value in each["Dimensions"]
        if value["Name"] == "QueueName"
    }
    assert queues <= watched
    assert all(each["AlarmActions"] == [{"Ref": "AlarmTopic"}] for each in alarms)


def test_the_endpoint_alarm_watches_the_variant_that_is_deployed(application: Resources) -> None:
    from lambdas.shared.deployments import VARIANT

    dimensions = application["EndpointFailsAlarm"]["Properties"]["Dimensions"]
    assert {"Name": "VariantName", "Value": VARIANT} in dimensions


def test_the_local_aws_measures_what_alarms_watch(everything: Resources) -> None:
    found = {name: (each["Namespace"], each["MetricName"]) for name, each in alarms(everything).items()}
    assert len(found) >= 10
    assert {name: metric for name, metric in found.items() if not is_measured(*metric)} == {}


def test_the_dashboard_shows_what_there_is(
    application: Resources, given: dict[str, str], names: Names, settings: Settings
) -> None:
    shown = dashboard(application, names, settings)
    metrics = [each for widget in shown["widgets"] for each in widget["properties"].get("metrics", [])]
    known = set(given.values()) | {names.endpoint, names.state_machine_arn, "AllTraffic"}
    values = {each[index] for each in metrics for index in range(3, len(each), 2) if isinstance(each[index], str)}
    assert values - known == set()
    queries = [widget["properties"]["query"] for widget in shown["widgets"] if widget["type"] == "log"]
    assert {query.split("'")[1] for query in queries} <= set(given.values())
    corners = [(each["x"], each["y"], each["x"] + each["width"]) for each in shown["widgets"]]
    assert len({corner[:2] for corner in corners}) == len(corners)
    assert max(right for _, _, right in corners) == 24


def test_the_dashboard_shows_all_alarms_and_all_queues_that_have_one(
    application: Resources, given: dict[str, str], names: Names, settings: Settings
) -> None:
    widgets = dashboard(application, names, settings)["widgets"]
    shown = {arn.rpartition(":")[2] for each in widgets for arn in each["properties"].get("alarms", [])}
    assert shown == {given[name] for name in alarms(application)}
    metrics = [each for widget in widgets for each in widget["properties"].get("metrics", [])]
    drawn = {each[3] for each in metrics if each[0] == "AWS/SQS"}
    watched = {
        given[dimension["Value"]["Fn::GetAtt"][0]]
        for each in alarms(application).values()
        for dimension in each["Dimensions"]
        if dimension["Name"] == "QueueName"
    }
    assert drawn == watched


def test_the_runbook_says_what_to_do_about_each_alarm(everything: Resources, given: dict[str, str]) -> None:
    section = (ROOT / "docs" / "runbook.md").read_text("utf-8").split("\n## An alarm rang\n")[1].split("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    explained = {name for cell in first_cells for name in re.findall(r"`([a-z-]+)`", cell)}
    prefix = "${Project}-${Environment}-"
    names = {each["AlarmName"]["Fn::Sub"].removeprefix(prefix) for each in alarms(everything).values()}
    assert explained == names


def test_the_documentation_names_what_the_local_aws_cannot_show_on_the_dashboard(
    application: Resources, names: Names, settings: Settings
) -> None:
    text_of_docs = (ROOT / "docs" / "local-aws" / "cloudwatch.md").read_text("utf-8")
    widgets = dashboard(application, names, settings)["widgets"]
    drawn = [each for widget in widgets for each in widget["properties"].get("metrics", [])]
    plain = {(each[0], each[1]) for each in drawn if isinstance(each[0], str)}
    searched = {
        match.groups()
        for each in drawn
        if isinstance(each[0], dict) and (match := re.search(r"{([^,]+),.*MetricName=\"(\w+)\"", each[0]["expression"]))
    }
    empty = {metric for metric in plain | searched if not is_measured(*metric)}
    assert ("/aws/sagemaker/TrainingJobs", "validation_accuracy") in empty
    said = text_of_docs.split("stay empty: ")[1].split("\n\n")[0].split(". Who makes")[0]
    assert set(re.findall(r"`(\w+)`", said)) == {name for _, name in empty}
    assert set(re.findall(r"`(/[^`]+)`", said)) == {namespace for namespace, _ in empty}


def test_the_doctor_looks_at_all_dead_letters_and_topics(given: dict[str, str], names: Names) -> None:
    queues = {name for name in given.values() if name.endswith("-dead-letters")}
    assert queues == {f"{names.prefix}-{each}-dead-letters" for each in stuck.DEAD_LETTERS}
    topics = {given[logical] for logical in given if logical.endswith("Topic")}
    assert topics == {f"{names.prefix}-{each}" for each in stuck.TOPICS}


def test_the_estimate_counts_what_is_paid_for_by_the_month(application: Resources) -> None:
    kinds = [each["Type"] for each in application.values() if "Condition" not in each]
    assert kinds.count("AWS::CloudWatch::Alarm") == Assumptions().alarms
    assert kinds.count("AWS::CloudWatch::Dashboard") == Assumptions().dashboards
