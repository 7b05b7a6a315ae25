"""The waiting times of a deployment, in which its alarms are watched."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event

from local.protocol.errors import LocalAwsError
from local.sagemaker.hosting.rollout import Plan, Stage

SPEED_VARIABLE = "LOCAL_AWS_DEPLOYMENT_SPEED"
POLL_SECONDS = 0.25
LEAST_SECONDS = 1e-6  # of waiting that still count
MOST_SPEED = 10_000
AlarmState = Callable[[str], str | None]


class StoppedError(Exception):
    """The local AWS ends in the middle of a deployment."""


@dataclass(frozen=True)
class Pace:
    """How time passes: `speed` times as fast as on AWS in waiting times, but not in what really works."""

    speed: float = 1.0
    clock: Callable[[], float] = time.monotonic
    closed: Event = field(default_factory=Event)
    wait: Callable[[float], bool] | None = None  # by default that of `closed`

    def rest(self, seconds: float) -> None:
        """Waits. Raises StoppedError if the local AWS ends."""
        if (self.wait or self.closed.wait)(seconds):
            raise StoppedError


def deployment_speed(environment: Mapping[str, str]) -> float:
    """The value of LOCAL_AWS_DEPLOYMENT_SPEED, by default 1. Raises LocalAwsError."""
    text = environment.get(SPEED_VARIABLE) or "1"
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not 1 <= speed <= MOST_SPEED:
        raise LocalAwsError(f"{SPEED_VARIABLE} is '{text}'; expected a number, from 1 to {MOST_SPEED}")
    return speed


class Baking:
    """Watches one deployment, which begins now."""

    def __init__(self, plan: Plan, alarm_state: AlarmState, pace: Pace) -> None:
        self._plan = plan
        self._alarm_state = alarm_state
        self._pace = pace
        self._began = pace.clock()
        self._baked = 0.0  # seconds that have passed here in waiting times

    def bake(self, stage: Stage) -> str:
        """Waits as long as a stage lasts. Returns why the deployment is to be rolled back; empty if it is not.

        Raises StoppedError.
        """
        pace, until = self._pace, self._baked + stage.seconds / self._pace.speed
        while not (reason := self.trouble()) and self._baked < until - LEAST_SECONDS:
            before = pace.clock()
            pace.rest(min(POLL_SECONDS, until - self._baked))
            self._baked += pace.clock() - before
        return reason

    def trouble(self) -> str:
        """Why the deployment is to be rolled back; empty if it is not."""
        ringing = [name for name in self._plan.alarms if self._alarm_state(name) == "ALARM"]
        if ringing:
            return f"Alarms of the deployment are in the state ALARM: {', '.join(ringing)}"
        most = self._plan.most_seconds
        passed = self._pace.clock() - self._began + self._baked * (self._pace.speed - 1)
        if most is not None and passed > most:
            return f"The deployment took longer than {most} seconds (MaximumExecutionTimeoutInSeconds)"
        return ""
