"""Plants faults in temporary copies of the project, and runs the unit tests there."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from mutants.rooms import HERE, Change, Fault, Room
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

PROJECT = Path(__file__).parents[2]
# Only what the tests need; these two collect garbage at every end, which takes longer than most tests.
PYTEST = ("-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "xdist.plugin")
NOT_NOTICED = {0, 5, 33, 34}  # mutmut's records: the tests passed, or there were none
SPINNING = tuple("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")  # how mutmut's lines of progress begin
OUT_OF_TIME = {24, 36, 152, -24}
NOT_JUDGED = {None, 2, 4, 255}  # the tests did not start, or were interrupted
KILLED = -9
NOTICED = "noticed"  # the folder in a copy for `Noticed`


class MutmutFailedError(Exception):
    """mutmut could not judge a fault; the message is what it said."""


@dataclass(frozen=True)
class Mutant:
    """One of mutmut's faults, and whether a test failed because of it."""

    change: Change
    diff: str
    died: bool
    by_time: bool = False  # it did not end: no test failed, but it took far longer than all of them


def copy_project(target: Path) -> None:
    """The project's files as they are now, without those that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, target / name)


def run_mutmut(copy: Path, room: Room, records: Mapping[str, Path], noticed: Path) -> dict[str, list[Mutant]]:
    """All of mutmut's faults in a room's modules, by module.

    `records` says for each module where mutmut writes its results; what such a file has already is not judged again.
    `noticed` is the folder for which tests have noticed faults. Raises MutmutFailedError.
    """
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(configuration(copy, room))
    for module in (
        room.modules
    ):  # mutmut's folder has to be there: one that is on the path but not there is never looked at again
        forget_unjudged(records[module])
        link = copy / "mutants" / f"{module}.meta"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(records[module].absolute())
    (copy / NOTICED).symlink_to(noticed.absolute())
    temporary = copy / "tmp"
    temporary.mkdir()
    variables = environment(copy / "mutants", copy / "tests") | {"TMPDIR": str(temporary)}
    code, said = run_to_the_end([sys.executable, "-m", "mutants.server"], copy, variables)
    if code:
        lines = "\n".join(line for line in said.splitlines() if not line.startswith(SPINNING))
        raise MutmutFailedError(f"mutmut failed in the room '{room.name}':\n{lines[-6000:]}")
    return {module: list(_mutants(copy, module)) for module in room.modules}


def forget_unjudged(record: Path) -> None:
    """Take out of the record of an interrupted run what it did not find out."""
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except json.JSONDecodeError:  # it was being written when the run ended
        record.unlink()
        return
    codes = found["exit_code_by_key"]
    codes.update({key: None for key, code in codes.items() if code in NOT_JUDGED | {KILLED}})
    record.write_text(json.dumps(found), encoding="utf-8")


def run_to_the_end(command: list[str], folder: Path, variables: dict[str, str]) -> tuple[int, str]:
    """Run a command; its exit code and what it said.

    Processes that it left are ended: a test that was stopped because it took too long leaves those that it had started,
    which would hold a pipe open for ever.
    """
    with TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=said, stderr=said, start_new_session=True)
        try:
            code = process.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        said.seek(0)
        return code, said.read()


def configuration(copy: Path, room: Room) -> str:
    """The section of pyproject.toml that mutmut reads; a list in JSON is one in TOML, too."""
    packages = {path.parent.name for path in copy.glob("*/__init__.py")}
    settings = {
        "source_paths": sorted(packages),
        "only_mutate": room.modules,
        "also_copy": sorted({path.name for path in copy.iterdir()} - packages),
        "use_git_change_detection": False,
        **options(room),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    return "\n".join(["", "[tool.mutmut]", *lines, ""])


def options(room: Room) -> dict[str, Any]:
    """How mutmut changes code and runs the tests of a room."""
    return {
        # A test need not repeat the wording of errors and logs.
        "do_not_mutate_patterns": [r"^\s*raise ", r"^\s*logger\."],
        "pytest_add_cli_args": [*PYTEST, *(f"--deselect={test}" for test in room.leave_out)],
        "pytest_add_cli_args_test_selection": room.tests,
        # A server that has only collected the tests forks a process for each fault: nothing is kept from test to test.
        "process_isolation": "forkserver",
        "timeout_multiplier": 10,
        "timeout_constant": 3,  # seconds, times ten: some tests wait
    }


def programs() -> list[str]:
    """The programs that find out about a fault, with their versions or what is in them."""
    ours = [hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in ("reached.py", "server.py")]
    return [sys.version, *(f"{name} {version(name)}" for name in ("mutmut", "pytest")), *ours]


def environment(*code: Path) -> dict[str, str]:
    """Environment of the tests: they import a copy's code, and have one thread: threads do not survive a fork."""
    settings = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **settings, "PYTHONPATH": os.pathsep.join(map(str, code))}


def _mutants(copy: Path, module: str) -> Iterator[Mutant]:
    records = json.loads((copy / "mutants" / f"{module}.meta").read_text(encoding="utf-8"))["exit_code_by_key"]
    for key, exit_code in records.items():
        if exit_code in NOT_JUDGED:
            raise MutmutFailedError(f"mutmut could not judge {key}: its tests ended with {exit_code}")
        with chdir(copy):
            diff = get_diff_for_mutant(key, path=module) if exit_code in NOT_NOTICED | OUT_OF_TIME else ""
        function, class_name = orig_function_and_class_names_from_key(key)
        name = f"{class_name}.{function}" if class_name else function
        change = Change(module, name, *changed_lines(diff))
        yield Mutant(change, diff, died=exit_code not in NOT_NOTICED, by_time=exit_code in OUT_OF_TIME)


def changed_lines(diff: str) -> tuple[str, str]:
    """The lines that a unified diff takes away, and those that it adds, without indentation."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    old, new = ("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return old, new


def dies(copy: Path, fault: Fault) -> bool:
    """Whether a fault planted by hand makes a test fail. Raises MutmutFailedError where the tests cannot run."""
    file = copy / fault.file
    before = file.read_text(encoding="utf-8")
    if before.count(fault.old) != 1:
        raise MutmutFailedError(f"planted.toml: {fault.file} has {before.count(fault.old)} times: {fault.old}")
    file.write_text(before.replace(fault.old, fault.new), encoding="utf-8")
    ran = run_tests(copy, fault.tests, "-x")
    if ran.returncode not in {0, 1}:
        raise MutmutFailedError(f"the tests of {fault.file} could not run:\n{ran.stdout[-4000:]}")
    return ran.returncode == 1


def run_tests(copy: Path, tests: Iterable[str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run unit tests in a copy."""
    command = [sys.executable, "-m", "pytest", "-q", *PYTEST, *options, *tests]
    return subprocess.run(command, cwd=copy, env=environment(copy), capture_output=True, text=True, check=False)
