"""Deals with an update that SageMaker has taken back: marks the version's configuration, and tells approvers."""

import re

from lambdas.deploy_model import alarms, marks
from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.configuration import Configuration
from lambdas.deploy_model.endpoint import Endpoint
from lambdas.shared.deployments import ROLLED_BACK, is_rolled_back

LONGEST_SUBJECT = 100  # of an SNS message, in ASCII
NO_REASON = "SageMaker gives no reason"


def deal_with(aws: Clients, configuration: Configuration, current: Endpoint, failed: str) -> str:
    """Sees to it that a configuration is not tried again, and that people know; returns what happened.

    What is done first may be done twice, where somebody else comes at the same time or this call is cut off. So people
    may be told twice, but a version is never marked without anybody having been told.
    """
    config_arn = configuration.arn(aws.region, "endpoint-config", failed)
    version = version_of(failed)
    happened = f"version {version} was rolled back: {why(aws, current, failed)}"
    if not is_rolled_back(aws.sagemaker, config_arn):
        aws.sns.publish(
            TopicArn=configuration.topic_arn,
            Subject=subject(failed, configuration.environment),
            Message=text(happened, version, config_arn, current, configuration.environment),
        )
        marks.roll_back(aws.sagemaker, config_arn, current.changed)
    forget(aws, configuration, failed)
    return happened


def forget(aws: Clients, configuration: Configuration, config_name: str) -> None:
    """Removes what an update needed that has ended: the alarms, and the note that it was begun."""
    alarms.remove(aws.cloudwatch, [config_name])
    marks.end(aws.sagemaker, configuration.endpoint_arn(aws.region))


def why(aws: Clients, current: Endpoint, failed: str) -> str:
    """What the alarms say that still ring, and what SageMaker says."""
    reasons = [*alarms.ringing(aws.cloudwatch, failed), *filter(None, [current.failure])]
    return "; ".join(reasons) or NO_REASON


def version_of(config_name: str) -> str:
    """The version in the name of a configuration of ours; the whole name if somebody else has made it."""
    found = re.fullmatch(r".+-v(\d+)-[0-9a-f]{8}", config_name)
    return found[1] if found else config_name


def subject(failed: str, environment: str) -> str:
    """One line for the subject of a mail."""
    line = f"{environment}: model version {version_of(failed)} was rolled back"
    return line.encode("ascii", "replace").decode()[:LONGEST_SUBJECT]


def text(happened: str, version: str, config_arn: str, current: Endpoint, environment: str) -> str:
    """What happened, what serves now, and what can be done."""
    lines = [
        f"{happened[0].upper()}{happened[1:]}.",
        f"Version {version_of(current.served)} serves. Version {version} is not tried again by itself.",
        "If the version is to blame, reject it, or approve a better one:",
        f"  scones --env {environment} registry reject {version} --reason …",
        "If it is not, have it tried again within the hour:",
        f"  aws sagemaker delete-tags --resource-arn {config_arn} --tag-keys {ROLLED_BACK}",
        "docs/runbook.md, 'A version was rolled back', says how to find out.",
    ]
    return "\n".join(lines) + "\n"
