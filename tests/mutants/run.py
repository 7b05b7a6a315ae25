"""Plants faults in the code that decides; says which of them no unit test notices.

Fails if in a room fewer than 90 % of the faults die, if a fault survives that `survivors.toml` does not list, or if it
lists one that no longer survives. What earlier runs found out is kept under `build/mutants`.
"""

import argparse
import signal
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from mutants.judging import judge, plant, processor_seconds
from mutants.kept import Kept, kept_in
from mutants.planting import PROJECT, Mutant, MutmutFailedError, copy_project, run_tests
from mutants.rooms import Change, Fault, Room, planted, rooms, survivors, with_module, with_name
from mutants.table import HEAD, Row, row, total

SMALLEST_SHARE = 0.9
MOST_SECONDS = 60
BY_HAND = "planted by hand"


def main() -> int:
    """Runs all rooms, or what the command line names; the exit code is 1 if anything has to be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--module", help="only this module, such as photos/reading.py")
    part.add_argument("--room", help="only this room, such as 'photos'")
    options = parser.parse_args()
    chosen = rooms()
    if options.module:
        chosen = with_module(chosen, options.module)
    if options.room:
        chosen = with_name(chosen, options.room)
    modules = {options.module} if options.module else {module for room in chosen for module in room.modules}
    whole = not options.module and not options.room
    faults = [fault for fault in planted() if whole or fault.file in modules]
    if not chosen and not faults:
        parser.error(f"tests/mutants has no room and no fault for '{options.module or options.room}'")
    with TemporaryDirectory() as folder, kept_in(PROJECT / "build" / "mutants") as kept:
        copy_project(Path(folder))  # once: what is edited from now on belongs to the next run
        complaints = measure_tests(Path(folder), chosen) if whole else []
        complaints += judge_all(Path(folder), kept, chosen, faults)
    return 1 if complaints else 0


def measure_tests(project: Path, chosen: Sequence[Room]) -> list[str]:
    """Run the unit tests of all rooms once without any fault: they pass, in less than a minute of processor time."""
    tests = sorted({test for room in chosen for test in room.tests})
    left_out = sorted({f"--deselect={test}" for room in chosen for test in room.leave_out})
    before = processor_seconds()
    ran = run_tests(project, tests, *left_out)
    seconds = processor_seconds() - before
    click.echo(f"unit tests without faults: {ran.stdout.splitlines()[-1]}; {seconds:.0f} s of processor time")
    if ran.returncode:
        return said([f"The unit tests fail without any fault:\n{ran.stdout[-4000:]}"])
    return said([f"The unit tests take more than {MOST_SECONDS} s."] if seconds > MOST_SECONDS else [])


def judge_all(project: Path, kept: Kept, chosen: Sequence[Room], faults: Sequence[Fault]) -> list[str]:
    """Judge rooms and faults planted by hand, one after the other, and show the table; what is wrong, in words."""
    listed = set(survivors())
    rows: list[Row] = []
    complaints: list[str] = []
    for room in [*chosen, Room(BY_HAND, (), ())]:
        click.echo(f"judging: {room.name}")
        before = processor_seconds()
        try:
            mutants = plant(project, kept, faults) if room.name == BY_HAND else judge(project, kept, room)
        except MutmutFailedError as error:
            complaints += said([str(error)])
            continue
        rows.append(row(room.name, mutants, listed, processor_seconds() - before))
        complaints += said(complaints_about(room, mutants, listed))
    click.echo("\n".join(["", HEAD, *map(str, rows), str(total(rows))]))
    return complaints


def said(complaints: list[str]) -> list[str]:
    """The same complaints, once the user has read them."""
    for complaint in complaints:
        click.echo(f"\n{complaint}\n")
    return complaints


def complaints_about(room: Room, mutants: Sequence[Mutant], listed: Collection[Change]) -> list[str]:
    """A share that is too small, survivors that are not listed, and listed ones that did not survive."""
    unexpected = [mutant for mutant in mutants if not mutant.died and mutant.change not in listed]
    complaints = [f"No test notices this in {mutant.change.place}:\n{mutant.diff}" for mutant in unexpected]
    found = row(room.name, mutants, listed, 0)
    if found.share < SMALLEST_SHARE:
        complaints.append(f"In the room '{room.name}' only {found.killed} of {found.planted} faults die.")
    alive = {mutant.change for mutant in mutants if not mutant.died or mutant.by_time}
    gone = sorted(change for change in listed if change.file in room.modules and change not in alive)
    return complaints + [f"survivors.toml lists what does not survive: {change}" for change in gone]


if __name__ == "__main__":
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit("ended: the next run goes on from here")
    )  # ends its processes, too
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted: the next run goes on from here")
