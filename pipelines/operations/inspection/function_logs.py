"""Reads what the Lambda functions logged in the local AWS, from the files that it leaves."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Line = Mapping[str, object]
COLUMNS = ("timestamp", "level", "service", "message")
LEFT_OUT = {  # what tells a reader of one environment nothing
    *COLUMNS,
    "cold_start",
    "function_name",
    "function_memory_size",
    "function_arn",
    "function_request_id",
    "function_version",
}


def read(logs: Path) -> list[Line]:
    """The lines that functions wrote themselves, oldest first; `logs` is the folder of the local AWS's log files."""
    files = logs.glob("lambda-*/*.log")
    lines = [line for path in files for line in parse(path.read_text("utf-8").splitlines())]
    return sorted(lines, key=lambda line: str(line["timestamp"]))


def parse(texts: Iterable[str]) -> Iterator[Line]:
    """The function's own lines among all lines of a log, some of which are Lambda's."""
    for text in texts:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and line.keys() >= set(COLUMNS):
            yield line


def describe(line: Line) -> str:
    """A line for a terminal: time, level, function and message, then the ids and the outcome."""
    time, level, service, message = (str(line[key]) for key in COLUMNS)
    rest = " ".join(f"{key}={value}" for key, value in line.items() if key not in LEFT_OUT)
    return f"{time[:23]}  {level:7}  {service:16}  {message}  {rest}"
