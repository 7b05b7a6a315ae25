"""Entries of all kinds of sources, and the photos that they name."""

from typing import Any

import pytest

from lambdas.classify_batch.items import nothing_to_see, photo_of
from lambdas.shared.errors import InvalidRequest

LISTED = {"Etag": '"abc"', "Key": "backfill/a b.png", "LastModified": 1, "Size": 9, "StorageClass": "STANDARD"}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (LISTED, ("of-the-source", "backfill/a b.png", None, '"abc"')),
        ("backfill/a.png", ("of-the-source", "backfill/a.png", None, None)),
        ("s3://other/backfill/a.png", ("other", "backfill/a.png", None, None)),
        ({"s3_uri": "s3://other/a.png"}, ("other", "a.png", None, None)),
        ({"uri": "s3://other/a.png", "version_id": "7"}, ("other", "a.png", "7", None)),
        ({"s3_bucket": "b", "s3_key": "k", "s3_etag": "e"}, ("b", "k", None, "e")),
        ({"bucket": "", "key": "k", "version_id": ""}, ("of-the-source", "k", None, None)),  # empty fields of CSV
        ({"Bucket": "b", "Key": "k", "VersionId": "v", "IsLatest": "true"}, ("b", "k", "v", None)),
    ],
)
def test_an_entry_names_a_photo(item: Any, expected: tuple[str, ...]) -> None:
    photo = photo_of(item, "of-the-source")
    assert (photo.s3_bucket, photo.s3_key, photo.s3_version_id, photo.s3_etag) == expected


def test_keys_of_inventories_are_decoded_and_others_are_not() -> None:
    item = {"Bucket": "b", "Key": "backfill/a+b%2Bc.png"}
    assert photo_of(item, "b", encoded=True).s3_key == "backfill/a b+c.png"
    assert photo_of(item, "b").s3_key == "backfill/a+b%2Bc.png"


@pytest.mark.parametrize(
    "item", [None, 7, [], {}, "", "s3://only-a-bucket", {"file": "a.png"}, {"key": 7}, {"uri": 7}, {"key": ["a"]}]
)
def test_an_entry_that_names_none(item: Any) -> None:
    with pytest.raises(InvalidRequest):
        photo_of(item, "b", encoded=True)


@pytest.mark.parametrize(
    ("item", "key", "says"),
    [
        (LISTED, "backfill/a.png", ""),
        (LISTED, "backfill/", "the key ends with '/', so it marks a folder"),
        ({"IsDeleteMarker": "true"}, "a.png", "the inventory says that the object was deleted"),
        ({"IsLatest": "FALSE"}, "a.png", "the inventory says that this is not the latest version"),
        ({"IsLatest": "true", "IsDeleteMarker": "false"}, "a.png", ""),
        ("a.png", "a.png", ""),
    ],
)
def test_what_is_no_photo_to_decide_on(item: Any, key: str, says: str) -> None:
    assert nothing_to_see(item, key) == says
