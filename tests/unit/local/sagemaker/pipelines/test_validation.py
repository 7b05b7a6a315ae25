"""What SageMaker does not take as a definition is refused when the pipeline is created."""

import json
from typing import Any

import pytest

from local.protocol.errors import DefinitionError
from local.sagemaker.pipelines.validation import validate

POLICY = {"ExceptionType": ["Step.THROTTLING"], "IntervalSeconds": 1, "BackoffRate": 2.0, "MaxAttempts": 5}
ONE = {"Name": "A", "Type": "Processing"}


def definition(*steps: dict[str, Any], parameters: Any = None, **more: Any) -> str:
    return json.dumps({"Version": "2020-12-01", "Parameters": parameters or [], "Steps": list(steps), **more})


def check(conditions: Any, *inner: dict[str, Any]) -> dict[str, Any]:
    return {
        "Name": "C",
        "Type": "Condition",
        "Arguments": {"Conditions": conditions, "IfSteps": inner, "ElseSteps": []},
    }


def test_what_sagemaker_takes_is_taken() -> None:
    equal = {"Type": "Equals", "LeftValue": {"Get": "Parameters.P"}, "RightValue": 1}
    policies = [POLICY, {"ExceptionType": ["SageMaker.CAPACITY_ERROR"], "ExpireAfterMin": 60}]
    validate(
        definition(
            {**ONE, "RetryPolicies": policies},
            check([{"Type": "Or", "Conditions": [equal]}, {"Type": "Not", "Expression": equal}], {**ONE, "Name": "B"}),
            {"Name": "EMR-1_x", "Type": "EMR", "DependsOn": ["A"]},  # it is refused when it is to run
            parameters=[{"Name": "P", "Type": "Integer", "DefaultValue": 1, "EnumValues": [1, 2]}],
        )
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (definition(ONE, Version="1999-01-01"), "its Version is '1999-01-01', not '2020-12-01'"),
        (definition({"Name": "A", "Type": "Dance"}), "the step 'A' has the unknown type 'Dance'"),
        (definition({"Name": "A b", "Type": "Training"}), "the step name 'A b' does not match"),
        (
            definition({"Name": "F", "Type": "Fail"}, {**ONE, "DependsOn": ["F"]}),
            "the step 'A' depends on 'F', which is a Fail step",
        ),
        (definition({**ONE, "DependsOn": ["Z"]}), "'A' depends on 'Z', which the definition does not have"),
        (definition({**ONE, "Arguments": {"x": {"Get": "Parameters.Q"}}}), "'A' uses the parameter 'Q'"),
        (definition(check([{"Type": "Near"}])), "a condition of the step 'C' has the unknown type 'Near'"),
        (definition(check([{"Type": "Not", "Condition": {"Type": "Near"}}])), "the unknown type 'Near'"),
        (definition(ONE, parameters=[{"Name": "P", "Type": "Date"}]), "'P' has the unknown type 'Date'"),
        (definition(ONE, parameters=[{"Type": "String"}]), "a parameter has no 'Name'"),
        (definition(ONE, parameters=[{"Name": "P", "Type": "String"}] * 2), "two parameters are named 'P'"),
        (definition(ONE, parameters=[{"Name": "P", "Type": "Integer", "DefaultValue": "x"}]), "'P' is of type Integer"),
        (definition({**ONE, "RetryPolicies": {}}), "RetryPolicies of the step 'A' is not a list"),
        (definition({**ONE, "RetryPolicies": ["x"]}), "a retry policy of the step 'A' is not an object"),
    ],
)
def test_other_definitions_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(DefinitionError, match=complaint):
        validate(text)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"ExceptionType": ["Step.BAD_LUCK"]}, "has the unknown ExceptionType 'Step.BAD_LUCK'"),
        ({"ExceptionType": []}, "has no list 'ExceptionType'"),
        ({"MaxAttempts": 0}, "has the MaxAttempts 0; expected a number from 1 to 20"),
        ({"MaxAttempts": 21}, "has the MaxAttempts 21"),
        ({"MaxAttempts": "3"}, "has the MaxAttempts '3'"),
        ({"BackoffRate": -1}, "has the BackoffRate -1"),
        ({"IntervalSeconds": True}, "has the IntervalSeconds True"),
        ({"ExpireAfterMin": 5}, "has both MaxAttempts and ExpireAfterMin"),
        ({"Attempts": 5}, "has the unknown member 'Attempts'"),
    ],
)
def test_bad_retry_policies_are_refused(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DefinitionError, match=f"a retry policy of the step 'A' {complaint}"):
        validate(definition({**ONE, "RetryPolicies": [{**POLICY, **changed}]}))
