"""Which version is in production: the rule that functions and commands share."""

from dataclasses import dataclass, replace

import pytest

from lambdas.shared.production import in_production, newest_approved


@dataclass(frozen=True)
class Version:
    arn: str
    status: str = "Approved"
    defect: str = ""
    rolled_back: bool = False


@pytest.mark.parametrize(
    ("statuses", "served", "expected"),
    [
        (["PendingManualApproval"], [], None),
        (["PendingManualApproval", "Approved"], ["1"], "1"),
        (["Approved", "Approved"], ["1"], "1"),  # version 2 is on its way, or nobody has tried it again yet
        (["Approved", "Approved"], [], "2"),
        (["Rejected", "Approved"], ["2"], "1"),  # a rejected version is on its way out
        (["Approved", "Rejected"], ["1"], "2"),
        ([], ["1"], None),
    ],
)
def test_what_the_endpoint_serves_is_in_production_if_it_is_approved(
    statuses: list[str], served: list[str], expected: str | None
) -> None:
    known = [Version(str(number), status) for number, status in zip(range(len(statuses), 0, -1), statuses, strict=True)]
    found = in_production(known, served)
    assert (found.arn if found else None) == expected


def test_a_version_that_was_rolled_back_is_passed_over_although_it_is_approved() -> None:
    marked, before = Version("2", rolled_back=True), Version("1")
    assert newest_approved([marked, before]) == in_production([marked, before], []) == before
    assert newest_approved([marked]) is in_production([marked], []) is None
    assert in_production([marked, before], ["2"]) == marked  # its mark was about another deployment


def test_a_version_that_cannot_be_deployed_is_not_in_production_though_deployments_stop_at_it() -> None:
    broken, before = Version("2", defect="it names no model archive"), Version("1")
    assert in_production([broken, before], ["2"]) == before
    assert in_production([broken], []) is None
    assert newest_approved([broken, before]) == broken
    assert newest_approved([replace(broken, status="Rejected"), before]) == before
