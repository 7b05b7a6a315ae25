"""What `make mutants` found out is kept until something changes that it depends on."""

import json
from pathlib import Path

import pytest
from mutants.kept import digest, kept_in
from mutants.planting import Mutant, forget_unjudged
from mutants.rooms import Change

FOUND = [
    Mutant(Change("a.py", "f", "", ""), "", died=True),
    Mutant(Change("a.py", "f", "x = 1", "x = 2"), "-x = 1\n+x = 2", died=False),
    Mutant(Change("a.py", "f", "x += 1", "x -= 1"), "-x += 1\n+x -= 1", died=True, by_time=True),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a module, its test, a helper of that, and another test."""
    for name in ("a.py", "tests/photo_files.py", "tests/unit/test_a.py", "tests/unit/test_b.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n")
    return tmp_path


def test_what_was_found_out_is_read_again(tmp_path: Path) -> None:
    with kept_in(tmp_path / "build") as kept:
        assert kept.mutants("1") is None
        kept.record("1").write_text("{}")
        kept.keep("1", FOUND)
    with kept_in(tmp_path / "build") as kept:
        assert kept.mutants("1") == FOUND
        assert not kept.record("1").exists()


def test_a_result_is_for_the_content_of_a_module_its_tests_and_their_helpers(project: Path) -> None:
    def now(settings: str = "quick") -> str:
        return digest(project, ["a.py"], ["tests/unit/test_a.py::test_one", "tests/unit/test_a.py"], settings)

    digests = {now(), now("slow")}
    for name in ("a.py", "tests/photo_files.py", "tests/unit/test_a.py"):
        (project / name).write_text("changed")
        digests.add(now())
    assert len(digests) == 5
    (project / "tests/unit/test_b.py").write_text("changed")
    assert now() in digests


def test_all_tests_of_a_folder_count(project: Path) -> None:
    before = digest(project, ["a.py"], ["tests/unit"], "")
    (project / "tests/unit/test_c.py").write_text("")
    assert digest(project, ["a.py"], ["tests/unit"], "") != before


def test_an_interrupted_record_goes_on_with_what_was_not_judged(tmp_path: Path) -> None:
    record = tmp_path / "a.meta"
    record.write_text(
        json.dumps({"exit_code_by_key": {"died": 1, "alive": 0, "waits": None, "broken off": 2, "shot": -9}})
    )
    forget_unjudged(record)
    codes = {"died": 1, "alive": 0, "waits": None, "broken off": None, "shot": None}
    assert json.loads(record.read_text()) == {"exit_code_by_key": codes}


def test_a_record_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    record = tmp_path / "a.meta"
    record.write_text('{"exit_code')
    forget_unjudged(record)
    forget_unjudged(record)
    assert not record.exists()
