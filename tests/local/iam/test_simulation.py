"""SimulatePrincipalPolicy: whether a role's policies allow actions, which the SageMaker SDK asks."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.support import client, policy


def test_the_policies_of_a_role_decide(aws: Any) -> None:
    iam = client(aws, "iam")
    trust = policy({"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName="simulated", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    granted = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::mine/*"}
    denied = {"Effect": "Deny", "Action": "s3:Put*", "Resource": "arn:aws:s3:::other/*"}
    grants = policy(granted, denied)
    iam.put_role_policy(RoleName="simulated", PolicyName="p", PolicyDocument=grants)
    answer = iam.simulate_principal_policy(
        PolicySourceArn=role,
        ActionNames=["s3:GetObject", "s3:PutObject"],
        ResourceArns=["arn:aws:s3:::mine/a", "arn:aws:s3:::other/a"],
    )
    assert [result["EvalDecision"] for result in answer["EvaluationResults"]] == [
        *("allowed", "implicitDeny", "implicitDeny", "explicitDeny")
    ]
    assert answer["EvaluationResults"][1]["EvalResourceName"] == "arn:aws:s3:::other/a"
    for source, code in (
        (role.replace("simulated", "nobody"), "NoSuchEntity"),
        (f"{role[:-14]}user/x", "InvalidInput"),
    ):
        with pytest.raises(ClientError) as raised:
            iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=["s3:GetObject"])
        assert raised.value.response["Error"]["Code"] == code
