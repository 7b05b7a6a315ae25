"""The WSGI application: answers requests that execute something, and passes the others to moto."""

import json
import os
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from moto.core.request import Request
from werkzeug.wrappers import Response

from local.entrance import health
from local.entrance.bodies import upload_bytes
from local.entrance.identity import Identity
from local.entrance.pages import refuse_pages, without_permissions
from local.events.bus import EventService
from local.functions.invoke import FunctionService
from local.iam.authorization import Guard
from local.iam.identities.sessions import SessionTokens
from local.iam.resources import SCALING
from local.iam.simulation import Simulator
from local.memory.gate import changes
from local.memory.keeper import Memory
from local.metrics.alarms import Alarms
from local.metrics.mending import mend as mend_cloudwatch
from local.metrics.publishing import publisher
from local.metrics.queues import QueueDepths
from local.metrics.series import Metrics
from local.protocol.answers import check_answer, failure
from local.protocol.calls import Call, read_call, replace_body
from local.protocol.documents import check_members
from local.protocol.error_responses import JSON, error_response
from local.protocol.errors import ServiceError
from local.protocol.failures import service_error
from local.protocol.json_types import Json, Record
from local.protocol.operations import named, signed_for
from local.runtime.context import Clock, Context, now
from local.runtime.logs import Logs
from local.sagemaker import quotas
from local.sagemaker.api import RECORDED, SageMaker
from local.sagemaker.hosting.invoke import RuntimeService
from local.sagemaker.hosting.measurements import Measurements
from local.sagemaker.tags import RESOURCES
from local.scaling.service import ScalingService
from local.scaling.targets import NAMESPACE
from local.scaling.watch import Watch, alarm_period
from local.server.services import Services
from local.states.engine import Engine
from local.status.page import PATH as STATUS
from local.status.page import StatusPage
from local.storage import expiry, notifications
from local.topics import deliveries
from local.unsupported.requests import refuse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


class Application:
    """Routes each request to the service that answers it."""

    def __init__(self, context: Context, clock: Clock, memory: Memory, engine: Engine) -> None:
        """Raises LocalAwsError if what is remembered cannot be read."""
        self._closing = False
        self._port = context.port
        self._moto = Services(engine)
        logs = Logs(context)
        self._identity = Identity(context, upload_bytes(os.environ))
        self._context = context
        self._guard = Guard(context)
        self._status = StatusPage(context)
        self._metrics = metrics = Metrics()
        place = f"{context.account}/{context.region}"
        measure = publisher(metrics, place, now)
        metrics.fed_by(QueueDepths(measure, now, context).sample)
        self._events = EventService(context, clock, measure)
        notifications.mend(partial(self._events.publish, source="aws.s3"))
        expiry.mend()
        deliveries.mend(context)
        self._expiry = expiry.Expiry(context, clock)
        engine.tell(partial(self._events.publish, source="aws.states"), measure)
        self._alarms = Alarms(context, metrics, self._events, clock)
        mend_cloudwatch(metrics, self._alarms)
        self._functions = FunctionService(context, logs, measure)
        configs = self._functions.configs
        tokens = SessionTokens(context, self._of_moto)
        self._sagemaker = SageMaker(
            context, logs, self._functions, self._events, self._guard, self._alarms.state, self._is_scaled
        )
        endpoints, period = self._sagemaker.endpoints, alarm_period(os.environ)
        self._scaling = ScalingService(context, self._alarms, endpoints, period, clock)
        self._watch = Watch(context, metrics, self._alarms, endpoints, self._scaling, clock)
        measurements = Measurements(metrics, place)
        runtime = RuntimeService(context, endpoints, measurements)
        self._handlers: dict[tuple[str, str], Callable[[Call, Request], Json]] = {
            ("sagemaker", "InvokeEndpoint"): runtime.invoke,
            ("events", "PutEvents"): lambda call, _: self._events.put_events(call.members),
            ("events", "TestEventPattern"): lambda call, _: self._events.test_pattern(call.members),
            ("lambda", "Invoke"): self._functions.answer,
            ("lambda", "CreateFunction"): self._followed_by(configs.keep, configs.check_package),
            ("lambda", "UpdateFunctionCode"): self._preceded_by(lambda call, _: configs.check_package(call.members)),
            ("lambda", "PublishLayerVersion"): self._preceded_by(lambda call, _: configs.check_package(call.members)),
            ("lambda", "UpdateFunctionConfiguration"): self._followed_by(configs.keep),
            ("lambda", "DeleteFunction"): self._followed_by(configs.forget),
            ("states", "StartExecution"): self._preceded_by(_name_execution),
            (quotas.SERVICE, "ListServiceQuotas"): lambda call, _: quotas.list_quotas(call.members, context.arn),
            ("iam", "SimulatePrincipalPolicy"): Simulator(context).answer,
            ("monitoring", "DescribeAlarms"): self._preceded_by(lambda *_: self._alarms.evaluate()),
            ("monitoring", "DescribeAlarmsForMetric"): self._preceded_by(lambda *_: self._alarms.evaluate()),
            ("sts", "GetSessionToken"): tokens.answer,
            ("sts", "GetFederationToken"): tokens.answer,
            **{("tagging", name): self._preceded_by(lambda *_: self._sagemaker.tags.join()) for name in RESOURCES},
        }
        self._memory = memory
        memory.recall({**self._sagemaker.parts(), "functions": configs, "metrics": metrics, "scaling": self._scaling})

    def __call__(self, environ: Record, start_response: "StartResponse") -> Iterable[bytes]:
        """Answers one request."""
        start_response = without_permissions(start_response)
        request = Request(environ)
        try:
            refuse_pages(environ, self._port)
            response = self._answer(request)
        except Exception as error:  # noqa: BLE001 - `failure` logs it
            refused = service_error(error) or failure(error, named(request, signed_for(request)), {})
            response = error_response(refused, request)
        if not isinstance(response, Response):
            response = Response(json.dumps(response), 200, JSON)
        response.headers.setdefault("x-amzn-RequestId", str(uuid.uuid4()))
        return response(environ, start_response)

    def resume(self) -> None:
        """Starts what ran without an end when the local AWS ended. The endpoint must answer by now."""
        self._sagemaker.resume()
        self._watch.start()
        self._expiry.start()

    def close(self) -> None:
        """Ends everything that runs. Meanwhile the endpoint must go on answering, but is no longer in good health."""
        self._closing = True
        self._watch.close()
        self._expiry.close()
        self._events.close()
        self._alarms.close()
        self._sagemaker.close()
        self._functions.close()
        self._metrics.close()

    def _is_scaled(self, endpoint: str, variant: str) -> bool:
        """Whether a variant is scaled automatically."""
        return self._scaling.is_target(endpoint, variant)

    def _of_moto(self, call: Call, request: Request) -> Response:
        """The answer of moto, if a client can read it. Raises ServiceError otherwise."""
        try:
            response = Response.from_app(self._moto, request.environ)
            if call.service != "s3" or response.status_code >= 400:
                check_answer(response, named(request, call.service))
        except ServiceError:
            raise
        except Exception as error:
            refused = service_error(error) or failure(error, named(request, call.service), call.members)
            raise refused from error
        return response

    def _followed_by(
        self, action: Callable[[Record], None], first: Callable[[Record], None] = lambda _: None
    ) -> Callable[[Call, Request], Response]:
        """Calls `first`, lets moto answer, and then calls `action` with the request's members if moto accepted them."""

        def answer(call: Call, request: Request) -> Response:
            first(call.members)
            response = self._of_moto(call, request)
            if response.status_code < 300:
                action(call.members)
            return response

        return answer

    def _preceded_by(self, action: Callable[[Call, Request], None]) -> Callable[[Call, Request], Response]:
        """Calls `action`, which may change the request, and then lets moto answer."""

        def answer(call: Call, request: Request) -> Response:
            action(call, request)
            return self._of_moto(call, request)

        return answer

    def _answer(self, request: Request) -> Json:
        """Answers a request with a response or a JSON value."""
        if request.path == health.PATH:
            return {"stopping": True} if self._closing else health.answer(self._context, request.args)
        if request.path.startswith(STATUS):
            return self._status.answer(request)
        claim = self._identity.check(request)
        call = read_call(request, claim.service, claim.access_key)
        check_members(call.members)
        self._guard.check(call, request)
        refuse(call.service, call.operation, call.members)
        if not changes(call, request.method):
            return self._routed(call, request)
        with self._memory.during(call):
            return self._routed(call, request)

    def _routed(self, call: Call, request: Request) -> Json:
        if handler := self._handlers.get((call.service, call.operation)):
            return handler(call, request)
        if call.service == "sagemaker" and call.operation not in RECORDED:
            return self._sagemaker.call(call.operation, call.members)
        if call.service == SCALING and call.members.get("ServiceNamespace") == NAMESPACE:
            return self._scaling.answer(call.operation, call.members)
        return self._of_moto(call, request)


def _name_execution(call: Call, request: Request) -> None:
    """Gives a name to an execution of Step Functions that has none, as AWS does. moto would call each of them None."""
    replace_body(request, json.dumps({"name": str(uuid.uuid4()), **call.members}).encode())
