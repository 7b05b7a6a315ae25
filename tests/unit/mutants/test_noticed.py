"""Tests that have noticed faults in a function go first for the next one there."""

from pathlib import Path

from mutants.noticed import Noticed

SECONDS = {"slow": 3.0, "middle": 2.0, "quick": 1.0}


def test_the_fastest_go_first_as_long_as_none_has_noticed_anything(tmp_path: Path) -> None:
    assert Noticed(tmp_path).sort(SECONDS, "photos.x_read__mutmut_1", SECONDS) == ["quick", "middle", "slow"]


def test_those_that_noticed_most_faults_in_the_function_go_first(tmp_path: Path) -> None:
    noticed = Noticed(tmp_path)
    for number, test in enumerate(("middle", "slow", "slow")):
        noticed.add(f"photos.x_read__mutmut_{number}", test)

    assert noticed.sort(SECONDS, "photos.x_read__mutmut_12", SECONDS) == ["slow", "middle", "quick"]


def test_what_was_noticed_in_another_function_does_not_count(tmp_path: Path) -> None:
    noticed = Noticed(tmp_path)
    noticed.add("photos.x_read__mutmut_1", "slow")

    assert noticed.sort(SECONDS, "photos.x_write__mutmut_1", SECONDS) == ["quick", "middle", "slow"]


def test_a_test_that_is_not_run_any_more_is_left_out(tmp_path: Path) -> None:
    noticed = Noticed(tmp_path)
    noticed.add("photos.x_read__mutmut_1", "gone")

    assert noticed.sort(["quick"], "photos.x_read__mutmut_2", SECONDS) == ["quick"]
