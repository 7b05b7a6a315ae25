"""Parses EventBridge's schedule expressions, rate(…) and cron(…). Pure.

Format: "Setting a schedule pattern for scheduled rules" in AWS's developer guide.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from local.protocol.errors import ValidationError

RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)s?\)")
CRON = re.compile(r"cron\((.+)\)")
Next = Callable[[datetime], datetime | None]


def schedule(text: str) -> Next:
    """Parses an expression into a function that gives the next time after a moment, or None. Raises ValidationError."""
    if match := RATE.fullmatch(text):
        interval = int(match[1]) * timedelta(**{f"{match[2]}s": 1})
        return lambda moment: moment + interval
    if match := CRON.fullmatch(text):
        return _cron(match[1], text)
    raise ValidationError(
        f"Parameter ScheduleExpression is not valid: '{text}' is not rate(…) in minutes, hours or days, nor cron(…)"
    )


def _cron(fields: str, text: str) -> Next:
    from aws_croniter import AwsCroniter
    from aws_croniter.exceptions import AwsCroniterExpressionError

    try:
        cron = AwsCroniter(fields)
    except (AwsCroniterExpressionError, ValueError) as error:
        raise ValidationError(f"Parameter ScheduleExpression is not valid: '{text}': {error}") from error

    def after(moment: datetime) -> datetime | None:
        found: datetime | None = cron.occurrence(moment.astimezone(UTC)).next()
        return found

    return after
