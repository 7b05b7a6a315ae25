"""Tells a build what its training has come to, as shell variables, which CodePipeline then shows."""

import json
import shlex
from pathlib import Path

from pipelines.operations.workplace import Workplace
from pipelines.waiting.pipeline_executions import Step, job_outputs, list_steps


def write_variables(work: Workplace, path: Path, commit: str, arn: str) -> None:
    """Writes a file for a shell: commit, execution and, once they exist, package, verdict and decision page."""
    steps = {step.name: step for step in list_steps(work.aws, arn)}
    variables = {"GIT_COMMIT": commit, "TRAINING_EXECUTION": arn, **_registered(steps), **_evaluated(work, steps)}
    text = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _registered(steps: dict[str, Step]) -> dict[str, str]:
    package = steps["RegisterModel"].metadata.get("RegisterModel") if "RegisterModel" in steps else None
    return {"MODEL_PACKAGE": package["Arn"]} if package else {}


def _evaluated(work: Workplace, steps: dict[str, Step]) -> dict[str, str]:
    """The verdict on the model, from the evaluation that was downloaded, and where the decision page is."""
    evaluated, local = steps.get("EvaluateModel"), work.build / "reports" / "evaluation.json"
    if evaluated is None or evaluated.status != "Succeeded" or not local.exists():
        return {}
    headline = json.loads(local.read_text(encoding="utf-8"))["headline"]
    return {"VERDICT": headline, "DECISION_PAGE": f"{job_outputs(work.aws, evaluated)['evaluation']}/decision.html"}
