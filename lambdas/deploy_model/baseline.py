"""Copies the drift baseline of the version in production to the fixed folder where monitoring looks for it."""

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.deploy_model.registry import Package
from lambdas.shared.errors import BaselineNotCopied

FILES = ("statistics.json", "constraints.json")


def publish(s3: BaseClient, folder: str, package: Package) -> None:
    """Replaces the folder's baseline by a package's, or leaves none where the package has none.

    A baseline that is there already is left alone. Otherwise the old files are deleted first, so that monitoring never
    compares with the files of two different versions.

    Raises:
        BaselineNotCopied: S3 refused a call, or could not be reached.

    """
    try:
        if not is_there(s3, folder, package):
            remove(s3, folder)
            copy(s3, folder, package)
    except (ClientError, BotoCoreError) as error:
        raise BaselineNotCopied(
            f"{package.arn} is deployed, but its drift baseline cannot be put into {folder}: {error}; "
            "deploy it again once the cause is removed"
        ) from error


def is_there(s3: BaseClient, folder: str, package: Package) -> bool:
    """Whether both files in the folder are those that `copy` has put there for this package."""
    if package.baseline is None:
        return False
    try:
        places = [split(f"{folder}/{name}") for name in FILES]
        found = [s3.head_object(Bucket=bucket, Key=key)["Metadata"] for bucket, key in places]
    except ClientError:  # there is none, or whether there is one cannot be found out
        return False
    return found == [mark(package)] * len(FILES)


def mark(package: Package) -> dict[str, str]:
    """The metadata of the copied files, which tell the package that they are of."""
    return {"model-package": package.arn, "model-package-created": package.created}


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
        s3.copy_object(
            Bucket=bucket,
            Key=key,
            CopySource={"Bucket": source_bucket, "Key": source_key},
            Metadata=mark(package),
            MetadataDirective="REPLACE",
        )


def split(uri: str) -> tuple[str, str]:
    """The bucket and the key of an S3 URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
