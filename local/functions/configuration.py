"""Finds the code and configuration of Lambda functions, including members that moto does not keep."""

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from local.functions.limits import check_package
from local.protocol.errors import JobError, ServiceError, ValidationError
from local.protocol.json_types import Record, record
from local.runtime.context import Context
from local.runtime.s3 import Storage

PRINCIPAL = "lambda.amazonaws.com"
FUNCTION = "AWS::Lambda::Function"
KEPT = ("DeadLetterConfig", "LoggingConfig")  # moto does not keep these
DROPPED = (*KEPT, "Layers")  # nor these of a function that a stack made


@dataclass(frozen=True)
class Package:
    """The archive of a function or a layer."""

    digest: str
    code: bytes = field(compare=False, repr=False)


@dataclass(frozen=True)
class Function:
    """A function's code and configuration. Workers are replaced when a compared field changes."""

    name: str
    arn: str
    handler: str
    timeout: int
    memory: int
    package: Package
    layers: tuple[Package, ...]
    variables: tuple[tuple[str, str], ...]
    role: str
    log_group: str
    log_format: str
    dead_letters: str = field(default="", compare=False)
    reserved: int | None = field(default=None, compare=False)


class FunctionConfigs:
    """Finds functions, whether made by calls or by CloudFormation."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._kept: dict[str, Record] = {}

    def find(self, name_or_arn: str) -> Function:
        """Finds a function by name or ARN. Raises ServiceError."""
        found = self._found(name_or_arn)
        if found is None:
            raise ServiceError("ResourceNotFoundException", f"Function not found: {self._arn(name_or_arn)}", 404)
        more = {**self._of_stack(found.function_name), **self._kept.get(found.function_arn, {})}
        layers = [layer["Arn"] for layer in found.layers] or more.get("Layers", [])
        logs = more.get("LoggingConfig", {})
        reserved = found.reserved_concurrency
        return Function(
            found.function_name,
            found.function_arn,
            found.handler,
            int(found.timeout),
            int(found.memory_size),
            Package(found.code_digest, found.code_bytes),
            tuple(self._layer(arn) for arn in layers),
            tuple(sorted((key, str(value)) for key, value in found.environment_vars.items())),
            found.role,
            logs.get("LogGroup", f"/aws/lambda/{found.function_name}"),
            logs.get("LogFormat", "Text"),
            dead_letters=more.get("DeadLetterConfig", {}).get("TargetArn", ""),
            reserved=None if reserved is None else int(reserved),
        )

    def check_package(self, members: Record) -> None:
        """Raises ServiceError if the package in a request is no zip file, or too large. Without one, moto says so."""
        code = record(members.get("Code") or members.get("Content")) or members
        package = code.get("ZipFile")
        if "S3Bucket" in code and "S3Key" in code:
            with suppress(JobError):
                package = Storage(self._context).read(f"s3://{code['S3Bucket']}/{code['S3Key']}")
        if isinstance(package, bytes):
            found = (self._backend().layers_versions_by_arn(arn) for arn in members.get("Layers", []))
            check_package(package, (layer.code_bytes for layer in found if layer))

    def keep(self, request: Record) -> None:
        """Keeps the members of an accepted CreateFunction or UpdateFunctionConfiguration that moto does not keep."""
        kept = self._kept.setdefault(self._arn(request["FunctionName"]), {})
        kept.update({member: request[member] for member in KEPT if member in request})

    def forget(self, request: Record) -> None:
        """Forgets what was kept for a function."""
        self._kept.pop(self._arn(request["FunctionName"]), None)

    def remember(self) -> dict[str, Record]:
        """What moto does not keep, by the ARNs of the functions."""
        return dict(self._kept)

    def recall(self, kept: dict[str, Record]) -> None:
        """Takes back what `remember` gave."""
        self._kept = kept

    def _arn(self, name_or_arn: str) -> str:
        return self._context.arn("lambda", f"function:{name_or_arn.rpartition('function:')[2]}")

    def _found(self, name_or_arn: str) -> Any:  # noqa: ANN401
        from moto.awslambda.exceptions import LambdaClientError, UnknownFunctionException

        name, _, qualifier = name_or_arn.rpartition("function:")[2].partition(":")
        if qualifier not in ("", "$LATEST"):
            raise ValidationError(f"The local AWS runs only $LATEST of a function, not Qualifier {qualifier!r}")
        try:
            return self._backend().get_function(name)
        except (UnknownFunctionException, LambdaClientError):
            return None

    def _layer(self, arn: str) -> Package:
        layer = self._backend().layers_versions_by_arn(arn)
        if layer is None:
            raise ServiceError("InvalidParameterValueException", f"Layer version {arn} does not exist.")
        return Package(layer.code_digest, layer.code_bytes)

    def _backend(self) -> Any:  # noqa: ANN401
        from moto.backends import get_backend

        return get_backend("lambda")[self._context.account][self._context.region]

    def _of_stack(self, name: str) -> Record:
        """The members that moto does not keep, from the template of the stack that made the function, if one did."""
        if "moto.cloudformation.models" not in sys.modules:  # then there are no stacks, and to import it takes a second
            return {}
        from moto.backends import get_backend
        from moto.cloudformation.parsing import clean_json

        backend: Any = get_backend("cloudformation")[self._context.account][self._context.region]
        for stack in list(backend.stacks.values()):
            parsed = stack.resource_map._parsed_resources  # asking the map itself would create the resource
            for logical_id, resource in stack.template_dict.get("Resources", {}).items():
                if resource["Type"] == FUNCTION and getattr(parsed.get(logical_id), "function_name", "") == name:
                    made = resource["Properties"]
                    dropped = {member: made[member] for member in DROPPED if member in made}
                    resolved: Record = clean_json(dropped, stack.resource_map)
                    return resolved
        return {}
