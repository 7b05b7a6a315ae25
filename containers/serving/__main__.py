"""What a hosting container runs: `python -m containers.serving serve`.

Listens at 0.0.0.0:8080, as SageMaker wants it, with a process for each core. On SIGTERM, requests that have begun are
answered before the processes end. They end in the same way when the one that started them is gone.
"""

import argparse
import os
from collections.abc import Mapping, Sequence

from containers.serving.processes import ONE_THREAD, worker_count

APPLICATION = "containers.serving.application:create"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - as SageMaker wants it  # nosec B104
PORT_VARIABLE = "SAGEMAKER_BIND_TO_PORT"
PORT = "8080"
GRACE_SECONDS = 25  # at most, for requests that have begun; SageMaker sends SIGKILL 30 seconds after SIGTERM
# The longest silence of a process before it is replaced. Loading PyTorch from a cold disk stops all of its threads; the
# next try finds the files in memory. While a silent process is waited for, SIGTERM waits too, so it must be short.
HEALTH_SECONDS = 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until it is told to end."""
    import uvicorn

    options = parse(os.environ, arguments)
    for name, value in ONE_THREAD.items():  # before a numeric library is imported
        os.environ.setdefault(name, value)
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=HEALTH_SECONDS,
    )


def parse(environment: Mapping[str, str], arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options: `host`, `port` and `workers`. SageMaker gives the argument `serve` and nothing else."""
    parser = argparse.ArgumentParser(prog="containers.serving", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["serve"], help="what to do; SageMaker gives this argument")
    parser.add_argument("--host", default=EVERYWHERE, help="address to listen at")
    parser.add_argument("--port", type=int, default=environment.get(PORT_VARIABLE) or PORT)
    parser.add_argument("--workers", type=int, default=worker_count(environment), help="number of processes")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
