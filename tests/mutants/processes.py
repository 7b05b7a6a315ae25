"""Processes that run tests: they end, even if a fault makes a test go on for ever, and however busy the machine is."""

import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

NANOSECOND = 1e-9


@dataclass(frozen=True)
class Watched:
    """A child of this process that may take so many seconds, and when it began."""

    process: int
    seconds: float
    begin: float = field(default_factory=time.monotonic)

    @property
    def waits(self) -> bool:
        """Whether it has run or slept for longer; what it stood in the queue for a processor does not count."""
        return time.monotonic() - self.begin - queued(self.process) > self.seconds


def queued(process: int) -> float:
    """For how many seconds a process was ready and others ran; none where that cannot be known."""
    with suppress(OSError):
        return int(Path(f"/proc/{process}/schedstat").read_text(encoding="utf-8").split()[1]) * NANOSECOND
    return 0.0


class Patience:
    """Sends SIGXCPU to children of this process that take too long."""

    def __init__(self) -> None:
        self._watched: dict[int, Watched] = {}
        Thread(target=self._look, daemon=True).start()

    def watch(self, pid: int, timeout_s: float) -> None:
        """Watch a child from now on; mutmut calls this so."""
        self._watched[pid] = Watched(pid, timeout_s)  # a number that is given again is that of the new child

    def _look(self) -> None:
        while True:
            time.sleep(1)
            for each in [each for each in self._watched.copy().values() if each.waits]:
                del self._watched[each.process]
                if is_child(each.process):
                    os.kill(each.process, signal.SIGXCPU)


def is_child(process: int) -> bool:
    """Whether there is a process of this number, and this one has started it."""
    with suppress(OSError):
        after_its_name = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        return int(after_its_name.split()[1]) == os.getpid()
    return False


def in_a_process(run: Callable[[], int]) -> int:
    """The exit code of a function in a process of its own; 1 where it did not end by itself."""
    if (process := os.fork()) == 0:
        ended = 1
        try:
            ended = run()
        finally:
            os._exit(ended)
    return int(os.waitpid(process, 0)[1] != 0)


def end_after(seconds: float) -> None:
    """End this process by SIGXCPU once it has used so many seconds of the processor."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    limit = int(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
