"""Answers the operations of Application Auto Scaling for variants of endpoints, and keeps what they make."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import asdict
from threading import RLock
from typing import Protocol

from local.iam.actions import SCALING_ROLE
from local.iam.resources import SCALING
from local.metrics.alarms import Alarms
from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_protocol import check, operation_model, shaped
from local.protocol.json_types import Record
from local.runtime.context import Clock, Context, now
from local.scaling import checks
from local.scaling.alarms import alarm_name, definitions
from local.scaling.targets import MINUTE, Activity, Policy, Target, parts_of

Operation = Callable[[Record], Record]
MOST_ACTIVITIES = 500
PAGE = 50


class Variants(Protocol):
    """The variants of endpoints."""

    def variant(self, endpoint: str, name: str) -> Record | None:
        """A variant with its counts, EndpointStatus and InstanceType; None if there is no such variant."""

    def resize(self, endpoint: str, variant: str, count: int) -> None:
        """Begins to give a variant another number of instances. Raises ServiceError."""


class ScalingService:
    """Scalable targets, and the policy and the activities of each."""

    def __init__(
        self, context: Context, alarms: Alarms, variants: Variants, period: int = MINUTE, clock: Clock = now
    ) -> None:
        """`period` is that of the alarms of new policies, in seconds."""
        self._context = context
        self._alarms = alarms
        self._variants = variants
        self._period = period
        self._clock = clock
        self.targets: dict[str, Target] = {}  # by resource, as the policies
        self.policies: dict[str, Policy] = {}
        self.activities: list[Activity] = []  # newest first
        self.lock = RLock()
        self._operations: dict[str, Operation] = {
            "RegisterScalableTarget": self._register,
            "DeregisterScalableTarget": self._deregister,
            "DescribeScalableTargets": self._describe_targets,
            "PutScalingPolicy": self._put_policy,
            "DeleteScalingPolicy": self._delete_policy,
            "DescribeScalingPolicies": self._describe_policies,
            "DescribeScalingActivities": self._describe_activities,
        }

    def answer(self, operation: str, request: Record) -> Record:
        """Answers a request about SageMaker's variants with a JSON value. Raises ServiceError."""
        model = operation_model(SCALING, operation)
        check(model, request)
        if operation not in self._operations:
            raise ValidationError(f"The local AWS does not execute {operation} for endpoints of SageMaker")
        with self.lock:
            self.forget_what_is_gone()
            answer: Record = shaped(model.output_shape, self._operations[operation](request))
        return answer

    def is_target(self, endpoint: str, variant: str) -> bool:
        """Whether a variant is scaled. Takes no lock, as endpoints ask under one of their own."""
        return f"endpoint/{endpoint}/variant/{variant}" in self.targets

    def remember(self) -> Record:
        """All targets, policies and activities."""
        return {
            "targets": [asdict(each) for each in list(self.targets.values())],
            "policies": [asdict(each) for each in list(self.policies.values())],
            "activities": [asdict(each) for each in self.activities],
        }

    def recall(self, kept: Record) -> None:
        """Takes back what `remember` gave."""
        self.targets = {each["resource"]: Target(**each) for each in kept["targets"]}
        self.policies = {each["resource"]: Policy(**each) for each in kept["policies"]}
        self.activities = [Activity(**each) for each in kept["activities"]]

    def forget_what_is_gone(self) -> None:
        """Deregisters targets whose endpoint or variant is gone, as AWS does."""
        for target in list(self.targets.values()):
            if self._variants.variant(target.endpoint, target.variant) is None:
                self._remove(target.resource)

    def resize(self, target: Target, before: int, after: int, cause: str) -> None:
        """Begins to give a target another number of instances, and notes that."""
        activity = Activity(str(uuid.uuid4()), target.resource, cause, before, after, self._clock())
        try:
            self._variants.resize(target.endpoint, target.variant, after)
        except ServiceError as error:  # somebody has begun to change the endpoint
            activity = activity.ending(
                "Failed", f"Failed to set desired instance count to {after}: {error}", self._clock()
            )
        self.activities = [activity, *self.activities][:MOST_ACTIVITIES]
        self._context.say(f"scaling {target.resource}: {before} -> {after} instances, as {cause}")

    def end(self, activity: Activity, status: str, message: str) -> None:
        """Notes the end of an activity."""
        ended = activity.ending(status, message, self._clock())
        self.activities = [ended if each is activity else each for each in self.activities]
        self._context.changed.set()

    def _register(self, request: Record) -> Record:
        resource, before = request["ResourceId"], self.targets.get(request["ResourceId"])
        variant = checks.variant_of(request, self._variants.variant(*parts_of(resource)))
        least, most = checks.capacities(request, before)
        suspended = {**(before.suspended if before else {}), **request.get("SuspendedState", {})}
        arn = before.arn if before else self._context.arn(SCALING, f"scalable-target/{secrets.token_hex(18)}")
        role = f"arn:{arn.split(':')[1]}:iam::{self._context.account}:{SCALING_ROLE}"
        created = before.created if before else self._clock()
        self.targets[resource] = target = Target(resource, least, most, arn, role, created, suspended)
        count: int = variant["DesiredInstanceCount"]
        if (allowed := target.within(count)) != count and variant["EndpointStatus"] == "InService":
            limit = f"minimum capacity was set to {least}" if allowed > count else f"maximum capacity was set to {most}"
            self.resize(target, count, allowed, limit)
        return {"ScalableTargetARN": arn}

    def _deregister(self, request: Record) -> Record:
        self._remove(self._find(request).resource)
        return {}

    def _describe_targets(self, request: Record) -> Record:
        wanted = request.get("ResourceIds") or list(self.targets)
        found = [self.targets[each].described() for each in wanted if each in self.targets]
        return _page(request, "ScalableTargets", found)

    def _put_policy(self, request: Record) -> Record:
        resource, name = self._find(request).resource, request["PolicyName"]
        before = self.policies.get(resource)
        configuration = checks.policy_configuration(request, before)
        place = f"scalingPolicy:{uuid.uuid4()}:resource/sagemaker/{resource}:policyName/{name}"
        policy = Policy(
            name=name,
            resource=resource,
            arn=before.arn if before else self._context.arn("autoscaling", place),
            created=before.created if before else self._clock(),
            configuration=configuration,
            high=before.high if before else alarm_name(resource, "High"),
            low=before.low if before else alarm_name(resource, "Low"),
            period=self._period,
        )
        for alarm in definitions(policy):
            self._alarms.make(alarm)
        self.policies[resource] = policy
        return {"PolicyARN": policy.arn, "Alarms": policy.alarms()}

    def _delete_policy(self, request: Record) -> Record:
        policy = self.policies.get(self._find(request).resource)
        if policy is None or policy.name != request["PolicyName"]:
            raise ServiceError("ObjectNotFoundException", f"There is no scaling policy {request['PolicyName']}")
        self._remove_policy(policy.resource)
        return {}

    def _describe_policies(self, request: Record) -> Record:
        names, resource = request.get("PolicyNames"), request.get("ResourceId")
        known = [each for each in self.policies.values() if resource in (None, each.resource)]
        found = [each.described() for each in known if not names or each.name in names]
        return _page(request, "ScalingPolicies", found)

    def _describe_activities(self, request: Record) -> Record:
        if request.get("IncludeNotScaledActivities"):
            raise ValidationError(
                "The local AWS does not act upon IncludeNotScaledActivities of DescribeScalingActivities"
            )
        resource = request.get("ResourceId")
        found = [each.described() for each in self.activities if resource in (None, each.resource)]
        return _page(request, "ScalingActivities", found)

    def _find(self, request: Record) -> Target:
        """The target that a request names. Raises ServiceError."""
        if target := self.targets.get(request["ResourceId"]):
            return target
        raise ServiceError("ObjectNotFoundException", f"There is no scalable target {request['ResourceId']}")

    def _remove(self, resource: str) -> None:
        self._remove_policy(resource)
        del self.targets[resource]
        self._context.changed.set()

    def _remove_policy(self, resource: str) -> None:
        if policy := self.policies.pop(resource, None):
            self._alarms.remove([policy.high, policy.low])


def _page(request: Record, member: str, found: list[Record]) -> Record:
    """A page of what was found."""
    text = request.get("NextToken", "0")
    if not text.isdecimal():
        raise ServiceError("InvalidNextTokenException", f"The NextToken '{text}' is none of this operation's")
    first, size = int(text), request.get("MaxResults", PAGE)
    more = {"NextToken": str(first + size)} if first + size < len(found) else {}
    return {member: found[first : first + size], **more}
