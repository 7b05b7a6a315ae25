"""A model of one endpoint, which changes when the test says so."""

from dataclasses import dataclass, field
from datetime import timedelta

from unit.lambdas.alarms_in_memory import Telling
from unit.lambdas.configurations_in_memory import Configurations
from unit.lambdas.deployment import ENVIRONMENT
from unit.lambdas.registry_in_memory import NOW, Params, RefusedError
from unit.lambdas.scaling_in_memory import Scaling

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
class Serving(Configurations, Scaling, Telling):
    """The endpoint, its tags and those of its configurations, and what each of its updates was asked for."""

    endpoint: Endpoint | None = None
    tags: dict[str, dict[str, str]] = field(default_factory=dict)  # of endpoint and configurations, by name
    policies: list[Params] = field(default_factory=list)  # the DeploymentConfig of each update
    retained: list[Params] = field(default_factory=list)  # what each update was to retain
    ends: int = 0  # of changes; after each the endpoint has another time of its last change

    def serving(self) -> int | None:
        """The version that the endpoint serves; None where it serves none."""
        if self.endpoint is None or self.endpoint.status in {"Creating", "Failed", "Deleting", "OutOfService"}:
            return None
        return self.version_of(self.endpoint.config)

    def rolled_back(self) -> set[int]:
        """The versions with a configuration that is marked as rolled back."""
        return {self.version_of(name) for name, tags in self.tags.items() if "rolled-back" in tags}

    def forgive(self, version: int) -> None:
        """A person removes the marks of a version."""
        for name, tags in self.tags.items():
            if name in self._configs and self.version_of(name) == version:
                tags.pop("rolled-back", None)

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

    def _UpdateEndpointWeightsAndCapacities(self, request: Params) -> Params:  # noqa: N802
        found = self._existing(request)
        if found.status != "InService":
            raise RefusedError("Cannot update in-progress endpoint")
        (change,) = request["DesiredWeightsAndCapacities"]
        self.endpoint = Endpoint("Updating", found.config, instances=change["DesiredInstanceCount"])
        return {"EndpointArn": "arn"}

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

    def _existing(self, request: Params) -> Endpoint:
        if self.endpoint is None or request["EndpointName"] != ENVIRONMENT["ENDPOINT_NAME"]:
            raise RefusedError("Could not find endpoint")
        return self.endpoint
