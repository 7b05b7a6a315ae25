"""The hours of the week in which there is an endpoint: the setting `endpoint.hours`. Pure.

Imports nothing, so that the settings can use it too.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

ALWAYS = "always"
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
PATTERN = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))? (\d{{1,2}})-(\d{{1,2}})")
LAST_HOUR = 23


@dataclass(frozen=True)
class Hours:
    """From a full hour to another one, in UTC, on some days of the week (0 is Monday); `text` is how it was written."""

    text: str
    days: tuple[int, ...] = tuple(range(7))
    start: int = 0
    end: int = 24

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `always`, or days and hours such as `MON-FRI 6-19`; raises ValueError for anything else."""
        if text == ALWAYS:
            return cls(text)
        found = PATTERN.fullmatch(text)
        if not found or not int(found[3]) < int(found[4]) <= LAST_HOUR:
            raise ValueError(
                f"expected 'always', or days and hours in UTC such as 'MON-FRI 6-19' "
                f"(the last hour is {LAST_HOUR}), got '{text}'"
            )
        first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
        days = tuple(sorted((first + each) % 7 for each in range((last - first) % 7 + 1)))
        return cls(text, days, int(found[3]), int(found[4]))

    def has(self, moment: datetime) -> bool:
        """Whether a moment, which is in UTC, lies within the hours."""
        return moment.weekday() in self.days and self.start <= moment.hour < self.end

    @property
    def share(self) -> float:
        """The share of a week that they are."""
        return len(self.days) * (self.end - self.start) / (7 * 24)

    @property
    def schedule(self) -> str:
        """When they begin and end, as EventBridge's rules have it."""
        days = ",".join(DAYS[each] for each in self.days)
        return f"cron(0 {self.start},{self.end % 24} ? * {days} *)"
