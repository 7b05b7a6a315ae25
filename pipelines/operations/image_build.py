"""Has CodeBuild build the container images, and waits until they are pushed and scanned."""

from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.delivery.image_record import ImageRecord, read_record
from pipelines.errors import AwsError, WaitTimeoutError
from pipelines.settings.naming import Names
from pipelines.waiting.polling import Clock, poll

POLL_SECONDS = 10
LONGEST_SECONDS = 3 * 3600  # CodeBuild itself ends a build after two hours; before, it may wait for a machine


def build_images(aws: Aws, names: Names, clock: Clock, tell: Callable[[str], None]) -> ImageRecord:
    """Builds the images; returns the record of them. `tell` hears of each phase.

    Raises:
        AwsError: there is no project that could build them, or the build failed; the message says in which phase.
        WaitTimeoutError: the build did not end in time.
    """
    codebuild = aws.client("codebuild")
    try:
        identifier = codebuild.start_build(projectName=names.image_build)["build"]["id"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        raise AwsError(f"there is no project {names.image_build} in CodeBuild; `scones deploy` makes it") from error
    tell(f"build {identifier}")
    ended = poll(partial(_ended, codebuild, identifier, [], tell), LONGEST_SECONDS, POLL_SECONDS, clock)
    if ended is None:
        raise WaitTimeoutError(f"the build {identifier} has not ended after {LONGEST_SECONDS // 3600} hours")
    record = read_record(aws, names) if ended["buildStatus"] == "SUCCEEDED" else None
    if record is None:
        raise AwsError(f"the build {identifier} ended: {ended['buildStatus']}{_reason(ended)}")
    return record


def _ended(codebuild: Any, identifier: str, told: list[str], tell: Callable[[str], None]) -> dict[str, Any] | None:  # noqa: ANN401 - a boto3 client
    """The build once it has ended, else None. Tells of each phase once."""
    [build] = codebuild.batch_get_builds(ids=[identifier])["builds"]
    phase = build.get("currentPhase", "")
    if phase and phase not in told:
        told.append(phase)
        tell(f"  {phase.lower().replace('_', ' ')}")
    found: dict[str, Any] = build
    return found if build["buildComplete"] else None


def _reason(build: dict[str, Any]) -> str:
    """What failed, and where the log is."""
    failed = [each for each in build.get("phases", []) if each.get("phaseStatus") in ("FAILED", "FAULT", "TIMED_OUT")]
    said = [context.get("message", "") for each in failed for context in each.get("contexts", [])]
    where = build.get("logs", {}).get("deepLink", "")
    phase = f" in the phase {failed[0]['phaseType']}" if failed else ""
    return f"{phase}: {'; '.join(filter(None, said))}. Its log: {where}" if said or where else phase
