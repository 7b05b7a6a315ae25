"""Runs the local AWS as an HTTP server on the loopback interface, from start to clean stop."""

import json
import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from botocore import session

from local.entrance.bodies import upload_bytes
from local.iam.identities.caller import use_root_identity
from local.iam.identities.roles import AssumedRoles
from local.iam.managed_policies import use_managed_policies
from local.loopback.ports import listen
from local.loopback.shell import seal
from local.memory.keeper import Memory
from local.memory.store import Store
from local.protocol.errors import LocalAwsError
from local.protocol.service_models import use_for_sessions
from local.protocol.templates import use_for_moto
from local.runtime.context import Clock, Context, now
from local.runtime.garbage import look_less_often
from local.runtime.ownership import OwnedError, Owner, own
from local.runtime.processes import end_leftovers
from local.sagemaker.hosting.baking import deployment_speed
from local.sagemaker.jobs.containers import isolation, wanted_isolation
from local.scaling.watch import alarm_period
from local.server.embedded import LOCK_FILE, STATE_FILE, read_state

if TYPE_CHECKING:
    from local.server.application import Application

Announce = Callable[[Context], str]
NOTICED_SECONDS = 1.0  # after which a signal is noticed, at the latest


def as_json(context: Context) -> str:
    """The announcement for programs: one line of JSON."""
    return json.dumps({"endpoint_url": context.endpoint_url, "environment": context.environment})


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
    use, or a LOCAL_AWS_… variable has an invalid value.
    """
    data = data.resolve()
    wanted_isolation(os.environ)
    upload_bytes(os.environ)
    deployment_speed(os.environ)
    alarm_period(os.environ)
    with _owned(data, Owner(parent=os.getppid() if exit_with_stdin else None)):
        server = listen(port, lambda *_: [])
        store = Store(data, region)
        left = end_leftovers(data)  # by one that was killed
        shutil.rmtree(data / "work", ignore_errors=True)
        context = Context(data, region, server.port, AssumedRoles() if enforce_iam else None)
        prepare_process(context)
        isolation(context.work)  # found now, so that no job fails because it cannot be found later

        memory = Memory(context, store)
        server.app = application = _application(context, clock, memory, store)
        look_less_often()
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        stopped = _stop_signal(with_stdin=exit_with_stdin)
        _announce(context, announce)
        memory.start()
        application.resume()
        if left:
            context.say(f"ended {len(left)} processes of a local AWS that was killed")
        try:
            while not stopped.wait(NOTICED_SECONDS):
                pass  # a signal that another thread got runs its handler only when this one goes on
        finally:
            (data / STATE_FILE).unlink(missing_ok=True)  # first, so that no command begins to use it
            context.say("stopping")
            application.close()
            server.shutdown()
            server.server_close()
            memory.close()
            shutil.rmtree(context.work, ignore_errors=True)


def _application(context: Context, clock: Clock, memory: Memory, store: Store) -> "Application":
    """What answers the requests. Imported here, because moto is, which is prepared first."""
    from local.server.application import Application
    from local.states.engine import Engine

    engine = Engine(context)
    if store.has_snapshot:  # which may hold what the engine has made
        engine.prepare()
    return Application(context, clock, memory, engine)


@contextmanager
def _owned(data: Path, owner: Owner) -> Iterator[None]:
    """Has the data folder for this process alone. Raises LocalAwsError, which names who or what is in the way."""
    with ExitStack() as stack:
        try:
            stack.enter_context(own(data / LOCK_FILE, owner))
        except OwnedError as error:
            address = " at " + read_state(data)["endpoint_url"] if (data / STATE_FILE).exists() else ""
            raise LocalAwsError(
                f"The data folder {data} belongs to the local AWS{address} ({error.owner}); stop it, or choose another"
            ) from error
        except OSError as error:
            raise LocalAwsError(f"The data folder {data} cannot be used: {error}") from error
        (data / STATE_FILE).unlink(missing_ok=True)  # of one that was killed
        yield


def _stop_signal(*, with_stdin: bool) -> threading.Event:
    """An event that SIGINT, SIGTERM or, with `with_stdin`, the end of standard input sets."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    if with_stdin:
        threading.Thread(target=_wait_for_stdin, args=(stopped,), daemon=True).start()
    return stopped


def prepare_process(context: Context) -> None:
    """Points moto and all AWS clients in this process at this endpoint."""
    seal(os.environ)
    os.environ.update(context.child_environment())
    _read_service_models_once()
    use_for_sessions()
    use_for_moto()
    use_managed_policies()
    use_root_identity()
    logging.captureWarnings(capture=True)  # moto's
    threading.excepthook = _log_exception
    logging.basicConfig(filename=context.logs / "errors.log", level=logging.WARNING)


def _read_service_models_once() -> None:
    """Lets all sessions share what they read."""
    session.create_loader = cache(session.create_loader)


def _log_exception(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value:
        logging.getLogger(__name__).error("in a thread", exc_info=failed.exc_value)


def _announce(context: Context, announce: Announce) -> None:
    variables = context.environment
    state = {
        "endpoint_url": context.endpoint_url,
        "pid": os.getpid(),
        "region": context.region,
        "environment": variables,
        "status_page": context.status_url,
    }
    fresh = context.data / f"{STATE_FILE}.new"
    fresh.unlink(missing_ok=True)
    fresh.touch(0o600)  # before it has the credentials
    fresh.write_text(json.dumps(state))
    fresh.replace(context.data / STATE_FILE)
    sys.stdout.write(announce(context) + "\n")
    sys.stdout.flush()


def _wait_for_stdin(stopped: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    stopped.set()
