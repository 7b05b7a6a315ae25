"""The account and the machine: who calls, whose clock is right, and which quotas there are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipelines.aws import Aws
from pipelines.doctor.findings import Finding, good, todo
from pipelines.settings.model import Settings

CLOCK_LIMIT = timedelta(minutes=4)  # AWS refuses signatures that are five minutes off


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


def quotas(aws: Aws, settings: Settings) -> Iterator[Finding]:
    """Whether the account may have the instances that the configuration names."""
    endpoint, training = settings.endpoint, settings.training
    wanted = {
        f"{endpoint.instance_type} for endpoint usage": endpoint.instances[1],
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
