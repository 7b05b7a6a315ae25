"""A download goes on where one broke off, if what has arrived is of the same file, and begins anew if not."""

import hashlib
import shutil
from contextlib import nullcontext

import pytest
from unit.pipelines.data.download.downloads import CONTENT, OTHER, Download
from unit.pipelines.data.download.mirror import Mirror, serving

from pipelines.data.download.download import download
from pipelines.errors import DataError, DownloadError
from pipelines.settings.sections import PublishedArchive


def breaks_off(job: Download, bytes_: int) -> None:
    """A first download that ends early and keeps what has arrived."""
    job.mirror.most = bytes_
    job.mirror.statuses = []
    job.mirror.after = lambda: job.mirror.statuses.append(404)
    with pytest.raises(DownloadError, match="404 Not Found"):
        job.run()
    job.mirror.most, job.mirror.statuses, job.mirror.asked = None, [], []
    job.mirror.after = lambda: None


def test_a_broken_connection_is_continued_at_once(job: Download) -> None:
    job.mirror.most = 3_000
    job.run()
    assert job.path.read_bytes() == CONTENT
    assert job.mirror.asked == [None, "bytes=3000-", "bytes=6000-", "bytes=9000-"]
    assert job.pauses == [1, 1, 1]  # each brought something new


def test_the_next_command_goes_on(job: Download) -> None:
    breaks_off(job, 4_000)
    assert job.names() == {".archive.tar.gz.partial", ".archive.tar.gz.partial.json"}
    job.run()
    assert job.mirror.asked == ["bytes=4000-"]
    assert job.path.read_bytes() == CONTENT


def test_a_date_will_do_for_a_server_without_strong_etags(job: Download) -> None:
    job.mirror.headers = {"ETag": 'W/"1"', "Last-Modified": "Mon, 01 Jun 2009 00:00:00 GMT"}
    breaks_off(job, 4_000)
    job.run()
    assert job.mirror.asked == ["bytes=4000-"]
    assert job.path.read_bytes() == CONTENT


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"1"'}])
def test_a_version_that_cannot_be_known_again_is_begun_anew(job: Download, headers: dict[str, str]) -> None:
    job.mirror.headers = headers
    breaks_off(job, 4_000)
    job.run()
    assert job.mirror.asked == [None]
    assert job.path.read_bytes() == CONTENT


def test_a_server_that_ignores_ranges_sends_all(job: Download) -> None:
    breaks_off(job, 4_000)
    job.mirror.ranges = False
    job.run()
    assert job.path.read_bytes() == CONTENT


def test_a_file_that_has_changed_meanwhile_is_begun_anew(job: Download) -> None:
    job.mirror.content = OTHER
    breaks_off(job, 4_000)
    job.mirror.content, job.mirror.headers = CONTENT, {"ETag": '"2"'}
    job.run()
    assert job.path.read_bytes() == CONTENT


@pytest.mark.parametrize("note", ["", "[]", '{"url": "https://elsewhere/", "validator": "1"}'])
def test_a_part_of_unknown_origin_is_not_continued(job: Download, note: str) -> None:
    breaks_off(job, 4_000)
    (job.path.parent / ".archive.tar.gz.partial.json").write_text(note)
    job.run()
    assert job.mirror.asked == [None]
    assert job.path.read_bytes() == CONTENT


def test_what_another_mirror_has_is_not_gone_on_with(job: Download) -> None:
    breaks_off(job, 4_000)
    with serving(Mirror(CONTENT)) as mirror:
        Download(mirror, job.path).run()
    assert mirror.asked == [None]
    assert job.path.read_bytes() == CONTENT


@pytest.mark.parametrize("told", ["", "bytes 0-9999/10000", "4000-9999/10000"])
def test_another_part_than_was_asked_for_is_not_taken(job: Download, told: str) -> None:
    breaks_off(job, 4_000)
    job.mirror.content_range = told
    job.run()
    assert job.mirror.asked == ["bytes=4000-", None]
    assert job.path.read_bytes() == CONTENT


def test_a_part_may_be_one_of_an_unknown_whole(job: Download) -> None:
    breaks_off(job, 4_000)
    job.mirror.content_range = "bytes 4000-9999/*"
    job.run()
    assert job.mirror.asked == ["bytes=4000-"]
    assert job.path.read_bytes() == CONTENT


def test_a_file_that_has_grown_meanwhile_is_refused(job: Download) -> None:
    breaks_off(job, 4_000)
    job.mirror.content = CONTENT + b"!"
    with pytest.raises(DataError, match="10,001 bytes of 'text/plain'"):
        job.run()


def test_a_range_that_is_refused_is_not_asked_for_again(job: Download) -> None:
    breaks_off(job, 4_000)
    job.mirror.statuses = [416]
    job.run()
    assert job.mirror.asked == ["bytes=4000-", None]
    assert job.path.read_bytes() == CONTENT


def test_only_the_version_that_has_arrived_in_part_is_gone_on_with(job: Download) -> None:
    breaks_off(job, 4_000)
    job.run()
    assert (job.mirror.told["Range"], job.mirror.told["If-Range"]) == ("bytes=4000-", '"1"')


@pytest.mark.parametrize("free", [6_000, 5_999])
def test_what_is_missing_must_fit_on_the_disk(job: Download, monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    breaks_off(job, 4_000)
    usage = shutil.disk_usage(job.path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    with nullcontext() if free == 6_000 else pytest.raises(OSError, match="No space left"):
        job.run()
    assert job.path.exists() is (free == 6_000)


def test_an_interrupted_download_keeps_what_has_arrived(job: Download) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    job.mirror.most = 4_000
    with pytest.raises(KeyboardInterrupt):
        download(
            PublishedArchive(url=job.mirror.url, md5=hashlib.md5(CONTENT).hexdigest(), bytes=len(CONTENT)),
            job.path,
            job.reported.append,
            lambda _: interrupt(),
        )
    job.mirror.most = None
    job.run()
    assert job.mirror.asked == [None, "bytes=4000-"]
    assert job.path.read_bytes() == CONTENT
