"""Runs one command and ends it, with all it started, when standard input closes: when the local AWS died.

Started as a plain script, so that it costs milliseconds; exits as the command does, with 128+n after signal n. SIGTERM
is for the command; where this is the first process of a namespace, it then waits for whatever the command leaves.
"""

import os
import signal
import sys
import threading
from types import FrameType

terminated = threading.Event()


def _terminate(_number: int, _frame: FrameType | None) -> None:
    terminated.set()


def _end_with_parent() -> None:
    os.read(0, 1)
    if os.getpid() == 1:
        os._exit(1)  # the kernel ends the rest of the namespace
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _wait_for_others() -> None:
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        return


def main() -> None:
    """Run the command given as arguments; the caller has made a group of which this process is a member."""
    signal.signal(signal.SIGTERM, _terminate)
    # Not by the module subprocess, which takes longer to import than all of this.
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
