"""Deals with an update that SageMaker has taken back: marks the version's configuration, and tells approvers."""

import re
from datetime import datetime

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state import marks
from lambdas.deploy_model.state.endpoint import Endpoint
from lambdas.deploy_model.update import alarms
from lambdas.deploy_model.update.capacity import is_lack_of_instances
from lambdas.deploy_model.update.notices import Notice, tell_once
from lambdas.shared.deployments import ROLLED_BACK, is_rolled_back

NO_REASON = "SageMaker gives no reason"


def deal_with(aws: Clients, configuration: Configuration, current: Endpoint, failed: str, now: datetime) -> str | None:
    """Sees to it that people know, and that a version is not tried again that is to blame; returns what happened.

    A version is never marked without anybody having been told. Where another call is telling people at this moment,
    nothing is done, and the answer is None: the next look sees what that call has left.
    """
    ringing = alarms.ringing(aws.cloudwatch, failed)
    lacking = not ringing and is_lack_of_instances(current.failure)
    happened = (postpone if lacking else condemn)(aws, configuration, current, failed, why(current, ringing), now)
    if happened:
        forget(aws, configuration, failed)
    return happened


def take_back(aws: Clients, configuration: Configuration, current: Endpoint, reason: str, now: datetime) -> str | None:
    """As `deal_with`, for a version that serves already, and that the next step replaces; returns what happened."""
    happened = condemn(aws, configuration, current, current.config_name, reason, now)
    if happened:
        forget(aws, configuration, current.config_name)
    return happened


def condemn(
    aws: Clients, configuration: Configuration, current: Endpoint, failed: str, reason: str, now: datetime
) -> str | None:
    """Tells approvers that a version was rolled back, and marks its configuration, so that it is not tried again."""
    config_arn = configuration.arn(aws.region, "endpoint-config", failed)
    version = version_of(failed)
    happened = f"version {version} was rolled back: {reason}"
    if not is_rolled_back(aws.sagemaker, config_arn):
        said = text(happened, version, config_arn, current, configuration.environment)
        notice = Notice(occasion(failed, current), f"model version {version} was rolled back", said)
        if not tell_once(aws, configuration, notice, now):
            return None
        marks.roll_back(aws.sagemaker, config_arn, current.changed)
    return happened


def postpone(
    aws: Clients, configuration: Configuration, current: Endpoint, failed: str, reason: str, now: datetime
) -> str | None:
    """Tells approvers, once until the version serves, that there were no instances for it, and remembers when."""
    config_arn = configuration.arn(aws.region, "endpoint-config", failed)
    version = version_of(failed)
    happened = f"there were no instances for version {version}: {reason}"
    if marks.lacked(aws.sagemaker, config_arn) is None:
        said = text_without_instances(happened, version, current)
        notice = Notice(occasion(failed, current), f"no instances for model version {version}", said)
        if not tell_once(aws, configuration, notice, now):
            return None
    marks.lack(aws.sagemaker, config_arn, current.changed)
    return happened


def occasion(failed: str, current: Endpoint) -> str:
    """The name of the end of one update to a configuration, which all who see it have in common."""
    return f"{failed}-{current.changed}".replace(":", "")


def forget(aws: Clients, configuration: Configuration, config_name: str) -> None:
    """Removes what an update needed that has ended: the alarms, and the note that it was begun."""
    alarms.remove(aws.cloudwatch, [config_name])
    marks.end(aws.sagemaker, configuration.endpoint_arn(aws.region))


def why(current: Endpoint, ringing: list[str]) -> str:
    """What the alarms say that still ring, and what SageMaker says."""
    return "; ".join([*ringing, *filter(None, [current.failure])]) or NO_REASON


def version_of(config_name: str) -> str:
    """The version in the name of a configuration of ours; the whole name if somebody else has made it."""
    found = re.fullmatch(r".+-v(\d+)-[0-9a-f]{8}", config_name)
    return found[1] if found else config_name


def text(happened: str, version: str, config_arn: str, current: Endpoint, environment: str) -> str:
    """What happened, what serves now, and what can be done."""
    serving = version_of(current.served)
    until = " until the approved version before it has taken over, if there is one" if serving == version else ""
    lines = [
        f"{happened[0].upper()}{happened[1:]}.",
        f"Version {serving} serves{until}. Version {version} is not tried again by itself.",
        "If the version is to blame, reject it, or approve a better one:",
        f"  scones --env {environment} registry reject {version} --reason …",
        "If it is not, have it tried again within the hour:",
        f"  aws sagemaker delete-tags --resource-arn {config_arn} --tag-keys {ROLLED_BACK}",
        "docs/runbook.md, 'A version was rolled back', says how to find out.",
    ]
    return "\n".join(lines) + "\n"


def text_without_instances(happened: str, version: str, current: Endpoint) -> str:
    """What happened, what serves now, and that nothing has to be decided."""
    lines = [
        f"{happened[0].upper()}{happened[1:]}.",
        f"Version {version_of(current.served)} serves. Version {version} is not to blame: each hour tries it again.",
        "You are not told again. docs/runbook.md, 'There are no instances', says what to do if it lasts.",
    ]
    return "\n".join(lines) + "\n"
