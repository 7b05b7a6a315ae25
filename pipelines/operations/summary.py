"""Sums up the main job: `summary.json` for programs, and a few lines for people."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.operations.workplace import Workplace
from pipelines.registry.versions import ModelVersion
from pipelines.waiting.pipeline_executions import Execution
from pipelines.waiting.workflow_executions import REVIEWED, Outcome

FIGURES = (
    "accuracy", "coverage", "accuracy_of_accepted", "threshold", "robust_accuracy", "others_decided", "synthetic",
)  # fmt: skip
PATHS = {
    "decision_page": "reports/decision.html",
    "monitoring_report": "reports/monitoring.html",
    "pipeline_picture": "pictures/training.svg",
    "workflow_picture": "pictures/workflow.svg",
    "execution_picture": "pictures/execution.svg",
    "definitions": "definitions",
    "summary": "summary.json",
}


@dataclass(frozen=True)
class Results:
    """What the stages of the main job returned."""

    trained: Execution
    package: ModelVersion
    outcomes: Sequence[Outcome]
    captured: int


@dataclass(frozen=True)
class Summary:
    """The content of `summary.json`. Verdict and causes are those of the monitoring report."""

    environment: str
    synthetic: bool
    accuracy: float
    coverage: float
    accuracy_of_accepted: float | None
    threshold: float
    robust_accuracy: float
    others_decided: float | None
    model_package: str
    model_package_status: str
    endpoint: str
    pipeline_execution: str
    reused_steps: Sequence[str]
    workflow: Sequence[Outcome]
    captured: int
    verdict: str
    causes: Sequence[str]
    seconds: Mapping[str, float]
    paths: Mapping[str, str]


def summarize(work: Workplace, results: Results) -> Summary:
    """Combines the results of the stages with the downloaded evaluation and verdict."""
    evaluation, judged = (
        json.loads((work.build / "reports" / name).read_text(encoding="utf-8"))
        for name in ("evaluation.json", "verdict.json")
    )
    return Summary(
        environment=work.settings.environment,
        model_package=results.package.arn,
        model_package_status=results.package.status,
        endpoint=work.names.endpoint,
        pipeline_execution=results.trained.arn,
        reused_steps=[step.name for step in results.trained.steps if step.reused_from],
        workflow=results.outcomes,
        captured=results.captured,
        verdict=judged["verdict"],
        causes=[cause["text"] for cause in judged["causes"]],
        seconds=work.progress.seconds,
        paths={name: str(work.build / path) for name, path in PATHS.items()},
        **{name: evaluation[name] for name in FIGURES},
    )


def write(summary: Summary, folder: Path) -> Path:
    """Writes `summary.json`, completely or not at all; returns its path."""
    path = folder / "summary.json"
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(summary), indent=2) + "\n", encoding="utf-8")
    return partial.replace(path)


def lines(summary: Summary) -> Iterator[tuple[str, str]]:
    """The summary for people, as pairs of a heading and a text."""
    if summary.synthetic:
        yield "Data", "synthetic: drawn by this project, no real photos (`scones data download` gets real ones)"
    yield "Accuracy", f"{summary.accuracy:.1%} on the test images"
    accepted = summary.accuracy_of_accepted
    right = f", {accepted:.1%} of those right" if accepted is not None else ""
    yield "Threshold", f"{summary.threshold:.3f}: {summary.coverage:.0%} of the test images decided{right}"
    others = "no photos to measure it on" if summary.others_decided is None else f"{summary.others_decided:.1%} decided"
    yield "Robustness", f"{summary.robust_accuracy:.1%} of changed test images right; other things: {others}"
    yield "Model package", f"{summary.model_package} ({summary.model_package_status})"
    yield "Endpoint", summary.endpoint
    yield "Workflow", describe_outcomes(summary.workflow)
    yield "Captured", f"{summary.captured} of {len(summary.workflow)} inferences"
    yield "Verdict", "; ".join((summary.verdict.replace("_", " "), *summary.causes))
    for name, path in summary.paths.items():
        yield name.replace("_", " ").capitalize(), path
    if summary.workflow:
        yield "Any execution", f"scones workflow show {summary.workflow[-1].name}"
    yield "Seconds", ", ".join(f"{name} {seconds:.1f}" for name, seconds in summary.seconds.items())


def describe_outcomes(outcomes: Sequence[Outcome]) -> str:
    """`40 photos: 33 routed (32 right), 5 not sure enough, 2 not a known vehicle`."""
    decisions = Counter(outcome.decision for outcome in outcomes)
    right = sum(outcome.correct is True for outcome in outcomes)
    parts = [f"{decisions['accepted']} routed ({right} right)"]
    for decision, words in {**REVIEWED, "unusable": "unusable", "failed": "failed"}.items():
        if decisions[decision]:
            parts.append(f"{decisions[decision]} {words}")
    return f"{len(outcomes)} photos: {', '.join(parts)}"
