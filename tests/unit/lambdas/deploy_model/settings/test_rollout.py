"""What SageMaker is asked for when a version takes over. botocore's model checks it in the tests that update."""

import json

import pytest
from unit.lambdas.deployment import ENVIRONMENT, ROLLOUT

from lambdas.deploy_model.settings.rollout import Rollout
from lambdas.shared.errors import ConfigurationError


def rollout(**changed: object) -> Rollout:
    return Rollout.parse({"DEPLOYMENT": json.dumps(ROLLOUT | changed)})


def test_a_canary_is_tried_before_the_rest_follows() -> None:
    assert rollout(canary_instances=2).deployment_config(["a", "b"]) == {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "CANARY",
                "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 2},
                "WaitIntervalInSeconds": 600,
            },
            "TerminationWaitInSeconds": 300,
            "MaximumExecutionTimeoutInSeconds": 3600,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "a"}, {"AlarmName": "b"}]},
    }


def test_all_at_once_has_one_step_and_no_canary() -> None:
    policy = rollout(traffic="all_at_once").deployment_config(["a"])["BlueGreenUpdatePolicy"]
    assert policy["TrafficRoutingConfiguration"] == {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    assert policy["TerminationWaitInSeconds"] == 300


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "as JSON"),
        ("[]", "as JSON"),
        ("{}", "missing 6 required"),
        (json.dumps(ROLLOUT | {"speed": 1}), "'speed'"),
        (json.dumps(ROLLOUT | {"traffic": "linear"}), "all_at_once or canary, got 'linear'"),
    ],
)
def test_wrong_settings_are_told(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=f"DEPLOYMENT .*{words}"):
        Rollout.parse(ENVIRONMENT | {"DEPLOYMENT": text})
