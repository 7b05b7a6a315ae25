"""Moves files between S3 and folders, for jobs and endpoints. Uploaded files are also copied to the data folder."""

import errno
import json
import shutil
from pathlib import Path

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError

from local.protocol.errors import JobError, ServiceError
from local.protocol.json_types import Json
from local.runtime.context import Context

EVERYTHING = slice(None)
# S3 allows both keys `a` and `a/b`, and keys of 1024 bytes; a file system does not.
NO_FILE = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}


def split(uri: str) -> tuple[str, str]:
    """Bucket and key of an S3 URI. Raises JobError."""
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise JobError(f"ClientError: '{uri}' is not an S3 URI; expected s3://bucket/key")
    return bucket, key


class Storage:
    """Downloads and uploads through this endpoint. If IAM is enforced, it acts as `role` for the resource `source`."""

    def __init__(self, context: Context, role: str = "", source: str = "") -> None:
        self._context = context
        self._role = role
        self._source = source

    def read(self, uri: str) -> bytes:
        """Reads an object. Raises JobError."""
        bucket, key = split(uri)
        try:
            body: bytes = self._s3().get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise JobError(f"ClientError: {uri} cannot be read: {error}") from error
        return body

    def download(self, uri: str, folder: Path, shard: slice = EVERYTHING, *, required: bool = True) -> None:
        """Downloads the object `uri`, or all objects below the prefix `uri`, to a folder.

        `shard` selects some of the objects, in the order of their keys. Raises JobError, also if there is no object and
        `required` is set.
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
                self._download_file(bucket, name, _inside(folder, relative))

    def download_listed(self, uri: str, folder: Path, shard: slice = EVERYTHING) -> None:
        """Downloads the objects that a manifest lists, under their names below its prefix. Raises JobError.

        The manifest itself stays out. `shard` selects some of the objects, in the order of the manifest.
        """
        prefix, names = manifest(self.read(uri), uri)
        bucket, base = split(prefix)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names[shard]:
            self._download_file(bucket, base + name, _inside(folder, name))

    def _download_file(self, bucket: str, key: str, path: Path) -> None:
        # Not with download_file, which asks for the size first, and starts threads: code is a hundred small files.
        try:
            body = self._s3().get_object(Bucket=bucket, Key=key)["Body"]
            path.parent.mkdir(parents=True, exist_ok=True)
            with body, path.open("wb") as file:
                shutil.copyfileobj(body, file)
        except ClientError as error:
            raise JobError(f"ClientError: Data download failed: s3://{bucket}/{key}: {error}") from error
        except OSError as error:
            if error.errno not in NO_FILE:
                raise
            raise JobError(
                f"ClientError: Data download failed: s3://{bucket}/{key} cannot be a file here ({error.strerror}). No "
                "object may have a name that is the folder of another one, or a part longer than 255 bytes"
            ) from error

    def upload(self, path: Path, uri: str) -> None:
        """Uploads a file, and copies it to `s3/<bucket>/<key>` in the data folder. Raises JobError."""
        bucket, key = split(uri)
        try:
            self._s3().upload_file(str(path), bucket, key)
        except (ClientError, S3UploadFailedError) as error:
            raise JobError(f"ClientError: Data upload failed: {uri}: {error}") from error
        copy = _inside(self._context.s3 / bucket, key)
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        except OSError as error:
            if error.errno not in NO_FILE:
                raise
            self._context.say(f"s3 {uri} has no copy on disk: {error.strerror}")  # only the copy is missing

    def upload_folder(self, folder: Path, uri: str) -> None:
        """Uploads all files of a folder to keys below a prefix. Raises JobError."""
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


def manifest(content: bytes, uri: str) -> tuple[str, list[str]]:
    """The prefix of a manifest, `[{"prefix": "s3://…/"}, "name", …]`, and the names that follow. Raises JobError."""
    try:
        (first, *names) = json.loads(content)
        prefix = first["prefix"]
    except (ValueError, TypeError, KeyError) as error:
        raise JobError(f'ClientError: {uri} is no manifest; expected [{{"prefix": "s3://…/"}}, "name", …]') from error
    if not names or not isinstance(prefix, str) or not all(isinstance(each, str) for each in names):
        raise JobError(f"ClientError: the manifest {uri} lists no objects, or something else than names of objects")
    return prefix, names


def files(folder: Path) -> list[Path]:
    """All files below a folder, except links, which may lead out of it."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


def _inside(folder: Path, relative: str) -> Path:
    """The path of a key below a folder. Raises JobError if the key would leave the folder."""
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise JobError(f"ClientError: the S3 key '{relative}' would leave its folder")
    return path
