"""Child processes that never outlive the local AWS. Their output is read line by line."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from local.loopback.shell import loopback_without_proxy
from local.runtime.output import Output

if TYPE_CHECKING:
    import psutil

KEEPER = (sys.executable, "-I", "-S", str(Path(__file__).with_name("supervisor.py")))

OWNER = "LOCAL_AWS_DATA"  # variable with the data folder of the local AWS to which a process belongs

# A job's package installer finds its index the way the local AWS's own does, and coverage.py measures in jobs as well.
PASSED_ON = ("COVERAGE_", "PIP_", "SSL_CERT_", "REQUESTS_CA_", "HTTP_PROXY", "HTTPS_PROXY")
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")  # of numeric libraries
FAMILY_SECONDS = 0.5  # between two looks for new processes of a command, for which all of the machine's are read


def base_environment() -> dict[str, str]:
    """A clean environment: programs of the running Python come first on PATH.

    Numeric libraries get two threads, or as many as this process's own environment says.
    """
    passed_on = {key: value for key, value in os.environ.items() if key.upper().startswith(PASSED_ON)}
    programs = Path(sys.executable).parent
    return {
        **passed_on,
        **loopback_without_proxy(os.environ),
        "PATH": f"{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_NO_WARN_CONFLICTS": "0",  # pip reads this as off: comparing all installed packages takes it seconds a job
        **{name: os.environ.get(name, "2") for name in THREADS},
    }


def describe_exit(code: int) -> str:
    """Describes an exit code; 128+n means that signal n killed the process."""
    if code > 128:
        return f"exit code {code} (killed by signal {code - 128})"
    return f"exit code {code}"


def end_leftovers(data: Path) -> list[int]:
    """Kills processes that an earlier local AWS left behind in a data folder. Returns their IDs."""
    import psutil

    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter(["environ"]):
        environment = process.info["environ"] or {}
        if environment.get(OWNER) == str(data) and process.pid not in spared:
            with suppress(psutil.NoSuchProcess):
                process.kill()
                found.append(process.pid)
    return found


class Child:
    """A process in a process group of its own. It ends when this process ends, for whatever reason.

    The command runs under KEEPER, which is put before `argv` unless it is part of it already.
    """

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path, on_line: Callable[[str], None]
    ) -> None:
        self._killer: threading.Timer | None = None
        self._family: list[psutil.Process] = []
        self._family_until = 0.0
        self._process = subprocess.Popen(
            [*argv] if KEEPER[-1] in argv else [*KEEPER, *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )
        self._output = Output(cast("IO[bytes]", self._process.stdout), on_line)

    @property
    def alive(self) -> bool:
        """Whether the command is still running."""
        return self._process.poll() is None

    def wait(self) -> int:
        """Waits for the end of the command and of its output. Returns the exit code (see `describe_exit`)."""
        code = self._process.wait()
        if self._killer:
            self._killer.cancel()
        self.stop()
        self._output.join(timeout=5)
        if self._process.stdin:
            self._process.stdin.close()
        return 128 - code if code < 0 else code

    def catch_up(self) -> None:
        """Hand on all lines that the command has written so far."""
        self._output.catch_up()

    def memory(self) -> int:
        """Memory in bytes that the command and its children use. A new child counts after half a second."""
        import psutil

        try:
            if not self._family or time.monotonic() >= self._family_until:
                self._family = psutil.Process(self._process.pid).children(recursive=True)
                self._family_until = time.monotonic() + FAMILY_SECONDS
            return sum(each.memory_info().rss for each in self._family)
        except psutil.Error:
            self._family_until = 0.0  # one of them has ended
            return 0

    def terminate(self, seconds: float) -> None:
        """Sends SIGTERM to the command and its children, and kills what is left after `seconds`."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._killer = threading.Timer(seconds, self.stop)
        self._killer.daemon = True
        self._killer.start()

    def stop(self) -> None:
        """Kills the command and its children."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
