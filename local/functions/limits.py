"""What Lambda allows of a function: its configuration, its package and its payloads. Pure.

Source: "Lambda quotas" in AWS's developer guide, and the messages of the service.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable

from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_protocol import FAILED, operation_model
from local.protocol.json_types import Json, Record, record

MOST_SECONDS, LEAST_MEGABYTES, MOST_MEGABYTES = 900, 128, 10_240
MOST_LAYERS = 5
MOST_VARIABLES = 4096  # bytes of the environment
MOST_UNZIPPED = 262_144_000
MOST_BYTES = 6 * 2**20  # of a synchronous event, and of an answer
MOST_LATER = 2**20  # bytes of an asynchronous event
MOST_ANSWER = MOST_BYTES + 100  # as the message of the error says
NAME = re.compile(r"[a-zA-Z0-9-_]{1,64}")
HANDLER = re.compile(r"[^\s]{1,128}")
VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
RESERVED = frozenset(
    {
        *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"),
        *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"),
        *("AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"),
        *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
    }
)


def check_configuration(members: Record) -> None:
    """Raises ServiceError for a configuration that Lambda does not take. References of templates are not looked at."""
    name = members.get("FunctionName")
    if isinstance(name, str) and not name.startswith("arn:") and not NAME.fullmatch(name.rpartition(":")[2] or name):
        raise _constraint("functionName", name, f"satisfy regular expression pattern: {NAME.pattern}")
    handler = members.get("Handler")
    if isinstance(handler, str) and not HANDLER.fullmatch(handler):
        raise _constraint("handler", handler, f"satisfy regular expression pattern: {HANDLER.pattern}")
    _check_number("timeout", members.get("Timeout"), 1, MOST_SECONDS)
    _check_number("memorySize", members.get("MemorySize"), LEAST_MEGABYTES, MOST_MEGABYTES)
    runtimes = operation_model("lambda", "CreateFunction").input_shape.members["Runtime"].metadata["enum"]
    runtime = members.get("Runtime")
    if isinstance(runtime, str) and runtime not in runtimes:
        raise invalid(FAILED.format(runtime, "runtime", f"satisfy enum value set: [{', '.join(runtimes)}]"))
    if isinstance(layers := members.get("Layers"), list) and len(layers) > MOST_LAYERS:
        raise invalid(f"You cannot reference more than {MOST_LAYERS} layers.")
    _check_variables(record(record(members.get("Environment")).get("Variables")))


def check_package(code: bytes, layers: Iterable[bytes] = ()) -> None:
    """Raises ServiceError for a package that is no zip file, is empty, or is too large with its layers."""
    if not code:
        raise invalid("Uploaded file must be a non-empty zip")
    if _unzipped(code) + sum(map(_unzipped, layers)) > MOST_UNZIPPED:
        raise invalid(f"Unzipped size must be smaller than {MOST_UNZIPPED} bytes")


def checked_event(payload: bytes, most: int = MOST_BYTES) -> bytes:
    """The payload, or {} if it is empty. Raises ServiceError if it is too large or not JSON."""
    if len(payload) > most:
        text = f"Request must be smaller than {most} bytes for the InvokeFunction operation"
        raise ServiceError("RequestTooLargeException", text, 413)
    try:
        json.loads(payload or b"{}")
    except ValueError as error:
        text = f"Could not parse request body into json: {error}"
        raise ServiceError("InvalidRequestContentException", text) from error
    return payload or b"{}"


def too_large(answer: bytes) -> bytes | None:
    """The error that a function's caller gets instead of an answer that is too large; None for one that is not."""
    if len(answer) <= MOST_BYTES:
        return None
    text = f"Response payload size exceeded maximum allowed payload size ({MOST_ANSWER} bytes)."
    return json.dumps({"errorMessage": text, "errorType": "Function.ResponseSizeTooLarge"}).encode()


def invalid(text: str) -> ServiceError:
    """The error of Lambda for a value that it does not take."""
    return ServiceError("InvalidParameterValueException", text)


def _unzipped(code: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        text = "Could not unzip uploaded file. Please check your file, then try to upload again."
        raise invalid(text) from error


def _check_number(name: str, value: Json, least: int, most: int) -> None:
    """Checks a number of a request, or of a template, where it may be a text."""
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        return
    if int(value) > most:
        raise _constraint(name, value, f"have value less than or equal to {most}")
    if int(value) < least:
        raise _constraint(name, value, f"have value greater than or equal to {least}")


def _check_variables(variables: Record) -> None:
    for name in variables:
        if not VARIABLE.fullmatch(name):
            raise _constraint("environment.variables", name, f"satisfy regular expression pattern: {VARIABLE.pattern}")
    failed = (
        "Lambda was unable to configure your environment variables because the environment variables you have provided"
    )
    if used := sorted(RESERVED & variables.keys()):
        text = "contains reserved keys that are currently not supported for modification."
        raise invalid(f"{failed} {text} Reserved keys used in this request: {', '.join(used)}")
    size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items() if isinstance(value, str))
    if size > MOST_VARIABLES:
        raise invalid(f"{failed} exceeded the 4KB limit.")


def _constraint(name: str, value: Json, wanted: str) -> ValidationError:
    return ValidationError("1 validation error detected: " + FAILED.format(value, name, wanted))
