"""Version 2 in memory: the photos that are kept with it, and what its model may answer when it is asked about them."""

import base64
import hashlib
from collections.abc import Callable
from itertools import cycle
from typing import Any

from unit.lambdas.deployment import BUCKET
from unit.lambdas.model_in_memory import ModelFailedError
from unit.lambdas.sagemaker_in_memory import Account

LABELS = ["bicycle", "motorcycle"]
ROWS = [[0.97, 0.02], [0.01, 0.98], [0.9, 0.05]]
OTHER = [0.01, 0.01, 0.05]
DOCUMENT = {
    "model_version": "job-2",
    "labels": LABELS,
    "photos": [
        {"photo": base64.b64encode(b"photo %d" % number).decode(), "probabilities": row, "other": other}
        for number, (row, other) in enumerate(zip(ROWS, OTHER, strict=True))
    ],
}
Respond = Callable[[dict[str, Any]], dict[str, Any]]


def answer(request: dict[str, Any], version: str = "job-2", labels: list[str] = LABELS) -> dict[str, Any]:
    """What the model of version 2 answers; with other labels, what one answers that mixes them up."""
    number = int(bytes(request["Body"]).split()[1])
    row = {"labels": labels, "probabilities": [ROWS[number]], "other": [OTHER[number]]}
    return {**row, "threshold": 0.9, "model_version": version}


def exchanged(request: dict[str, Any]) -> dict[str, Any]:
    return answer(request, labels=LABELS[::-1])


def old(request: dict[str, Any]) -> dict[str, Any]:
    """Right answers, but of version 1."""
    return answer(request, "job-1")


def failing(_: dict[str, Any]) -> dict[str, Any]:
    raise ModelFailedError


def turns(*those: Respond) -> Respond:
    """One after the other answers."""
    whose = cycle(those)

    def respond(request: dict[str, Any]) -> dict[str, Any]:
        return next(whose)(request)

    return respond


def keep(account: Account, version: int, content: bytes, name: str = "") -> None:
    """Registers photos that are kept with a version."""
    name = name or f"kept-photos-{hashlib.sha256(content).hexdigest()}.json"
    account.kept[version] = f"s3://{BUCKET}/executions/{version}/evaluation/{name}"
    account.objects[f"executions/{version}/evaluation/{name}"] = content
