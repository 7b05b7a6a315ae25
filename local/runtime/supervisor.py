"""Runs one command, and ends it and its children when standard input closes, which means that the local AWS died.

It runs as a plain script because that starts within milliseconds. Its exit code is the command's, or 128+n after
signal n. SIGTERM is meant for the command. After it, this one also waits for the processes that the command leaves
behind, such as a training script that saves its state while the toolkit that started it has ended already.
"""

import ctypes
import os
import signal
import sys
import threading
from types import FrameType

PR_SET_CHILD_SUBREAPER = 36  # of Linux's <sys/prctl.h>
terminated = threading.Event()


def _terminate(_number: int, _frame: FrameType | None) -> None:
    terminated.set()


def _end_with_parent() -> None:
    os.read(0, 1)
    if os.getpid() == 1:
        os._exit(1)  # the kernel ends the rest of the namespace
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _adopt_orphans() -> None:
    """Makes this process the parent of those that the command leaves, as the first one of a namespace is anyway."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def _wait_for_others() -> None:
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        return


def main() -> None:
    """Runs the command given as arguments. The caller has started this process in a process group of its own."""
    signal.signal(signal.SIGTERM, _terminate)
    _adopt_orphans()
    # The module subprocess would take longer to import than all of this takes.
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    child = os.posix_spawnp(
        sys.argv[1], sys.argv[1:], os.environ, file_actions=[nothing], setsigdef=[signal.SIGPIPE, signal.SIGXFSZ]
    )
    threading.Thread(target=_end_with_parent, daemon=True).start()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if terminated.is_set():
        _wait_for_others()
    os._exit(128 - code if code < 0 else code)


if __name__ == "__main__":
    main()
