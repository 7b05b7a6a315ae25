"""Runs a job's main function and turns expected errors into a short message and exit code 1."""

import sys
from collections.abc import Callable
from pathlib import Path

# SageMaker shows what a processing job writes here as its exit message (`ExitMessage`, one kilobyte at most).
EXIT_MESSAGE = Path("/opt/ml/output/message")
EXIT_MESSAGE_BYTES = 1024


def run_job(main: Callable[[], None], expected: type[Exception], exit_message: Path = EXIT_MESSAGE) -> int:
    """Run a job's main function and return its exit code.

    An `expected` error and its subclasses become a message; other errors keep their traceback.
    """
    try:
        main()
    except expected as error:
        # sagemaker-training shows its users the first line of stderr that names a built-in exception, and what follows.
        sys.stderr.write(f"Exception: {type(error).__name__}: {error}\n")
        leave_message(f"{type(error).__name__}: {error}", exit_message)
        return 1
    return 0


def leave_message(message: str, exit_message: Path = EXIT_MESSAGE) -> None:
    """Leave what SageMaker shows of the job, where a job runs in its container."""
    if exit_message.parent.is_dir():
        exit_message.write_bytes(message.encode()[:EXIT_MESSAGE_BYTES])
