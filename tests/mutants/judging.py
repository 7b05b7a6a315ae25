"""Judges a room of modules, and the faults planted by hand: from what is kept, and by running tests for the rest."""

import os
import resource
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mutants.kept import Kept, digest
from mutants.planting import Mutant, dies, options, programs, run_mutmut
from mutants.rooms import Change, Fault, Room, harmless


def judge(project: Path, kept: Kept, room: Room) -> list[Mutant]:
    """All of mutmut's faults in a room, but those that are harmless. Raises MutmutFailedError."""
    digests = {module: digest(project, [module], room.tests, [options(room), programs()]) for module in room.modules}
    found = {module: kept.mutants(name) for module, name in digests.items()}
    missing = tuple(module for module in room.modules if found[module] is None)
    if missing:
        with TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(project, folder, dirs_exist_ok=True))
            records = {module: kept.record(digests[module]) for module in missing}
            judged = run_mutmut(copy, replace(room, modules=missing), records, kept.noticed)
        for module, mutants in judged.items():
            kept.keep(digests[module], mutants)
        found |= judged
    everything = [mutant for mutants in found.values() for mutant in mutants or []]
    return [mutant for mutant in everything if not any(each.explains(mutant.change) for each in harmless())]


def plant(project: Path, kept: Kept, faults: Sequence[Fault]) -> list[Mutant]:
    """The faults of `planted.toml`, each in a copy of its own. Raises MutmutFailedError."""

    def planted(fault: Fault) -> Mutant:
        name = digest(project, [fault.file], fault.tests, [fault.old, fault.new, programs()])
        found = kept.mutants(name)
        if found is None:
            with TemporaryDirectory() as folder:
                died = dies(Path(shutil.copytree(project, folder, dirs_exist_ok=True)), fault)
            found = [Mutant(Change(fault.file, "", fault.old, fault.new), f"- {fault.old}\n+ {fault.new}", died)]
            kept.keep(name, found)
        return found[0]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(planted, faults))


def processor_seconds() -> float:
    """Processor time of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
