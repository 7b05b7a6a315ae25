"""Entry point of the function `deploy-model`."""

import os
from collections.abc import Mapping
from typing import Any

from lambdas.deploy_model.models import Configuration, parse
from lambdas.deploy_model.service import answer
from lambdas.shared.clients import client


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Brings the endpoint and its drift baseline in line with the registry, and returns what was done.

    Raises the typed errors of `lambdas.shared.errors`.
    """
    configuration, request = Configuration.parse(os.environ), parse(event)
    outcome = answer(client("sagemaker"), client("s3"), configuration, request)
    return outcome.as_event()
