"""One turn of questions: whether it is time for it, what came of it, and the metric that an alarm watches."""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.plan import IN_SERVICE
from lambdas.deploy_model.questions import kept_photos
from lambdas.deploy_model.questions.asking import Tally, ask
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state import registry
from lambdas.deploy_model.state.endpoint import Endpoint
from lambdas.deploy_model.state.registry import Package
from lambdas.deploy_model.update import alarms
from lambdas.shared.deployments import ours
from lambdas.shared.errors import InvalidRequest, NothingToAsk
from lambdas.shared.logging import logger


@dataclass(frozen=True)
class Turn:
    """What came of a turn, in words, and how often the version failed. Without words there was none."""

    words: str = ""
    failures: int = 0


def take_turn(aws: Clients, configuration: Configuration, current: Endpoint | None, recent: set[str | None]) -> Turn:
    """Asks the version that comes into service: while it has a part of the requests, and once it has just got all.

    `recent` are the configurations to which the endpoint has been brought just now.
    """
    if current is None or not (current.baking or is_new(current, recent)):
        return Turn()
    try:
        package = behind(aws, configuration, current.config_name)
        kept = kept_photos.read(aws.s3, package)
    except NothingToAsk as reason:
        return Turn(f"nothing was asked: {reason}")
    found = ask(aws.runtime, configuration.endpoint_name, kept, package.version)
    turn = judged(found, package.version, alone=current.status == IN_SERVICE)
    if found.answered or turn.failures:  # otherwise nothing is known, which is not the same as no failure
        publish(aws, configuration, current.config_name, turn.failures)
    return turn


def is_new(current: Endpoint, recent: set[str | None]) -> bool:
    """Whether the endpoint has just come into service with a configuration."""
    return current.status == IN_SERVICE and current.config_name in recent


def behind(aws: Clients, configuration: Configuration, config_name: str) -> Package:
    """The version behind a configuration; raises NothingToAsk."""
    group = configuration.model_package_group
    named = ours(group).fullmatch(config_name)
    if named is None:
        raise NothingToAsk(f"{config_name} is not a configuration of this function")
    try:
        return registry.describe(aws.sagemaker, configuration.arn(aws.region, "model-package", f"{group}/{named[1]}"))
    except InvalidRequest as error:
        raise NothingToAsk(str(error)) from error


def judged(found: Tally, version: int, *, alone: bool) -> Turn:
    """What a tally says of the version."""
    trouble = f"; {found.trouble}" if found.trouble else ""
    return Turn(f"version {version} {said(found, alone=alone)}{trouble}", found.failures(alone=alone))


def said(found: Tally, *, alone: bool) -> str:
    """How the version answered. That nothing is known must not read as if all were well."""
    if found.answered:
        refused = f"; {found.refused} of {found.asked} questions were refused" if found.refused else ""
        if found.wrong:
            wrong = f"answered {photos(found.wrong)} otherwise than in its evaluation, and {found.right} as there"
            return f"{wrong}{refused}"
        return f"answered {photos(found.right)} as in its evaluation{refused}"
    if found.refused:
        return f"refused {found.refused} of {found.asked} questions, and answered none"
    if alone and found.others:
        others = f"{found.others} of {found.asked} answers were not its own"
        return f"serves another model than the one that was evaluated: {others}"
    return f"answered none of {found.asked} questions: nothing is known of it"


def photos(count: int) -> str:
    """So many kept photos, in words."""
    return f"{count} kept photo{'' if count == 1 else 's'}"


def publish(aws: Clients, configuration: Configuration, config_name: str, failures: int) -> None:
    """Puts the metric that the alarm watches. An alarm that hears nothing is quiet, so that a failure is logged."""
    try:
        aws.cloudwatch.put_metric_data(
            Namespace=configuration.metrics_namespace,
            MetricData=[
                {
                    "MetricName": alarms.WRONG_ANSWERS,
                    "Dimensions": alarms.dimensions(configuration.endpoint_name, config_name),
                    "Value": float(failures),
                    "Unit": "Count",
                }
            ],
        )
    except (ClientError, BotoCoreError) as error:
        logger.warning("the metric of wrong answers cannot be put", reason=str(error))
