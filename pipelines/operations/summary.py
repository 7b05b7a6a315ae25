"""What a run came to: `summary.json`, and the few lines that a person reads."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.operations.workflow_executions import Outcome


@dataclass(frozen=True)
class Summary:
    """The results of the main job."""

    environment: str
    synthetic: bool
    accuracy: float
    coverage: float
    accuracy_of_accepted: float | None
    threshold: float
    model_package: str
    model_package_status: str
    endpoint: str
    pipeline_execution: str
    reused_steps: Sequence[str]
    workflow: Sequence[Outcome]
    captured: int
    seconds: Mapping[str, float]
    paths: Mapping[str, str]


def write(summary: Summary, folder: Path) -> Path:
    """Writes `summary.json`, whole or not at all."""
    path = folder / "summary.json"
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(summary), indent=2) + "\n", encoding="utf-8")
    return partial.replace(path)


def lines(summary: Summary) -> Iterator[tuple[str, str]]:
    """The summary as pairs of a heading and a text."""
    if summary.synthetic:
        yield "Data", "synthetic: drawn by this project, no real photos (make run DATA=… takes the real archive)"
    yield "Accuracy", f"{summary.accuracy:.1%} on the test images"
    accepted = summary.accuracy_of_accepted
    right = f", {accepted:.1%} of those right" if accepted is not None else ""
    yield "Threshold", f"{summary.threshold:.3f}: {summary.coverage:.0%} of the test images decided{right}"
    yield "Model package", f"{summary.model_package} ({summary.model_package_status})"
    yield "Endpoint", summary.endpoint
    yield "Workflow", describe_outcomes(summary.workflow)
    yield "Captured", f"{summary.captured} of {len(summary.workflow)} inferences"
    for name, path in summary.paths.items():
        yield name.replace("_", " ").capitalize(), path
    yield "Seconds", ", ".join(f"{name} {seconds:.1f}" for name, seconds in summary.seconds.items())


def describe_outcomes(outcomes: Sequence[Outcome]) -> str:
    """`40 photos: 33 routed (32 right), 7 to review`."""
    decisions = Counter(outcome.decision for outcome in outcomes)
    right = sum(outcome.correct is True for outcome in outcomes)
    parts = [f"{decisions['accepted']} routed ({right} right)"]
    for decision, words in (("low_confidence", "not sure enough"), ("unusable", "unusable"), ("failed", "failed")):
        if decisions[decision]:
            parts.append(f"{decisions[decision]} {words}")
    return f"{len(outcomes)} photos: {', '.join(parts)}"
