"""The function's configuration, which it reads from its environment variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from lambdas.deploy_model.settings.hours import Hours
from lambdas.deploy_model.settings.rollout import Rollout
from lambdas.deploy_model.settings.scaling import Scaling
from lambdas.shared.environment import variable
from lambdas.shared.errors import ConfigurationError


@dataclass(frozen=True)
class Configuration:
    """The endpoint that the function deploys to, and the settings that it deploys with."""

    endpoint_name: str
    model_package_group: str
    model_role_arn: str
    instance_type: str
    instance_count: int
    capture_uri: str
    capture_percentage: int
    baseline_uri: str
    tags: Mapping[str, str]  # of what it makes, so that its costs are told apart
    network: Mapping[str, Any]  # the arguments of CreateModel about it; none: AWS's own network
    rollout: Rollout
    scaling: Scaling
    hours: Hours
    topic_arn: str  # of the topic that tells approvers
    metrics_namespace: str  # of the metrics that the function puts
    environment: str  # its name, for what people are told
    state_machine_arn: str | None  # of the state machine that calls this function until the endpoint is as it should be

    @property
    def account(self) -> str:
        """The account that the function runs in, which is that of the model's role."""
        return self.model_role_arn.split(":")[4]

    def arn(self, region: str, kind: str, name: str) -> str:
        """The ARN of a resource of SageMaker, such as an `endpoint-config`, in the account of the function."""
        return f"arn:{self.model_role_arn.split(':')[1]}:sagemaker:{region}:{self.account}:{kind}/{name}"

    def endpoint_arn(self, region: str) -> str:
        """The ARN of the endpoint."""
        return self.arn(region, "endpoint", self.endpoint_name)

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """Reads the environment variables below; raises ConfigurationError, which names the variable at fault."""
        return cls(
            endpoint_name=variable(environment, "ENDPOINT_NAME"),
            model_package_group=variable(environment, "MODEL_PACKAGE_GROUP"),
            model_role_arn=variable(environment, "MODEL_ROLE_ARN"),
            instance_type=variable(environment, "INSTANCE_TYPE"),
            instance_count=number(environment, "INSTANCE_COUNT", range(1, 1001)),
            capture_uri=variable(environment, "CAPTURE_URI"),
            capture_percentage=number(environment, "CAPTURE_PERCENTAGE", range(101)),
            baseline_uri=folder(environment, "BASELINE_URI"),
            tags=tags(environment.get("TAGS", "")),
            network=network(environment),
            rollout=Rollout.parse(environment),
            scaling=Scaling.parse(environment),
            hours=hours(environment),
            topic_arn=variable(environment, "TOPIC_ARN"),
            metrics_namespace=variable(environment, "METRICS_NAMESPACE"),
            environment=variable(environment, "ENVIRONMENT"),
            state_machine_arn=environment.get("STATE_MACHINE_ARN") or None,
        )


def hours(environment: Mapping[str, str]) -> Hours:
    """The hours in which there is an endpoint."""
    try:
        return Hours.parse(variable(environment, "HOURS"))
    except ValueError as error:
        raise ConfigurationError(f"the environment variable HOURS is wrong: {error}") from error


def tags(text: str) -> dict[str, str]:
    """The tags in a text such as `project=scones,environment=prod`; none if it is empty."""
    pairs = [each.partition("=") for each in text.split(",") if each]
    if any(not key or not equals for key, equals, _ in pairs):
        raise ConfigurationError(f"the environment variable TAGS must be key=value,key=value, got {text!r}")
    return {key: value for key, _, value in pairs}


def network(environment: Mapping[str, str]) -> dict[str, Any]:
    """The VPC that SUBNETS and SECURITY_GROUPS name, separated by commas, and whether the container is cut off."""
    subnets, groups = (environment.get(name, "") for name in ("SUBNETS", "SECURITY_GROUPS"))
    if bool(subnets) != bool(groups):
        raise ConfigurationError("the environment variables SUBNETS and SECURITY_GROUPS need each other")
    vpc = {"VpcConfig": {"Subnets": subnets.split(","), "SecurityGroupIds": groups.split(",")}} if subnets else {}
    isolated = {"EnableNetworkIsolation": True} if environment.get("NETWORK_ISOLATION") == "true" else {}
    return {**vpc, **isolated}


def folder(environment: Mapping[str, str], name: str) -> str:
    """An environment variable that has to be the URI of a folder in S3, without a slash at its end."""
    found = variable(environment, name)
    if not re.fullmatch(r"s3://[^/]+/.*[^/]", found):
        raise ConfigurationError(f"the environment variable {name} must be s3://<bucket>/<folder>, got {found!r}")
    return found


def number(environment: Mapping[str, str], name: str, allowed: range) -> int:
    """An environment variable that has to be a whole number in a range."""
    found = variable(environment, name)
    if not found.isdecimal() or int(found) not in allowed:
        expected = f"a whole number from {allowed.start} to {allowed.stop - 1}"
        raise ConfigurationError(f"the environment variable {name} must be {expected}, got {found!r}")
    return int(found)
