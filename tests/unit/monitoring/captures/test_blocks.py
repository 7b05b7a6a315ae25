"""Reading in parts, and in two processes, finds what reading a file from end to end finds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from monitoring.captures import blocks
from monitoring.captures.capture import read_captures, read_image
from monitoring.captures.payloads import Defaults
from monitoring.features.images import digest

DEFAULTS = Defaults(("bicycle", "motorcycle"), 0.93)


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    captures: Path,
    record: Callable[..., Any],
    respond: Callable[..., Any],
    write_lines: Callable[..., Path],
) -> Path:
    """The captures of the other tests, and a file with repetitions, blank and broken lines, far apart."""
    folder = tmp_path_factory.mktemp("parts")
    (folder / "others").symlink_to(captures)
    lines: list[Any] = [record(100 + number % 17, respond(0.95), minute=number) for number in range(40)]
    lines[5:5] = [b"", b"broken", b"  "]
    lines.append(record(104, respond(0.9, 0.8)))
    write_lines(folder / "x.jsonl", *lines)
    return folder


@pytest.mark.parametrize("size", [777, 5000])
def test_parts_give_the_whole(folder: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    whole = read_captures(folder, DEFAULTS)
    assert whole.duplicates == 24
    monkeypatch.setattr(blocks, "PART_BYTES", size)
    parts = read_captures(folder, DEFAULTS)
    assert_frame_equal(parts.photos, whole.photos)
    assert (parts.problems, parts.duplicates) == (whole.problems, whole.duplicates)


def test_two_processes_give_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_captures(folder, DEFAULTS)
    monkeypatch.setattr(blocks, "SMALL_BYTES", 0)
    monkeypatch.setattr(blocks, "PART_BYTES", 20_000)
    both = read_captures(folder, DEFAULTS)
    assert_frame_equal(both.photos, whole.photos)
    assert (both.problems, both.duplicates) == (whole.problems, whole.duplicates)


def test_each_image_is_found_again_at_its_place(folder: Path) -> None:
    photos = read_captures(folder, DEFAULTS).photos
    assert len(photos) == 17
    for photo in photos.to_dict("records"):
        assert digest(read_image(folder, photo["file"], photo["place"], photo["position"])) == photo["image_digest"]
