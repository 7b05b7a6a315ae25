"""An account that answers the calls of `deploy_model`: SageMaker's registry, one endpoint, and what goes with it.

botocore checks every request against SageMaker's own model before it comes here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from unit.lambdas.endpoint_in_memory import Endpoint, Serving
from unit.lambdas.model_in_memory import Answering, ModelFailedError, refusal
from unit.lambdas.registry_in_memory import Params, RefusedError, Registry

from lambdas.deploy_model.aws import Clients

__all__ = ["Account", "Endpoint"]


@dataclass
class Account(Answering, Serving, Registry):
    """The registry, the endpoint, its scaling, the alarms, and what is done between two calls."""

    calls: list[str] = field(default_factory=list)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    _request: Params = field(default_factory=dict)

    def answer_for(self, connected: Clients) -> None:
        """Answers all calls of these clients from now on. S3 does what it is asked to."""
        connected.s3.meta.events.register("before-call.s3", self._answer_s3, unique_id="account")
        for client in _all_but_s3(connected):
            service = client.meta.service_model.service_id.hyphenize()
            # The request as the function gave it; what is sent differs with the service's protocol.
            client.meta.events.register(f"provide-client-params.{service}", self._note, unique_id="request")
            client.meta.events.register(f"before-call.{service}", self._answer, unique_id="account")

    def leave(self, connected: Clients) -> None:
        """No longer answers the calls of these clients."""
        connected.s3.meta.events.unregister("before-call.s3", unique_id="account")
        for client in _all_but_s3(connected):
            service = client.meta.service_model.service_id.hyphenize()
            client.meta.events.unregister(f"provide-client-params.{service}", unique_id="request")
            client.meta.events.unregister(f"before-call.{service}", unique_id="account")

    def wanted(self) -> int | None:
        """The version that should serve: of the approved ones that were not rolled back, the highest number."""
        approved = {number for number, status in self.versions.items() if status == "Approved"}
        return max(approved - self.rolled_back(), default=None)

    def _note(self, params: Params, **_: Any) -> None:
        self._request = dict(params)

    def _answer(self, model: Any, **_: Any) -> tuple[Any, Params]:
        name, request = model.name, self._request
        self.calls.append(name)
        try:
            if happens := self.before.pop(name, None):
                happens()
            answer = getattr(self, f"_{name}")(request)
        except RefusedError as error:
            return refusal(400, error.code, str(error))
        except ModelFailedError:
            return refusal(424, "ModelError", "Received server error (500) from primary")
        return AWSResponse("", 200, {}, None), answer

    @staticmethod
    def refuse(why: str) -> None:
        """Has a call refused, as one of `before`."""
        raise RefusedError(why)


def _all_but_s3(connected: Clients) -> tuple[Any, ...]:
    return connected.sagemaker, connected.cloudwatch, connected.sns, connected.autoscaling, connected.runtime
