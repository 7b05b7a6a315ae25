"""Decisions on versions: their reasons are kept, all of them, and the approver is told what follows."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.registry.decisions import LONGEST_REASON, approval, decide, history, rejection
from pipelines.registry.tables import DECIDED
from pipelines.registry.versions import ModelVersion

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/vehicles/2"
APPROVED = "Approved 2026-01-02 03:04Z: better on the same photos"


def version(reason: str) -> ModelVersion:
    return ModelVersion(
        ARN, 2, "Approved", datetime(2026, 1, 2, tzinfo=UTC), reason=reason, model_uri="s3://b/k", metadata={}
    )


@pytest.fixture
def tokyo() -> Iterator[None]:
    """The approver's clock is nine hours ahead of UTC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "JST-9")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def caller(aws: Aws) -> Iterator[None]:
    """Somebody who has taken on the approvers' role."""
    with Stubber(aws.sts) as sts:
        arn = "arn:aws:sts::123456789012:assumed-role/scones-prod-approver/alice"
        sts.add_response("get_caller_identity", {"Account": "123456789012", "Arn": arn})
        yield


@pytest.mark.usefixtures("tokyo", "caller")
def test_a_decision_keeps_who_took_it_its_time_in_utc_and_the_former_reasons(aws: Aws, sagemaker: Stubber) -> None:
    sent: dict[str, Any] = {}
    aws.sagemaker.meta.events.register(
        "provide-client-params.sagemaker.UpdateModelPackage", lambda params, **_: sent.update(params)
    )
    expected = {"ModelPackageArn": ARN, "ModelApprovalStatus": "Rejected", "ApprovalDescription": ANY}
    sagemaker.add_response("update_model_package", {"ModelPackageArn": ARN}, expected)
    decide(aws, version(APPROVED), "Rejected", "drivers\n complain")
    latest, former = version(sent["ApprovalDescription"]).reasons
    assert DECIDED.match(latest)  # so that the list shows the reason alone
    decided = datetime.strptime(
        latest, "Rejected %Y-%m-%d %H:%MZ by assumed-role/scones-prod-approver/alice: drivers complain"
    ).replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - decided) < timedelta(hours=1)
    assert former == APPROVED


def test_the_oldest_reasons_give_way() -> None:
    former = " | ".join(f"Approved Z: {number} {'x' * 200}" for number in range(6))
    found = history("Rejected Z: new", former)
    assert len(found) <= LONGEST_REASON
    assert found.startswith("Rejected Z: new | Approved Z: 0 ")
    assert "Approved Z: 5" not in found


def test_reasons_may_fill_the_1024_characters_that_sagemaker_allows() -> None:
    entry = "Approved Z: ".ljust(1024, "x")
    assert history(entry, APPROVED) == entry
    entry = "Approved Z: ".ljust(1024 - len(f" | {APPROVED}"), "x")
    assert history(entry, APPROVED) == f"{entry} | {APPROVED}"
    assert history(entry + "x", APPROVED) == entry + "x"


@pytest.mark.parametrize(("reason", "words"), [("", "is empty"), (" \n", "is empty"), ("x" * 1024, "is too long")])
@pytest.mark.usefixtures("sagemaker", "caller")
def test_a_reason_that_cannot_be_kept_is_refused(reason: str, words: str, aws: Aws) -> None:
    with pytest.raises(DataError, match=words):
        decide(aws, version(""), "Approved", reason)


def known(**statuses: str) -> list[ModelVersion]:
    """Versions, newest first, as `v1="Approved"`. A status that ends in `!` is of one that cannot be deployed.

    One that ends in `?` was rolled back.
    """
    return [
        replace(
            version(""),
            arn=name,
            version=int(name[1:]),
            status=status.rstrip("!?"),
            defect="it has no containers" if status.endswith("!") else "",
            rolled_back=status.endswith("?"),
        )
        for name, status in sorted(statuses.items(), reverse=True)
    ]


@pytest.mark.parametrize(
    ("statuses", "said", "awaited"),
    [
        ({"v1": "Approved", "v2": "PendingManualApproval"}, "version 2 is approved", 2),
        ({"v2": "Approved"}, "version 2 is approved", 2),
        ({"v2": "Rejected", "v3": "Rejected"}, "version 2 is approved", 2),
        ({"v2": "Rejected", "v3": "Approved"}, "version 3 is newer and stays in production; reject that one", None),
        ({"v2": "Rejected", "v3": "Approved?"}, "version 2 is approved$", 2),
        ({"v1": "Approved", "v2": "Approved?"}, "version 2 is approved, but it was rolled back .* before some", None),
        ({"v2": "Approved?"}, "tried again before somebody .* docs/runbook.md, 'A version was rolled back'$", None),
        ({"v2": "Rejected", "v3": "Approved!"}, r"version 3 is newer and cannot be deployed \(it has no cont", None),
    ],
)
def test_what_follows_from_an_approval(statuses: dict[str, str], said: str, awaited: int | None) -> None:
    versions = known(**statuses)
    found = approval(next(each for each in versions if each.version == 2), versions)
    assert re.search(said, found.said)
    assert (found.awaited.version if found.awaited else None) == awaited


@pytest.mark.parametrize(
    ("statuses", "served", "said", "awaited"),
    [
        ({"v1": "Approved", "v2": "Approved"}, "v2", "version 2 is rejected$", 1),
        ({"v1": "Approved", "v2": "Approved"}, "v1", "version 2 is rejected$", 1),  # it was on its way
        ({"v1": "Approved", "v2": "Approved!"}, "", "version 2 is rejected$", 1),  # it kept version 1 away
        ({"v2": "Approved", "v3": "Approved"}, "v2", "version 2 is rejected$", 3),  # that one is on its way
        ({"v1": "Approved?", "v2": "Approved"}, "v2", "still served: no other version is approved$", None),
        ({"v1": "Approved", "v2": "Approved?"}, "v1", "rejected; the endpoint did not serve it$", None),
        ({"v0": "Approved", "v1": "Approved?", "v2": "Approved"}, "v2", "version 2 is rejected$", 0),
        ({"v1": "Approved", "v2": "PendingManualApproval"}, "v1", "rejected; the endpoint did not serve it$", None),
        ({"v1": "Approved!", "v2": "PendingManualApproval"}, "", "rejected; the endpoint did not serve it$", None),
        ({"v1": "Rejected", "v2": "Approved"}, "v2", "rejected and still served: no other version is approved$", None),
        ({"v2": "Approved"}, "", "rejected; the endpoint stays as it is: no other version is approved$", None),
        ({"v1": "Approved!", "v2": "Approved"}, "v2", "still served: version 1 .* cannot be .*; reject it too", None),
        ({"v1": "Approved!", "v2": "Approved!"}, "v0", "stays as it is: version 1 .* cannot be .*; reject it", None),
    ],
)
def test_what_follows_from_a_rejection(statuses: dict[str, str], served: str, said: str, awaited: int | None) -> None:
    versions = known(**statuses)
    found = rejection(next(each for each in versions if each.version == 2), versions, [served])
    assert re.search(said, found.said)
    assert (found.awaited.version if found.awaited else None) == awaited
