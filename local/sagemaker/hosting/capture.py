"""Data capture: writes records of requests and answers to JSON Lines files in S3.

Format: "Capture data from real-time endpoint" in AWS's developer guide, and files of real endpoints.
"""

import base64
import json
import random
import tempfile
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Timer
from typing import Any

from local.protocol.errors import JobError
from local.runtime.s3 import Storage

FLUSH_SECONDS = 2.0


@dataclass(frozen=True)
class Exchange:
    """One request to an endpoint and its answer."""

    request: bytes
    request_type: str
    answer: bytes
    answer_type: str
    inference_id: str = ""
    custom_attributes: str = ""


def record(exchange: Exchange, config: Mapping[str, Any], event_id: str, moment: datetime) -> dict[str, Any]:
    """Makes a captured record as the DataCaptureConfig asks for it. `moment` is the time of the inference."""
    types = config.get("CaptureContentTypeHeader", {})
    modes = {option["CaptureMode"] for option in config["CaptureOptions"]}
    data = {}
    if modes & {"Input", "InputAndOutput"}:
        data["endpointInput"] = _side("INPUT", exchange.request, exchange.request_type, types)
    if modes & {"Output", "InputAndOutput"}:
        data["endpointOutput"] = _side("OUTPUT", exchange.answer, exchange.answer_type, types)
    metadata: dict[str, Any] = {"eventId": event_id}
    if exchange.custom_attributes:
        metadata["customAttributes"] = [exchange.custom_attributes]
    if exchange.inference_id:
        metadata["inferenceId"] = exchange.inference_id
    metadata["inferenceTime"] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return {"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}


def _side(mode: str, body: bytes, content_type: str, types: Mapping[str, Any]) -> dict[str, str]:
    text, encoding = _encoded(body, content_type.partition(";")[0].strip(), types)
    return {"observedContentType": content_type, "mode": mode, "data": text, "encoding": encoding}


def _encoded(body: bytes, content_type: str, types: Mapping[str, Any]) -> tuple[str, str]:
    """The body as text if its content type is listed as JSON or CSV, otherwise in base64, and the encoding's name."""
    for encoding, member in (("JSON", "JsonContentTypes"), ("CSV", "CsvContentTypes")):
        if content_type in types.get(member, []):
            try:
                return body.decode(), encoding
            except UnicodeDecodeError:
                break
    return base64.b64encode(body).decode(), "BASE64"


class Capture:
    """Collects the records of one variant, and writes them to S3 two seconds after the first one."""

    def __init__(self, storage: Storage, config: Mapping[str, Any], prefix: str, say: Callable[[str], None]) -> None:
        self._storage = storage
        self._say = say
        self._config = config
        self._prefix = prefix
        self._lines: list[str] = []
        self._first = datetime.now(UTC)
        self._timer: Timer | None = None
        self._lock = Lock()

    def add(self, exchange: Exchange) -> None:
        """Captures an exchange, or leaves it out if it is not in the configured sample."""
        if random.random() * 100 >= self._config["InitialSamplingPercentage"]:  # noqa: S311 - a sample, no secret  # nosec B311
            return
        moment = datetime.now(UTC)
        line = json.dumps(record(exchange, self._config, str(uuid.uuid4()), moment), separators=(",", ":"))
        with self._lock:
            if not self._lines:
                self._first = moment
                self._timer = Timer(FLUSH_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()
            self._lines.append(line)

    def flush(self) -> None:
        """Writes the collected records to one file. If that fails, they are lost, and the log says so."""
        with self._lock:
            lines, self._lines, first, timer = self._lines, [], self._first, self._timer
        if timer:
            timer.cancel()
        if not lines:
            return
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "capture.jsonl")
                path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
                self._storage.upload(path, f"{self._prefix}/{object_name(first, str(uuid.uuid4()))}")
        except (JobError, OSError) as error:  # the disk may be full
            self._say(f"{len(lines)} captured records are lost: {error}")


def object_name(moment: datetime, identifier: str) -> str:
    """The end of a file's key: `yyyy/mm/dd/hh/MM-SS-mmm-<id>.jsonl`."""
    return f"{moment:%Y/%m/%d/%H/%M-%S}-{moment.microsecond // 1000:03d}-{identifier}.jsonl"
