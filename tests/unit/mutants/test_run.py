"""`make mutants` judges by numbers and by a list of survivors."""

from pathlib import Path

from mutants.planting import PROJECT, Mutant, changed_lines
from mutants.rooms import Change, Room, planted, rooms, survivors, with_module, with_name
from mutants.run import complaints_about
from mutants.table import HEAD, row, total

ROOM = Room("drift", ("a.py", "b.py"), ("tests/unit/drift",))
CHANGE = Change("a.py", "f", "x = 1", "x = 2")
DIFF = "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n def f():\n-    x = 1\n+    x = 2\n     return x"


def mutants(died: int, survived: int) -> list[Mutant]:
    """So many mutants that died, and so many that survived."""
    return [Mutant(CHANGE, DIFF, died=number < died, by_time=False) for number in range(died + survived)]


def test_the_changed_lines_of_a_diff() -> None:
    assert changed_lines(DIFF) == ("x = 1", "x = 2")


def test_a_survivor_is_shown_unless_it_is_listed() -> None:
    assert complaints_about(ROOM, mutants(9, 1), set()) == [f"No test notices this in f of a.py:\n{DIFF}"]
    assert complaints_about(ROOM, mutants(9, 1), {CHANGE}) == []


def test_a_listed_survivor_that_dies_is_shown_unless_only_time_ended_it() -> None:
    assert complaints_about(ROOM, mutants(10, 0), {CHANGE}) == [f"survivors.toml lists what does not survive: {CHANGE}"]
    assert complaints_about(ROOM, [Mutant(CHANGE, DIFF, died=True, by_time=True)], {CHANGE}) == []
    assert complaints_about(ROOM, mutants(10, 0), {Change("c.py", "f", "", "")}) == []


def test_the_table_counts_what_died_and_which_survivors_are_listed() -> None:
    rows = [
        row("drift", mutants(9, 1), {CHANGE}, 60.4),
        row("photos", mutants(2, 1), set(), 5),
        row("empty", [], {}, 0),
    ]
    assert [HEAD, *map(str, rows), str(total(rows))] == [
        "room                                     planted killed survived/listed  share seconds",
        "drift                                         10      9             1/1  90.0%      60",
        "photos                                         3      2             1/0  66.7%       5",
        "empty                                          0      0             0/0 100.0%       0",
        "all                                           13     11             2/1  84.6%      65",
    ]


def test_nine_of_ten_faults_have_to_die() -> None:
    assert complaints_about(ROOM, mutants(8, 1), {CHANGE}) == ["In the room 'drift' only 8 of 9 faults die."]


def test_one_module_is_judged_by_the_tests_of_its_room() -> None:
    assert with_module([ROOM], "b.py") == [Room("drift", ("b.py",), ("tests/unit/drift",))]
    assert with_module([ROOM], "c.py") == []


def test_one_room_is_found_by_its_name() -> None:
    other = Room("photos", ("c.py",), ("tests/unit/photos",))
    assert with_name([ROOM, other], "photos") == [other]
    assert with_name([ROOM, other], "c.py") == []


def test_every_room_has_modules_and_tests_that_exist() -> None:
    named = {name for room in rooms() for name in (*room.modules, *room.tests, *room.leave_out)}
    assert [name for name in sorted(named) if not (PROJECT / name.partition("::")[0]).exists()] == []


def test_no_module_is_in_two_rooms() -> None:
    modules = [module for room in rooms() for module in room.modules]
    assert len(modules) == len(set(modules))


def test_every_listed_survivor_has_a_room_and_a_reason() -> None:
    modules = {module for room in rooms() for module in room.modules}
    assert {change.file for change in survivors()} <= modules
    assert all(survivors().values())


def test_the_lines_of_every_listed_survivor_are_in_the_code() -> None:
    gone = [change for change in survivors() if not set(change.old.splitlines()) <= lines(PROJECT / change.file)]
    assert gone == [], "take entries of lines that have gone or changed out of tests/mutants/survivors.toml"


def lines(file: Path) -> set[str]:
    """The lines of a file without indentation."""
    return {line.strip() for line in file.read_text(encoding="utf-8").splitlines()}


def test_the_faults_planted_by_hand_are_changes() -> None:
    assert planted()
    assert all(fault.old != fault.new for fault in planted())


def test_what_a_fault_planted_by_hand_replaces_is_in_the_code_once() -> None:
    times = {fault: (PROJECT / fault.file).read_text(encoding="utf-8").count(fault.old) for fault in planted()}
    assert [fault for fault, count in times.items() if count != 1] == [], "change tests/mutants/planted.toml"
