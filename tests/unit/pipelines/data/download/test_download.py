"""A file arrives alone and whole, or nothing of it is kept."""

import re
from pathlib import Path

import pytest
from unit.pipelines.data.download.downloads import CONTENT, OTHER, Download

from pipelines.data.download.download import download
from pipelines.data.download.partial import Partial, alone
from pipelines.errors import DataError, FolderBusyError
from pipelines.settings.sections import PublishedArchive


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


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    full = Partial(Path("/dev/full"), tmp_path / "note", "https://elsewhere/")
    with pytest.raises(OSError, match="No space left") as raised:
        full.append(b"something")
    assert raised.value.filename == "/dev/full"


def test_a_server_is_asked_for_the_bytes_of_the_file_itself(job: Download) -> None:
    job.run()
    assert (job.mirror.told["Accept-Encoding"], job.mirror.told["User-Agent"]) == ("identity", "scones-unlimited")
    assert "If-Range" not in job.mirror.told


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


def test_two_downloads_to_one_path_do_not_mix(job: Download) -> None:
    job.path.parent.mkdir(parents=True)
    with alone(job.path), pytest.raises(FolderBusyError, match="another download"):
        job.run()
