"""Servers in trouble are asked again, others are given up; the error says which, what is kept and what to do."""

import socket
from pathlib import Path

import pytest
from unit.pipelines.data.download.downloads import CONTENT, Download
from unit.pipelines.data.download.mirror import Mirror, serving

from pipelines.data.download.download import ATTEMPTS
from pipelines.data.download.request import BrokenOffError, Rest
from pipelines.errors import DownloadError, SconesError


def test_a_failure_without_words_is_told_by_its_kind() -> None:
    class Broken:
        def read1(self, _: int) -> bytes:
            raise ConnectionResetError

    with pytest.raises(BrokenOffError, match=r"^ConnectionResetError$"):
        list(Rest(0, None, None, "", Broken()).chunks())  # type: ignore[arg-type]


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


def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.data.download.request.TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
        with pytest.raises(DownloadError, match="timed out"):
            Download(Mirror(CONTENT, url=url), tmp_path / "a").run()


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
