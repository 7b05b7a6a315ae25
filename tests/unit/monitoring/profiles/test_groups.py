"""Which folders of captures are listed, and how their files are grouped."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitoring.captures.payloads import Defaults
from monitoring.profiles import volume
from monitoring.profiles.groups import Group, find_groups, total_size
from windows.spans import EVERYTHING, Span

TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
FOLDER = "vehicles/AllTraffic/2026/03"


@pytest.fixture
def folder(write_lines: Callable[..., Path], tmp_path: Path) -> Path:
    """Two files of one hour, and one in each of some others."""
    for name in ("01/10/a", "01/10/b", "01/11/a", "01/12/a", "01/13/a", "02/10/a", "32/10/a"):
        write_lines(tmp_path / FOLDER / f"{name}.jsonl", b"some bytes")
    (tmp_path / FOLDER / "32").rename(tmp_path / "elsewhere")
    return tmp_path


def names(groups: list[Group]) -> list[str]:
    return [name.removeprefix(f"{FOLDER}/").removesuffix(".jsonl") for group in groups for name in group.files]


def test_the_files_of_an_hour_are_a_group(folder: Path) -> None:
    (folder / "elsewhere/10/a.jsonl").unlink()
    groups, problems = find_groups(folder, EVERYTHING)
    assert [group.hour for group in groups] == [TEN, TEN + HOUR, TEN + 2 * HOUR, TEN + 3 * HOUR, TEN + 24 * HOUR]
    assert names(groups) == ["01/10/a", "01/10/b", "01/11/a", "01/12/a", "01/13/a", "02/10/a"]
    assert problems == []


def test_one_file_elsewhere_makes_all_of_them_one_group(folder: Path) -> None:
    ((group,), _) = find_groups(folder, EVERYTHING)
    assert (group.hour, len(group.files)) == (None, 7)


@pytest.mark.parametrize(
    ("hours", "listed"),
    [
        ((1, 2), ["01/11/a", "01/12/a"]),  # records of 11:00 to 12:00 may lie in the folder of the hour after
        ((-2, 0), ["01/10/a", "01/10/b"]),
        ((-3, -1), []),
        ((4, 5), []),
        ((23.5, 40), ["02/10/a"]),
    ],
)
def test_other_hours_and_days_are_not_listed(hours: tuple[float, float], listed: list[str], folder: Path) -> None:
    (folder / "elsewhere/10/a.jsonl").unlink()
    start, end = (TEN + hour * HOUR for hour in hours)
    assert names(find_groups(folder, Span(start, end))[0]) == listed


def test_the_size_of_groups_is_that_of_the_files_that_are_left(folder: Path) -> None:
    (group,), _ = find_groups(folder, EVERYTHING)
    assert total_size(folder, [group]) == 7 * len(b"some bytes\n")
    (folder / FOLDER / "01/10/a.jsonl").unlink()
    assert total_size(folder, [group]) == 6 * len(b"some bytes\n")


def at(record: dict[str, Any], time: str) -> dict[str, Any]:
    """The record at another time of the day."""
    metadata = {**record["eventMetadata"], "inferenceTime": f"2026-03-01T{time}Z"}
    return {**record, "eventMetadata": metadata}


def test_records_an_hour_are_those_of_the_hours_that_there_are(
    record: Any, write_lines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "SMALL_BYTES", 1000)
    times = [f"{10 + number % 2}:{number}:{number}.{number:06}" for number in range(10, 60)]
    lines = [at(record(number, [0.9, 0.1]), time) for number, time in enumerate(times)]
    write_lines(tmp_path / "a.jsonl", b"broken", *lines)
    ((group,), _) = find_groups(tmp_path, EVERYTHING)
    assert 22 < volume.records_an_hour(tmp_path, group) <= 26


def test_of_few_records_or_many_hours_nothing_is_said(
    record: Any, write_lines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lines(tmp_path / "a.jsonl", *(at(record(hour, [0.9, 0.1]), f"{hour}:00:00") for hour in range(10, 20)))
    ((group,), _) = find_groups(tmp_path, EVERYTHING)
    assert volume.records_an_hour(tmp_path, group) == 0
    monkeypatch.setattr(volume, "SMALL_BYTES", 1000)
    monkeypatch.setattr(volume, "PLACES", 9)
    assert volume.records_an_hour(tmp_path, group) == 0


def test_one_late_record_makes_no_second_hour_of_a_folder(
    record: Any, write_lines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "SMALL_BYTES", 1000)
    late = at(record(0, [0.9, 0.1]), "09:59:00")
    write_lines(tmp_path / FOLDER / "01/10/a.jsonl", late, *(record(number, [0.9, 0.1]) for number in range(1, 40)))
    ((group,), _) = find_groups(tmp_path, EVERYTHING)
    assert 36 < volume.records_an_hour(tmp_path, group) <= 40


def test_a_large_file_without_a_record_says_nothing(
    write_lines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "SMALL_BYTES", 1000)
    write_lines(tmp_path / "a.jsonl", *[b"broken"] * 300)
    ((group,), _) = find_groups(tmp_path, EVERYTHING)
    assert volume.records_an_hour(tmp_path, group) == 0


def test_the_names_of_stored_profiles_stay_from_release_to_release(tmp_path: Path) -> None:
    """With other names all captures would be read again, as whoever raises FORMAT wants it."""
    (tmp_path / "a.jsonl").write_bytes(b"some bytes\n")
    found = Group(TEN, ("a.jsonl",)).digest(tmp_path, Defaults(("bicycle", "motorcycle"), 0.93))
    assert found == "c5d74dd9720d581015f3d38f"
