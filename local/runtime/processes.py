"""Child processes that never outlive the local AWS, and whose output is read line by line."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from local.runtime.output import Output

KEEPER = (sys.executable, "-I", "-S", str(Path(__file__).with_name("supervisor.py")))

OWNER = "LOCAL_AWS_DATA"  # the variable that tells whose process it is

# A job's package installer finds its index the way the local AWS's own does, and coverage.py measures in jobs as well.
PASSED_ON = ("COVERAGE_", "PIP_", "SSL_CERT_", "REQUESTS_CA_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def base_environment() -> dict[str, str]:
    """A clean environment around the running interpreter: its programs first on PATH, two threads."""
    passed_on = {key: value for key, value in os.environ.items() if key.upper().startswith(PASSED_ON)}
    programs = Path(sys.executable).parent
    return {
        **passed_on,
        "PATH": f"{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_NO_WARN_CONFLICTS": "0",  # pip reads this as off: comparing all installed packages takes it seconds a job
        "OMP_NUM_THREADS": "2",
        "MKL_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
    }


def describe_exit(code: int) -> str:
    """An exit code in words, 128+n being a death by signal n."""
    if code > 128:
        return f"exit code {code} (killed by signal {code - 128})"
    return f"exit code {code}"


def end_leftovers(data: Path) -> list[int]:
    """Kill the processes that an earlier local AWS in a data folder left behind; their ids."""
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
    """A process in a group of its own that ends with this process, however this process ends.

    The command runs under KEEPER: in front of `argv`, unless that has it already.
    """

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path, on_line: Callable[[str], None]
    ) -> None:
        self._killer: threading.Timer | None = None
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
        """Whether the command still runs."""
        return self._process.poll() is None

    def wait(self) -> int:
        """The exit code (see `describe_exit`), once all output was read."""
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
        """Bytes that the command occupies, with what it started."""
        import psutil

        try:
            return sum(each.memory_info().rss for each in psutil.Process(self._process.pid).children(recursive=True))
        except psutil.Error:
            return 0

    def terminate(self, seconds: float) -> None:
        """Ask the command and all it started to end (SIGTERM); kill what is left after so many seconds."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._killer = threading.Timer(seconds, self.stop)
        self._killer.daemon = True
        self._killer.start()

    def stop(self) -> None:
        """Kill the command and all it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
