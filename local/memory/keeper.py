"""Keeps the memory up to date: writes what all services hold within a second of each change."""

import logging
import pickle
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from threading import Event, Thread
from typing import Any, Protocol

from local.memory import backends
from local.memory.bodies import RESET, DeletedError
from local.memory.counts import count
from local.memory.executions import RUNNING, end_interrupted, executions
from local.memory.gate import PATIENT, Gate
from local.memory.stacks import fail_interrupted
from local.memory.store import Store
from local.protocol.calls import Call
from local.protocol.errors import LocalAwsError, ServiceError
from local.runtime.context import Context

logger = logging.getLogger(__name__)

COLLECT_SECONDS = 0.5  # from a change until it is written, so that many changes are written at once
REST = 4  # times as long as writing took is nothing written, so that it takes a fifth of a processor at most
PATIENCE_SECONDS = 0.1  # for which requests may be held, before they are let through once more
TRIALS = 20  # when what is written changes meanwhile, which takes less time than to write it
UNWRITABLE = (TypeError, AttributeError, RecursionError, pickle.PicklingError)
HURRY_SECONDS = 0.4  # after which what takes long is no longer waited for


def pause_after(spent: float) -> float:
    """Seconds from a change until it is written, after writing has taken so many seconds of processor time."""
    return max(COLLECT_SECONDS, REST * spent)


class Part(Protocol):
    """A service of our own that has something to remember."""

    def remember(self) -> Any:  # noqa: ANN401
        """What it holds, made of plain values."""

    def recall(self, kept: Any) -> None:  # noqa: ANN401
        """Takes back what `remember` gave. What ran then has ended."""


class Memory:
    """Remembers what moto's services and ours hold."""

    def __init__(self, context: Context, store: Store) -> None:
        self._context = context
        self._store = store
        self._parts: Mapping[str, Part] = {}
        self._gate = Gate()
        self._closing = Event()
        self._last = b""
        self._complaint = ""
        self._interrupted = 0
        self._forgotten: set[str] = set()
        self._spent = 0.0  # seconds of processor time that writing took last
        self._thread = Thread(target=self._follow, daemon=True)

    def recall(self, parts: Mapping[str, Part]) -> None:
        """Gives all services what they held when the local AWS ended. Raises LocalAwsError."""
        self._parts = parts
        state = self._store.read()
        if state is None:
            return
        backends.put_back(state["moto"])
        for name, kept in state["own"].items():
            try:
                parts[name].recall(kept)
            except (LookupError, TypeError, ValueError, ServiceError) as error:
                raise LocalAwsError(
                    f"What {name} remember does not fit this version of the project: {error!r}. Use the version that "
                    f"wrote it, or another folder; or {RESET}"
                ) from error
        interrupted = end_interrupted(executions(backends.of("stepfunctions"))) + fail_interrupted(
            backends.of("cloudformation")
        )
        self._interrupted = interrupted

    def start(self) -> None:
        """Begins to write changes."""
        if self._interrupted:
            self._context.say(
                f"{self._interrupted} workflow executions and stacks had not ended; they are told as failed"
            )
        self._thread.start()

    def close(self) -> None:
        """Writes the last changes. Nothing may change any more."""
        self._closing.set()
        self._context.changed.set()
        self._thread.join()

    @contextmanager
    def during(self, call: Call) -> Iterator[None]:
        """The block in which a call that changes something is answered. Nothing is written while it is half done."""
        with nullcontext() if call.operation in PATIENT else self._gate.passing():
            try:
                yield
            finally:
                self._context.changed.set()

    def _follow(self) -> None:
        while not self._closing.is_set():
            self._context.changed.wait()
            self._closing.wait(pause_after(self._spent))
            self._save()
        self._save()

    def _save(self) -> None:
        """Writes what all services hold, if it is not as it was. What goes wrong is told once, and tried again."""
        self._context.changed.clear()
        began = time.thread_time()
        try:
            frozen, holds = self._freeze()
            if frozen != self._last:
                self._store.write(frozen, holds)
                self._last = frozen
            self._complaint = ""
        except DeletedError:  # between the two steps
            self._context.changed.set()
        except Exception as error:  # a defect, or a full disk; nothing that works may end for it
            logger.exception("memory")
            self._complain(f"what is made now is not remembered: {type(error).__name__}: {error}")
        self._spent = time.thread_time() - began
        if any(each.status == RUNNING for each in executions(backends.of("stepfunctions"))):
            self._context.changed.set()  # the engine says nothing when it changes something

    def _complain(self, text: str) -> None:
        if text != self._complaint:
            self._complaint = text
            self._context.say(text)

    def _freeze(self) -> tuple[bytes, dict[str, int]]:
        with self._gate.closed(PATIENCE_SECONDS, HURRY_SECONDS):
            for _ in range(TRIALS):
                try:
                    state = self._state()
                    return self._store.freeze(state), count(state)
                except UNWRITABLE as error:
                    self._forget(error)
                except RuntimeError as error:  # something of a job or an execution was added meanwhile
                    logger.info("memory: %s", error)
            return self._store.freeze(state := self._state()), count(state)

    def _state(self) -> dict[str, Any]:
        own = {name: part.remember() for name, part in self._parts.items()}
        found = {name: held for name, held in backends.gather().items() if name not in self._forgotten}
        return {"own": own, "moto": found}

    def _forget(self, error: Exception) -> None:
        """Finds the service that cannot be written, and goes on without it. Raises the error if that is none."""
        for name, held in self._state()["moto"].items():
            try:
                self._store.freeze(held)
            except UNWRITABLE:
                self._forgotten.add(name)
                self._context.say(f"what moto's {name} holds is not remembered: {error}")
                return
        raise error
