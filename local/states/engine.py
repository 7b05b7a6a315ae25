"""Sets up moto's Step Functions engine: puts it right, and lets it call this local AWS in the name of the role."""

import importlib.util
import os
import sys
from functools import partial
from threading import Lock
from typing import Any

from local.iam.identities.caller import ROLE_HEADER
from local.protocol.json_types import Record
from local.runtime.context import Context
from local.runtime.garbage import look_less_often
from local.runtime.measured import Measure, unmeasured
from local.states.api import (
    activities,
    definitions,
    errors,
    events,
    executions,
    history,
    machines,
    measurements,
    versions,
)
from local.states.language import (
    choices,
    error_names,
    intrinsics,
    jsonata,
    literals,
    parsing,
    reference_paths,
    results,
    sizes,
    times,
)
from local.states.maps import descriptions, distributed, iterations, readers, settings
from local.states.tasks import executions as nested_executions
from local.states.tasks import functions, members, objects, queues, services

MENDINGS = (
    # Before parsing, which keeps what they make of a definition.
    *(settings, descriptions, iterations, readers, distributed),
    *(choices, error_names, intrinsics, jsonata, literals, parsing, reference_paths, results, sizes, times),
    *(functions, members, nested_executions, objects, queues, services),
    # After the language: executions keep the environment that it has completed.
    *(activities, definitions, errors, executions, history, machines, versions),
)
BATCH = "moto.batch"


class Engine:
    """moto's engine, which executes state machines as a client of this local AWS.

    It takes a while to import, so that this is done for the first request that needs it.
    """

    def __init__(self, context: Context) -> None:
        """Must be called before moto's Step Functions is imported, which reads these settings then."""
        from moto.core.config import default_user_config

        os.environ["MOTO_PORT"] = str(context.port)
        default_user_config["stepfunctions"] = {"execute_state_machine": True}
        self._context = context
        self._lock = Lock()
        self._ready = False
        self._publish: events.Publish = lambda *_: None
        self._measure: Measure = unmeasured

    def tell(self, publish: events.Publish, measure: Measure) -> None:
        """Has the events of executions sent to `publish`, and what these say for metrics to `measure`."""
        self._publish, self._measure = publish, measure

    def _tell(self, detail_type: str, resources: list[str], detail: Record) -> None:
        for measured in measurements.of_change(detail):
            self._measure(measured)
        self._publish(detail_type, resources, detail)  # which may be another by now

    def prepare(self) -> None:
        """Imports the engine and puts it right, unless that has been done."""
        with self._lock:
            if not self._ready:
                import_utils_of_batch()
                _replace_clients(self._context)
                _execute_what_cloudformation_makes()
                for module in MENDINGS:
                    module.mend()
                events.mend(self._tell)
                look_less_often()
                self._ready = True


def import_utils_of_batch() -> None:
    """Imports the one module of moto's AWS Batch that the engine wants, for a list of words.

    Otherwise the whole package would come with it, and thereby all that moto knows of EC2: two thirds of the time.
    """
    found = None if BATCH in sys.modules else importlib.util.find_spec(BATCH)
    if found is not None:
        sys.modules[BATCH] = importlib.util.module_from_spec(found)  # without what its __init__.py imports
        importlib.import_module(f"{BATCH}.utils")
        del sys.modules[BATCH]  # whoever wants the package imports it as ever


def _execute_what_cloudformation_makes() -> None:
    """Gives state machines of templates to the engine that executes. moto gives them to one that only keeps them."""
    from moto.stepfunctions import models
    from moto.stepfunctions.parser.models import stepfunctions_parser_backends

    made: Any = models  # its variable has the type of the engine that only keeps
    made.stepfunctions_backends = stepfunctions_parser_backends


def _replace_clients(context: Context) -> None:
    """Replaces the function that makes the engine's clients: moto's has a fixed key, and ignores the role."""
    import boto3
    from botocore.config import Config
    from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
    from moto.stepfunctions.parser.asl.utils import boto_client

    longest = TimeoutSeconds.DEFAULT_TIMEOUT_SECONDS
    config = Config(
        response_checksum_validation="when_required",  # answers would otherwise have checksums that AWS's do not
        parameter_validation=False,
        retries={"max_attempts": 0, "total_max_attempts": 1},
        connect_timeout=longest,
        read_timeout=longest,
        max_pool_connections=50,
    )

    made: dict[tuple[str, str, str], Any] = {}
    lock = Lock()  # clients can be shared between threads, but making them is not safe

    def boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        role = state_credentials.role_arn if context.enforce_iam and state_credentials is not None else ""
        with lock:
            if (region, service, role) not in made:
                made[region, service, role] = boto3.client(
                    service,
                    region_name=region,
                    endpoint_url=context.endpoint_url,
                    aws_access_key_id=context.engine.access_key,
                    aws_secret_access_key=context.engine.secret,
                    config=config,
                )
                if role:
                    made[region, service, role].meta.events.register("before-send", partial(_add_role, role))
            return made[region, service, role]

    boto_client.boto_client_for = boto_client_for


def _add_role(role: str, request: Any, **_: Any) -> None:
    """Handles botocore's event before-send, which comes after signing."""
    request.headers[ROLE_HEADER] = role
