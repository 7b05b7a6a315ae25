"""Copies the drift baseline of the version in production to the fixed folder where monitoring looks for it."""

from collections.abc import Mapping

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.deploy_model.state.registry import Package
from lambdas.shared.errors import BaselineNotCopied
from lambdas.shared.uris import split

REFERENCE = "reference.npz"  # what good photos look like; older versions have none
FILES = ("statistics.json", "constraints.json", REFERENCE)


def publish(s3: BaseClient, folder: str, package: Package) -> None:
    """Replaces the folder's baseline by a package's, or leaves none where the package has none.

    A baseline that is there already is left alone. Otherwise the old files are deleted first, so that monitoring never
    compares with the files of two different versions.

    Raises:
        BaselineNotCopied: S3 refused a call, or could not be reached.

    """
    try:
        sources = files_of(s3, package)
        if not is_there(s3, folder, package, sources):
            remove(s3, folder)
            copy(s3, folder, package, sources)
    except (ClientError, BotoCoreError) as error:
        raise BaselineNotCopied(
            f"{package.arn} is deployed, but its drift baseline cannot be put into {folder}: {error}; "
            "deploy it again once the cause is removed"
        ) from error


def files_of(s3: BaseClient, package: Package) -> dict[str, str]:
    """The S3 URIs of a package's baseline: the two registered files and, if it is there, the reference beside them."""
    if package.baseline is None:
        return {}
    statistics, constraints = package.baseline
    registered = {"statistics.json": statistics, "constraints.json": constraints}
    reference = f"{statistics.rpartition('/')[0]}/{REFERENCE}"
    return {**registered, REFERENCE: reference} if exists(s3, reference) else registered


def exists(s3: BaseClient, uri: str) -> bool:
    """Whether S3 has an object."""
    bucket, key = split(uri)
    found = s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents", [])
    return any(each["Key"] == key for each in found)


def is_there(s3: BaseClient, folder: str, package: Package, sources: Mapping[str, str]) -> bool:
    """Whether the files in the folder are those that `copy` has put there for this package, and no others."""
    expected = {name: mark(package) for name in sources}
    return bool(sources) and all(metadata(s3, f"{folder}/{name}") == expected.get(name) for name in FILES)


def metadata(s3: BaseClient, uri: str) -> dict[str, str] | None:
    """The metadata of an object; None if there is none, or if whether there is one cannot be found out."""
    bucket, key = split(uri)
    try:
        return dict(s3.head_object(Bucket=bucket, Key=key)["Metadata"])
    except ClientError:
        return None


def mark(package: Package) -> dict[str, str]:
    """The metadata of the copied files, which tell the package that they are of."""
    return {"model-package": package.arn, "model-package-created": package.created}


def remove(s3: BaseClient, folder: str) -> None:
    """Deletes the baseline in the folder; a file that does not exist is no error."""
    for name in FILES:
        bucket, key = split(f"{folder}/{name}")
        s3.delete_object(Bucket=bucket, Key=key)


def copy(s3: BaseClient, folder: str, package: Package, sources: Mapping[str, str]) -> None:
    """Copies a package's baseline within S3, under the names that the monitoring job reads."""
    for name, uri in sources.items():
        bucket, key = split(f"{folder}/{name}")
        source_bucket, source_key = split(uri)
        s3.copy_object(
            Bucket=bucket,
            Key=key,
            CopySource={"Bucket": source_bucket, "Key": source_key},
            Metadata=mark(package),
            MetadataDirective="REPLACE",
        )
