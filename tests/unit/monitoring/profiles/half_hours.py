"""Rows of photos as `captures.photos.rows_of` makes them, one every half hour."""

from datetime import UTC, datetime, timedelta
from typing import Any

from monitoring.features.images import Seen

TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)
NAMES = ("bicycle", "motorcycle")


def row(number: int, **more: Any) -> dict[str, Any]:
    """The row of a photo that has come but was not looked at and has no answer; one comes every half hour."""
    return {
        "record": number,
        "position": 0,
        "time": TEN + number * timedelta(minutes=30),
        "content_type": "image/png",
        "file": "x.jsonl",
        "line": number + 1,
        "place": 100 * number,
        "status": "ok",
        "reason": None,
        "image_digest": f"{number:016x}",
        **more,
    }


def answered(number: int, predicted: str, confidence: float, decision: str = "accepted", **more: Any) -> dict[str, Any]:
    answer = {"labels": NAMES, "predicted": predicted, "confidence": confidence, "threshold": 0.9, "decision": decision}
    return row(number, **{**answer, "model_version": "train-1", **more})


def looked_at(number: int, colour: int = 100, **more: Any) -> dict[str, Any]:
    return answered(number, "bicycle", 0.95) | {"seen": Seen(bytes([colour]) * 3072, 32, 32), **more}
