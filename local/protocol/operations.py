"""Finds the operation of AWS that a request asks for, by botocore's models of all services and protocols."""

import functools
import re
from dataclasses import dataclass

from botocore.model import OperationModel
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request as PlainRequest

from local.protocol import service_models
from local.protocol.json_types import Record

RPC_PATH = re.compile(r"/service/(?P<service>\w+)/operation/(?P<operation>\w+)")

OTHER_NAMES = {"s3express": "s3", "s3-object-lambda": "s3"}  # for which some requests to a service are signed
SCOPE = re.compile(r"/(?P<service>[^/\s]+)/aws4_request")


@dataclass(frozen=True)
class Named:
    """An operation that a request names, and its model if botocore has one. `protocol` is the request's."""

    service: str
    operation: str
    protocol: str
    model: OperationModel | None = None


def named(request: Request, service: str) -> Named:
    """The operation in a request that is signed for a service. Reads the body only of a form."""
    if match := RPC_PATH.search(request.path):
        return _of_rpc(service, match["service"], match["operation"], "smithy-rpc-v2-cbor")
    if target := request.headers.get("X-Amz-Target"):
        prefix, _, operation = target.rpartition(".")
        return _of_rpc(service, prefix, operation, "json")
    if action := request.args.get("Action") or (is_form(request) and request.form.get("Action")):
        return _of_rpc(service, "", action, "ec2" if service == "ec2" else "query")
    found = rest_operation(request, service)
    if found is None:
        return Named(service, f"{request.method} {request.path}", rest_protocol(service))
    model = found[0]
    return Named(model.service_model.service_name, model.name, str(model.service_model.protocol), model)


def signed_for(request: PlainRequest) -> str:
    """The service for which a request says to be signed; empty if it does not say."""
    scope = request.headers.get("Authorization") or request.args.get("X-Amz-Credential", "")
    match = SCOPE.search(scope)
    if match:
        return OTHER_NAMES.get(match["service"], match["service"])
    return "s3" if "AWSAccessKeyId" in request.args else ""


def is_form(request: PlainRequest) -> bool:
    """Whether a request is a form, as those of the query protocol are."""
    return request.mimetype == "application/x-www-form-urlencoded"


def rest_operation(request: Request, service: str) -> tuple[OperationModel, Record] | None:
    """The operation in a REST request, and its members in the path; None if no model has such an address."""
    for name in models(service):
        try:
            found: tuple[OperationModel, Record] = get_service_router(name).match(request)
        except (HTTPException, NotImplementedError):  # the latter for protocols that moto does not route
            continue
        return found
    return None


def rest_protocol(service: str) -> str:
    """The protocol of a service that has no other than REST ones: rest-xml or rest-json."""
    protocols = {metadata["protocol"] for metadata in _signed_as(service).values()}
    return "rest-xml" if "rest-xml" in protocols else "rest-json"


def models(service: str) -> list[str]:
    """The models of botocore whose requests are signed for a service; first the one with the service's own name."""
    return sorted(_signed_as(service), key=lambda name: (name != service, name))


def _signed_as(service: str) -> dict[str, Record]:
    return _by_signing_name().get(OTHER_NAMES.get(service, service).lower(), {})


def _of_rpc(service: str, prefix: str, operation: str, protocol: str) -> Named:
    """An operation by its name; `prefix` is what the protocol calls its service, if it does."""
    for name, metadata in _signed_as(service).items():
        if prefix and metadata.get("targetPrefix", prefix) != prefix:
            continue
        model = get_service_model(name)
        if operation in model.operation_names:
            return Named(name, operation, protocol, model.operation_model(operation))
    return Named(service, operation, protocol)


@functools.cache
def _by_signing_name() -> dict[str, dict[str, Record]]:
    """The metadata of botocore's models, by signing name and the model's own name."""
    found: dict[str, dict[str, Record]] = {}
    for name, metadata in service_models.metadata().items():
        signed = metadata.get("signingName") or metadata["endpointPrefix"]
        found.setdefault(signed.lower(), {})[name] = metadata
    return found
