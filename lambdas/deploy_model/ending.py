"""The end of an update: deals with it, whoever has begun the update, and answers those who see it."""

from datetime import datetime

from lambdas.deploy_model import plan
from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.outcome import Outcome
from lambdas.deploy_model.questions.turn import Turn
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state import marks
from lambdas.deploy_model.state.endpoint import Endpoint
from lambdas.deploy_model.update import rollback
from lambdas.shared.logging import logger


def finish_update(
    aws: Clients, configuration: Configuration, current: Endpoint | None, begun: str | None, turn: Turn, now: datetime
) -> bool:
    """Deals with the end of an update that was begun, whoever has begun it, and with a version that answers wrongly.

    Returns whether that is done. It is not while another call tells people of it.
    """
    if current is None or current.status != plan.IN_SERVICE:
        return True
    if begun and plan.was_rolled_back(current, begun):
        happened = rollback.deal_with(aws, configuration, current, begun, now)
    elif turn.failures:  # too late for SageMaker to go back, so the next step does
        happened = rollback.take_back(aws, configuration, current, turn.words, now)
    else:
        if begun:
            marks.served(aws.sagemaker, configuration.arn(aws.region, "endpoint-config", begun))
            rollback.forget(aws, configuration, begun)
        return True
    if happened:
        logger.warning(happened)
    return happened is not None


def waiting(configuration: Configuration, started: str | None) -> Outcome:
    """The answer while another call deals with the end of an update."""
    reason = "another execution deals with the end of the last update"
    return Outcome("waiting", "changing", configuration.endpoint_name, None, None, started, reason)


def given_up(configuration: Configuration, current: Endpoint, started: str) -> Outcome:
    """The answer to the execution whose update was rolled back, by which it fails; others go on."""
    reason = f"version {rollback.version_of(started)} was rolled back; approvers have been told why"
    name = configuration.endpoint_name
    return Outcome("failed", "rolled_back", name, current.config_name, None, started, reason)
