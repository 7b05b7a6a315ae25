"""A model of SageMaker's registry and of one endpoint, which changes when the test says so, and of what goes with it.

botocore checks every request against SageMaker's own model before it comes here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.awsrequest import AWSResponse
from unit.lambdas.alarms_in_memory import Telling
from unit.lambdas.deployment import ARN, ENVIRONMENT
from unit.lambdas.model_in_memory import Answering, ModelFailedError, refusal
from unit.lambdas.registry_in_memory import NOW, Params, RefusedError, Registry
from unit.lambdas.scaling_in_memory import Scaling

from lambdas.deploy_model.aws import Clients

STABLE = {"InService", "OutOfService", "UpdateRollbackFailed"}


@dataclass
class Endpoint:
    """An endpoint; `target` is the configuration that it is being brought to."""

    status: str
    config: str
    target: str | None = None
    failure: str | None = None
    instances: int = 2
    baking: bool = False


@dataclass
class Account(Answering, Scaling, Telling, Registry):
    """The registry, the endpoint, its scaling, the alarms, and what is done between two calls."""

    endpoint: Endpoint | None = None
    calls: list[str] = field(default_factory=list)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)  # of endpoint and configurations, by name
    policies: list[Params] = field(default_factory=list)  # the DeploymentConfig of each update
    retained: list[Params] = field(default_factory=list)  # what each update was to retain
    types: dict[str, str] = field(default_factory=dict)  # of the instances, by configuration
    ends: int = 0  # of changes; after each the endpoint has another time of its last change
    created: dict[str, datetime] = field(default_factory=dict)  # when a model or configuration was, if not NOW
    _request: Params = field(default_factory=dict)
    _models: dict[str, str] = field(default_factory=dict)
    _configs: dict[str, str] = field(default_factory=dict)

    def answer_for(self, connected: Clients) -> None:
        """Answers all calls of these clients from now on. S3 does what it is asked to."""
        connected.s3.meta.events.register("before-call.s3", self._answer_s3, unique_id="account")
        for client in _all_but_s3(connected):
            service = client.meta.service_model.service_id.hyphenize()
            # The request as the function gave it; what is sent differs with the service's protocol.
            client.meta.events.register(f"provide-client-params.{service}", self._note, unique_id="request")
            client.meta.events.register(f"before-call.{service}", self._answer, unique_id="account")

    def leave(self, connected: Clients) -> None:
        """No longer answers the calls of these clients."""
        connected.s3.meta.events.unregister("before-call.s3", unique_id="account")
        for client in _all_but_s3(connected):
            service = client.meta.service_model.service_id.hyphenize()
            client.meta.events.unregister(f"provide-client-params.{service}", unique_id="request")
            client.meta.events.unregister(f"before-call.{service}", unique_id="account")

    def serving(self) -> int | None:
        """The version that the endpoint serves; None where it serves none."""
        if self.endpoint is None or self.endpoint.status in {"Creating", "Failed", "Deleting", "OutOfService"}:
            return None
        return self.version_of(self.endpoint.config)

    def version_of(self, config: str) -> int:
        """The version behind an endpoint configuration."""
        return int(self._configs[config].rpartition("/")[2])

    def wanted(self) -> int | None:
        """The version that should serve: of the approved ones that were not rolled back, the highest number."""
        approved = {number for number, status in self.versions.items() if status == "Approved"}
        return max(approved - self.rolled_back(), default=None)

    def rolled_back(self) -> set[int]:
        """The versions with a configuration that is marked as rolled back."""
        return {self.version_of(name) for name, tags in self.tags.items() if "rolled-back" in tags}

    def forgive(self, version: int) -> None:
        """A person removes the marks of a version."""
        for name, tags in self.tags.items():
            if name in self._configs and self.version_of(name) == version:
                tags.pop("rolled-back", None)

    def configs(self) -> set[str]:
        """The names of all endpoint configurations."""
        return set(self._configs)

    def models(self) -> set[str]:
        """The names of all models."""
        return set(self._models)

    def make(self, config: str, created: datetime) -> None:
        """An endpoint configuration with a model of its own name, made at a time."""
        self._models[config] = f"{ARN}/1"
        self._configs[config] = f"{ARN}/1"
        self.created[config] = created

    def lose(self, name: str) -> None:
        """Somebody else deletes a configuration and the model of its name."""
        self._configs.pop(name, None)
        self._models.pop(name, None)

    def finish(self, *, failing: bool = False, reason: str = "an alarm rang") -> None:
        """The change that is under way ends; `reason` is SageMaker's, if it fails."""
        self.ends += 1
        if (found := self.endpoint) is None:
            return
        if found.status == "Deleting":
            self.endpoint = None
        elif found.status == "Creating":
            self.endpoint = Endpoint("Failed" if failing else "InService", found.config)
        elif found.status == "Updating":
            target = found.target or found.config
            self.endpoint = Endpoint("InService", target, instances=found.instances)
            if failing:
                self.endpoint = Endpoint("RollingBack", found.config, None, reason, found.instances)
        elif found.status in {"RollingBack", "SystemUpdating"}:
            self.endpoint = Endpoint("InService", found.config, None, found.failure, found.instances)

    def _note(self, params: Params, **_: Any) -> None:
        self._request = dict(params)

    def _answer(self, model: Any, **_: Any) -> tuple[Any, Params]:
        name, request = model.name, self._request
        self.calls.append(name)
        try:
            if happens := self.before.pop(name, None):
                happens()
            answer = getattr(self, f"_{name}")(request)
        except RefusedError as error:
            return refusal(400, error.code, str(error))
        except ModelFailedError:
            return refusal(424, "ModelError", "Received server error (500) from primary")
        return AWSResponse("", 200, {}, None), answer

    @staticmethod
    def refuse(why: str) -> None:
        """Has a call refused, as one of `before`."""
        raise RefusedError(why)

    def _CreateModel(self, request: Params) -> Params:  # noqa: N802
        if request["ModelName"] in self._models:
            raise RefusedError(f"Cannot create already existing model {request['ModelName']}")
        self._models[request["ModelName"]] = request["Containers"][0]["ModelPackageName"]
        return {"ModelArn": "arn"}

    def _CreateEndpointConfig(self, request: Params) -> Params:  # noqa: N802
        if request["EndpointConfigName"] in self._configs:
            raise RefusedError("Cannot create already existing endpoint configuration")
        variant = request["ProductionVariants"][0]
        self._configs[request["EndpointConfigName"]] = self._models[variant["ModelName"]]
        self.types[request["EndpointConfigName"]] = variant["InstanceType"]
        return {"EndpointConfigArn": "arn"}

    def _DescribeEndpoint(self, request: Params) -> Params:  # noqa: N802
        found = self._existing(request)
        stage = {"VariantName": "AllTraffic", "VariantStatus": [{"Status": "Baking" if found.baking else "Creating"}]}
        summary = {"EndpointConfigName": found.target, "ProductionVariants": [stage]}
        pending = {"PendingDeploymentSummary": summary} if found.target else {}
        failure = {"FailureReason": found.failure} if found.failure else {}
        variant = {"VariantName": "AllTraffic", "DesiredInstanceCount": found.instances}
        described = {
            "EndpointStatus": found.status,
            "EndpointConfigName": found.config,
            "LastModifiedTime": NOW + timedelta(seconds=self.ends),
            "ProductionVariants": [variant],
        }
        return {**described, **pending, **failure}

    def _CreateEndpoint(self, request: Params) -> Params:  # noqa: N802
        if self.endpoint:
            raise RefusedError("Cannot create already existing endpoint")
        self.endpoint = Endpoint("Creating", request["EndpointConfigName"])
        return {"EndpointArn": "arn"}

    def _UpdateEndpoint(self, request: Params) -> Params:  # noqa: N802
        found = self._existing(request)
        if found.status not in STABLE:
            raise RefusedError("Cannot update in-progress endpoint")
        policy = request["DeploymentConfig"]
        if {each["AlarmName"] for each in policy["AutoRollbackConfiguration"]["Alarms"]} - set(self.alarms):
            raise RefusedError("One or more of the alarms does not exist")
        before, after = (self.types.get(each) for each in (found.config, request["EndpointConfigName"]))
        if self.limits and before != after:
            raise RefusedError("the instance type of a variant that is scaled cannot change")
        self.policies.append(policy)
        retained = {name: value for name, value in request.items() if "Retain" in name}
        self.retained.append(retained)
        instances = found.instances if retained else int(ENVIRONMENT["INSTANCE_COUNT"])
        self.endpoint = Endpoint("Updating", found.config, request["EndpointConfigName"], None, instances)
        return {"EndpointArn": "arn"}

    def _DeleteEndpoint(self, request: Params) -> Params:  # noqa: N802
        found = self._existing(request)
        if found.status not in STABLE | {"Failed"}:
            raise RefusedError("Cannot update in-progress endpoint")
        if self.limits:
            raise RefusedError("not authorized to perform: application-autoscaling:DeregisterScalableTarget")
        self.endpoint = Endpoint("Deleting", found.config)
        self.tags.pop(ENVIRONMENT["ENDPOINT_NAME"], None)
        return {}

    def _ListTags(self, request: Params) -> Params:  # noqa: N802
        """One tag a page."""
        found = list(self._tagged(request).items())
        place = int(request.get("NextToken", "0"))
        page = [{"Key": key, "Value": value} for key, value in found[place : place + 1]]
        return {"Tags": page, **({"NextToken": str(place + 1)} if place + 1 < len(found) else {})}

    def _AddTags(self, request: Params) -> Params:  # noqa: N802
        self._tagged(request).update({each["Key"]: each["Value"] for each in request["Tags"]})
        return {"Tags": []}

    def _DeleteTags(self, request: Params) -> Params:  # noqa: N802
        for key in request["TagKeys"]:
            self._tagged(request).pop(key, None)
        return {}

    def _tagged(self, request: Params) -> dict[str, str]:
        place, _, resource = request["ResourceArn"].rpartition(":")
        assert place == "arn:aws:sagemaker:eu-west-1:123456789012"  # the account and region of the function
        kind, _, name = resource.partition("/")
        assert kind in {"endpoint", "endpoint-config"}
        there = name in self._configs if kind == "endpoint-config" else self.endpoint is not None
        if not there:
            raise RefusedError(f"Could not find {request['ResourceArn']}")
        return self.tags.setdefault(name, {})

    def _ListEndpointConfigs(self, request: Params) -> Params:  # noqa: N802
        return {"EndpointConfigs": self._listed("EndpointConfigName", self._configs, request)}

    def _ListModels(self, request: Params) -> Params:  # noqa: N802
        return {"Models": self._listed("ModelName", self._models, request)}

    def _listed(self, key: str, names: Iterable[str], request: Params) -> list[Params]:
        found = [name for name in names if request["NameContains"] in name]
        return [{key: name, "CreationTime": self.created.get(name, NOW)} for name in found]

    def _DescribeEndpointConfig(self, request: Params) -> Params:  # noqa: N802
        if (name := request["EndpointConfigName"]) not in self._configs:
            raise RefusedError(f"Could not find endpoint configuration {name}")
        models = [model for model, package in self._models.items() if package == self._configs[name]]
        own = [name] if name in models else models[:1]
        more = {"VariantName": "AllTraffic", "InstanceType": self.types.get(name, "ml.m5.large")}
        return {"ProductionVariants": [{"ModelName": model, **more} for model in own]}

    def _DeleteEndpointConfig(self, request: Params) -> Params:  # noqa: N802
        if self._configs.pop(request["EndpointConfigName"], None) is None:
            raise RefusedError("Could not find endpoint configuration")
        return {}

    def _DeleteModel(self, request: Params) -> Params:  # noqa: N802
        if self._models.pop(request["ModelName"], None) is None:
            raise RefusedError("Could not find model")
        return {}

    def _UpdateEndpointWeightsAndCapacities(self, request: Params) -> Params:  # noqa: N802
        found = self._existing(request)
        if found.status != "InService":
            raise RefusedError("Cannot update in-progress endpoint")
        (change,) = request["DesiredWeightsAndCapacities"]
        self.endpoint = Endpoint("Updating", found.config, instances=change["DesiredInstanceCount"])
        return {"EndpointArn": "arn"}

    def _existing(self, request: Params) -> Endpoint:
        if self.endpoint is None or request["EndpointName"] != ENVIRONMENT["ENDPOINT_NAME"]:
            raise RefusedError("Could not find endpoint")
        return self.endpoint


def _all_but_s3(connected: Clients) -> tuple[Any, ...]:
    return connected.sagemaker, connected.cloudwatch, connected.sns, connected.autoscaling, connected.runtime
