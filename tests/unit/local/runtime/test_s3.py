import pytest

from local.protocol.errors import JobError
from local.runtime.s3 import manifest, split


def test_s3_uris() -> None:
    assert split("s3://bucket/a/b") == ("bucket", "a/b")
    assert split("s3://bucket") == ("bucket", "")
    for wrong in ("bucket/a", "https://bucket/a", "s3:///a"):
        with pytest.raises(JobError, match="is not an S3 URI"):
            split(wrong)


def test_a_manifest_has_a_prefix_and_names() -> None:
    assert manifest(b'[{"prefix": "s3://b/in/"}, "a", "deep/b"]', "s3://b/m") == ("s3://b/in/", ["a", "deep/b"])


@pytest.mark.parametrize("content", [b"a\nb", b"[]", b"{}", b'["a"]', b'[{"uri": "s3://b/"}, "a"]', b"[1]"])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(
        JobError, match=r"s3://b/m is no manifest; expected \[\{\"prefix\": \"s3://…/\"\}, \"name\", …\]"
    ):
        manifest(content, "s3://b/m")


@pytest.mark.parametrize(
    "content", [b'[{"prefix": "s3://b/"}]', b'[{"prefix": "s3://b/"}, 1]', b'[{"prefix": 1}, "a"]']
)
def test_a_manifest_lists_names_of_objects(content: bytes) -> None:
    with pytest.raises(JobError, match="the manifest s3://b/m lists no objects"):
        manifest(content, "s3://b/m")
