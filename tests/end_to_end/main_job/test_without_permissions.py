"""The local AWS of this folder enforces IAM: the roles of infra/application.yaml suffice, and are needed.

This file comes last in its folder, because it looks at what all others have needed, and takes a policy away.
"""

from pathlib import Path
from typing import Any

import pytest
from end_to_end.needs import allowing, documented, missing
from end_to_end.support import MARKS, Scones

pytestmark = MARKS

ROLE, POLICY = "scones-unlimited-local-classify-image", "classify-image"
# moto's CloudFormation leaves out policies of topics and queues, so rules cannot send to those of the template here.
SERVICE = " to events.amazonaws.com"
ENDPOINTS = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/"


def denied(scones: Scones) -> set[str]:
    """What the local AWS said that it has denied to roles so far."""
    lines = (scones.build.parent / "server.log").read_text().splitlines()
    return {line.partition("iam: ")[2] for line in lines if "iam: denied" in line and not line.endswith(SERVICE)}


def test_the_document_has_every_statement(standing: Scones, first: dict[str, Any]) -> None:
    assert set(documented()) == allowing(standing)


def test_without_any_statement_of_the_document_something_here_would_have_been_denied(
    standing: Scones, first: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    ran = {item.path for item in request.session.items}
    if not ran >= set(Path(__file__).parent.glob("test_*.py")):
        pytest.skip("only all files of this folder together need everything")
    assert missing(standing, delivering=False) == {}


def test_the_main_job_runs_with_its_roles_and_not_without(
    standing: Scones, first: dict[str, Any], archive_of_five: Path
) -> None:
    assert denied(standing) == set()
    standing.client("iam").delete_role_policy(RoleName=ROLE, PolicyName=POLICY)
    assert standing.here("workflow", "run", "--data", str(archive_of_five)).returncode != 0
    (refusal,) = denied(standing)
    assert refusal.startswith(f"denied: sagemaker:InvokeEndpoint on {ENDPOINTS}")
    assert refusal.endswith(f"to {ROLE}")
