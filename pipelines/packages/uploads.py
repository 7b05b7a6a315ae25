"""Uploads content-addressed files to the bucket, and downloads files from it."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from botocore.exceptions import ClientError

from pipelines.aws import Aws, is_missing, split_s3_uri
from pipelines.errors import AwsError, DataError
from pipelines.packages.archives import Files
from pipelines.packages.code import CodePackage, ImageSources, LambdaPackage
from pipelines.settings.naming import Names

ARCHIVE_NAME = "cifar-100-python.tar.gz"
LATEST = "data/latest"  # an object with the URI of the latest upload's folder


def upload_code(aws: Aws, names: Names, code: CodePackage) -> int:
    """Uploads the missing files of `code/<package>/<digest>/`; returns their number."""
    files = {f"files/{path}": content for path, content in code.files.items()}
    if code.name == "steps":
        files["sourcedir.tar.gz"] = code.sourcedir_bytes
    return complete_folder(aws, names.bucket, f"code/{code.name}/{code.digest}/", files)


def complete_folder(aws: Aws, bucket: str, prefix: str, files: Files) -> int:
    """Uploads the files that are missing or have another size, as after an interrupted upload; returns their number."""
    present = list_sizes(aws, bucket, prefix)
    missing = [path for path, content in sorted(files.items()) if present.get(prefix + path) != len(content)]
    for path in missing:
        aws.s3.put_object(Bucket=bucket, Key=prefix + path, Body=files[path])
    return len(missing)


def list_sizes(aws: Aws, bucket: str, prefix: str) -> dict[str, int]:
    """Sizes in bytes of the objects below a prefix, by key."""
    pages: Iterable[dict[str, list[dict[str, int]]]] = aws.s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix
    )
    return {str(each["Key"]): each["Size"] for page in pages for each in page.get("Contents", [])}


def upload_package(aws: Aws, names: Names, package: LambdaPackage | ImageSources) -> bool:
    """Uploads an archive of code unless it exists; returns whether it was uploaded."""
    if size_of(aws, names.bucket, package.key) is not None:  # PutObject is atomic, so an object is complete
        return False
    aws.s3.put_object(Bucket=names.bucket, Key=package.key, Body=package.zip_bytes)
    return True


def upload_archive(aws: Aws, names: Names, archive: Path) -> str:
    """Uploads a raw archive under its digest unless it exists; returns the URI of its folder.

    Raises:
        DataError: the file does not exist.
    """
    if not archive.is_file():
        raise DataError(
            f"{archive}: there is no such file; it should be {ARCHIVE_NAME} of the CIFAR-100 data set, which "
            "`scones data download` gets"
        )
    folder = f"data/{digest_of_file(archive)}"
    key = f"{folder}/{ARCHIVE_NAME}"
    if size_of(aws, names.bucket, key) != archive.stat().st_size:
        aws.s3.upload_file(str(archive), names.bucket, key)
    aws.s3.put_object(Bucket=names.bucket, Key=LATEST, Body=names.s3(folder).encode())
    return names.s3(folder)


def download_latest_archive(aws: Aws, names: Names, path: Path) -> str:
    """Downloads the raw archive of the latest upload; returns the URI of its folder.

    Raises:
        DataError: no archive has been uploaded.
    """
    if size_of(aws, names.bucket, LATEST) is None:
        raise DataError(
            f"no archive in s3://{names.bucket}/data; upload one with `scones data upload --data {ARCHIVE_NAME}`, for "
            "instance the official one that `scones data download` gets"
        )
    folder: str = aws.s3.get_object(Bucket=names.bucket, Key=LATEST)["Body"].read().decode()
    download(aws, f"{folder}/{ARCHIVE_NAME}", path)
    return folder


def digest_of_file(path: Path) -> str:
    """The first 16 hex digits of a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def size_of(aws: Aws, bucket: str, key: str) -> int | None:
    """An object's size in bytes; None if it does not exist."""
    try:
        size: int = aws.s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return size


def download(aws: Aws, uri: str, path: Path) -> Path:
    """Downloads an S3 object to a path and returns the path. The file only appears once it is complete.

    Raises:
        AwsError: the object does not exist.
    """
    bucket, key = split_s3_uri(uri)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aws.s3.download_file(bucket, key, str(partial))
        partial.replace(path)
    except ClientError as error:
        if is_missing(error):
            raise AwsError(f"there is no {uri}") from error
        raise
    finally:
        partial.unlink(missing_ok=True)
    return path
