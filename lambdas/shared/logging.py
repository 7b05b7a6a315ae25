"""The functions' logs: JSON lines with the ids of the call and how it ended, and never a photo.

Powertools for AWS Lambda writes them. It takes the service's name and the lowest level to log from the environment
variables POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL.
"""

import functools
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.shared.events import kind

LONGEST = 1200  # characters: leaves room for an S3 key (1,024) and is less than a small photo in base64 has

Handler = Callable[[Mapping[str, Any], LambdaContext], dict[str, Any]]


def logged(handler: Handler) -> Handler:
    """Makes a Lambda handler log how each call ends: one line `done`, or one line `failed` with the error's name.

    Every line has the request's id and the function's name and version, and the keys that the handler appends.
    """

    @logger.inject_lambda_context(clear_state=True, log_event=False)
    @functools.wraps(handler)
    def call(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        began = time.perf_counter()
        logger.append_keys(function_version=context.function_version)
        try:
            answer = handler(event, context)
        except Exception as error:
            name, reason = type(error).__name__, str(error)
            # No stack trace: the error is raised again, and Lambda's runtime logs it with one.
            logger.error("failed", exception_name=name, reason=reason, duration_ms=since(began))  # noqa: TRY400
            raise
        logger.info("done", duration_ms=since(began))
        return answer

    return call


def since(began: float) -> int:
    """Whole milliseconds since a time of `time.perf_counter`."""
    return round((time.perf_counter() - began) * 1000)


def to_json(line: Mapping[str, object]) -> str:
    """A log line as JSON; Powertools calls this for each one."""
    return json.dumps(printable(line), separators=(",", ":"), default=kind)


def printable(value: object) -> object:
    """A value as the log shows it: bytes and long texts and lists, which could be a photo, by type and length alone."""
    if isinstance(value, bytes | bytearray) or (isinstance(value, str | list | tuple) and len(value) > LONGEST):
        return kind(value)
    if isinstance(value, Mapping):
        return {str(printable(key)): printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


logger = Logger(json_serializer=to_json, use_rfc3339=True, utc=True, location=None)
