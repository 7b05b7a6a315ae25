"""What is deployed: stacks, pipelines and rules, compared with what this checkout would deploy."""

from collections.abc import Iterator

from pipelines.aws import Aws
from pipelines.delivery.comparison import deployed_definition
from pipelines.delivery.deployment import plan
from pipelines.delivery.rules import enabled
from pipelines.delivery.stacks import describe, is_current
from pipelines.doctor.findings import Finding, good, todo
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

READY = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def stacks(aws: Aws, settings: Settings, names: Names) -> Iterator[Finding]:
    """The stacks, and whether they have the templates and parameters of this checkout."""
    for stack in plan(settings, names).stacks:
        subject, current = f"stack {stack.name}", describe(aws, stack.name)
        if current is None:
            yield todo(subject, "does not exist; run `scones deploy`")
        elif current["StackStatus"] not in READY:
            yield todo(subject, f"is {current['StackStatus']}; look at its events, then run `scones deploy`")
        elif not is_current(aws, stack, current):
            yield todo(subject, "differs from this checkout; `scones deploy` shows how, and changes it")
        else:
            yield good(subject, "as in this checkout")


def pipelines(aws: Aws, names: Names) -> Iterator[Finding]:
    """The SageMaker pipelines."""
    for pipeline in names.pipelines:
        if deployed_definition(aws, pipeline) is None:
            yield todo(f"pipeline {pipeline}", "does not exist; run `scones pipeline upsert`")
        else:
            yield good(f"pipeline {pipeline}", "exists; `scones pipeline changes` says whether it differs")


def rules(aws: Aws, settings: Settings, names: Names) -> Iterator[Finding]:
    """EventBridge's rules: a deletion that was cut off, or a person, may have disabled some."""
    pages = aws.events.get_paginator("list_rules").paginate(NamePrefix=f"{names.prefix}-")
    states = {each["Name"]: each["State"] for page in pages for each in page["Rules"]}
    meant = enabled(settings, names)
    off = [each for each in meant if states.get(f"{names.prefix}-{each}") == "DISABLED"]
    missing = [each for each in meant if f"{names.prefix}-{each}" not in states]
    if off:
        yield todo("rules", f"{', '.join(off)} disabled; `scones deploy` enables them")
    if missing:
        yield todo("rules", f"{', '.join(missing)} missing; run `scones deploy`")
    if not off and not missing:
        yield good("rules", f"{len(meant)} are there and enabled")
