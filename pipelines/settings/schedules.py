"""Checks schedules by EventBridge's grammar.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

import re
from dataclasses import dataclass
from datetime import timedelta

RATE = re.compile(r"rate\(([0-9]{1,9}) (minute|hour|day)(s?)\)")
RATE_RULE = (
    "rate(1 day) or rate(5 minutes): a whole number above 0, then minute, hour or day, in the plural unless it is 1"
)
CRON_RULE = (
    "cron(0 8 * * ? *) has six fields: minutes, hours, day of month, month, day of week, year; "
    "one of the two days is '?'"
)


@dataclass(frozen=True)
class Field:
    """One field of a cron expression: its range, names for its numbers, and the wildcards that it alone may have."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()
    wildcard: re.Pattern[str] | None = None

    def problem(self, text: str) -> str | None:
        """What is wrong with the field; None if nothing is."""
        wrong = next((part for part in text.split(",") if not self._is_valid(part)), None)
        if wrong is None:
            return None
        return f"the {self.name} cannot be '{wrong}'; allowed is {self.lowest} to {self.highest}"

    def _is_valid(self, part: str) -> bool:
        if self.wildcard and self.wildcard.fullmatch(part):
            return True
        span, slash, step = part.partition("/")
        if slash and not (re.fullmatch(r"[0-9]{1,4}", step) and 1 <= int(step) <= self.highest):
            return False
        if span == "*":
            return True
        first, dash, last = span.partition("-")
        bounds = [self._number(bound) for bound in ((first, last) if dash else (first,))]
        return all(bound is not None for bound in bounds)

    def _number(self, text: str) -> int | None:
        if text.upper() in self.names:
            return self.lowest + self.names.index(text.upper())
        if not re.fullmatch(r"[0-9]{1,4}", text) or not self.lowest <= int(text) <= self.highest:
            return None
        return int(text)


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAY = f"([1-7]|{'|'.join(DAYS)})"
FIELDS = (
    Field("minutes", 0, 59),
    Field("hours", 0, 23),
    Field("day of month", 1, 31, wildcard=re.compile(r"\?|L(W|-\d{1,2})?|([1-9]|[12]\d|3[01])W")),
    Field("month", 1, 12, MONTHS),
    Field(
        "day of week", 1, 7, DAYS, re.compile(rf"\?|([1-7]|{'|'.join(DAYS)})?L|([1-7]|{'|'.join(DAYS)})#[1-5]", re.I)
    ),
    Field("year", 1970, 2199),
)


def check_schedule(text: str) -> str:
    """The schedule itself; raises ValueError with EventBridge's rule where it would refuse it."""
    if text.startswith("cron(") and text.endswith(")"):
        return _check_cron(text)
    found = RATE.fullmatch(text)
    if not found:
        raise ValueError(f"a schedule is {RATE_RULE}; or {CRON_RULE}")
    number, _, plural = found.groups()
    if int(number) == 0 or (int(number) == 1) == bool(plural):
        raise ValueError(f"a rate is {RATE_RULE}")
    return text


def rate_of(text: str) -> timedelta | None:
    """How far apart the starts of a schedule `rate(…)` are; None for another one."""
    found = RATE.fullmatch(text)
    return timedelta(**{f"{found[2]}s": int(found[1])}) if found else None


def _check_cron(text: str) -> str:
    fields = text.removeprefix("cron(").removesuffix(")").split()
    if len(fields) != len(FIELDS):
        raise ValueError(f"it has {len(fields)} fields; {CRON_RULE}")
    for field, value in zip(FIELDS, fields, strict=True):
        if problem := field.problem(value):
            raise ValueError(f"{problem}. {CRON_RULE}")
    if (fields[2] == "?") == (fields[4] == "?"):
        raise ValueError(f"the day of month is '{fields[2]}' and the day of week '{fields[4]}'; {CRON_RULE}")
    return text
