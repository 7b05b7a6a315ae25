import pytest

from local.protocol.errors import JobError
from local.runtime.s3 import split


def test_s3_uris() -> None:
    assert split("s3://bucket/a/b") == ("bucket", "a/b")
    assert split("s3://bucket") == ("bucket", "")
    for wrong in ("bucket/a", "https://bucket/a", "s3:///a"):
        with pytest.raises(JobError, match="is not an S3 URI"):
            split(wrong)
