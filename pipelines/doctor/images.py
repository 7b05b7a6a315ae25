"""The container images: whether those that are going to be used, and the one that serves, still get patches."""

from collections.abc import Iterator
from datetime import date, timedelta

from botocore.exceptions import ClientError

from lambdas.shared.production import newest_approved
from pipelines.aws import Aws
from pipelines.definitions.images.aws import FRAMEWORKS
from pipelines.definitions.images.own import builds_images
from pipelines.delivery.image_record import read_record, reason_to_build
from pipelines.doctor.findings import Finding, good, todo
from pipelines.packages.code import package_image_sources
from pipelines.registry.versions import Listed
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

NOTICE = timedelta(days=60)
STALE = timedelta(days=15)  # images are built each week
OLD = timedelta(days=90)  # of the image that serves, which only another version replaces
PYTHON_UNTIL = date(2027, 10, 31)  # the end of Python 3.11 (PEP 664)
IN_SERVICE = {"training": "training and processing", "inference": "the endpoint"}


def images(aws: Aws, settings: Settings, names: Names, known: Listed, today: date) -> Iterator[Finding]:
    """Whether the containers' images still get patches; `known` lists the versions, newest first."""
    chosen = settings.containers
    if chosen.source == "aws":
        yield from images_of_aws(today)
    elif builds_images(settings):
        yield own_images(aws, settings, names, today)
        yield from served_image(aws, names, known, today)
    else:
        yield good("container images", f"the configuration pins {', '.join(chosen.pinned)}")
    if chosen.source == "own" and PYTHON_UNTIL - today < NOTICE:
        yield todo(
            "container images", f"Python 3.11 gets patches until {PYTHON_UNTIL}; plan the next (docs/containers.md)"
        )


def own_images(aws: Aws, settings: Settings, names: Names, today: date) -> Finding:
    """How old the images are that this environment has built."""
    record = read_record(aws, names)
    reason = reason_to_build(settings, record, package_image_sources())
    if record is None or reason:
        return todo("container images", f"{reason}; run `scones images build`")
    if today - date.fromisoformat(record.built) > STALE:
        return todo("container images", f"built on {record.built}, and each week since has failed; look at the builds")
    return good("container images", f"built on {record.built}; each week they are built anew, with all patches")


def images_of_aws(today: date) -> Iterator[Finding]:
    """Until when AWS patches its images."""
    for scope, framework in FRAMEWORKS.items():
        subject = f"image of {IN_SERVICE[scope]}"
        line = f"PyTorch {framework.version}, patched until {framework.patched_until}"
        if framework.patched_until < today:
            yield todo(subject, f"{line}, which is over; docs/runbook.md says how to go on to another")
        elif framework.patched_until - today < NOTICE:
            yield todo(subject, f"{line}, which is soon; plan the next version")
        else:
            yield good(subject, line)


def served_image(aws: Aws, names: Names, known: Listed, today: date) -> Iterator[Finding]:
    """How old the image is of the version that serves, if it is one of the environment's own."""
    approved = newest_approved(known())
    if approved is None or approved.defect:
        return
    package = aws.sagemaker.describe_model_package(ModelPackageName=approved.arn)
    place, _, digest = package["InferenceSpecification"]["Containers"][0]["Image"].partition("@")
    subject, version = "image of the endpoint", f"version {approved.version}"
    another = f"`scones registry rebase {approved.version}` makes a version with the newest"
    if place != f"{names.registry}/{names.repository('inference')}":
        yield todo(subject, f"{version} has {place}, not this environment's own; {another}")
        return
    asked = {"repositoryName": names.repository("inference"), "imageIds": [{"imageDigest": digest}]}
    try:
        [found] = aws.client("ecr").describe_images(**asked)["imageDetails"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("ImageNotFoundException", "RepositoryNotFoundException"):
            raise
        yield todo(subject, f"that of {version} is not in the registry, so no instance could start; {another}")
        return
    made = found["imagePushedAt"].date()
    if today - made > OLD:
        yield todo(subject, f"that of {version} is of {made}; {another}, which has the patches since")
    else:
        yield good(subject, f"that of {version} is of {made}")
