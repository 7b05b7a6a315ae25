"""Downloads one archive. Its file has the final name only when it is complete and its checksum is right."""

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.data.download.partial import Partial, alone, md5_of
from pipelines.data.download.request import BrokenOffError, OtherRangeError, Rest, request_rest
from pipelines.errors import DataError, DownloadError
from pipelines.settings.sections import PublishedArchive

ATTEMPTS = 5  # requests in a row that bring nothing new, before the download is given up

Report = Callable[[int], None]  # is told how many bytes have arrived


def download(
    archive: PublishedArchive, path: Path, report: Report, pause: Callable[[float], None] = time.sleep
) -> bool:
    """Downloads the archive to `path`; returns False if it was there already.

    What has arrived stays beside `path` when the download ends early, and the next one goes on from there.

    Raises:
        DownloadError: the server cannot be reached, refuses, or breaks off again and again.
        DataError: it has another file than the archive, or such a file lies at `path` already.
        FolderBusyError: another download to this path goes on.
        OSError: the file cannot be written, for instance because the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone(path):
        if path.exists():
            _check_present(path, archive)
            return False
        partial = Partial.of(path, archive.url)
        _complete(partial, archive, report, pause)
        if md5_of(partial.file) != archive.md5:
            partial.discard()
            raise DataError(
                f"{archive.url} has another file than the archive: its MD5 is not {archive.md5}. Nothing was kept; "
                "try another mirror with --from, or correct dataset.download in the configuration"
            )
        partial.finish(path)
    return True


def _check_present(path: Path, archive: PublishedArchive) -> None:
    if md5_of(path) != archive.md5:
        raise DataError(
            f"{path} is there already and is not the archive that is published: its MD5 is not {archive.md5}. It was "
            "left as it is; move it away, or choose another file with --output"
        )


def _complete(partial: Partial, archive: PublishedArchive, report: Report, pause: Callable[[float], None]) -> None:
    """Requests what is missing until nothing is."""
    failures, most = 0, partial.size
    while partial.size < archive.bytes:
        try:
            _receive(partial, archive, report)
        except BrokenOffError as error:
            if isinstance(error, OtherRangeError):
                partial.discard()
            failures = 1 if partial.size > most else failures + 1
            most = max(most, partial.size)
            if failures == ATTEMPTS:
                raise _given_up(archive, error, partial.size) from error
            pause(2 ** (failures - 1))


def _given_up(archive: PublishedArchive, error: BrokenOffError, size: int) -> DownloadError:
    kept = f" {size:,} of {archive.bytes:,} bytes are kept, and the next download goes on from there." if size else ""
    return DownloadError(
        f"{archive.url} could not be downloaded: {error}.{kept} Check the network and HTTPS_PROXY, or name a mirror "
        "with --from"
    )


def _receive(partial: Partial, archive: PublishedArchive, report: Report) -> None:
    """Makes one request for what is missing, and keeps what it brings."""
    with request_rest(archive.url, partial.size, partial.validator) as rest:
        _check_size(rest, archive)
        if not rest.start:
            partial.begin(rest.validator)
        _check_space(partial.file, archive.bytes - rest.start)
        size = rest.start
        for chunk in rest.chunks():
            if size + len(chunk) > archive.bytes:
                partial.discard()
                raise _other_size(archive, "more than that")
            size = partial.append(chunk)
            report(size)
    if partial.size < archive.bytes:
        raise BrokenOffError(f"the connection ended after {partial.size:,} bytes")


def _check_size(rest: Rest, archive: PublishedArchive) -> None:
    """Refuses another file, such as a page that asks to log in, before it is downloaded."""
    if rest.total not in (None, archive.bytes):
        raise _other_size(archive, f"{rest.total:,} bytes of {rest.content_type!r}")


def _other_size(archive: PublishedArchive, found: str) -> DataError:
    return DataError(
        f"{archive.url} has another file than the archive of {archive.bytes:,} bytes: it answers with {found}. Check "
        "the address; dataset.download in the configuration has it, and --from replaces it"
    )


def _check_space(file: Path, missing: int) -> None:
    """Raises the error of a full disk before the disk is full."""
    if shutil.disk_usage(file.parent).free < missing:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
