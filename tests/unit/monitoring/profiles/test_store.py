"""Profiles on disk."""

import gzip
from pathlib import Path

import pytest
from unit.monitoring.profiles.half_hours import TEN, answered, looked_at

from monitoring.errors import MonitoringError
from monitoring.profiles.making import profile_of
from monitoring.profiles.profile import Counts, Profile
from monitoring.profiles.store import Piece, Store, dumped, files

HOUR = "2026-03-01T10Z"
PROFILE = profile_of([looked_at(0, 50), looked_at(1, 60), answered(2, "motorcycle", 0.3, "low_confidence")])


def test_what_is_put_is_found_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "new" / "folder")
    pieces = store.put("abc", {"": Profile(), HOUR: PROFILE})
    assert pieces == [
        Piece("profile-abc-none", "", 0, None, None),
        Piece("profile-abc-2026-03-01T10", HOUR, 3, TEN, PROFILE.counts.last),
    ]
    assert store.pieces("abc") == pieces
    assert [store.profile(piece) for piece in pieces] == [Profile(), PROFILE]
    assert [store.counts(piece) for piece in pieces] == [Profile().counts, PROFILE.counts]
    assert sorted({path.name.partition(".")[0] for path in store.folder.iterdir()}) == [
        "profile-abc",
        "profile-abc-2026-03-01T10",
        "profile-abc-none",
    ]


def test_what_was_never_put_is_not_found(tmp_path: Path) -> None:
    store = Store(tmp_path, tmp_path / "known")
    piece = Piece("profile-abc-none", "", 0, None, None)
    assert (store.pieces("abc"), store.counts(piece), store.profile(piece)) == (None, None, None)


def test_profiles_of_another_folder_are_read_and_its_own_come_first(tmp_path: Path) -> None:
    known, own = Store(tmp_path / "known"), Store(tmp_path / "own", tmp_path / "known")
    (piece,) = known.put("abc", {HOUR: PROFILE})
    assert own.profile(piece) == PROFILE
    own.put("abc", {HOUR: Profile()})
    assert (own.profile(piece), known.profile(piece)) == (Profile(), PROFILE)


def test_profiles_of_another_folder_are_taken_and_what_else_lies_there_is_not(tmp_path: Path) -> None:
    one, other = Store(tmp_path / "one"), Store(tmp_path / "other")
    pieces = one.put("abc", {HOUR: PROFILE})
    (one.folder / "README.txt").write_text("not a profile")
    other.take(one.folder)
    assert (other.pieces("abc"), other.profile(pieces[0])) == (pieces, PROFILE)
    assert {path.name for path in one.folder.iterdir()} - {path.name for path in other.folder.iterdir()} == {
        "README.txt"
    }


@pytest.mark.parametrize("damage", [b"", b"no archive", b"\x1f\x8b\x08\x00"])
@pytest.mark.parametrize("kind", ["counts.json.gz", "samples.json.gz", "pixels"])
def test_damaged_files_count_as_missing(kind: str, damage: bytes, tmp_path: Path) -> None:
    store = Store(tmp_path)
    (piece,) = store.put("abc", {HOUR: PROFILE})
    (tmp_path / f"{piece.name}.{kind}").write_bytes(damage)
    assert store.profile(piece) is None
    (tmp_path / "profile-abc.json.gz").write_bytes(damage)
    assert store.pieces("abc") is None


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MonitoringError, match=r"cannot keep profiles in '.*file'"):
        Store(tmp_path / "file").put("abc", {HOUR: PROFILE})


def test_equal_profiles_have_equal_bytes_whenever_they_were_written() -> None:
    one, other = ({name: {"accepted": 1} for name in names} for names in (("a", "b"), ("b", "a")))
    found = [files(Profile(Counts(classes=classes)))[".counts.json.gz"] for classes in (one, other)]
    assert found[0] == found[1]
    assert found[0][4:8] == bytes(4)  # the time in the archive's header


def test_what_is_stored_has_no_spaces_and_is_compressed_quickly() -> None:
    assert dumped(dict[str, float], {"b": 0.5, "a": 1}) == gzip.compress(b'{"a":1.0,"b":0.5}', compresslevel=1, mtime=0)


def test_what_others_could_not_read_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumped(float, float("nan"))


@pytest.mark.filterwarnings("error")
def test_nothing_is_stored_that_differs_from_its_type(tmp_path: Path) -> None:
    """pydantic only warns of that."""
    Store(tmp_path).put("abc", {HOUR: PROFILE})
