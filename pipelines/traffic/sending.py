"""Sends photos when they are due, whether earlier ones have been answered or not (an open loop).

Clients that wait for an answer before they ask again slow down with the system that they measure, and so miss how it
behaves under load (Schroeder, Wierman and Harchol-Balter, "Open Versus Closed: A Cautionary Tale", 2006). Latency is
therefore counted from when a photo was due.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from pipelines.traffic.photos import Sent
from pipelines.traffic.tally import Tally
from pipelines.traffic.targets import MOST_UNDER_WAY, Reply, Target
from pipelines.waiting.polling import CLOCK, Clock

TICK = 0.2  # seconds between reports


@dataclass(frozen=True)
class Sender:
    """Sends photos to a target; `run` begins their names."""

    target: Target
    run: str
    tally: Tally
    report: Callable[[], None]
    clock: Clock = CLOCK

    def send(self, photos: Iterator[Sent], arrivals: Iterator[float]) -> None:
        """Sends a photo at each arrival, in seconds from now, and waits for the last answers.

        Each photo has a thread, which ends with the process, so that an interruption need not wait for any.
        """
        start = self.clock.now()
        for number, arrival in enumerate(arrivals):
            photo, due = next(photos), start + arrival
            self._wait_until(due)
            if self.tally.under_way >= MOST_UNDER_WAY:
                self.tally.leave_out()
                continue
            self.tally.send(max(0.0, self.clock.now() - due))
            threading.Thread(target=self._one, args=(photo, f"{self.run}-{number:06d}", due), daemon=True).start()
        while self.tally.under_way:
            self.clock.sleep(TICK)
            self.report()

    def _wait_until(self, due: float) -> None:
        while (left := due - self.clock.now()) > 0:
            self.clock.sleep(min(left, TICK))
            self.report()

    def _one(self, photo: Sent, name: str, due: float) -> None:
        reply = Reply(due, failure="UnexpectedError")  # whose traceback Python prints where a thread ends with one
        try:
            reply = self.target.send(photo, name)
        except ClientError as error:
            reply = Reply(due, failure=error.response["Error"]["Code"])
        except BotoCoreError as error:
            reply = Reply(due, failure=type(error).__name__)
        finally:
            if reply.failure:
                self.tally.fail(reply.failure)
            else:
                self.tally.answer(reply.outcome, reply.ended - due)
