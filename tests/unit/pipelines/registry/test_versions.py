"""Decisions on versions: their reasons are kept, all of them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.registry.versions import LONGEST_REASON, ModelVersion, decide, history

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/vehicles/2"
APPROVED = "Approved 2026-01-02 03:04Z: better on the same photos"


def version(reason: str) -> ModelVersion:
    return ModelVersion(
        ARN, 2, "Approved", datetime(2026, 1, 2, tzinfo=UTC), reason=reason, model_uri="s3://b/k", metadata={}
    )


def test_a_decision_keeps_the_former_reasons(aws: Aws, sagemaker: Stubber) -> None:
    sent: dict[str, Any] = {}
    aws.sagemaker.meta.events.register(
        "provide-client-params.sagemaker.UpdateModelPackage", lambda params, **_: sent.update(params)
    )
    expected = {"ModelPackageArn": ARN, "ModelApprovalStatus": "Rejected", "ApprovalDescription": ANY}
    sagemaker.add_response("update_model_package", {"ModelPackageArn": ARN}, expected)
    decide(aws, version(APPROVED), "Rejected", "drivers\n complain")
    text = sent["ApprovalDescription"]
    assert re.fullmatch(r"Rejected \d{4}-\d\d-\d\d \d\d:\d\dZ: drivers complain \| " + re.escape(APPROVED), text)
    assert version(text).reasons[1] == APPROVED


def test_the_oldest_reasons_give_way() -> None:
    former = " | ".join(f"Approved Z: {number} {'x' * 200}" for number in range(6))
    found = history("Rejected Z: new", former)
    assert len(found) <= LONGEST_REASON
    assert found.startswith("Rejected Z: new | Approved Z: 0 ")
    assert "Approved Z: 5" not in found


@pytest.mark.parametrize(("reason", "words"), [("", "is empty"), (" \n", "is empty"), ("x" * 1024, "is too long")])
@pytest.mark.usefixtures("sagemaker")
def test_a_reason_that_cannot_be_kept_is_refused(reason: str, words: str, aws: Aws) -> None:
    with pytest.raises(DataError, match=words):
        decide(aws, version(""), "Approved", reason)
