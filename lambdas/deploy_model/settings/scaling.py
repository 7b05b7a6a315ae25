"""How many instances the endpoint has: the settings of `endpoint.scaling`, and what Application Auto Scaling is told.

The variant is registered once the endpoint is in service. A new version keeps it registered, unless the instance type
changes, which SageMaker refuses for a variant that is scaled (SageMaker developer guide, "Update endpoints that use
auto scaling"). That the function has registered it is noted in a tag of the endpoint. So nobody who does not use this
needs Application Auto Scaling, and what a person has registered by hand is left alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from lambdas.shared.environment import variable
from lambdas.shared.errors import ConfigurationError

# What a new configuration decides although the number of instances is retained.
DECIDED_ANEW = [{"VariantPropertyType": "DesiredWeight"}, {"VariantPropertyType": "DataCaptureConfig"}]


@dataclass(frozen=True)
class Scaling:
    """The settings. `scones deploy` has checked their limits, and AWS checks them again."""

    enabled: bool
    min_instances: int
    max_instances: int
    invocations_per_instance: int  # in a minute
    scale_in_cooldown_seconds: int
    scale_out_cooldown_seconds: int

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """Reads the environment variable SCALING, a JSON object with these fields; raises ConfigurationError."""
        try:
            return cls(**json.loads(variable(environment, "SCALING")))
        except (ValueError, TypeError) as error:
            raise ConfigurationError(
                f"the environment variable SCALING must be the settings of endpoint.scaling as JSON: {error}"
            ) from error

    def retention(self, instances: int | None) -> dict[str, Any]:
        """Arguments of UpdateEndpoint that keep the number of instances, of which there are so many now.

        Without them an update would begin again with the configuration's number. A number outside of the limits, as
        before the variant was scaled, is not kept: a canary may be too large a part of it.
        """
        if not self.enabled or instances is None or not self.min_instances <= instances <= self.max_instances:
            return {}
        return {"RetainAllVariantProperties": True, "ExcludeRetainedVariantProperties": DECIDED_ANEW}

    def limits(self) -> dict[str, int]:
        """Arguments of RegisterScalableTarget."""
        return {"MinCapacity": self.min_instances, "MaxCapacity": self.max_instances}

    def tracking(self) -> dict[str, Any]:
        """The argument TargetTrackingScalingPolicyConfiguration of PutScalingPolicy."""
        return {
            "TargetValue": float(self.invocations_per_instance),
            "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
            "ScaleInCooldown": self.scale_in_cooldown_seconds,
            "ScaleOutCooldown": self.scale_out_cooldown_seconds,
        }
