"""Writes the objects of all services as one pickle, and reads back only classes that belong to them.

One pickle, because services share objects: a stack, for example, has the very bucket that S3 has.
"""

import copy
import io
import pickle
import threading
import types
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from local.memory import bodies
from local.memory.bodies import Bodies
from local.memory.executions import end_of_history, reduce_execution
from local.protocol.errors import LocalAwsError

LOCKS = (type(threading.Lock()), type(threading.RLock()))
OWN = ("moto", "local")  # packages whose classes may be read
# Names that may be read from elsewhere. None of them does anything but hold data.
OTHERS = {
    "builtins": {"set", "frozenset", "bytearray", "complex", "object", "slice", "range"},
    "collections": {"OrderedDict", "defaultdict", "deque", "Counter", "UserDict"},
    "copyreg": {"_reconstructor", "__newobj__"},
    "datetime": {"datetime", "date", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "uuid": {"UUID", "SafeUUID"},
    "weakref": {"WeakValueDictionary"},
    "zoneinfo": {"ZoneInfo"},
    "re": {"_compile"},
    "urllib.parse": {"ParseResult", "SplitResult"},
    "ipaddress": {"IPv4Network", "IPv4Address", "IPv6Network", "IPv6Address"},
    "yaml.nodes": {"ScalarNode"},
}


class Copies:
    """Makes copies of a value: stands for the nameless function of a defaultdict, which cannot be written."""

    def __init__(self, sample: Any) -> None:  # noqa: ANN401
        self.sample = sample

    def __call__(self) -> Any:  # noqa: ANN401
        """One more copy."""
        return copy.deepcopy(self.sample)


def new_lock() -> Any:  # noqa: ANN401
    """A lock that nobody holds."""
    return threading.RLock()


def service_name(backends: Any) -> str:  # noqa: ANN401
    """The name of the package of moto that has a service's backends."""
    return str(backends.backend.__module__.split(".")[1])


def service(name: str) -> Any:  # noqa: ANN401
    """The backends of a service of moto."""
    from moto.backends import get_backend

    return get_backend(name)  # type: ignore[call-overload]


def service_of_account(name: str, account: str) -> Any:  # noqa: ANN401
    """The backends of a service of moto in an account."""
    return service(name)[account]


FUNCTIONS: dict[tuple[str, str], Callable[..., Any]] = {
    (function.__module__, function.__name__): function
    for function in (bodies.new_key, new_lock, service, service_of_account, end_of_history)
}


def dump(state: Any, bodies_of: Bodies) -> bytes:  # noqa: ANN401
    """The pickle of a state. Raises whatever an object raises that cannot be written, or that is changed meanwhile."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, 5)
    pickler.dispatch_table = _table(bodies_of)
    pickler.dump(state)
    return buffer.getvalue()


def load(content: bytes, bodies_of: Bodies) -> Any:  # noqa: ANN401
    """The state in a pickle. Raises LocalAwsError for one that names something else than the classes of services."""
    reader = _Reader(io.BytesIO(content))
    reader.names = {**FUNCTIONS, (bodies.__name__, "set_key"): bodies_of.setter()}
    return reader.load()


class _Reader(pickle.Unpickler):
    names: dict[tuple[str, str], Callable[..., Any]]

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        """A class or function by its name. Raises LocalAwsError if it may not be read."""
        if known := self.names.get((module, name)):
            return known
        if name in OTHERS.get(module, ()):
            return super().find_class(module, name)
        if module.partition(".")[0] in OWN:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise LocalAwsError(f"it names {module}.{name}, which is not what services hold")


def _table(bodies_of: Bodies) -> dict[type, Callable[[Any], Any]]:
    from moto.core.base_backend import AccountSpecificBackend, BackendDict
    from moto.s3.models import FakeKey, S3BackendDict
    from moto.stepfunctions.parser.backend.execution import Execution, SyncExecution

    return {
        **dict.fromkeys(LOCKS, lambda _: (new_lock, ())),
        **dict.fromkeys((BackendDict, S3BackendDict), lambda each: (service, (service_name(each),))),
        AccountSpecificBackend: lambda each: (service_of_account, (service_name(each), each.account_id)),
        FakeKey: bodies_of.reduce,
        **dict.fromkeys((Execution, SyncExecution), reduce_execution),
        defaultdict: _reduce_defaultdict,
        weakref.WeakValueDictionary: lambda each: (weakref.WeakValueDictionary, (), None, None, iter(each.items())),
    }


def _reduce_defaultdict(value: defaultdict[Any, Any]) -> tuple[Any, ...]:
    factory = value.default_factory
    if isinstance(factory, types.FunctionType) and factory.__name__ == "<lambda>":
        factory = Copies(factory())
    items: Iterable[tuple[Any, Any]] = iter(value.items())
    return defaultdict, (factory,), None, None, items
