"""Work that is done every few seconds, in a thread, as long as the local AWS runs."""

import logging
from collections.abc import Callable
from threading import Event, Thread

logger = logging.getLogger(__name__)


class Periodic:
    """Does some work again and again, from `start` to `close`."""

    def __init__(self, name: str, work: Callable[[], None], seconds: float) -> None:
        """`seconds` is the time between the end of the work and its next beginning; `name` says what it is."""
        self._name = name
        self._work = work
        self._seconds = seconds
        self._closed = Event()

    def start(self, *, at_once: bool = False) -> None:
        """Begins, after the first `seconds` or at once."""
        Thread(target=self._run, args=(at_once,), daemon=True).start()

    def close(self) -> None:
        """Does nothing any more; work that has begun is done to its end."""
        self._closed.set()

    def _run(self, at_once: bool) -> None:
        if at_once:
            self._try()
        while not self._closed.wait(self._seconds):
            self._try()

    def _try(self) -> None:
        try:
            self._work()
        except Exception:  # a defect must not keep all later work from being done
            logger.exception("%s has failed; it is tried again in %g seconds", self._name, self._seconds)
