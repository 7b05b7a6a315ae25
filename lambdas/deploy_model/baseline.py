"""The drift baseline of the version in production: the fixed place that monitoring compares captures with."""

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.deploy_model.registry import Package
from lambdas.shared.errors import BaselineNotCopied

FILES = ("statistics.json", "constraints.json")


def publish(s3: BaseClient, folder: str, package: Package) -> None:
    """Puts a package's baseline into the folder, or nothing where it has none; raises BaselineNotCopied.

    What lies there goes first: two files of different versions must never be compared with.
    """
    try:
        remove(s3, folder)
        copy(s3, folder, package)
    except (ClientError, BotoCoreError) as error:
        raise BaselineNotCopied(
            f"{package.arn} is deployed, but its drift baseline cannot be put into {folder}: {error}; "
            "deploy it again once that is mended"
        ) from error


def remove(s3: BaseClient, folder: str) -> None:
    """Empties the folder of a baseline; what is not there is no error."""
    for name in FILES:
        bucket, key = split(f"{folder}/{name}")
        s3.delete_object(Bucket=bucket, Key=key)


def copy(s3: BaseClient, folder: str, package: Package) -> None:
    """Copies within S3, under the names that the monitoring job reads."""
    if package.baseline is None:
        return
    for name, uri in zip(FILES, package.baseline, strict=True):
        bucket, key = split(f"{folder}/{name}")
        source_bucket, source_key = split(uri)
        s3.copy_object(Bucket=bucket, Key=key, CopySource={"Bucket": source_bucket, "Key": source_key})


def split(uri: str) -> tuple[str, str]:
    """Bucket and key of an S3 URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
