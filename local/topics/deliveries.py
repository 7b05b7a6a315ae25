"""A topic's delivery that fails: the publisher does not hear of it, and the subscription's dead letters get it.

moto: publishing fails where a subscribed queue or web server is gone, and no policy of a queue counts. AWS ("Amazon SNS
dead-letter queues" in its developer guide): as here. It tries a web server that fails again, which is not done here.
"""

import copy
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from local.events.delivery import kind_of
from local.iam.resource_policies import require_grant
from local.protocol.errors import ServiceError
from local.runtime.context import Context
from local.states.mending import wrap

PRINCIPAL = "sns.amazonaws.com"
Deliver = Callable[..., None]  # moto's: gives a message to the endpoint of one subscription


def mend(context: Context) -> None:
    """Lets moto's SNS go on after a delivery that fails."""
    from moto.sns import models

    wrap(models.Subscription, "publish", partial(_publish, context))


def _publish(context: Context, deliver: Deliver, subscription: Any, message: str, *given: Any, **named: Any) -> None:
    """Delivers a message, or else gives it to the subscription's dead-letter queue, if it has one."""
    if not _wants(subscription, message, named.get("message_attributes")):
        return
    if not (failure := _failure(context, deliver, subscription, message, *given, **named)):
        return
    said = f"topic {subscription.topic.name}: cannot deliver to {subscription.endpoint}: {failure}"
    queue = json.loads(subscription.attributes.get("RedrivePolicy") or "{}").get("deadLetterTargetArn")
    if not queue:
        context.say(f"{said}; the message is lost, as the subscription has no dead-letter queue")
        return
    last = copy.copy(subscription)
    last.protocol, last.endpoint = "sqs", queue
    if lost := _failure(context, deliver, last, message, *given, **named):
        context.say(f"{said}; the message is lost, as its dead-letter queue {queue} does not take it: {lost}")
    else:
        context.say(f"{said}; the message is in its dead-letter queue {queue}")


def _wants(subscription: Any, message: str, attributes: Any) -> bool:
    """Whether the subscription's filter, if there is one, lets a message through."""
    matcher = subscription._filter_policy_matcher
    return matcher is None or bool(matcher.matches(attributes, message))


def _failure(context: Context, deliver: Deliver, subscription: Any, *given: Any, **named: Any) -> str:
    """Delivers a message; why that is not possible, or nothing."""
    from moto.sqs.exceptions import QueueDoesNotExist
    from requests import RequestException

    try:
        if kind_of(subscription.endpoint) == "sqs":
            require_grant(context, PRINCIPAL, subscription.endpoint, subscription.topic.arn)
        deliver(subscription, *given, **named)
    except (QueueDoesNotExist, ClientError, ServiceError, RequestException) as error:
        return str(error).rstrip(".")
    return ""
