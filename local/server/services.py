"""moto's services, without the doors that it has for tests of moto."""

import functools
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moto.backends import list_of_moto_modules
from moto.core import responses
from moto.core.utils import method_names_from_class
from moto.moto_server import werkzeug_app
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.routing import Rule

from local.protocol.errors import ServiceError
from local.protocol.json_types import Record
from local.stacks import alarms, buckets, resource_policies, roles, updates
from local.states.engine import Engine

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

# The dashboard, reset, recorder and proxy below /moto-api, and the metadata of instances with credentials.
CLOSED = ("moto_api", "instance_metadata")
OF_ENGINE = ("stepfunctions", "cloudformation")  # services that use the engine of Step Functions, or import it
HOSTS = 512  # of which it is known what answers for them
OF_MOTO = "HTTP_X_MOTO_"  # headers with which tests of moto choose an account


class Services(DomainDispatcherApplication):
    """Passes a request to the service for which it is signed, whatever its path."""

    def __init__(self, engine: Engine) -> None:
        _save_time()
        super().__init__(create_backend_app)
        self._engine = engine
        # For each request moto would list its folders and try a thousand patterns, while others wait.
        self._find = functools.lru_cache(HOSTS)(self._backend_of)

    def __call__(self, environ: Record, start_response: "StartResponse") -> Iterable[bytes]:
        """Answers one request. Raises ServiceError if its body is not the text that moto takes it for."""
        for name in [name for name in environ if name.startswith(OF_MOTO)]:
            del environ[name]
        try:
            answered: Iterable[bytes] = super().__call__(environ, start_response)
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ServiceError("SerializationException", f"The request cannot be read: {error}", 400) from error
        return answered

    def get_backend_for_host(self, host: str | None) -> Any:  # noqa: ANN401
        """The service of a host name that moto made up; None for a closed one that the path names: moto goes on."""
        if host is None or host in CLOSED:
            return None
        backend = self._find(host)
        if backend in CLOSED:
            raise ServiceError("AccessDenied", "The local AWS has no such service", 403)
        if backend is None:
            raise NotImplementedError(host)
        if backend in OF_ENGINE:
            self._engine.prepare()
        if backend == "cloudformation":
            for module in (alarms, buckets, resource_policies, roles, updates):
                module.mend()
        return backend

    def _backend_of(self, host: str) -> str | None:
        """The module of moto for a host name; None if moto has none. moto's own search would print that."""
        if host in list_of_moto_modules():
            return host
        return next((name for name, pattern in self.backend_url_patterns if pattern.match(f"http://{host}")), None)


def _save_time() -> None:
    """Takes out of moto's work what it need not do: a tenth of each request, and of the first ones more."""
    found: Any = responses  # mypy knows the types of its functions
    found.method_names_from_class = functools.cache(method_names_from_class)  # which looks at hundreds of members
    rules: Any = Rule
    rules._compile_builder = compiled_if_called(Rule._compile_builder)
    # Permissions for web pages, which are taken out of the answers again.
    vars(werkzeug_app)["DISABLE_GLOBAL_CORS"] = True


def compiled_if_called(compiled: Any) -> Any:  # noqa: ANN401
    """Postpones the functions that build an address by a rule. They take long to make, and nobody here builds one."""

    def postponed(rule: Rule, *more: bool) -> Any:  # noqa: ANN401
        def build(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            return compiled(rule, *more)(*given, **named)

        return build

    return postponed
