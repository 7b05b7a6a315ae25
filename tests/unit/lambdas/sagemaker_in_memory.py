"""A model of SageMaker's registry and of one endpoint, which changes when the test says so.

botocore checks every request against SageMaker's own model before it comes here.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.client import BaseClient
from unit.lambdas.deployment import ARN, ENVIRONMENT, GROUP

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CONTAINER = {"Image": "pytorch:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
STABLE = {"InService", "OutOfService", "UpdateRollbackFailed"}
Params = dict[str, Any]


class RefusedError(Exception):
    """SageMaker answers with a ValidationException."""


@dataclass
class Endpoint:
    """An endpoint; `target` is the configuration that it is being brought to."""

    status: str
    config: str
    target: str | None = None


@dataclass
class Account:
    """Versions by number with their approval status, the endpoint, and what is done between two calls."""

    versions: dict[int, str] = field(default_factory=dict)
    containers: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    endpoint: Endpoint | None = None
    calls: list[str] = field(default_factory=list)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    _models: dict[str, str] = field(default_factory=dict)
    _configs: dict[str, str] = field(default_factory=dict)

    def answer_for(self, sagemaker: BaseClient, s3: BaseClient) -> None:
        """Answers all calls of these clients from now on. S3 does what it is asked to."""
        sagemaker.meta.events.register("before-call.sagemaker", self._answer, unique_id="account")
        s3.meta.events.register("before-call.s3", _accept, unique_id="account")

    def leave(self, sagemaker: BaseClient, s3: BaseClient) -> None:
        """No longer answers the calls of these clients."""
        sagemaker.meta.events.unregister("before-call.sagemaker", unique_id="account")
        s3.meta.events.unregister("before-call.s3", unique_id="account")

    def serving(self) -> int | None:
        """The version that the endpoint serves; None where it serves none."""
        if self.endpoint is None or self.endpoint.status in {"Creating", "Failed", "Deleting", "OutOfService"}:
            return None
        return self.version_of(self.endpoint.config)

    def version_of(self, config: str) -> int:
        """The version behind an endpoint configuration."""
        return int(self._configs[config].rpartition("/")[2])

    def wanted(self) -> int | None:
        """The version that should serve: of the approved ones the one with the highest number."""
        return max((number for number, status in self.versions.items() if status == "Approved"), default=None)

    def finish(self, *, failing: bool = False) -> None:
        """The change that is under way ends."""
        if (found := self.endpoint) is None:
            return
        if found.status == "Deleting":
            self.endpoint = None
        elif found.status == "Creating":
            self.endpoint = Endpoint("Failed" if failing else "InService", found.config)
        elif found.status == "Updating":
            target = found.target or found.config
            self.endpoint = Endpoint("RollingBack", found.config) if failing else Endpoint("InService", target)
        elif found.status in {"RollingBack", "SystemUpdating"}:
            self.endpoint = Endpoint("InService", found.config)

    def _answer(self, model: Any, params: Params, **_: Any) -> tuple[Any, Params]:
        name = model.name
        self.calls.append(name)
        if happens := self.before.pop(name, None):
            happens()
        try:
            answer = getattr(self, f"_{name}")(json.loads(params["body"]))
        except RefusedError as error:
            refusal = {"Error": {"Code": "ValidationException", "Message": str(error)}, "ResponseMetadata": {}}
            return AWSResponse("", 400, {}, None), refusal
        return AWSResponse("", 200, {}, None), answer

    def _DescribeModelPackage(self, request: Params) -> Params:  # noqa: N802
        group, _, number = request["ModelPackageName"].rpartition("/")
        version = int(number)
        if group != ARN or version not in self.versions:
            raise RefusedError(f"ModelPackage {request['ModelPackageName']} does not exist.")
        return {
            "ModelPackageArn": f"{ARN}/{version}",
            "ModelPackageGroupName": GROUP,
            "ModelPackageVersion": version,
            "ModelApprovalStatus": self.versions[version],
            "ModelPackageStatus": "Completed",
            "CreationTime": NOW,
            "InferenceSpecification": {"Containers": self.containers.get(version, [CONTAINER])},
        }

    def _ListModelPackages(self, request: Params) -> Params:  # noqa: N802
        """One version a page, oldest first, so that whoever reads one page only is wrong."""
        found = [number for number, status in self.versions.items() if status == request["ModelApprovalStatus"]]
        place = int(request.get("NextToken", "0"))
        page = [
            {"ModelPackageArn": f"{ARN}/{number}", "ModelPackageVersion": number} for number in found[place : place + 1]
        ]
        return {"ModelPackageSummaryList": page, **({"NextToken": str(place + 1)} if place + 1 < len(found) else {})}

    def _CreateModel(self, request: Params) -> Params:  # noqa: N802
        if request["ModelName"] in self._models:
            raise RefusedError(f"Cannot create already existing model {request['ModelName']}")
        self._models[request["ModelName"]] = request["Containers"][0]["ModelPackageName"]
        return {"ModelArn": "arn"}

    def _CreateEndpointConfig(self, request: Params) -> Params:  # noqa: N802
        if request["EndpointConfigName"] in self._configs:
            raise RefusedError("Cannot create already existing endpoint configuration")
        self._configs[request["EndpointConfigName"]] = self._models[request["ProductionVariants"][0]["ModelName"]]
        return {"EndpointConfigArn": "arn"}

    def _DescribeEndpoint(self, request: Params) -> Params:  # noqa: N802
        found = self._existing(request)
        pending = {"PendingDeploymentSummary": {"EndpointConfigName": found.target}} if found.target else {}
        return {"EndpointStatus": found.status, "EndpointConfigName": found.config, **pending}

    def _CreateEndpoint(self, request: Params) -> Params:  # noqa: N802
        if self.endpoint:
            raise RefusedError("Cannot create already existing endpoint")
        self.endpoint = Endpoint("Creating", request["EndpointConfigName"])
        return {"EndpointArn": "arn"}

    def _UpdateEndpoint(self, request: Params) -> Params:  # noqa: N802
        found = self._existing(request)
        if found.status not in STABLE:
            raise RefusedError("Cannot update in-progress endpoint")
        self.endpoint = Endpoint("Updating", found.config, request["EndpointConfigName"])
        return {"EndpointArn": "arn"}

    def _DeleteEndpoint(self, request: Params) -> Params:  # noqa: N802
        found = self._existing(request)
        if found.status not in STABLE | {"Failed"}:
            raise RefusedError("Cannot update in-progress endpoint")
        self.endpoint = Endpoint("Deleting", found.config)
        return {}

    def _existing(self, request: Params) -> Endpoint:
        if self.endpoint is None or request["EndpointName"] != ENVIRONMENT["ENDPOINT_NAME"]:
            raise RefusedError("Could not find endpoint")
        return self.endpoint


def _accept(**_: Any) -> tuple[Any, Params]:
    return AWSResponse("", 204, {}, None), {}
