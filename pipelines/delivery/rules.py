"""Pauses the rules that start things by themselves, before everything is deleted, and lets them go on."""

from collections.abc import Iterator

from lambdas.deploy_model.settings.hours import ALWAYS
from pipelines.aws import Aws
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


def pause(aws: Aws, names: Names) -> None:
    """Disables the environment's rules. Otherwise one could start what is being deleted, such as the endpoint."""
    for name in _rules(aws, names, "ENABLED"):
        aws.events.disable_rule(Name=name)


def resume(aws: Aws, settings: Settings, names: Names) -> None:
    """Enables them again, where a deletion was cut off: their stack is as it was, so CloudFormation changes nothing."""
    wanted = {f"{names.prefix}-{each}" for each in enabled(settings, names)}
    for name in _rules(aws, names, "DISABLED"):
        if name in wanted:
            aws.events.enable_rule(Name=name)


def enabled(settings: Settings, names: Names) -> list[str]:
    """What follows the prefix in the names of the rules that the configuration does not switch off."""
    optional = {
        "uploads": settings.workflow.start_on_upload,
        "routes": settings.workflow.routes_topic,
        "deploy-hours": settings.endpoint.hours != ALWAYS,
    }
    return [each for each in names.rules if optional.get(each, True)]


def _rules(aws: Aws, names: Names, state: str) -> Iterator[str]:
    """The names of this environment's rules in a state. Another environment's name may begin as this one's does."""
    known = {f"{names.prefix}-{each}" for each in names.rules}
    for page in aws.events.get_paginator("list_rules").paginate(NamePrefix=f"{names.prefix}-"):
        yield from (each["Name"] for each in page["Rules"] if each["Name"] in known and each["State"] == state)
