"""Events as `GetExecutionHistory` has them."""

from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


def event(number: int, before: int, kind: str, **details: Any) -> dict[str, Any]:
    """An event after another one, so many seconds after the start."""
    key = f"{kind[0].lower()}{kind[1:]}EventDetails"
    if kind.endswith(("StateEntered", "StateExited")):
        key = "stateEnteredEventDetails" if kind.endswith("Entered") else "stateExitedEventDetails"
    return {
        "id": number,
        "previousEventId": before,
        "type": kind,
        "timestamp": START + timedelta(seconds=number),
        key: details,
    }
