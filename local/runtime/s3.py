"""S3 as jobs see it: prefixes become folders, folders become objects, and what was written stays readable on disk."""

import shutil
from pathlib import Path

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError

from local.protocol.errors import JobError, ServiceError
from local.protocol.json_types import Json
from local.runtime.context import Context

EVERYTHING = slice(None)


def split(uri: str) -> tuple[str, str]:
    """Bucket and key of an S3 URI; raises JobError."""
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise JobError(f"ClientError: '{uri}' is not an S3 URI; expected s3://bucket/key")
    return bucket, key


class Storage:
    """Downloads and uploads through the own endpoint, where IAM is enforced as a role, on behalf of a resource."""

    def __init__(self, context: Context, role: str = "", source: str = "") -> None:
        self._context = context
        self._role = role
        self._source = source

    def read(self, uri: str) -> bytes:
        """The bytes of an object; raises JobError."""
        bucket, key = split(uri)
        try:
            body: bytes = self._s3().get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise JobError(f"ClientError: {uri} cannot be read: {error}") from error
        return body

    def download(self, uri: str, folder: Path, shard: slice = EVERYTHING, *, required: bool = True) -> None:
        """Bring the object `uri`, or all objects below the prefix `uri`, into a folder; raises JobError if none is.

        `shard` chooses among the objects, in the order of their keys.
        """
        bucket, key = split(uri)
        base = key if key.endswith("/") or not key else f"{key}/"
        found = [name for name in self._keys(bucket, key, uri) if name == key or name.startswith(base)]
        if required and not found:
            raise JobError(f'ClientError: Data download failed: No S3 objects found under S3 URL "{uri}"')
        folder.mkdir(parents=True, exist_ok=True)
        for name in found[shard]:
            if not name.endswith("/"):
                relative = name.rpartition("/")[2] if name == key else name.removeprefix(base)
                path = _inside(folder, relative)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._s3().download_file(bucket, name, str(path))

    def upload(self, path: Path, uri: str) -> None:
        """Send a file, and keep a copy of it in the data folder, `s3/<bucket>/<key>`; raises JobError."""
        bucket, key = split(uri)
        try:
            self._s3().upload_file(str(path), bucket, key)
        except (ClientError, S3UploadFailedError) as error:
            raise JobError(f"ClientError: Data upload failed: {uri}: {error}") from error
        copy = _inside(self._context.s3 / bucket, key)
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            # S3 allows the keys `a` and `a/b`; a disk does not. The object itself is safe.
            self._context.say(f"s3 {uri} has no copy on disk: a file is where a folder would be")

    def upload_folder(self, folder: Path, uri: str) -> None:
        """Send all files of a folder to keys below a prefix; raises JobError."""
        for path in files(folder):
            self.upload(path, f"{uri.rstrip('/')}/{path.relative_to(folder).as_posix()}")

    def _s3(self) -> Json:
        try:
            return self._context.client("s3", self._role, "sagemaker.amazonaws.com", self._source)
        except ServiceError as error:
            raise JobError(f"ClientError: {error.message}") from error

    def _keys(self, bucket: str, prefix: str, uri: str) -> list[str]:
        pages = self._s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        try:
            return [item["Key"] for page in pages for item in page.get("Contents", [])]
        except ClientError as error:
            raise JobError(f"ClientError: Data download failed: {uri}: {error}") from error


def files(folder: Path) -> list[Path]:
    """All files below a folder; a link is none, as it may lead out of it."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


def _inside(folder: Path, relative: str) -> Path:
    """A path below a folder; raises JobError where a key would leave it."""
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise JobError(f"ClientError: the S3 key '{relative}' would leave its folder")
    return path
