"""What the bucket holds of the review."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from unit.pipelines.review.conftest import ANN, BEN, document

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.review.answers import Answer
from pipelines.review.archive import Archive, Kept
from pipelines.review.records import Record, Source
from pipelines.settings.naming import Names

AT = datetime(2026, 3, 2, 9, 15, 30, 123_000, tzinfo=UTC)


@pytest.fixture
def stored(aws: Aws, names: Names) -> Callable[[str], tuple[str, str]]:
    """`stored(key)`: the text and the content type of an object."""

    def found(key: str) -> tuple[str, str]:
        answer = aws.s3.get_object(Bucket=names.bucket, Key=key)
        return answer["Body"].read().decode(), answer["ContentType"]

    return found


def answer(names: Names, shown: str | None = "mûrier", execution: str = "run-1") -> Answer:
    record = Record.model_validate(document(names, execution))
    return Answer(record, shown, ANN, AT, b"png")


def test_records_that_wait_are_listed_renewed_and_forgotten(
    aws: Aws, names: Names, archive: Archive, keys: Callable[[str], list[str]], stored: Any
) -> None:
    assert archive.waiting() == []
    for name in ("run-1.json", "run-2.json", "notes.txt"):
        aws.s3.put_object(Bucket=names.bucket, Key=f"review/waiting/{name}", Body=b'"\xc3\xbb"')
    waiting = archive.waiting()
    assert [each.key for each in waiting] == ["review/waiting/run-1.json", "review/waiting/run-2.json"]
    listed = aws.s3.list_objects_v2(Bucket=names.bucket, Prefix="review/waiting/run-1")["Contents"]
    assert waiting[0].written == listed[0]["LastModified"]
    assert archive.renew(waiting[0]) == '"û"'
    assert stored("review/waiting/run-1.json") == ('"û"', "application/json")
    archive.forget("run-1")
    assert archive.renew(waiting[0]) is None
    assert keys("review/waiting/") == ["review/waiting/notes.txt", "review/waiting/run-2.json"]


def test_other_errors_are_those_of_aws(aws: Aws, names: Names, archive: Archive) -> None:
    aws.s3.put_object(
        Bucket=names.bucket, Key="old", Body=b"x", StorageClass="GLACIER"
    )  # not to be read before it thaws
    with pytest.raises(ClientError, match="InvalidObjectState"):
        archive.renew(Kept("old", AT))
    with pytest.raises(ClientError, match="InvalidObjectState"):
        archive.photo(Source(s3_bucket=names.bucket, s3_key="old"))


def test_an_answer_is_kept_with_its_ground_truth(
    names: Names, archive: Archive, keys: Callable[[str], list[str]], stored: Any
) -> None:
    given = answer(names)
    archive.keep(given)
    assert keys("ground-truth/") == [given.ground_truth_key]
    assert stored(given.ground_truth_key)[0] == given.ground_truth
    text, kind = stored(given.key)
    assert (json.loads(text), kind) == (given.document, "application/json")
    assert "mûrier" in text
    archive.withdraw(given)
    assert keys("ground-truth/") == keys("review/answers/") == []


def test_who_could_not_tell_gives_no_ground_truth(
    names: Names, archive: Archive, keys: Callable[[str], list[str]]
) -> None:
    given = answer(names, None)
    archive.keep(given)
    assert (keys("ground-truth/"), keys("review/answers/")) == ([], [given.key])


def test_answers_are_listed_by_photo(aws: Aws, names: Names, archive: Archive) -> None:
    one, other = (f"review/answers/run-1/{who.digest}.json" for who in sorted((ANN, BEN), key=lambda who: who.digest))
    ten, nested = "review/answers/run-10/a.json", "review/answers/run-2/more/a.json"
    for key in (one, other, ten, nested, "review/answers/a.json", "review/answers/run-1/a.txt"):
        aws.s3.put_object(Bucket=names.bucket, Key=key, Body=b"{}")
    assert archive.answered("run-1") == [one, other]
    assert archive.answers() == {"run-1": [one, other], "run-10": [ten], "run-2": [nested]}


def test_a_photo_is_the_version_that_was_uploaded(aws: Aws, names: Names, archive: Archive) -> None:
    aws.s3.put_bucket_versioning(Bucket=names.bucket, VersioningConfiguration={"Status": "Enabled"})
    first, second = (aws.s3.put_object(Bucket=names.bucket, Key="a.png", Body=body) for body in (b"1", b"2"))

    def photo(**more: str) -> bytes:
        return archive.photo(Source(s3_bucket=names.bucket, s3_key="a.png", **more))

    assert photo() == photo(s3_etag=second["ETag"]) == b"2"
    assert photo(s3_version_id=first["VersionId"]) == b"1"
    assert photo(s3_version_id=first["VersionId"], s3_etag=second["ETag"]) == b"1"
    with pytest.raises(DataError, match="the photo is no longer there"):
        photo(s3_etag=first["ETag"])
    aws.s3.delete_object(Bucket=names.bucket, Key="a.png", VersionId=first["VersionId"])
    with pytest.raises(DataError, match="the photo is no longer there"):
        photo(s3_version_id=first["VersionId"])
    with pytest.raises(DataError, match="the photo is no longer there"):
        archive.photo(Source(s3_bucket=names.bucket, s3_key="none.png"))


def test_a_photo_has_a_most_of_bytes(aws: Aws, names: Names, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.review.archive.MAXIMUM_BYTES", 3)
    for name in ("123", "1234"):
        aws.s3.put_object(Bucket=names.bucket, Key=name, Body=name.encode())
    assert archive.photo(Source(s3_bucket=names.bucket, s3_key="123")) == b"123"
    with pytest.raises(DataError, match="the file has 4 bytes; at most 3 are read"):
        archive.photo(Source(s3_bucket=names.bucket, s3_key="1234"))
