"""Profiles of a folder: read in parts, in two processes, kept, cut, and put together for spans of time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from profiled import captured

from monitoring.captures.capture import read_image
from monitoring.captures.payloads import Defaults
from monitoring.features.images import digest
from monitoring.profiles import parts, shelf, volume
from monitoring.profiles.shelf import Shelf, fill
from monitoring.profiles.store import Store, files
from monitoring.summaries import measured
from windows.spans import EVERYTHING, Span

DEFAULTS = Defaults(("bicycle", "motorcycle"), 0.93)
TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


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


@pytest.fixture
def two_hours(record: Callable[..., Any], respond: Callable[..., Any], write_lines: Callable[..., Path]) -> Any:
    """Writes a photo every ten minutes of two hours, as data capture lays them down, and one record that came late."""

    def write(folder: Path, day: int = 1) -> None:
        for hour in (10, 11):
            lines = [record(hour * 100 + minute, respond(0.97), minute=minute) for minute in range(0, 60, 10)]
            if hour == 11:
                lines.append(record(1059, respond(0.97), minute=59))
            for line in lines:
                time = line["eventMetadata"]["inferenceTime"].replace("03-01", f"03-{day:02}")
                late = time.endswith("59:00Z")
                line["eventMetadata"]["inferenceTime"] = time if late else time.replace("T10", f"T{hour}")
                line["eventMetadata"]["eventId"] += f"-{day}"
            write_lines(folder / f"vehicles/AllTraffic/2026/03/{day:02}/{hour}/00-00-000-a.jsonl", *lines)

    return write


def filled(folder: Path, kept: Path, span: Span = EVERYTHING) -> Shelf:
    return fill(folder, DEFAULTS, Store(kept), span)


@pytest.mark.parametrize("size", [777, 5000])
def test_parts_give_the_whole(folder: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    whole = captured(folder)
    assert whole.profile.counts.duplicates == 24
    monkeypatch.setattr(shelf, "PART_BYTES", size)
    assert captured(folder) == whole


def test_two_processes_give_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = captured(folder)
    monkeypatch.setattr(parts, "SMALL_BYTES", 0)
    monkeypatch.setattr(shelf, "PART_BYTES", 3_000)
    assert captured(folder) == whole


def test_each_image_is_found_again_at_its_place(folder: Path) -> None:
    photos = captured(folder).profile.samples.pictures.values()
    assert len(photos) == 17
    for photo in photos:
        assert digest(read_image(folder, photo.file, photo.place, photo.position)) == photo.digest


def test_what_is_kept_is_not_read_again(
    two_hours: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_hours(tmp_path / "captures")
    whole = filled(tmp_path / "captures", tmp_path / "kept").period(EVERYTHING)
    assert whole.profile.counts.photos == 13
    monkeypatch.setattr(parts, "read_part", None)  # reading would fail
    again = filled(tmp_path / "captures", tmp_path / "kept")
    assert again.period(EVERYTHING) == whole
    late = again.period(Span(TEN, TEN + HOUR)).profile.counts
    assert (late.photos, late.last) == (7, TEN + timedelta(minutes=59))


def test_what_another_folder_keeps_is_read_as_well(two_hours: Callable[..., None], tmp_path: Path) -> None:
    two_hours(tmp_path / "captures")
    whole = filled(tmp_path / "captures", tmp_path / "known").period(EVERYTHING)
    store = Store(tmp_path / "kept", tmp_path / "known")
    assert fill(tmp_path / "captures", DEFAULTS, store, EVERYTHING).period(EVERYTHING) == whole
    assert not (tmp_path / "kept").exists()


def test_a_late_file_makes_a_new_profile_of_its_hour_alone(
    two_hours: Callable[..., None], record: Any, respond: Any, write_lines: Any, tmp_path: Path
) -> None:
    two_hours(tmp_path / "captures")
    filled(tmp_path / "captures", tmp_path / "kept")
    before = {path.name for path in (tmp_path / "kept").iterdir()}
    late = tmp_path / "captures/vehicles/AllTraffic/2026/03/01/10/59-59-000-b.jsonl"
    write_lines(late, record(7, respond(0.97), minute=58))
    period = filled(tmp_path / "captures", tmp_path / "kept").period(EVERYTHING)
    assert period.profile.counts.photos == 14
    added = {path.name for path in (tmp_path / "kept").iterdir()} - before
    assert len(added) == len({"the list of pieces", "counts", "samples", "pixels"})


def test_other_classes_or_another_threshold_make_other_profiles(record: Any, write_lines: Any, tmp_path: Path) -> None:
    write_lines(tmp_path / "captures/x.jsonl", record(1, [0.97, 0.03]))
    for defaults in (DEFAULTS, Defaults(("car", "van"), 0.99), DEFAULTS):
        found = fill(tmp_path / "captures", defaults, Store(tmp_path / "kept"), EVERYTHING).period(EVERYTHING)
        counts = found.profile.counts
        assert (counts.labels[0].names, counts.thresholds) == (defaults.classes, {defaults.threshold: 1})


def test_an_hour_without_photos_has_its_problems(write_lines: Any, tmp_path: Path) -> None:
    write_lines(tmp_path / "captures/vehicles/AllTraffic/2026/03/01/10/a.jsonl", b"broken")
    period = filled(tmp_path / "captures", tmp_path / "kept").period(EVERYTHING)
    assert (period.profile.counts.photos, period.profile.counts.problems.lines) == (0, 1)


@pytest.mark.parametrize(
    ("start", "minutes", "lines"), [(0, 60, 1), (120, 60, 2), (60, 60, 0), (30, 60, 1), (119, 1, 0), (180, 60, 0)]
)
def test_problems_count_in_the_hour_of_their_folder(
    start: int, minutes: int, lines: int, write_lines: Any, tmp_path: Path
) -> None:
    for hour, broken in ((10, 1), (12, 2)):
        write_lines(tmp_path / f"captures/vehicles/AllTraffic/2026/03/01/{hour}/a.jsonl", *[b"broken"] * broken)
    found = filled(tmp_path / "captures", tmp_path / "kept")
    begin = TEN + timedelta(minutes=start)
    assert found.period(Span(begin, begin + timedelta(minutes=minutes))).profile.counts.problems.lines == lines


def test_problems_of_no_hour_count_in_every_span(record: Any, write_lines: Any, tmp_path: Path) -> None:
    write_lines(tmp_path / "captures/a.jsonl", record(1, [0.9, 0.1]), record(2, [0.9, 0.1]), record(3, [0.9, 0.1]))
    write_lines(tmp_path / "captures/b.jsonl", record(4, [0.9, 0.1]), b"broken")
    found = filled(tmp_path / "captures", tmp_path / "kept").period(Span(TEN + 5 * HOUR, TEN + 6 * HOUR))
    assert (found.profile.counts.photos, [each.place for each in found.profile.counts.problems.listed]) == (
        0,
        ["b.jsonl:2"],
    )


def test_of_an_hour_with_many_photos_some_are_looked_at(
    record: Any, write_lines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "SMALL_BYTES", 1000)
    monkeypatch.setattr(measured, "AN_HOUR", 10)
    lines = [record(number, [0.9, 0.1]) for number in range(40)]
    write_lines(tmp_path / "captures/vehicles/AllTraffic/2026/03/01/10/a.jsonl", *lines)
    counts = filled(tmp_path / "captures", tmp_path / "kept").period(EVERYTHING).profile.counts
    assert (counts.photos, counts.measured.level) == (40, 2)
    assert 0 < len(counts.measured.records) < 40


def test_a_damaged_profile_is_made_again(two_hours: Callable[..., None], tmp_path: Path) -> None:
    two_hours(tmp_path / "captures")
    whole = filled(tmp_path / "captures", tmp_path / "kept").period(EVERYTHING)
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(path.read_bytes()[:30])
    assert filled(tmp_path / "captures", tmp_path / "kept").period(EVERYTHING) == whole


@pytest.mark.parametrize("kept", ["counts", "samples", "pixels"])
def test_one_damaged_file_of_a_profile_is_made_again(kept: str, two_hours: Callable[..., None], tmp_path: Path) -> None:
    two_hours(tmp_path / "captures")
    filled(tmp_path / "captures", tmp_path / "kept")
    found = filled(tmp_path / "captures", tmp_path / "kept")
    whole, late = found.period(EVERYTHING), found.before(TEN + 3 * HOUR, TEN)
    cut = found.volume(TEN, TEN + timedelta(minutes=30))
    for path in (tmp_path / "kept").glob(f"*.{kept}*"):
        path.write_bytes(path.read_bytes()[:30])
    assert found.period(EVERYTHING) == whole
    assert found.before(TEN + 3 * HOUR, TEN) == late
    assert found.volume(TEN, TEN + timedelta(minutes=30)) == cut
    assert cut == 3


def test_of_files_that_are_gone_since_nothing_is_made_again(two_hours: Callable[..., None], tmp_path: Path) -> None:
    two_hours(tmp_path / "captures")
    found = filled(tmp_path / "captures", tmp_path / "kept")
    for path in (*tmp_path.glob("kept/*.counts*"), *tmp_path.glob("captures/**/*.jsonl")):
        path.unlink()
    assert found.period(EVERYTHING).profile.counts.photos == 0


def test_a_window_cuts_hours(two_hours: Callable[..., None], tmp_path: Path) -> None:
    two_hours(tmp_path / "captures")
    found = filled(tmp_path / "captures", tmp_path / "kept")
    span = Span(TEN + timedelta(minutes=20), TEN + timedelta(minutes=70))
    assert found.period(span).profile.counts.photos == 6  # from 10:20 to 11:00, with the late one of 10:59
    assert found.volume(span.start or TEN, span.end or TEN) == 6
    assert found.volume(TEN + timedelta(minutes=110), TEN + 3 * HOUR) == 1
    assert found.before(TEN + HOUR, TEN).photos == 7
    assert found.before(TEN + timedelta(minutes=59), TEN).photos == 6


def test_when_captures_begin_and_end_and_which_files_have_them(two_hours: Callable[..., None], tmp_path: Path) -> None:
    two_hours(tmp_path / "captures")
    found = filled(tmp_path / "captures", tmp_path / "kept")
    assert found.extent == (TEN, TEN + timedelta(minutes=110))
    ten, eleven = found.files
    assert ten < eleven
    assert found.files_of(Span(TEN, TEN + HOUR)) == (ten, eleven)  # the second one has a record that came late
    assert found.files_of(Span(TEN + HOUR, TEN + 2 * HOUR)) == (eleven,)
    assert found.files_of(Span(TEN + timedelta(minutes=51), TEN + timedelta(minutes=59))) == ()
    assert filled(tmp_path / "nothing", tmp_path / "kept").extent is None


def test_other_days_are_not_listed(two_hours: Callable[..., None], tmp_path: Path) -> None:
    for day in (1, 2, 3):
        two_hours(tmp_path / "captures", day)
    day = TEN + timedelta(days=1)
    found = filled(tmp_path / "captures", tmp_path / "kept", Span(day - 10 * HOUR, day + 14 * HOUR))
    assert {name.split("/")[4] for name in found.files} == {"02"}
    assert found.period(EVERYTHING).profile.counts.photos == 13


def test_the_last_day_stands_beside_the_days_before(two_hours: Callable[..., None], tmp_path: Path) -> None:
    for day in (1, 2, 3):
        two_hours(tmp_path / "captures", day)
    period = filled(tmp_path / "captures", tmp_path / "kept").period(EVERYTHING)
    assert (period.day, period.latest.photos, period.before.photos) == ("2026-03-03", 13, 26)


def test_the_same_captures_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        filled(folder, tmp_path / name)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert files(captured(folder).profile) == files(captured(folder).profile)
