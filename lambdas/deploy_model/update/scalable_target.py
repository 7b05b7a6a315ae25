"""Keeps the endpoint's variant registered with Application Auto Scaling as the settings say, and lets it go in time."""

from collections.abc import Mapping

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.deploy_model import plan
from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.settings.scaling import Scaling
from lambdas.deploy_model.state import marks
from lambdas.deploy_model.state.endpoint import Endpoint, instance_type
from lambdas.deploy_model.update.actions import busy
from lambdas.shared.deployments import VARIANT, scalable_target
from lambdas.shared.errors import EndpointBusy
from lambdas.shared.logging import logger

POLICY = "invocations"
ABSENT = "ObjectNotFoundException"


def keep(aws: Clients, configuration: Configuration, current: Endpoint | None) -> None:
    """Has the variant scaled as the settings say, or not any more, if the endpoint is in service.

    The tag comes first and goes last, so that whoever is cut off in between leaves no registration of which nobody
    knows.
    """
    if current is None or current.status != plan.IN_SERVICE:
        return
    if configuration.scaling.enabled:
        if not current.scaled:
            marks.note_scaling(aws.sagemaker, configuration.endpoint_arn(aws.region))
        register(aws.autoscaling, scalable_target(configuration.endpoint_name), configuration.scaling)
    elif current.scaled:
        stop(aws, configuration, current)


def stop(aws: Clients, configuration: Configuration, current: Endpoint) -> None:
    """Ends the scaling, and brings the endpoint back to the number of instances that the settings say."""
    deregister(aws.autoscaling, scalable_target(configuration.endpoint_name))
    try:
        if current.instances != configuration.instance_count:
            set_instances(aws, configuration)
    except EndpointBusy as error:  # the tag stays, so that the next look goes on
        logger.info("the endpoint is being changed", reason=str(error))
        return
    marks.forget_scaling(aws.sagemaker, configuration.endpoint_arn(aws.region))


def make_way(aws: Clients, configuration: Configuration, current: Endpoint | None, change: plan.Change) -> None:
    """Ends the scaling before a change that SageMaker refuses for a variant that is scaled.

    Those are the endpoint's end and another instance type. After an update `keep` registers the variant again.
    """
    if current is None or not current.scaled:
        return
    other_type = change == "update" and instance_type(aws.sagemaker, current.served) != configuration.instance_type
    if change == "delete" or other_type:
        deregister(aws.autoscaling, scalable_target(configuration.endpoint_name))


def set_instances(aws: Clients, configuration: Configuration) -> None:
    """Gives the variant the number of instances of the settings; raises EndpointBusy."""
    change = {"VariantName": VARIANT, "DesiredInstanceCount": configuration.instance_count}
    try:
        aws.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=configuration.endpoint_name, DesiredWeightsAndCapacities=[change]
        )
    except ClientError as error:
        raise busy(error, configuration.endpoint_name) from error


def register(autoscaling: BaseClient, target: Mapping[str, str], scaling: Scaling) -> None:
    """Sees to it that the variant has these limits and this policy. What is as it should be is left alone."""
    if not has_limits(autoscaling, target, scaling):
        autoscaling.register_scalable_target(**target, **scaling.limits())
    if not has_policy(autoscaling, target, scaling):
        autoscaling.put_scaling_policy(
            **target,
            PolicyName=POLICY,
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=scaling.tracking(),
        )


def has_limits(autoscaling: BaseClient, target: Mapping[str, str], scaling: Scaling) -> bool:
    """Whether the variant is registered with the limits of the settings."""
    found = autoscaling.describe_scalable_targets(
        ServiceNamespace=target["ServiceNamespace"],
        ResourceIds=[target["ResourceId"]],
        ScalableDimension=target["ScalableDimension"],
    )["ScalableTargets"]
    return any(scaling.limits().items() <= each.items() for each in found)


def has_policy(autoscaling: BaseClient, target: Mapping[str, str], scaling: Scaling) -> bool:
    """Whether the variant has the policy of the settings. AWS may tell more of it than it was given."""
    found = autoscaling.describe_scaling_policies(**target, PolicyNames=[POLICY])["ScalingPolicies"]
    kept = [each["TargetTrackingScalingPolicyConfiguration"] for each in found]
    return any(all(each.get(key) == value for key, value in scaling.tracking().items()) for each in kept)


def deregister(autoscaling: BaseClient, target: Mapping[str, str]) -> None:
    """Ends the scaling of the variant, with its policy and alarms; that it is not registered is no error."""
    try:
        autoscaling.deregister_scalable_target(**target)
    except ClientError as error:
        if error.response["Error"]["Code"] != ABSENT:
            raise
