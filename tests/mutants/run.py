"""Plants faults in the code that decides; says which of them no unit test notices.

Fails if in a room fewer than 90 % of the faults die, if a fault survives that `survivors.toml` does not list, or if it
lists one that no longer survives.
"""

import argparse
import os
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from mutants.planting import Mutant, MutmutFailedError, copy_project, dies, run_mutmut, run_tests
from mutants.rooms import Change, Fault, Room, planted, rooms, survivors, with_module, with_name

SMALLEST_SHARE = 0.9
MOST_SECONDS = 60


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
    complaints = measure_tests(chosen) if whole else []
    complaints += judge(chosen, {change for change in survivors() if change.file in modules})
    complaints += plant(faults)
    for complaint in complaints:
        click.echo(f"\n{complaint}")
    return 1 if complaints else 0


def measure_tests(chosen: Sequence[Room]) -> list[str]:
    """Run the unit tests of all rooms once without any fault: they pass, in less than a minute of processor time."""
    tests = sorted({test for room in chosen for test in room.tests})
    left_out = sorted({f"--deselect={test}" for room in chosen for test in room.leave_out})
    with TemporaryDirectory() as folder:
        copy_project(Path(folder))
        before = _processor_seconds()
        ran = run_tests(Path(folder), tests, *left_out)
        seconds = _processor_seconds() - before
    click.echo(f"unit tests without faults: {ran.stdout.splitlines()[-1]}; {seconds:.0f} s of processor time")
    if ran.returncode:
        return [f"The unit tests fail without any fault:\n{ran.stdout[-4000:]}"]
    return [f"The unit tests take more than {MOST_SECONDS} s."] if seconds > MOST_SECONDS else []


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def judge(chosen: Sequence[Room], listed: set[Change]) -> list[str]:
    """Run mutmut in each room; what is wrong with the rooms, in words."""
    complaints, alive = [], set()
    for room in chosen:
        try:
            with TemporaryDirectory() as folder:
                copy_project(Path(folder))
                mutants = run_mutmut(Path(folder), room)
        except MutmutFailedError as error:
            complaints.append(str(error))
            continue
        for module in room.modules:
            click.echo(line(module, [mutant.died for mutant in mutants if mutant.change.file == module]))
        endless = sum(mutant.by_time for mutant in mutants)
        click.echo(line(f"room '{room.name}'", [mutant.died for mutant in mutants]) + f", {endless} of them by time")
        complaints += complaints_about(room, mutants, listed)
        alive |= {mutant.change for mutant in mutants if not mutant.died or mutant.by_time}
    return complaints + [f"survivors.toml lists what does not survive: {change}" for change in sorted(listed - alive)]


def complaints_about(room: Room, mutants: Sequence[Mutant], listed: set[Change]) -> list[str]:
    """A share that is too small, and survivors that are not listed."""
    unexpected = [mutant for mutant in mutants if not mutant.died and mutant.change not in listed]
    complaints = [f"No test notices this in {mutant.change.function}:\n{mutant.diff}" for mutant in unexpected]
    died = sum(mutant.died for mutant in mutants)
    if died < SMALLEST_SHARE * len(mutants):
        complaints.append(f"In the room '{room.name}' only {died} of {len(mutants)} faults die.")
    return complaints


def line(name: str, died: Sequence[bool]) -> str:
    """A line of the table."""
    share = sum(died) / len(died) if died else 1.0
    return f"{name:<48} {len(died):>4} planted {sum(died):>4} died {len(died) - sum(died):>3} survived {share:>7.1%}"


def plant(faults: Sequence[Fault]) -> list[str]:
    """Plant each fault of `planted.toml` in a copy of its own; those that no test notices, in words."""

    def complaint(fault: Fault) -> str | None:
        try:
            with TemporaryDirectory() as folder:
                copy_project(Path(folder))
                died = dies(Path(folder), fault)
        except MutmutFailedError as error:
            return str(error)
        return None if died else f"No test notices this in {fault.file}:\n- {fault.old}\n+ {fault.new}"

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(pool.map(complaint, faults))
    click.echo(line("planted by hand", [each is None for each in complaints]))
    return list(filter(None, complaints))


if __name__ == "__main__":
    sys.exit(main())
