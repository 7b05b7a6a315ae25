"""Capture files drawn and written by the tests; `tests/browser` uses them as well."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

Record = dict[str, Any]
MakeRecord = Callable[..., Record]


@pytest.fixture(scope="session")
def draw() -> Callable[[int], bytes]:
    """Draws the n-th photo, a disc on a slope of grey, as a PNG of 32 x 32 pixels."""

    def png(number: int) -> bytes:
        rows, columns = np.mgrid[0:32, 0:32]
        pixels = np.stack([rows * 6 + 20, columns * 5 + 30, (rows + columns) * 3], axis=2).astype(np.uint8)
        disc = (rows - 16) ** 2 + (columns - 4 - number % 24) ** 2 < 40
        pixels[disc] = (200, 40 + 8 * number % 200, 60)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        return buffer.getvalue()

    return png


@pytest.fixture(scope="session")
def payload() -> Callable[..., dict[str, str]]:
    """A request or an answer as data capture writes it."""

    def make(content: bytes, kind: str, encoding: str = "BASE64") -> dict[str, str]:
        text = base64.b64encode(content).decode() if encoding == "BASE64" else content.decode()
        return {"observedContentType": kind, "mode": "INPUT", "data": text, "encoding": encoding}

    return make


@pytest.fixture(scope="session")
def record(draw: Callable[[int], bytes], payload: Callable[..., dict[str, str]]) -> MakeRecord:
    """A record of one photo; `answer` is what the endpoint said (a dict, a list or a text), None leaves it out."""

    def make(event: int, answer: Any = None, *, request: dict[str, str] | None = None, minute: int = 0) -> Record:
        data = {"endpointInput": request or payload(draw(event), "image/png")}
        if answer is not None:
            text = answer if isinstance(answer, str) else json.dumps(answer)
            data["endpointOutput"] = payload(text.encode(), "application/json", "JSON") | {"mode": "OUTPUT"}
        metadata = {"eventId": f"event-{event}", "inferenceTime": f"2026-03-01T10:{minute:02}:00Z"}
        return {"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}

    return make


@pytest.fixture(scope="session")
def respond() -> Callable[..., dict[str, Any]]:
    """Our endpoint's answer about images, from the probability that each is a bicycle."""

    def make(*bicycle: float, threshold: float = 0.9, version: str = "train-1", **more: Any) -> dict[str, Any]:
        rows = [[p, round(1 - p, 6)] for p in bicycle]
        answer = {"labels": ["bicycle", "motorcycle"], "probabilities": rows, "threshold": threshold}
        return {**answer, "model_version": version, **more}

    return make


@pytest.fixture(scope="session")
def write_lines() -> Callable[..., Path]:
    """Writes a capture file of records and of lines as they are; returns its path."""

    def write(path: Path, *lines: Record | bytes) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
        )
        return path

    return write


@pytest.fixture(scope="session")
def captures(
    tmp_path_factory: pytest.TempPathFactory,
    draw: Callable[[int], bytes],
    payload: Callable[..., dict[str, str]],
    record: MakeRecord,
    respond: Callable[..., dict[str, Any]],
    write_lines: Callable[..., Path],
) -> Path:
    """A folder with one of everything that data capture is known to hold: 9 photos, 3 unusable lines, 1 repetition."""
    folder = tmp_path_factory.mktemp("captures")
    instances = [base64.b64encode(draw(number)).decode() for number in (20, 21)]
    both = payload(json.dumps({"instances": instances}).encode(), "application/json", "JSON")
    named = record(1, respond(0.97))
    named["eventMetadata"]["inferenceId"] = "photo-1"
    answer_only = record(7, minute=50)
    answer_only["captureData"] = {
        "endpointOutput": payload(
            json.dumps(respond(0.2, threshold=0.75, version="train-2")).encode(), "application/json"
        )
    }
    table = payload(b"1,2,3", "text/csv", "CSV")
    write_lines(
        folder / "vehicles/AllTraffic/2026/03/01/10/00-00-000-a.jsonl",
        named,
        record(2, respond(0.55), minute=5),
        record(3, respond(0.01, 0.62), request=both, minute=9),
        record(4, [0.96, 0.04], minute=20),
    )
    write_lines(
        folder / "vehicles/AllTraffic/2026/03/01/10/30-00-000-b.jsonl",
        record(1, respond(0.97)),
        json.dumps(record(5, respond(0.9))).encode()[:300],
        record(6, respond(0.93), request=table, minute=31),
        record(8, respond(0.99, 0.5), minute=32),
        record(9, respond(0.93), request=payload(b"no picture", "image/png"), minute=40),
        record(10, minute=45),
        b"",
        answer_only,
        record(11, respond(0.9), minute=55),
    )
    return folder
