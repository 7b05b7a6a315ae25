"""What descriptions and events say of a deployment."""

from datetime import UTC, datetime

from botocore.validate import ParamValidator

from local.protocol.json_protocol import operation_model
from local.sagemaker.hosting.records import event_detail, leaving, pending, pending_variants

MOMENT = datetime(2026, 3, 4, tzinfo=UTC)
CONFIG = {
    "EndpointConfigName": "new",
    "ProductionVariants": [
        {
            "VariantName": "a",
            "InitialInstanceCount": 3,
            "InitialVariantWeight": 1.0,
            "InstanceType": "ml.m5.large",
        }
    ],
}


def test_the_summary_of_a_deployment_has_the_shape_of_aws() -> None:
    message = "Baking for 600 seconds (…) with traffic enabled on canary capacity of {active} instance(s)."
    variants = pending_variants(CONFIG, {"a": 1}, "Baking", message, MOMENT)
    summary = {**pending(CONFIG, MOMENT), "ProductionVariants": variants}
    shape = operation_model("sagemaker", "DescribeEndpoint").output_shape.members["PendingDeploymentSummary"]
    assert not ParamValidator().validate(summary, shape).has_errors()
    assert (variants[0]["CurrentInstanceCount"], variants[0]["DesiredInstanceCount"]) == (1, 3)
    (status,) = variants[0]["VariantStatus"]
    assert status["StatusMessage"].endswith("with traffic enabled on canary capacity of 1 instance(s).")
    (creating,) = pending_variants(CONFIG, {}, "Creating", "Launching {count} instance(s).", MOMENT)
    assert creating["VariantStatus"][0]["StatusMessage"] == "Launching 3 instance(s)."


def test_events_write_the_status_and_the_tags_in_their_own_way() -> None:
    endpoint = {
        "EndpointName": "e",
        "EndpointStatus": "SystemUpdating",
        "Tags": [{"Key": "project", "Value": "scones"}],
        "FailureReason": None,
        "LastDeploymentConfig": {},
    }
    assert event_detail(endpoint) == {
        "EndpointName": "e",
        "EndpointStatus": "SYSTEM_UPDATING",
        "Tags": {"project": "scones"},
    }
    assert event_detail({**endpoint, "EndpointStatus": "InService"})["EndpointStatus"] == "IN_SERVICE"
    assert "PendingDeploymentSummary" in event_detail(
        {**endpoint, "PendingDeploymentSummary": {}}, "PendingDeploymentSummary"
    )


def test_an_old_fleet_says_that_it_ends() -> None:
    (variant,) = leaving([{"VariantName": "a", "CurrentInstanceCount": 2}], MOMENT)
    assert variant["VariantStatus"][0]["StatusMessage"] == "Terminating 2 instance(s)."
