"""Entry point of the function `announce-version`."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.announce_version.message import subject, text
from lambdas.announce_version.version import Version, headline
from lambdas.shared.clients import client
from lambdas.shared.environment import variable
from lambdas.shared.events import text as text_of
from lambdas.shared.events import value
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Publishes a message about the version of an event, if it waits. Raises errors of `lambdas.shared.errors`.

    Somebody may have decided since the event. EventBridge may tell twice of a version, and so may this function then.
    """
    environment, topic = variable(os.environ, "ENVIRONMENT"), variable(os.environ, "TOPIC_ARN")
    arn = text_of(value(event, "detail"), "ModelPackageArn")
    logger.append_keys(event_id=event.get("id"), model_package_arn=arn)
    version = Version.describe(client("sagemaker"), arn)
    if version.waits:
        s3 = client("s3")
        said = text(version, headline(s3, version), environment, s3.meta.region_name)
        client("sns").publish(TopicArn=topic, Subject=subject(version, environment), Message=said)
    answer = {"told": version.waits, "reason": "" if version.waits else f"the version is {version.status}"}
    logger.append_keys(**answer)
    return answer
