"""A patched image reaches the endpoint: version 1, which serves, is registered anew in it, for real."""

import json
from typing import Any

import pytest
from end_to_end.conftest import ASK_FIRST
from end_to_end.support import MARKS, Scones

pytestmark = MARKS

PACKAGE = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/scones-unlimited-local-vehicles"
NEW = "sha256:" + "1" * 64
PATCHED = f"containers: {{pinned: {{training-cpu: {NEW}, inference-cpu: {NEW}}}}}\n"


@pytest.fixture(scope="module")
def rebased(delivering: Scones, approved: list[str]) -> dict[str, Any]:
    """The version that `scones registry rebase` registers after a build of images."""
    refused = delivering.here("registry", "rebase", "--yes")
    assert (refused.returncode, "version 1 has the image" in refused.stderr) == (4, True), refused.stderr
    delivering.configure("local", ASK_FIRST + PATCHED)
    upserted = delivering.here("pipeline", "upsert")
    assert upserted.returncode == 0, upserted.stderr
    ran = delivering.here("registry", "rebase", "--yes")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = ran.stdout.strip().splitlines()[-1]
    number = said.split()[1]
    assert said.startswith(f"version {number} is version 1 in the image ")
    assert said.endswith(f"waits for an approver; `scones registry approve {number} --reason …` deploys it")
    sagemaker = delivering.client("sagemaker")
    found: dict[str, Any] = sagemaker.describe_model_package(ModelPackageName=f"{PACKAGE}/{number}")
    return found


def test_it_is_the_same_model_in_the_new_image_and_waits(delivering: Scones, rebased: dict[str, Any]) -> None:
    origin = delivering.client("sagemaker").describe_model_package(ModelPackageName=f"{PACKAGE}/1")
    [before], [now] = (each["InferenceSpecification"]["Containers"] for each in (origin, rebased))
    assert now["ModelDataUrl"] == before["ModelDataUrl"]
    assert (before["Image"].endswith("0" * 64), now["Image"].endswith(NEW)) == (True, True)
    assert rebased["ModelApprovalStatus"] == "PendingManualApproval"
    metadata, earlier = rebased["CustomerMetadataProperties"], origin["CustomerMetadataProperties"]
    assert (metadata["rebased_from"], metadata["image"]) == (f"{PACKAGE}/1", now["Image"])
    assert metadata["champion"] == f"{PACKAGE}/1"
    assert metadata["execution"] != earlier["execution"]
    card = json.loads(rebased["ModelCard"]["ModelCardContent"])
    assert card["additional_information"]["custom_details"]["rebased_from"] == f"{PACKAGE}/1"


def test_an_approver_is_told_what_it_is_and_sees_that_nothing_else_has_changed(
    delivering: Scones, rebased: dict[str, Any]
) -> None:
    number = str(rebased["ModelPackageVersion"])
    shown = " ".join(delivering.here("registry", "show", number).stdout.split())
    assert f"Version {number}: The same model as the one in production" in shown
    assert f"rebased from {PACKAGE}/1" in shown
    delivering.wait_for(lambda: f"vehicles/{number} " in delivering.here("local", "logs", "announce-version").stdout)
    bucket, _, key = rebased["CustomerMetadataProperties"]["decision_page"].removeprefix("s3://").partition("/")
    page = delivering.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    assert "this is the archive of version 1, measured anew on the same photos" in page
    lineage = json.loads(delivering.here("registry", "lineage", number, "--json").stdout)
    assert {each["step"] for each in lineage["jobs"]} == {"EvaluateModel", "DescribeData"}
    assert lineage["jobs"][0]["reads"]["model"] == lineage["model_uri"]
    assert lineage["recorded"]["rebased_from"] == f"{PACKAGE}/1"


@pytest.mark.parametrize(("version", "said"), [("1", "is version 1 in the image"), ("99", "has no version 99")])
def test_what_cannot_be_rebased_is_said(delivering: Scones, rebased: dict[str, Any], version: str, said: str) -> None:
    refused = delivering.here("registry", "rebase", version, "--yes")
    assert (refused.returncode, said in refused.stderr) == (4, True), refused.stderr
