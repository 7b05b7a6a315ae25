"""Which images are looked at closely where there are many, and how digests and volumes are known."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitoring.captures.files import Part
from monitoring.captures.payloads import Defaults
from monitoring.profiles import parts, volume
from monitoring.profiles.groups import find_groups
from monitoring.profiles.parts import Reader, Task, profile_part
from monitoring.summaries.digests import DigestSet
from monitoring.summaries.measured import largest_digest, level_for, measured_of
from windows.spans import EVERYTHING

DEFAULTS = Defaults(("bicycle", "motorcycle"), 0.93)


def test_of_many_records_some_are_looked_at_and_all_are_counted(
    record: Callable[..., Any], respond: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    write_lines(tmp_path / "x.jsonl", *(record(number, respond(0.97)) for number in range(40)))
    reader = Reader(tmp_path, DEFAULTS)
    (closely,) = profile_part(reader, Task(Part("x.jsonl"), "")).profiles.values()
    (found,) = profile_part(reader, Task(Part("x.jsonl"), "", level=2)).profiles.values()
    names = {name for name in closely.counts.measured.records if int(name[:16], 16) <= largest_digest(2)}
    assert 2 < len(names) < 20
    assert set(found.counts.measured.records) == set(found.samples.pixels) == names
    assert found.counts.numbers == closely.counts.numbers
    assert found.samples.different == closely.samples.different
    assert found.counts.measured == measured_of(closely.counts.measured.records, 2)


@pytest.mark.parametrize(("records", "level"), [(0, 0), (2047, 0), (2048, 1), (8191, 2), (42_000, 5)])
def test_the_level_leaves_about_as_many_as_the_promise_needs(records: int, level: int) -> None:
    assert level_for(records) == level


def test_a_set_of_digests() -> None:
    drawn = np.random.default_rng(2).integers(0, 2**63, 3000).astype(np.uint64)
    found = DigestSet()
    for start in range(0, 2000, 70):
        found.add(drawn[start : min(start + 70, 2000)])
    found.add(drawn[:0])
    assert found.known(drawn).tolist() == [True] * 2000 + [False] * 1000


def test_how_many_records_an_hour_has_is_known_before(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "SMALL_BYTES", 1000)
    for name in ("2026/03/01/10/a.jsonl", "2026/03/01/10/b.jsonl"):
        write_lines(tmp_path / name, *(record(number, [0.9, 0.1]) for number in range(30)))
    ((group,), _) = find_groups(tmp_path, EVERYTHING)
    assert 50 < volume.records_an_hour(tmp_path, group) <= 60
    write_lines(tmp_path / "c.jsonl", b"broken", record(99, [0.9, 0.1]))
    ((group,), _) = find_groups(tmp_path, EVERYTHING)
    assert group.hour is None
    assert 50 < volume.records_an_hour(tmp_path, group) <= 62


def test_the_longest_line_counts_wherever_it_lies(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "SMALL_BYTES", 1000)
    short = [record(number, [0.9, 0.1]) for number in range(10)]
    long = {**record(11, [0.9, 0.1]), "note": "x" * 20_000}
    folder = tmp_path / "2026/03/01/10"
    sizes = [write_lines(folder / name, *short).stat().st_size for name in ("a.jsonl", "b.jsonl")]
    sizes.append(write_lines(folder / "c.jsonl", *short, long).stat().st_size)
    ((group,), _) = find_groups(tmp_path, EVERYTHING)
    assert volume.records_an_hour(tmp_path, group) == pytest.approx(sum(sizes) / len(json.dumps(long)))


def test_problems_and_repetitions_count_in_their_hours(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    once = record(1, [0.9, 0.1])
    write_lines(tmp_path / "x.jsonl", once, once, record(2, [[0.9, 0.1]] * 2), b"broken")
    found = profile_part(Reader(tmp_path, DEFAULTS), Task(Part("x.jsonl"), "2026-03-01T12Z")).profiles
    assert {hour: (each.counts.duplicates, each.counts.problems.lines) for hour, each in found.items()} == {
        "2026-03-01T10Z": (1, 1),
        "2026-03-01T12Z": (0, 1),  # what has no time counts in the hour of its folder
    }


def test_rows_become_profiles_before_there_are_too_many(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lines(tmp_path / "x.jsonl", *(record(number, [0.9, 0.1]) for number in range(7)))
    whole = profile_part(Reader(tmp_path, DEFAULTS), Task(Part("x.jsonl"), "")).profiles
    monkeypatch.setattr(parts, "ROWS_AT_ONCE", 3)
    assert profile_part(Reader(tmp_path, DEFAULTS), Task(Part("x.jsonl"), "")).profiles == whole
