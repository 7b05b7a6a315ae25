"""Runs the local AWS as an HTTP server on the loopback interface, from start to clean stop."""

import json
import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from local.iam.roles import AssumedRoles
from local.protocol.errors import LocalAwsError
from local.protocol.loopback import listen
from local.runtime.context import Clock, Context, environment, now
from local.runtime.processes import end_leftovers
from local.sagemaker.jobs.containers import wanted_isolation
from local.server.embedded import STATE_FILE, running

Announce = Callable[[str, dict[str, str]], str]  # makes a text from the endpoint URL and environment variables


def as_json(endpoint_url: str, variables: dict[str, str]) -> str:
    """The announcement for programs: one line of JSON."""
    return json.dumps({"endpoint_url": endpoint_url, "environment": variables})


def serve(
    data: Path,
    region: str,
    port: int = 0,
    *,
    exit_with_stdin: bool = False,
    enforce_iam: bool = False,
    announce: Announce = as_json,
    clock: Clock = now,
) -> None:
    """Runs the local AWS until SIGINT, SIGTERM or, with `exit_with_stdin`, the end of standard input.

    Port 0 takes a free one. Once it answers requests, it prints the text of `announce`, then a line for each thing that
    happens. Schedules go by `clock`. Raises LocalAwsError if another local AWS uses the folder `data`, the port is in
    use, or LOCAL_AWS_ISOLATION has an invalid value.
    """
    data = data.resolve()
    if other := running(data):
        raise LocalAwsError(
            f"The data folder {data} belongs to the local AWS at {other.endpoint_url}; stop it, or choose another"
        )
    wanted_isolation(os.environ)
    server = listen(port, lambda *_: [])
    left = end_leftovers(data)  # by one that was killed
    shutil.rmtree(data / "work", ignore_errors=True)
    context = Context(data, region, server.port, AssumedRoles() if enforce_iam else None)
    _prepare_process(context, server.port)

    from local.server.application import Application

    application = Application(context, clock)
    server.app = application
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    thread.start()
    _announce(context, announce)
    if left:
        context.say(f"ended {len(left)} processes of a local AWS that was killed")
    if exit_with_stdin:
        threading.Thread(target=_wait_for_stdin, args=(stopped,), daemon=True).start()
    try:
        stopped.wait()
    finally:
        context.say("stopping")
        application.close()
        server.shutdown()
        server.server_close()
        (data / STATE_FILE).unlink(missing_ok=True)
        shutil.rmtree(context.work, ignore_errors=True)


def _prepare_process(context: Context, port: int) -> None:
    """Points moto and all AWS clients in this process at this endpoint."""
    from local.states.engine import prepare

    for key in [key for key in os.environ if key.startswith("AWS_")]:
        del os.environ[key]
    os.environ.update(context.child_environment())
    os.environ["MOTO_PORT"] = str(port)  # where moto's Step Functions engine finds Lambda and SQS
    prepare(enforce_iam=context.enforce_iam)
    logging.captureWarnings(capture=True)  # moto's
    threading.excepthook = _log_exception
    logging.basicConfig(filename=context.logs / "errors.log", level=logging.WARNING)


def _log_exception(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value:
        logging.getLogger(__name__).error("in a thread", exc_info=failed.exc_value)


def _announce(context: Context, announce: Announce) -> None:
    state = {"endpoint_url": context.endpoint_url, "pid": os.getpid(), "region": context.region}
    fresh = context.data / f"{STATE_FILE}.new"
    fresh.write_text(json.dumps(state))
    fresh.replace(context.data / STATE_FILE)
    variables = environment(context.endpoint_url, context.region)
    sys.stdout.write(announce(context.endpoint_url, variables) + "\n")
    sys.stdout.flush()


def _wait_for_stdin(stopped: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    stopped.set()
