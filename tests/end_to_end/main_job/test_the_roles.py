"""The local AWS of this folder enforces IAM: the roles of infra/application.yaml suffice, and are needed.

This file comes last in its folder, because it takes a policy away.
"""

from pathlib import Path
from typing import Any

from end_to_end.support import MARKS, Scones

pytestmark = MARKS

ROLE, POLICY = "scones-unlimited-local-classify-image", "classify-image"
ENDPOINTS = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/"

# moto's CloudFormation leaves out policies of topics and queues, so the rules `pipeline-fails` and `workflow-fails`
# cannot tell anybody here.
OF_RULES = " to events.amazonaws.com"


def denied(scones: Scones) -> set[str]:
    """What the local AWS said that it has denied to roles so far."""
    lines = (scones.build.parent / "server.log").read_text().splitlines()
    found = {line.partition("iam: ")[2] for line in lines if "iam: denied" in line}
    return {each for each in found if not each.endswith(OF_RULES)}


def test_the_main_job_runs_with_its_roles_and_not_without(
    standing: Scones, first: dict[str, Any], archive_of_five: Path
) -> None:
    assert denied(standing) == set()
    standing.client("iam").delete_role_policy(RoleName=ROLE, PolicyName=POLICY)
    assert standing.here("workflow", "run", "--data", str(archive_of_five)).returncode != 0
    (refusal,) = denied(standing)
    assert refusal.startswith(f"denied: sagemaker:InvokeEndpoint on {ENDPOINTS}")
    assert refusal.endswith(f"to {ROLE}")
