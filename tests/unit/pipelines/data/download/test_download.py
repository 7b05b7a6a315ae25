"""Downloads from a real server that breaks off, ignores what it is asked, changes its file or has another one."""

import hashlib
import random
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from unit.pipelines.data.download.mirror import Mirror, serving

from pipelines.data.download.download import ATTEMPTS, download
from pipelines.data.download.partial import Partial, alone
from pipelines.data.download.request import BrokenOffError, Rest
from pipelines.errors import DataError, DownloadError, FolderBusyError, SconesError
from pipelines.settings.sections import PublishedArchive

CONTENT = random.Random(1).randbytes(10_000)
OTHER = random.Random(2).randbytes(10_000)


@dataclass
class Download:
    """A download to a folder, and what it said and how long it paused."""

    mirror: Mirror
    path: Path
    content: bytes = CONTENT
    reported: list[int] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def run(self) -> bool:
        md5 = hashlib.md5(self.content).hexdigest()
        archive = PublishedArchive(url=self.mirror.url, md5=md5, bytes=len(self.content))
        return download(archive, self.path, self.reported.append, self.pauses.append)

    def names(self) -> set[str]:
        return {each.name for each in self.path.parent.iterdir() if not each.name.endswith(".lock")}


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Download]:
    with serving(Mirror(CONTENT)) as mirror:
        yield Download(mirror, tmp_path / "official" / "2009" / "archive.tar.gz")


def breaks_off(job: Download, bytes_: int) -> None:
    """A first download that ends early and keeps what has arrived."""
    job.mirror.most = bytes_
    job.mirror.statuses = []
    job.mirror.after = lambda: job.mirror.statuses.append(404)
    with pytest.raises(DownloadError, match="404 Not Found"):
        job.run()
    job.mirror.most, job.mirror.statuses, job.mirror.asked = None, [], []
    job.mirror.after = lambda: None


def test_a_file_arrives_alone_and_whole(job: Download) -> None:
    assert job.run() is True
    assert job.path.read_bytes() == CONTENT
    assert job.names() == {"archive.tar.gz"}
    assert job.reported[-1] == len(CONTENT)


def test_what_is_there_is_not_asked_for_again(job: Download) -> None:
    job.run()
    assert job.run() is False
    assert len(job.mirror.asked) == 1


def test_another_file_in_its_place_stays_as_it_is(job: Download) -> None:
    job.path.parent.mkdir(parents=True)
    job.path.write_bytes(b"drawn")
    with pytest.raises(DataError, match="is there already and is not the archive"):
        job.run()
    assert job.path.read_bytes() == b"drawn"
    assert job.mirror.asked == []


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


def test_a_failure_without_words_is_told_by_its_kind() -> None:
    class Broken:
        def read1(self, _: int) -> bytes:
            raise ConnectionResetError

    with pytest.raises(BrokenOffError, match=r"^ConnectionResetError$"):
        list(Rest(0, None, None, "", Broken()).chunks())  # type: ignore[arg-type]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    full = Partial(Path("/dev/full"), tmp_path / "note", "https://elsewhere/")
    with pytest.raises(OSError, match="No space left") as raised:
        full.append(b"something")
    assert raised.value.filename == "/dev/full"


def test_a_range_that_is_refused_is_not_asked_for_again(job: Download) -> None:
    breaks_off(job, 4_000)
    job.mirror.statuses = [416]
    job.run()
    assert job.mirror.asked == ["bytes=4000-", None]
    assert job.path.read_bytes() == CONTENT


def test_a_server_that_always_breaks_off_at_the_same_place_is_given_up(job: Download) -> None:
    job.mirror.ranges, job.mirror.most = False, 3_000
    with pytest.raises(DownloadError, match=r"ended after 3,000 bytes\. 3,000 of 10,000 bytes are kept"):
        job.run()
    assert len(job.mirror.asked) == ATTEMPTS
    assert ".archive.tar.gz.partial" in job.names()


def test_the_error_says_what_is_kept_and_what_to_do(job: Download) -> None:
    job.mirror.ranges, job.mirror.most = False, 3_000
    with pytest.raises(DownloadError) as raised:
        job.run()
    assert str(raised.value) == (
        f"{job.mirror.url} could not be downloaded: the connection ended after 3,000 bytes. 3,000 of 10,000 bytes are "
        "kept, and the next download goes on from there. Check the network and HTTPS_PROXY, or name a mirror with "
        "--from"
    )


def test_nothing_is_kept_of_a_server_in_trouble(job: Download) -> None:
    job.mirror.statuses = [503] * ATTEMPTS
    with pytest.raises(DownloadError) as raised:
        job.run()
    assert str(raised.value) == (
        f"{job.mirror.url} could not be downloaded: the server answers 503 Service Unavailable. Check the network and "
        "HTTPS_PROXY, or name a mirror with --from"
    )


@pytest.mark.parametrize(("status", "words"), [(403, "403 Forbidden"), (499, "499")])
def test_a_server_that_refuses_is_quoted(job: Download, status: int, words: str) -> None:
    job.mirror.statuses = [status]
    with pytest.raises(DownloadError) as raised:
        job.run()
    assert str(raised.value) == (
        f"{job.mirror.url} could not be downloaded: the server answers {words}. Check the address; dataset.download in "
        "the configuration has it, and --from replaces it"
    )


def test_a_server_that_refuses_even_the_whole_file_is_given_up(job: Download) -> None:
    job.mirror.statuses = [416] * ATTEMPTS
    with pytest.raises(DownloadError, match="416 Requested Range Not Satisfiable"):
        job.run()
    assert job.mirror.asked == [None] * ATTEMPTS


def test_a_server_is_asked_for_the_bytes_of_the_file_itself(job: Download) -> None:
    job.run()
    assert (job.mirror.told["Accept-Encoding"], job.mirror.told["User-Agent"]) == ("identity", "scones-unlimited")
    assert "If-Range" not in job.mirror.told


def test_only_the_version_that_has_arrived_in_part_is_gone_on_with(job: Download) -> None:
    breaks_off(job, 4_000)
    job.run()
    assert (job.mirror.told["Range"], job.mirror.told["If-Range"]) == ("bytes=4000-", '"1"')


def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.data.download.request.TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
        with pytest.raises(DownloadError, match="timed out"):
            Download(Mirror(CONTENT, url=url), tmp_path / "a").run()


@pytest.mark.parametrize("free", [6_000, 5_999])
def test_what_is_missing_must_fit_on_the_disk(job: Download, monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    breaks_off(job, 4_000)
    usage = shutil.disk_usage(job.path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    with nullcontext() if free == 6_000 else pytest.raises(OSError, match="No space left"):
        job.run()
    assert job.path.exists() is (free == 6_000)


def test_a_server_in_trouble_is_asked_again(job: Download) -> None:
    job.mirror.statuses = [500, 503]
    job.run()
    assert job.pauses == [1, 2]
    assert job.path.read_bytes() == CONTENT


def test_a_server_that_stays_in_trouble_is_named(job: Download) -> None:
    job.mirror.statuses = [500] * ATTEMPTS
    with pytest.raises(DownloadError, match="500 Internal Server Error") as raised:
        job.run()
    assert job.mirror.url in str(raised.value)
    assert job.names() == set()


def test_a_missing_file_is_not_asked_for_again(job: Download) -> None:
    job.mirror.statuses = [404]
    with pytest.raises(DownloadError, match=r"404 Not Found\. Check the address"):
        job.run()
    assert len(job.mirror.asked) == 1
    assert job.names() == set()


@pytest.mark.parametrize(
    ("chunked", "words"),
    [
        (False, "10,001 bytes of 'text/plain'. Check the address; dataset.download in the configuration has it, "),
        (True, "more than that. Check the address; dataset.download in the configuration has it, and --from replaces "),
    ],
)
def test_a_file_of_another_size_is_refused(job: Download, *, chunked: bool, words: str) -> None:
    job.mirror.content, job.mirror.chunked = CONTENT + b"!", chunked
    start = f"{job.mirror.url} has another file than the archive of 10,000 bytes: it answers with {words}"
    with pytest.raises(DataError, match=f"^{re.escape(start)}"):
        job.run()
    assert job.names() == set()


def test_a_file_of_unknown_size_arrives(job: Download) -> None:
    job.mirror.chunked = True
    job.run()
    assert job.path.read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing(job: Download) -> None:
    job.mirror.content = OTHER
    with pytest.raises(DataError, match="MD5 is not"):
        job.run()
    assert job.names() == set()


def test_a_disk_that_is_too_small_is_not_filled(job: Download) -> None:
    archive = PublishedArchive(url=job.mirror.url, md5="0" * 32, bytes=10**18)
    job.mirror.chunked = True
    with pytest.raises(OSError, match="No space left") as raised:
        download(archive, job.path, job.reported.append)
    assert raised.value.filename.endswith(".archive.tar.gz.partial")
    assert job.reported == []


def test_nobody_at_the_address(tmp_path: Path) -> None:
    with serving(Mirror(CONTENT)) as mirror:
        gone = Download(mirror, tmp_path / "archive.tar.gz")
    with pytest.raises(DownloadError, match=r"downloaded: \[Errno 111\] Connection refused\. Check"):
        gone.run()
    assert gone.pauses == [1, 2, 4, 8]


@pytest.mark.parametrize("url", ["http://[/a", "http://127.0.0.1:port/a"])
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(SconesError, match="is no address"):
        Download(Mirror(CONTENT, url=url), tmp_path / "archive.tar.gz").run()


def test_two_downloads_to_one_path_do_not_mix(job: Download) -> None:
    job.path.parent.mkdir(parents=True)
    with alone(job.path), pytest.raises(FolderBusyError, match="another download"):
        job.run()


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
