"""Approves or rejects a version, and says what becomes of the endpoint then."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lambdas.shared.production import newest_approved
from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.registry.versions import SEPARATOR, ModelVersion

LONGEST_REASON = 1024  # characters that SageMaker allows in a model package's ApprovalDescription


@dataclass(frozen=True)
class Consequence:
    """What a decision means for production: in words, and the version that the endpoint is going to serve.

    `awaited` is None where the endpoint stays as it is.
    """

    said: str
    awaited: ModelVersion | None = None


def approval(found: ModelVersion, known: Sequence[ModelVersion]) -> Consequence:
    """What follows from approving a version; `known` are all versions as they were before, newest first."""
    if found.rolled_back:
        return Consequence(
            f"version {found.version} is approved, but it was rolled back when it was deployed, and is not tried again "
            "before somebody removes its mark; docs/runbook.md, 'A version was rolled back'"
        )
    newest = newest_approved(known)
    if newest is None or newest.version <= found.version:
        return Consequence(f"version {found.version} is approved", found)
    stays = f"cannot be deployed ({newest.defect})" if newest.defect else "stays in production"
    return Consequence(
        f"version {found.version} is approved, but version {newest.version} is newer and {stays}; "
        f"reject that one to go back to version {found.version}"
    )


def rejection(found: ModelVersion, known: Sequence[ModelVersion], served: Collection[str]) -> Consequence:
    """What follows from rejecting a version; `known` and `served` are as they were before.

    `served` are the ARNs of the versions behind the endpoint.
    """
    rejected = f"version {found.version} is rejected"
    following = newest_approved([each for each in known if each != found])
    if found.arn not in served and found != newest_approved(known):
        return Consequence(f"{rejected}; the endpoint did not serve it")
    stays = f"{rejected} and still served" if found.arn in served else f"{rejected}; the endpoint stays as it is"
    if following is None:
        return Consequence(f"{stays}: no other version is approved")
    if following.defect:
        return Consequence(
            f"{stays}: version {following.version} is the newest approved one now, and cannot be deployed "
            f"({following.defect}); reject it too, and the approved version before it serves"
        )
    return Consequence(rejected, following)


def decide(aws: Aws, version: ModelVersion, status: str, reason: str) -> None:
    """Approves or rejects a version. SageMaker then sends the event that starts the deployment.

    The model package keeps who decided, when and why, followed by the reasons of earlier decisions.

    Raises:
        DataError: the reason is empty, or too long for SageMaker.
    """
    said = " ".join(reason.split())
    if not said:
        raise DataError("--reason is empty; give a reason, which is kept with the version")
    who = aws.sts.get_caller_identity()["Arn"].rpartition(":")[2]  # user/NAME, assumed-role/ROLE/NAME or root
    entry = f"{status} {datetime.now(UTC):%Y-%m-%d %H:%M}Z by {who}: {said}"
    aws.sagemaker.update_model_package(
        ModelPackageArn=version.arn, ModelApprovalStatus=status, ApprovalDescription=history(entry, version.reason)
    )


def history(entry: str, former: str) -> str:
    """The decisions on a version, latest first. Drops the oldest ones that exceed SageMaker's 1,024 characters.

    Raises:
        DataError: the latest decision is too long by itself.
    """
    if len(entry) > LONGEST_REASON:
        raise DataError(
            f"--reason is too long: {len(entry)} characters with status, time and name; {LONGEST_REASON} are allowed"
        )
    kept = [entry, *(each for each in former.split(SEPARATOR) if each)]
    while len(SEPARATOR.join(kept)) > LONGEST_REASON:
        kept.pop()
    return SEPARATOR.join(kept)
