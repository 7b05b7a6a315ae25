"""Schedule expressions of EventBridge, rate(…) and cron(…). Pure.

Format: "Setting a schedule pattern for scheduled rules" in AWS's developer guide; cron's L, W and # are not known here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from local.errors import ValidationError

RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
NUMBER = r"\d+|[A-Z]{3}"
FIELD = re.compile(rf"([*?]|(?P<first>{NUMBER})(-(?P<last>{NUMBER}))?)(/(?P<step>[1-9]\d*))?")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# In the order of the expression: the least and the most of each field, and the names that stand for numbers.
FIELDS: dict[str, tuple[int, int, dict[str, int]]] = {
    "minute": (0, 59, {}),
    "hour": (0, 23, {}),
    "day": (1, 31, {}),
    "month": (1, 12, dict(zip(MONTHS, range(1, 13), strict=True))),
    "weekday": (1, 7, dict(zip(DAYS, range(1, 8), strict=True))),
    "year": (1970, 2199, {}),
}
LONGEST_YEARS = 30  # how far ahead a time is looked for


@dataclass(frozen=True)
class Schedule:
    """When a rule fires: every `interval`, or at the times that `fields` allow (UTC)."""

    interval: timedelta | None
    fields: dict[str, frozenset[int]]

    @classmethod
    def parse(cls, text: str) -> "Schedule":
        """Read an expression; raises ValidationError."""
        if match := RATE.fullmatch(text):
            return cls(int(match[1]) * timedelta(**{f"{match[2]}s": 1}), {})
        parts = text.removeprefix("cron(").removesuffix(")").split()
        if not text.startswith("cron(") or len(parts) != len(FIELDS):
            raise ValidationError(f"Parameter ScheduleExpression is not valid: '{text}'")
        return cls(None, {name: _numbers(part, name, text) for name, part in zip(FIELDS, parts, strict=True)})

    def after(self, moment: datetime) -> datetime | None:
        """The first time after a moment; None if there is none within 30 years."""
        if self.interval:
            return moment + self.interval
        day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(366 * LONGEST_YEARS):
            if self._allows(day):
                times = (day.replace(hour=h, minute=m) for h, m in product(*map(self._sorted, ("hour", "minute"))))
                if found := next((time for time in times if time > moment), None):
                    return found
            day += timedelta(days=1)
        return None

    def _allows(self, day: datetime) -> bool:
        values = {"day": day.day, "month": day.month, "weekday": day.isoweekday() % 7 + 1, "year": day.year}
        return all(value in self.fields[name] for name, value in values.items())

    def _sorted(self, name: str) -> list[int]:
        return sorted(self.fields[name])


def _numbers(part: str, name: str, text: str) -> frozenset[int]:
    """The numbers that a field such as `MON-FRI`, `0/15`, `1,2` or `*` stands for; raises ValidationError."""
    least, most, names = FIELDS[name]
    found: set[int] = set()
    for item in part.upper().split(","):
        match = FIELD.fullmatch(item)
        if match is None:
            raise ValidationError(f"The local AWS does not understand '{item}', {name} of '{text}'")
        given = {key: value for key, value in match.groupdict().items() if value}
        if unknown := [value for value in given.values() if not value.isdigit() and value not in names]:
            raise ValidationError(f"The local AWS does not understand '{unknown[0]}', {name} of '{text}'")
        numbers = {key: int(names.get(value, value)) for key, value in given.items()}
        first = numbers.get("first", least)
        alone = "first" in numbers and "step" not in numbers
        found |= set(range(first, numbers.get("last", first if alone else most) + 1, numbers.get("step", 1)))
    if not found or min(found) < least or max(found) > most:
        raise ValidationError(f"Parameter ScheduleExpression is not valid: '{part}' as {name} of '{text}'")
    return frozenset(found)
