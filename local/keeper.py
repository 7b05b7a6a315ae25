"""Runs one command and ends it, with all it started, when standard input closes: when the local AWS died.

Started as a plain script, so that it costs milliseconds; exits as the command does, with 128+n after signal n.
"""

import os
import signal
import subprocess
import sys
import threading


def _end_with_parent() -> None:
    os.read(0, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    """Run the command given as arguments; the caller has made this process the leader of a group."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    code = child.wait()
    os._exit(128 - code if code < 0 else code)


if __name__ == "__main__":
    main()
