"""Decisions on versions: their reasons are kept, all of them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.operations.champion import choose_champion
from pipelines.registry.versions import LONGEST_REASON, ModelVersion, decide, history, versions
from pipelines.settings.naming import Names

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


GROUP = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/scones-unlimited-local-vehicles"
ARCHIVE = {"Image": "image", "ModelDataUrl": "s3://bucket/model.tar.gz"}


def package(number: int, *containers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "ModelPackageArn": f"{GROUP}/{number}",
        "ModelPackageName": f"{number}",
        "ModelPackageVersion": number,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "CreationTime": datetime(2026, 1, 2, tzinfo=UTC),
        **({"InferenceSpecification": {"Containers": list(containers)}} if containers else {}),
        **changes,
    }


def summary(described: dict[str, Any]) -> dict[str, Any]:
    keys = ("ModelPackageName", "ModelPackageArn", "ModelPackageStatus", "CreationTime")
    return {key: described[key] for key in keys}


@pytest.mark.parametrize(
    ("described", "uri", "obstacle"),
    [
        (package(1, ARCHIVE), "s3://bucket/model.tar.gz", ""),
        (package(1, {"Image": "image"}), "", "it names no model archive (ModelDataUrl)"),
        (package(1), "", "it has no containers, and one is needed"),
        (package(1, ARCHIVE, ARCHIVE), "", "it has 2 containers, and one is needed"),
        (package(1, ARCHIVE, ModelPackageStatus="Failed"), "", "its registration is 'Failed'"),
    ],
)
def test_a_version_says_why_it_cannot_be_deployed(
    described: dict[str, Any], uri: str, obstacle: str, aws: Aws, sagemaker: Stubber, names: Names
) -> None:
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": [summary(described)]})
    sagemaker.add_response("describe_model_package", described)
    (found,) = versions(aws, names)
    assert (found.model_uri, found.obstacle, found.status) == (uri, obstacle, "PendingManualApproval")


def test_all_pages_are_read_even_empty_ones(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    numbers = [range(205, 105, -1), range(0), range(105, 5, -1), range(5, 0, -1)]
    for page, found in enumerate(numbers):
        token = {"NextToken": f"page-{page + 1}"} if page + 1 < len(numbers) else {}
        packages = [summary(package(number, ARCHIVE)) for number in found]
        sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": packages, **token})
    for number in range(205, 0, -1):
        approved = {"ModelApprovalStatus": "Approved"} if number == 3 else {}
        sagemaker.add_response("describe_model_package", package(number, ARCHIVE, **approved))
    known = versions(aws, names)
    assert [each.version for each in known] == list(range(205, 0, -1))
    champion = choose_champion(known, [])
    assert champion is not None
    assert champion.version == 3
