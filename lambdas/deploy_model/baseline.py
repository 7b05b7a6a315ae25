"""Copies the drift baseline of the version in production to the fixed folder where monitoring looks for it."""

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.deploy_model.registry import Package
from lambdas.shared.errors import BaselineNotCopied

FILES = ("statistics.json", "constraints.json")


def publish(s3: BaseClient, folder: str, package: Package) -> None:
    """Replaces the folder's baseline by a package's, or leaves none where the package has none.

    The old files are deleted first, so that monitoring never compares with the files of two different versions.

    Raises:
        BaselineNotCopied: S3 refused a call, or could not be reached.

    """
    try:
        remove(s3, folder)
        copy(s3, folder, package)
    except (ClientError, BotoCoreError) as error:
        raise BaselineNotCopied(
            f"{package.arn} is deployed, but its drift baseline cannot be put into {folder}: {error}; "
            "deploy it again once the cause is removed"
        ) from error


def remove(s3: BaseClient, folder: str) -> None:
    """Deletes the baseline in the folder; a file that does not exist is no error."""
    for name in FILES:
        bucket, key = split(f"{folder}/{name}")
        s3.delete_object(Bucket=bucket, Key=key)


def copy(s3: BaseClient, folder: str, package: Package) -> None:
    """Copies a package's baseline within S3, under the names that the monitoring job reads."""
    if package.baseline is None:
        return
    for name, uri in zip(FILES, package.baseline, strict=True):
        bucket, key = split(f"{folder}/{name}")
        source_bucket, source_key = split(uri)
        s3.copy_object(Bucket=bucket, Key=key, CopySource={"Bucket": source_bucket, "Key": source_key})


def split(uri: str) -> tuple[str, str]:
    """The bucket and the key of an S3 URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
