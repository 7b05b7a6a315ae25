"""AWS's own managed policies, such as AmazonSageMakerFullAccess. moto has them, but keeps all 1,500 or none.

A policy is added to an account when somebody asks for it by its ARN.
"""

import functools
import json
import re
from collections.abc import Callable
from typing import Any

AWS_POLICY = re.compile(r"arn:aws[\w-]*:iam::aws:policy/(.+/)?(?P<name>[^/]+)")
METHODS = ("attach_role_policy", "attach_user_policy", "attach_group_policy", "get_policy", "get_policy_version")


def use_managed_policies() -> None:
    """Lets moto's IAM find the policies of AWS."""
    from moto.iam.models import IAMBackend

    for name in METHODS:
        setattr(IAMBackend, name, _finding(getattr(IAMBackend, name)))


def _finding(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def with_policy(iam: Any, policy_arn: str, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        _add(iam, policy_arn)
        return method(iam, policy_arn, *given, **named)

    return with_policy


def _add(iam: Any, arn: str) -> None:  # noqa: ANN401
    found = AWS_POLICY.fullmatch(arn)
    if found is None or arn in iam.managed_policies:
        return
    from moto.iam.aws_managed_policies import aws_managed_policies_data
    from moto.iam.models import AWSManagedPolicy

    name = found["name"]
    if data := json.loads(aws_managed_policies_data).get(name):
        policy: Any = AWSManagedPolicy.from_data(name, iam.account_id, iam.region_name, data)
        if policy.arn == arn:  # also with its path
            iam.managed_policies[arn] = policy
            iam.aws_managed_policies.append(policy)  # by which ListPolicies knows it from an account's own
