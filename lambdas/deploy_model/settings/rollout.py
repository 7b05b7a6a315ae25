"""How a new version takes the place of the one that serves: the settings of `endpoint.deployment`.

SageMaker starts a fleet of its own for the new version, and sends all requests to it, or first a part of them. While it
does, alarms watch the new fleet; when one rings, all requests go back to the old fleet, which still runs. (SageMaker
developer guide, "deployment guardrails".)
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from lambdas.shared.environment import variable
from lambdas.shared.errors import ConfigurationError

ROUTING = {"all_at_once": "ALL_AT_ONCE", "canary": "CANARY"}


@dataclass(frozen=True)
class Rollout:
    """The settings. `scones deploy` has checked their limits, and SageMaker checks them again."""

    traffic: str  # a key of ROUTING
    canary_instances: int
    wait_seconds: int
    termination_seconds: int
    maximum_seconds: int
    latency_milliseconds: int

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """Reads the environment variable DEPLOYMENT, a JSON object with these fields; raises ConfigurationError."""
        found = variable(environment, "DEPLOYMENT")
        try:
            settings = cls(**json.loads(found))
        except (ValueError, TypeError) as error:
            raise ConfigurationError(
                f"the environment variable DEPLOYMENT must be the settings of endpoint.deployment as JSON: {error}"
            ) from error
        if settings.traffic not in ROUTING:
            allowed = " or ".join(ROUTING)
            raise ConfigurationError(f"traffic in DEPLOYMENT must be {allowed}, got {settings.traffic!r}")
        return settings

    def deployment_config(self, alarms: Sequence[str]) -> dict[str, Any]:
        """The argument DeploymentConfig of UpdateEndpoint, with the names of the alarms at which it goes back."""
        policy = {
            "TrafficRoutingConfiguration": self._routing(),
            "TerminationWaitInSeconds": self.termination_seconds,
            "MaximumExecutionTimeoutInSeconds": self.maximum_seconds,
        }
        rollback = {"Alarms": [{"AlarmName": name} for name in alarms]}
        return {"BlueGreenUpdatePolicy": policy, "AutoRollbackConfiguration": rollback}

    def _routing(self) -> dict[str, Any]:
        if self.traffic == "all_at_once":  # there is only one step, so nothing to wait for
            return {"Type": ROUTING[self.traffic], "WaitIntervalInSeconds": 0}
        size = {"Type": "INSTANCE_COUNT", "Value": self.canary_instances}
        return {"Type": ROUTING[self.traffic], "WaitIntervalInSeconds": self.wait_seconds, "CanarySize": size}
