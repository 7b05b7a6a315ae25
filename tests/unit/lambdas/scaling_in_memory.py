"""A model of Application Auto Scaling, for one endpoint's variant."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from unit.lambdas.registry_in_memory import Params, RefusedError

if TYPE_CHECKING:
    from unit.lambdas.endpoint_in_memory import Endpoint


@dataclass
class Scaling:
    """The limits between which the variant is scaled, and how it is."""

    limits: tuple[int, int] | None = None
    tracking: Params | None = None

    def _RegisterScalableTarget(self, request: Params) -> Params:  # noqa: N802
        assert self._scaled(request).status == "InService"
        self.limits = request["MinCapacity"], request["MaxCapacity"]
        return {"ScalableTargetARN": "arn"}

    def _DeregisterScalableTarget(self, request: Params) -> Params:  # noqa: N802
        self._scaled(request)
        if self.limits is None:
            raise RefusedError("No scalable target found", "ObjectNotFoundException")
        self.limits = self.tracking = None
        return {}

    def _DescribeScalableTargets(self, request: Params) -> Params:  # noqa: N802
        assert set(request) == {"ServiceNamespace", "ResourceIds", "ScalableDimension"}
        named = dict(zip(("MinCapacity", "MaxCapacity"), self.limits or (), strict=False))
        return {"ScalableTargets": [{**named, "ResourceId": request["ResourceIds"][0]}] if self.limits else []}

    def _PutScalingPolicy(self, request: Params) -> Params:  # noqa: N802
        self._scaled(request)
        if self.limits is None:
            raise RefusedError("No scalable target found", "ObjectNotFoundException")
        assert (request["PolicyName"], request["PolicyType"]) == ("invocations", "TargetTrackingScaling")
        self.tracking = request["TargetTrackingScalingPolicyConfiguration"]
        return {"PolicyARN": "arn"}

    def _DescribeScalingPolicies(self, request: Params) -> Params:  # noqa: N802
        self._scaled(request)
        assert request["PolicyNames"] == ["invocations"]  # somebody else may have others
        if self.tracking is None:
            return {"ScalingPolicies": []}
        kept = {**self.tracking, "DisableScaleIn": False}  # AWS tells of more than it was given
        return {"ScalingPolicies": [{"TargetTrackingScalingPolicyConfiguration": kept}]}

    def _scaled(self, request: Params) -> "Endpoint":
        """The endpoint whose variant a request to Application Auto Scaling names."""
        variant = ("sagemaker", "sagemaker:variant:DesiredInstanceCount")
        assert (request["ServiceNamespace"], request["ScalableDimension"]) == variant
        name = request["ResourceId"].removeprefix("endpoint/").removesuffix("/variant/AllTraffic")
        return self._existing({"EndpointName": name})

    def _existing(self, request: Params) -> "Endpoint":
        raise NotImplementedError
