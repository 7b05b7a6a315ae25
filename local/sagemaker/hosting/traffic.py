"""Which fleets serve the endpoints: one each, and while a deployment bakes the new one as well, with its share."""

import random
from dataclasses import dataclass
from threading import Lock

from local.sagemaker.hosting.fleet import Fleet


@dataclass(frozen=True)
class Serving:
    """The fleets of one endpoint. A request goes to the new one with the probability `share`."""

    stable: Fleet
    fresh: Fleet | None = None
    share: float = 0.0

    def choose(self) -> Fleet:
        """The fleet for one request."""
        if self.fresh and random.random() < self.share:  # noqa: S311 - traffic, no secret  # nosec B311
            return self.fresh
        return self.stable


class Traffic:
    """The fleets of all endpoints, by the endpoint's name. To read takes no lock."""

    def __init__(self) -> None:
        self._serving: dict[str, Serving] = {}
        self._lock = Lock()

    def choose(self, name: str) -> Fleet | None:
        """The fleet for one request; None if the endpoint has none."""
        serving = self._serving.get(name)
        return serving.choose() if serving else None

    def stable(self, name: str) -> Fleet | None:
        """The fleet that is not on trial."""
        serving = self._serving.get(name)
        return serving.stable if serving else None

    def shift(self, name: str, fresh: Fleet, share: float) -> None:
        """Gives a new fleet its share of an endpoint's requests; nothing of a share that is 0."""
        with self._lock:
            if serving := self._serving.get(name):
                self._serving[name] = Serving(serving.stable, fresh, share) if share else Serving(serving.stable)

    def settle(self, name: str, fleet: Fleet) -> Fleet | None:
        """Gives all requests to a fleet for good; the fleet that had them before."""
        with self._lock:
            before = self._serving.get(name)
            self._serving[name] = Serving(fleet)
        return before.stable if before else None

    def remove(self, name: str) -> list[Fleet]:
        """Takes an endpoint's fleets away, and returns them."""
        with self._lock:
            serving = self._serving.pop(name, None)
        return [fleet for fleet in (serving.stable, serving.fresh) if fleet] if serving else []

    def clear(self) -> list[Fleet]:
        """Takes all fleets away, and returns them."""
        return [fleet for name in list(self._serving) for fleet in self.remove(name)]
