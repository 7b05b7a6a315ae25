"""Addresses of sources: which are read, as what, and which are refused."""

import re

import pytest

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.operations.batch.source import Format, Source, check_source, parse_source
from pipelines.settings.naming import BATCH_SOURCES, Names


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        ("backfill/2026-11/", None, "prefix"),
        ("photos/a.b/2026", None, "prefix"),
        ("photos/run.csv/", None, "prefix"),
        ("test-photos/", None, "prefix"),
        ("backfill/csv", None, "prefix"),
        ("backfill/list.csv", None, "csv"),
        ("backfill/2026.11.csv", None, "csv"),
        ("backfill/list.JSON", None, "json"),
        ("backfill/list.jsonl", None, "jsonl"),
        ("backfill/inv/2026-11-01T01-00Z/manifest.json", None, "inventory"),
        ("backfill/manifest.json", "json", "json"),
        ("backfill/list.txt", "csv", "csv"),
        ("backfill/some.prefix", None, "prefix"),
        ("backfill/a.inventory", None, "prefix"),
    ],
)
def test_a_format_is_told_by_the_ending_unless_it_is_given(
    key: str, given: Format | None, expected: str, names: Names
) -> None:
    source = parse_source(names.s3(key), given, names)
    assert source == Source(expected, names.bucket, key)  # type: ignore[arg-type]
    assert source.uri == names.s3(key)


@pytest.mark.parametrize(
    "uri",
    [
        "photos/",
        "BUCKET/photos/",
        "s3://",
        "s3://other/backfill/",
        "OWN",
        "OWN/",
        "OWN/capture/",
        "OWN/photos",
        "OWN/photos/list.csv",
    ],
)
def test_what_the_roles_may_not_read_is_refused_by_name(uri: str, names: Names) -> None:
    given = uri.replace("OWN", f"s3://{names.bucket}").replace("BUCKET", names.bucket)
    with pytest.raises(DataError, match=r"must lie below s3://.*/backfill/, where the batch workflow may read"):
        parse_source(given, None, names)


def test_a_refusal_says_where_photos_and_lists_may_lie(names: Names) -> None:
    photos, tests, lists = (re.escape(names.s3(folder, "")) for folder in BATCH_SOURCES)
    with pytest.raises(DataError, match=f": photos must lie below {photos} or {tests} or {lists}, where"):
        parse_source(names.s3("capture/"), None, names)
    with pytest.raises(DataError, match=rf": a list \(csv\) must lie below {lists}, where"):
        parse_source(names.s3("photos/list.csv"), None, names)


def test_stems_tell_sources_apart_and_fit_into_names(names: Names) -> None:
    keys = ["backfill/a/", "backfill/a-/", "backfill/" + "ü" * 500, "backfill/" + "x" * 900]
    stems = [Source("prefix", names.bucket, key).stem for key in keys]
    stems.append(Source("csv", names.bucket, keys[0]).stem)
    assert len(set(stems)) == 5
    assert all(stem.isascii() and len(stem) <= 40 for stem in stems)
    assert stems[0].startswith("backfill-a-")


def test_a_mistyped_address_is_told_at_once(session: object, names: Names) -> None:
    aws = Aws(session)  # type: ignore[arg-type]
    aws.s3.put_object(Bucket=names.bucket, Key="backfill/a/1.png", Body=b"photo")
    check_source(aws, Source("prefix", names.bucket, "backfill/a/"))
    check_source(aws, Source("csv", names.bucket, "backfill/a/1.png"))
    for source in (Source("prefix", names.bucket, "backfill/b/"), Source("csv", names.bucket, "backfill/b.csv")):
        with pytest.raises(DataError, match="backfill/b"):
            check_source(aws, source)
