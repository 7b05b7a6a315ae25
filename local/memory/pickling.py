"""Writes the objects of all services as one pickle, and reads back only classes that belong to them.

One pickle, because services share objects: a stack, for example, has the very bucket that S3 has.
"""

import copy
import copyreg
import io
import pickle
import sys
import threading
import types
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from local.memory import bodies, log_streams
from local.memory.bodies import Bodies
from local.memory.executions import reduce_execution
from local.protocol.errors import LocalAwsError

LOCKS = (type(threading.Lock()), type(threading.RLock()))
NAMED = (type, types.FunctionType, types.BuiltinFunctionType)  # what is written by its name
MOTO = "moto."
EXECUTIONS = "moto.stepfunctions.parser.backend.execution"
# Names that may be read from elsewhere. None of them does anything but hold data.
OTHERS = {
    "builtins": {
        *("object", "bool", "int", "float", "complex", "str", "bytes", "bytearray", "slice", "range"),
        *("tuple", "list", "dict", "set", "frozenset"),
    },
    "collections": {"OrderedDict", "defaultdict", "deque", "Counter", "UserDict"},
    "copyreg": {"_reconstructor", "__newobj__"},
    "datetime": {"datetime", "date", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "uuid": {"UUID", "SafeUUID"},
    "weakref": {"WeakValueDictionary"},
    "zoneinfo": {"ZoneInfo"},
    "re": {"_compile"},
    "requests.structures": {"CaseInsensitiveDict"},
    "urllib.parse": {"ParseResult", "SplitResult"},
    "ipaddress": {"IPv4Network", "IPv4Address", "IPv6Network", "IPv6Address"},
    "yaml.nodes": {"ScalarNode"},
    "local.memory.executions": {"EndedWorker", "EndedRun"},
    "local.memory.pickling": {"Copies"},
    "local.sagemaker.pipelines.cache": {"PastRun"},
    "local.stacks.alarms": {"Alarm"},
    "local.stacks.resource_policies": {"QueuePolicy", "TopicPolicy"},
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


def new_condition() -> threading.Condition:
    """A condition for which nobody waits."""
    return threading.Condition()


def new_event(happened: bool) -> threading.Event:
    """An event for which nobody waits."""
    event = threading.Event()
    if happened:
        event.set()
    return event


def new_object(kind: type) -> Any:  # noqa: ANN401
    """An object without anything."""
    made: Any = kind
    return made.__new__(made)


def method_of(owner: Any, name: str) -> Any:  # noqa: ANN401
    """The method of an object."""
    found = getattr(owner, name)
    if not isinstance(found, types.MethodType):
        raise LocalAwsError(f"{name} is no method")
    return found


def set_dict(value: dict[Any, Any], content: tuple[dict[Any, Any], Any, dict[str, Any]]) -> None:
    """Gives a dictionary its content, as it is."""
    items, factory, members = content
    dict.update(value, items)
    if isinstance(value, defaultdict):
        value.default_factory = factory
    if members:
        vars(value).update(members)


def service_name(backends: Any) -> str:  # noqa: ANN401
    """The name of the package of moto that has a service's backends."""
    return str(backends.backend.__module__.split(".")[1])


def service(name: str) -> Any:  # noqa: ANN401
    """The backends of a service of moto; of its two for Step Functions, those that execute."""
    if name == "stepfunctions":
        from moto.stepfunctions.parser.models import stepfunctions_parser_backends

        return stepfunctions_parser_backends
    from moto.backends import get_backend

    return get_backend(name)  # type: ignore[call-overload]


def service_of_account(name: str, account: str) -> Any:  # noqa: ANN401
    """The backends of a service of moto in an account."""
    return service(name)[account]


FUNCTIONS: dict[tuple[str, str], Callable[..., Any]] = {
    (function.__module__, function.__name__): function
    for function in (
        bodies.new_key,
        bodies.set_key,
        new_lock,
        new_condition,
        new_event,
        new_object,
        method_of,
        set_dict,
        log_streams.set_stream,
        service,
        service_of_account,
    )
}


def dump(state: Any, bodies_of: Bodies) -> bytes:  # noqa: ANN401
    """The pickle of a state. Raises whatever an object raises that cannot be written, or that is changed meanwhile."""
    buffer = io.BytesIO()
    pickler = _Writer(buffer, 5)
    pickler.table = pickler.dispatch_table = _table(bodies_of)
    pickler.dump(state)
    return buffer.getvalue()


def load(content: bytes, bodies_of: Bodies) -> Any:  # noqa: ANN401
    """The state in a pickle. Raises LocalAwsError for one that names something else than the classes of services."""
    reader = _Reader(io.BytesIO(content))
    reader.names = {**FUNCTIONS, (bodies.__name__, "set_key"): bodies_of.setter()}
    return reader.load()


def _readable(module: str | None, name: str, found: Any) -> bool:  # noqa: ANN401
    """Whether what was found by a name is a class that services use for what they hold."""
    if name in OTHERS.get(str(module), ()) or (module, name) in FUNCTIONS:
        return True
    return str(module).startswith(MOTO) and isinstance(found, type) and found.__module__ == module


class _Writer(pickle.Pickler):
    table: dict[type, Callable[[Any], Any]]

    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401
        """Raises PicklingError for a name that may not be read, so that this shows now, not at the next start."""
        if isinstance(value, NAMED) and not _readable(value.__module__, value.__qualname__, value):
            raise pickle.PicklingError(f"{value.__module__}.{value.__qualname__} cannot be remembered")
        if type(value).__module__ == EXECUTIONS and type(value).__name__ in ("Execution", "SyncExecution"):
            return reduce_execution(value)  # not in the table, which would import what may not be needed
        if isinstance(value, dict) and type(value).__module__.startswith(MOTO) and type(value) not in self.table:
            return _reduce_dict(value)
        return NotImplemented


class _Reader(pickle.Unpickler):
    names: dict[tuple[str, str], Callable[..., Any]]

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        """A class or function by its name. Raises LocalAwsError if it may not be read."""
        if known := self.names.get((module, name)):
            return known
        if module in OTHERS or module.startswith(MOTO):
            found = super().find_class(module, name)
            if _readable(module, name, found):
                return found
        raise LocalAwsError(f"it names {module}.{name}, which is not what services hold")


def _table(bodies_of: Bodies) -> dict[type, Callable[[Any], Any]]:
    from moto.core.base_backend import AccountSpecificBackend, BackendDict
    from moto.s3.models import FakeKey, S3BackendDict

    logs = sys.modules.get("moto.logs.models")  # if anything has been logged
    return {
        **copyreg.dispatch_table,
        **({logs.LogStream: _reduce_log_stream} if logs else {}),
        **dict.fromkeys(LOCKS, lambda _: (new_lock, ())),
        threading.Condition: lambda _: (new_condition, ()),
        threading.Event: lambda event: (new_event, (event.is_set(),)),
        **dict.fromkeys((BackendDict, S3BackendDict), lambda each: (service, (service_name(each),))),
        AccountSpecificBackend: lambda each: (service_of_account, (service_name(each), each.account_id)),
        FakeKey: bodies_of.reduce,
        types.MethodType: lambda each: (method_of, (each.__self__, each.__name__)),
        defaultdict: _reduce_defaultdict,
        weakref.WeakValueDictionary: lambda each: (weakref.WeakValueDictionary, (), None, None, iter(each.items())),
    }


def _reduce_log_stream(stream: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return new_object, (type(stream),), log_streams.state_of(stream), None, None, log_streams.set_stream


def _reduce_dict(value: dict[Any, Any]) -> tuple[Any, ...]:
    """Writes a dictionary with methods of its own as it is, not as these methods show it."""
    content = dict(dict.items(value)), getattr(value, "default_factory", None), getattr(value, "__dict__", {})
    return new_object, (type(value),), content, None, None, set_dict


def _reduce_defaultdict(value: defaultdict[Any, Any]) -> tuple[Any, ...]:
    factory = value.default_factory
    if isinstance(factory, types.FunctionType) and factory.__name__ == "<lambda>":
        factory = Copies(factory())
    items: Iterable[tuple[Any, Any]] = iter(value.items())
    return defaultdict, (factory,), None, None, items
