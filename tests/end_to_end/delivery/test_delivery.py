"""The commands of buildspec.yml, and an approver's decision, on a local AWS that stays up."""

import shlex
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from end_to_end.support import MARKS, Scones

pytestmark = MARKS


def test_the_buildspec_ships_and_runs_the_pipeline(delivering: Scones, built: list[str]) -> None:
    assert any("Succeeded" in output for output in built)
    assert "scones-unlimited-local-training: 1 changes\n  not deployed yet" in built[1]
    variables = dict(
        shlex.split(line)[1].split("=", 1) for line in (delivering.build / "variables.sh").read_text().splitlines()
    )
    assert variables["MODEL_PACKAGE"].endswith("scones-unlimited-local-vehicles/1")
    assert variables["DECISION_PAGE"].endswith("/decision.html")
    assert variables["VERDICT"]


def test_a_push_that_changes_nothing_trains_nothing(delivering: Scones, built: list[str], archive: Path) -> None:
    again = delivering.here("deploy", "--yes")
    assert [": unchanged" in line for line in again.stdout.splitlines()] == [True] * 3 + [False] * 2
    assert delivering.here("pipeline", "changes").stdout.count(": unchanged") == 3
    started = delivering.here("pipeline", "start", "--if-changed", "--data", str(archive))
    assert started.stdout.startswith("nothing to train: data, code and settings are those of arn:aws:sagemaker")


@pytest.mark.parametrize("role", ["pipeline", "delivery"])
def test_what_a_push_can_run_as_registers_no_approved_version(delivering: Scones, built: list[str], role: str) -> None:
    variables = delivering.acting_as(role).variables
    keys = [variables[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")]
    session = boto3.Session(*keys, region_name="eu-west-1")
    sagemaker = session.client("sagemaker", endpoint_url=variables["AWS_ENDPOINT_URL"])
    served = {"SupportedContentTypes": ["image/png"], "SupportedResponseMIMETypes": ["application/json"]}
    container = {"Image": "i", "ModelDataUrl": "s3://b/k"}
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:CreateModelPackage"):
        sagemaker.create_model_package(
            ModelPackageGroupName="scones-unlimited-local-vehicles",
            ModelApprovalStatus="Approved",
            InferenceSpecification={**served, "Containers": [container]},
        )


@pytest.mark.parametrize("role", ["reader", "delivery"])
def test_who_is_no_approver_sees_what_waits_and_cannot_decide(delivering: Scones, built: list[str], role: str) -> None:
    somebody = delivering.acting_as(role)
    assert somebody.here("registry", "list").returncode == 0
    for decision in ("approve", "reject"):
        refused = somebody.here("registry", decision, "1", "--reason", "none of my business")
        assert refused.returncode == 5
        assert f"role/scones-unlimited-local-{role} is not authorized to perform: sagemaker:Update" in refused.stderr


def test_what_waits_for_approval_is_deployed_by_the_approval_event(
    delivering: Scones, built: list[str], approved: list[str]
) -> None:
    assert "CheckApproval: Succeeded: False" in built[-1]
    assert "DeployModel" not in built[-1]  # nothing but the event can deploy
    (told,) = delivering.here("local", "logs", "announce-version").stdout.splitlines()
    assert "told=True" in told
    listed, said = approved
    assert "1 waits for an approver" in listed
    assert said == "version 1 is approved, and scones-unlimited-local-vehicles serves version 1"
    shown = delivering("registry", "show", "1").stdout
    assert "good enough" in shown
    assert "commit" in shown
