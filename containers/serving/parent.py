"""The process that started the server's others, and restarts them: without it, nobody would tell them to end."""

import multiprocessing
import os
import signal
import threading


def end_with_parent() -> None:
    """Ends this process as by SIGTERM as soon as its parent is gone, however that ended.

    Only the processes that uvicorn starts have such a parent; a server of one process ends with nobody.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()  # by a pipe that the system closes with the parent
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
