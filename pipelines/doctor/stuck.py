"""What waits for somebody, or cannot go on: the endpoint, versions, alarms, dead letters, topics that nobody reads."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from botocore.client import BaseClient

from lambdas.shared.production import newest_approved
from pipelines.aws import Aws
from pipelines.doctor.findings import Finding, good, todo
from pipelines.registry.versions import Listed
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.waiting.endpoint import describe_endpoint

DEAD_LETTERS = ("deploy", "start", "announce", "review", "failures", "routes")
MISSING = "does not exist; run `scones deploy`"
TOPICS = {
    "alarms": "whom alarms ring for",
    "decisions": "who approves models",
    "failures": "who looks after photos whose workflow failed",
    "routes": "who sends drivers to their loading bays",
}


def endpoint(aws: Aws, settings: Settings, names: Names, known: Listed, now: datetime) -> Iterator[Finding]:
    """The endpoint's state; `known` lists the versions, newest first, and `now` is in UTC."""
    subject, found = f"endpoint {names.endpoint}", describe_endpoint(aws, names.endpoint)
    approved = newest_approved(known())
    if found is None and approved is None:
        yield good(subject, "none, as no version is approved")
    elif found is None and not settings.endpoint.opening.has(now):
        yield good(subject, f"none outside of its hours, {settings.endpoint.hours}")
    elif found is None:
        yield todo(subject, "none, although a version is approved; docs/runbook.md, 'The endpoint fails'")
    elif found["EndpointStatus"] == "InService":
        yield good(subject, "in service")
    elif found["EndpointStatus"] == "Failed":
        yield todo(subject, f"failed: {found.get('FailureReason', 'SageMaker gives no reason')}")
    else:
        yield todo(subject, f"{found['EndpointStatus']}; look again in some minutes")


def waiting_versions(known: Listed) -> Iterator[Finding]:
    """Versions about which nobody has decided, and that are newer than what serves, and those that do not serve yet."""
    listed = known()
    approved = newest_approved(listed)
    for each in listed:
        if each.rolled_back and each.status == "Approved" and (approved is None or each.version > approved.version):
            yield todo("registry", f"version {each.version} was rolled back; docs/runbook.md says what to do")
    if approved and approved.lacks_instances:
        yield todo("registry", f"version {approved.version} waits for instances; docs/runbook.md says what to do")
    waiting = [each.version for each in listed if each.status == "PendingManualApproval"]
    newer = [each for each in waiting if approved is None or each > approved.version]
    if newer:
        numbers = ", ".join(map(str, newer))
        yield todo("registry", f"version {numbers} waits for an approver; `scones registry show` says what for")
    else:
        yield good("registry", "no version waits for an approver")


def alarms(aws: Aws, names: Names) -> Iterator[Finding]:
    """Alarms that ring, and why; those of a version that is being deployed, too."""
    pages = aws.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{names.prefix}-")
    found = [each for page in pages for each in page["MetricAlarms"]]
    ringing = [each for each in found if each["StateValue"] == "ALARM"]
    for each in ringing:
        name = each["AlarmName"].removeprefix(f"{names.prefix}-")
        yield todo(f"alarm {name}", f"rings: {each['StateReason']} docs/runbook.md, 'An alarm rang'")
    if not ringing:
        yield good("alarms", f"none of {len(found)} rings")


def dead_letters(aws: Aws, settings: Settings, names: Names) -> Iterator[Finding]:
    """Events and photos that nothing could be done with."""
    for name in _deployed(settings, DEAD_LETTERS):
        queue = f"{names.prefix}-{name}-dead-letters"
        count = _messages(aws, queue)
        if count is None:
            yield todo(f"queue {queue}", MISSING)
        elif count:
            yield todo(f"queue {queue}", f"{count} messages; docs/runbook.md says what to do with them")
        else:
            yield good(f"queue {queue}", "empty")


def subscriptions(aws: Aws, settings: Settings, names: Names) -> Iterator[Finding]:
    """Whether anybody hears of what the topics are told."""
    sns = aws.client("sns")
    for name in _deployed(settings, TOPICS):
        arn = f"arn:{names.partition.name}:sns:{names.region}:{names.account}:{names.prefix}-{name}"
        found = _subscribed(sns, arn)
        if found is None:
            yield todo(f"topic {name}", MISSING)
        elif confirmed := [each for each in found if each["SubscriptionArn"].startswith("arn:")]:
            yield good(f"topic {name}", f"{len(confirmed)} subscribed")
        else:
            yield todo(
                f"topic {name}", f"nobody has subscribed: `aws sns subscribe` for {TOPICS[name]} (docs/delivery.md)"
            )


def _messages(aws: Aws, queue: str) -> int | None:
    """How many messages wait in a queue; None if there is no such queue."""
    asked = ["ApproximateNumberOfMessages"]
    try:
        url = aws.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        found = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
    except aws.sqs.exceptions.QueueDoesNotExist:
        return None
    return int(found[asked[0]])


def _subscribed(sns: BaseClient, arn: str) -> list[dict[str, Any]] | None:
    """The subscriptions of a topic; None if there is no such topic."""
    try:
        found: list[dict[str, Any]] = sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    except sns.exceptions.NotFoundException:
        return None
    return found


def _deployed(settings: Settings, names: Iterable[str]) -> list[str]:
    """Those of the queues or topics that the configuration asks for."""
    return [each for each in names if each != "routes" or settings.workflow.routes_topic]
