"""The main job: deploys, trains, classifies test photos and monitors, stage by stage."""

from pathlib import Path

from pipelines.delivery.deployment import deploy
from pipelines.operations.classification import classify
from pipelines.operations.monitoring import monitor
from pipelines.operations.summary import Results, Summary, summarize, write
from pipelines.operations.training import train, wait_for_deployment
from pipelines.operations.workplace import Workplace


def run(work: Workplace, archive: Path, commit: str) -> Summary:
    """Runs the main job on a raw archive; writes the results and `summary.json` to the build folder."""
    with work.progress.stage("deploy", f"Deploy {work.names.prefix} (roles, Lambdas, queue, events)"):
        work.progress.note(deploy(work.settings, work.aws).describe())
    with work.progress.stage("training", f"Training pipeline {work.names.training_pipeline}"):
        trained = train(work, archive, commit)
    with work.progress.stage("endpoint", f"Endpoint {work.names.endpoint}"):
        package = wait_for_deployment(work, trained)
    with work.progress.stage("workflow", f"Inference workflow {work.names.state_machine}"):
        outcomes = classify(work, archive)
    with work.progress.stage("monitoring", f"Monitoring pipeline {work.names.monitoring_pipeline}"):
        captured = monitor(work, outcomes)
    summary = summarize(work, Results(trained, package, outcomes, captured))
    write(summary, work.build)
    return summary
