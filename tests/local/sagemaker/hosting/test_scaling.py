"""Application Auto Scaling of a running local AWS, by real clients; that it follows the load is tested with a clock."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.support import client

RESOURCE = "endpoint/scaled/variant/AllTraffic"
KEY = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": RESOURCE,
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
TRACKING = {
    "TargetValue": 60.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
}


@pytest.fixture(scope="module")
def scaling(aws: LocalAws) -> Any:
    return client(aws, "application-autoscaling")


@pytest.fixture
def settled(sagemaker: Any, wait: Any) -> Callable[[], list[dict[str, Any]]]:
    """The variants, once the endpoint is in service."""
    describe = lambda: sagemaker.describe_endpoint(EndpointName="scaled")  # noqa: E731
    return lambda: wait(describe, "EndpointStatus", "InService")["ProductionVariants"]


def test_a_variant_is_registered_updated_and_deleted(
    aws: LocalAws, scaling: Any, sagemaker: Any, serve: Any, configure: Any, settled: Any
) -> None:
    serve("scaled")
    scaling.register_scalable_target(**KEY, MinCapacity=2, MaxCapacity=4)
    assert [each["CurrentInstanceCount"] for each in settled()] == [2]
    (activity,) = scaling.describe_scaling_activities(**KEY)["ScalingActivities"]
    assert activity["Cause"] == "minimum capacity was set to 2"
    policy = {"PolicyName": "by-load", "PolicyType": "TargetTrackingScaling"}
    made = scaling.put_scaling_policy(**KEY, **policy, TargetTrackingScalingPolicyConfiguration=TRACKING)
    names = [each["AlarmName"] for each in made["Alarms"]]
    (high, low) = client(aws, "cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert (high["MetricName"], high["Threshold"], low["Threshold"]) == ("InvocationsPerInstance", 60, 54)
    assert (high["Period"], high["EvaluationPeriods"], low["EvaluationPeriods"]) == (60, 3, 15)
    (described,) = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert described["TargetTrackingScalingPolicyConfiguration"] == TRACKING

    served = sagemaker.describe_endpoint(EndpointName="scaled")["EndpointConfigName"]
    [variant] = sagemaker.describe_endpoint_config(EndpointConfigName=served)["ProductionVariants"]
    larger = {**variant, "InstanceType": "ml.m5.xlarge"}
    sagemaker.create_endpoint_config(EndpointConfigName="larger", ProductionVariants=[larger])
    with pytest.raises(ClientError, match="deregister it as a scalable target first"):
        sagemaker.update_endpoint(EndpointName="scaled", EndpointConfigName="larger")
    retain = {"RetainAllVariantProperties": True}
    sagemaker.update_endpoint(EndpointName="scaled", EndpointConfigName=configure("scaled-again"), **retain)
    assert [each["CurrentInstanceCount"] for each in settled()] == [2]

    sagemaker.delete_endpoint(EndpointName="scaled")
    assert scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []
    assert client(aws, "cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"] == []


def test_targets_of_other_services_are_motos(scaling: Any) -> None:
    table = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": "table/t",
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
    }
    scaling.register_scalable_target(**table, MinCapacity=1, MaxCapacity=2)
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    assert target["ResourceId"] == "table/t"
