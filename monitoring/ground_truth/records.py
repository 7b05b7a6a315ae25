"""Reads ground truth in Model Monitor's format, one JSON object a line.

"Ingest Ground Truth Labels and Merge Them With Predictions", Amazon SageMaker Developer Guide. Files lie in prefixes
by hour, and are called `*.jsonl`.
"""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import Field

from monitoring.captures.files import Part, Problem, find_files, read_lines
from monitoring.captures.record import CaptureModel, Payload, parse
from monitoring.errors import UnusableLineError

LONGEST_NAME = 200  # characters of a class


class TruthData(Payload):
    """The actual classes of the photos of one request, in their order."""

    encoding: Literal["BASE64", "CSV", "JSON"] = "CSV"

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of classes, or their places in the answer. Raises UnusableLineError."""
        text = self.content().decode(errors="replace")
        found = _of_json(text) if self.encoding == "JSON" else _of_csv(text)
        if not found or not all(0 < len(name) <= LONGEST_NAME and name.isprintable() for name in found):
            raise UnusableLineError("groundTruthData.data has no printable name of a class")
        return found


class TruthMetadata(CaptureModel):
    """Which request the ground truth is about: `eventId` has the inference id, or else the captured event id."""

    event_id: str = Field(alias="eventId", min_length=1)
    inference_id: str | None = Field(None, alias="inferenceId")


class TruthRecord(CaptureModel):
    """A line of ground truth."""

    data: TruthData = Field(alias="groundTruthData")
    metadata: TruthMetadata = Field(alias="eventMetadata")


@dataclass
class GroundTruth:
    """The actual classes by the id of their request, and the lines that could not be read.

    `corrected` counts the records that another one with the same id replaced by other classes: the last one counts, in
    the order of the files' names.
    """

    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, name: str, classes: tuple[str, ...]) -> None:
        """Takes the classes of a request."""
        self.corrected += self.classes.get(name, classes) != classes
        self.classes[name] = classes


def read_ground_truth(folder: Path) -> GroundTruth:
    """Reads every line of every `*.jsonl` file below a folder; what cannot be read is a problem that is named."""
    names, problems = find_files(folder)
    found = GroundTruth(problems=problems)
    for name in names:
        for line in read_lines(folder, Part(name)):
            if isinstance(line, Problem):
                found.problems.append(line)
            elif line.content:
                try:
                    record = parse(TruthRecord, line.content)
                    found.add(record.metadata.inference_id or record.metadata.event_id, record.data.classes)
                except UnusableLineError as error:
                    found.problems.append(Problem(name, line.number, str(error)))
    return found


def _of_json(text: str) -> tuple[str, ...]:
    """The classes of `"bicycle"`, `1` or a list of them."""
    try:
        content = json.loads(text)
    except ValueError:
        raise UnusableLineError("groundTruthData.data is not JSON, as its encoding says") from None
    found = content if isinstance(content, list) else [content]
    if not all(isinstance(each, str | int) and not isinstance(each, bool) for each in found):
        raise UnusableLineError("groundTruthData.data is neither a class nor a list of classes")
    return tuple(str(each).strip() for each in found)


def _of_csv(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for row in csv.reader(text.splitlines()) for cell in row if cell.strip())
