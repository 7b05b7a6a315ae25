"""The account and the machine: who calls, whose clock is right, which quotas there are, and the age of images."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipelines.aws import Aws
from pipelines.definitions.aws_images import FRAMEWORKS
from pipelines.definitions.own_images import builds_images
from pipelines.delivery.image_record import read_record, reason_to_build
from pipelines.doctor.findings import Finding, good, todo
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

CLOCK_LIMIT = timedelta(minutes=4)  # AWS refuses signatures that are five minutes off
NOTICE = timedelta(days=60)
STALE = timedelta(days=15)  # images are built each week
PYTHON_UNTIL = date(2027, 10, 31)  # the end of Python 3.11 (PEP 664)
IN_SERVICE = {"training": "training and processing", "inference": "the endpoint"}


def caller(aws: Aws, now: datetime) -> Iterator[Finding]:
    """Who calls, and how far this machine's clock is from AWS's."""
    answer = aws.sts.get_caller_identity()
    yield good("account", f"{answer['Account']} in {aws.region}, as {answer['Arn'].rpartition(':')[2]}")
    told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    if told is None:
        yield Finding("unknown", "clock", "the answer has no date")
        return
    off = abs(now - parsedate_to_datetime(told).astimezone(UTC))
    text = f"{off.total_seconds():.0f} s off AWS's"
    yield todo("clock", f"{text}; set it, or AWS refuses every call") if off > CLOCK_LIMIT else good("clock", text)


def images(aws: Aws, settings: Settings, names: Names, today: date) -> Iterator[Finding]:
    """Whether the containers' images still get patches."""
    chosen = settings.containers
    if chosen.source == "aws":
        yield from images_of_aws(today)
    elif builds_images(settings):
        yield own_images(aws, settings, names, today)
    else:
        yield good("container images", f"the configuration pins {', '.join(chosen.pinned)}")
    if chosen.source == "own" and PYTHON_UNTIL - today < NOTICE:
        yield todo(
            "container images", f"Python 3.11 gets patches until {PYTHON_UNTIL}; plan the next (docs/containers.md)"
        )


def own_images(aws: Aws, settings: Settings, names: Names, today: date) -> Finding:
    """How old the images are that this environment has built."""
    record = read_record(aws, names)
    reason = reason_to_build(settings, record)
    if record is None or reason:
        return todo("container images", f"{reason}; run `scones images build`")
    if today - date.fromisoformat(record.built) > STALE:
        return todo("container images", f"built on {record.built}, and each week since has failed; look at the builds")
    return good("container images", f"built on {record.built}; each week they are built anew, with all patches")


def images_of_aws(today: date) -> Iterator[Finding]:
    """Until when AWS patches its images."""
    for scope, framework in FRAMEWORKS.items():
        subject = f"image of {IN_SERVICE[scope]}"
        line = f"PyTorch {framework.version}, patched until {framework.patched_until}"
        if framework.patched_until < today:
            yield todo(subject, f"{line}, which is over; docs/runbook.md says how to go on to another")
        elif framework.patched_until - today < NOTICE:
            yield todo(subject, f"{line}, which is soon; plan the next version")
        else:
            yield good(subject, line)


def quotas(aws: Aws, settings: Settings) -> Iterator[Finding]:
    """Whether the account may have the instances that the configuration names."""
    endpoint, training = settings.endpoint, settings.training
    wanted = {
        f"{endpoint.instance_type} for endpoint usage": endpoint.instance_count,
        f"{training.instance_type} for training job usage": training.instance_count,
        f"{settings.processing.instance_type} for processing job usage": 1,
    }
    pages = aws.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
    known = {each["QuotaName"]: each["Value"] for page in pages for each in page["Quotas"]}
    for name, count in wanted.items():
        if (value := known.get(name)) is None:
            yield Finding("unknown", "quota", f"SageMaker has no quota called '{name}'")
        elif value < count:
            yield todo("quota", f"{name}: {value:.0f}, and {count} needed; ask for more (Service Quotas, SageMaker)")
        else:
            yield good("quota", f"{name}: {value:.0f}, and {count} needed")
