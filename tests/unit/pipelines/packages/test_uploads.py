"""Uploads: what is there stays, what is missing comes, and nothing half-written is taken for whole."""

import hashlib
from pathlib import Path
from typing import Any

import boto3
import pytest

from pipelines.aws import Aws
from pipelines.errors import AwsError, DataError
from pipelines.packages.code import CodePackage, package_lambda
from pipelines.packages.uploads import download, download_latest_archive, upload_archive, upload_code, upload_package
from pipelines.settings.naming import Names

CODE = CodePackage("steps", {"requirements.txt": b"pillow\n", "steps/__init__.py": b"", "steps/train.py": b"print()\n"})


@pytest.fixture
def aws(session: boto3.Session) -> Aws:
    return Aws(session)


def keys(aws: Aws, names: Names) -> set[str]:
    return {each["Key"] for each in aws.s3.list_objects_v2(Bucket=names.bucket).get("Contents", [])}


def body(aws: Aws, names: Names, key: str) -> Any:
    return aws.s3.get_object(Bucket=names.bucket, Key=key)["Body"].read()


def test_code_lies_as_files_and_as_a_tarball(aws: Aws, names: Names) -> None:
    assert upload_code(aws, names, CODE) == 4
    folder = f"code/steps/{CODE.digest}"
    assert keys(aws, names) == {f"{folder}/sourcedir.tar.gz", *(f"{folder}/files/{path}" for path in CODE.files)}
    assert body(aws, names, f"{folder}/files/steps/train.py") == b"print()\n"
    assert upload_code(aws, names, CODE) == 0


def test_monitoring_has_no_tarball(aws: Aws, names: Names) -> None:
    upload_code(aws, names, CodePackage("monitoring", CODE.files))
    assert not [key for key in keys(aws, names) if key.endswith(".tar.gz")]


def test_a_broken_off_upload_is_completed(aws: Aws, names: Names) -> None:
    upload_code(aws, names, CODE)
    folder = f"code/steps/{CODE.digest}"
    aws.s3.delete_object(Bucket=names.bucket, Key=f"{folder}/files/steps/__init__.py")
    aws.s3.put_object(Bucket=names.bucket, Key=f"{folder}/files/steps/train.py", Body=b"pri")
    assert upload_code(aws, names, CODE) == 2
    assert body(aws, names, f"{folder}/files/steps/train.py") == b"print()\n"


def test_a_lambda_package_is_uploaded_once(aws: Aws, names: Names) -> None:
    package = package_lambda("filter-inference")
    assert upload_package(aws, names, package) is True
    assert upload_package(aws, names, package) is False
    assert body(aws, names, package.key) == package.zip_bytes


def test_an_archive_lies_under_its_digest(aws: Aws, names: Names, tmp_path: Path) -> None:
    archive = tmp_path / "any-name.tar.gz"
    archive.write_bytes(b"archive")
    digest = hashlib.sha256(b"archive").hexdigest()[:16]
    for _ in range(2):
        assert upload_archive(aws, names, archive) == f"s3://{names.bucket}/data/{digest}"
    assert body(aws, names, f"data/{digest}/cifar-100-python.tar.gz") == b"archive"
    assert keys(aws, names) == {f"data/{digest}/cifar-100-python.tar.gz", "data/latest"}


def test_the_archive_that_was_sent_last_is_found(aws: Aws, names: Names, tmp_path: Path) -> None:
    old, new, found = (tmp_path / name for name in ("old", "new", "found"))
    old.write_bytes(b"old")
    new.write_bytes(b"new")
    for archive in (old, new, old):
        upload_archive(aws, names, archive)
    assert download_latest_archive(aws, names, found) == names.s3("data", hashlib.sha256(b"old").hexdigest()[:16])
    assert found.read_bytes() == b"old"


def test_where_nothing_was_sent_the_way_to_send_is_told(aws: Aws, names: Names, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="scones data upload --data"):
        download_latest_archive(aws, names, tmp_path / "found")


def test_a_missing_archive_is_named(aws: Aws, names: Names, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.tar\.gz: there is no such file"):
        upload_archive(aws, names, tmp_path / "nowhere.tar.gz")


def test_a_download_appears_when_it_is_whole(aws: Aws, names: Names, tmp_path: Path) -> None:
    aws.s3.put_object(Bucket=names.bucket, Key="executions/1/report.html", Body=b"new")
    path = tmp_path / "reports" / "report.html"
    assert download(aws, names.s3("executions/1/report.html"), path) == path
    assert path.read_bytes() == b"new"
    assert [each.name for each in path.parent.iterdir()] == ["report.html"]


def test_a_failed_download_leaves_what_was_there(aws: Aws, names: Names, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(AwsError, match=r"there is no s3://.*/missing\.html"):
        download(aws, names.s3("missing.html"), path)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
