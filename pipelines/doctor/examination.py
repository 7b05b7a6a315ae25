"""All checks of an environment, in the order in which things build on one another."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, partial

from pipelines.aws import Aws
from pipelines.doctor import account, deployed, images, scaling, stuck
from pipelines.doctor.findings import Check, Finding, look
from pipelines.registry.marks import marked_versions
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


def examine(aws: Aws, settings: Settings, names: Names) -> Iterator[Finding]:
    """The findings, each as soon as it is there."""
    now = datetime.now(UTC)
    known = cache(partial(marked_versions, aws, names))  # listed once; a failure is tried again by the next check
    checks: dict[str, Check] = {
        "account": partial(account.caller, aws, now),
        "images": partial(images.images, aws, settings, names, known, now.date()),
        "quotas": partial(account.quotas, aws, settings),
        "stacks": partial(deployed.stacks, aws, settings, names),
        "pipelines": partial(deployed.pipelines, aws, names),
        "rules": partial(deployed.rules, aws, settings, names),
        "endpoint": partial(stuck.endpoint, aws, settings, names, known, now),
        "scaling": partial(scaling.scaling, aws, settings, names),
        "registry": partial(stuck.waiting_versions, known),
        "alarms": partial(stuck.alarms, aws, names),
        "dead letters": partial(stuck.dead_letters, aws, settings, names),
        "topics": partial(stuck.subscriptions, aws, settings, names),
    }
    for subject, check in checks.items():
        yield from look(subject, check)
