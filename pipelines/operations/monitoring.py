"""Runs the monitoring pipeline and downloads its report."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pipelines.aws import split_s3_uri
from pipelines.delivery import release
from pipelines.operations.training import start_and_follow
from pipelines.operations.workplace import Workplace
from pipelines.packages.uploads import download, size_of
from pipelines.waiting.captures import wait_for_captures
from pipelines.waiting.pipeline_executions import job_outputs
from pipelines.waiting.polling import poll
from pipelines.waiting.workflow_executions import Outcome

DEPLOYMENT_WAIT_SECONDS = 60  # of the function that deploys, and for the next look
CAPTURE_WAIT_SECONDS = 300  # SageMaker writes captures within minutes, the local AWS within seconds


def monitor(work: Workplace, outcomes: Sequence[Outcome]) -> int:
    """Waits for the captures of the outcomes and makes the report; returns how many inferences were captured."""
    sent = {outcome.name for outcome in outcomes if outcome.answered}
    missing = wait_for_captures(work.aws, work.names, sent, CAPTURE_WAIT_SECONDS, work.clock)
    if missing:
        work.progress.note(f"{len(missing)} of {len(sent)} inferences are not captured yet; the report lacks them")
    if not wait_for_baseline(work):
        work.progress.note("the deployment has not ended yet; the report may lack the drift baseline")
    report(work)
    return len(sent) - len(missing)


def wait_for_baseline(work: Workplace) -> bool:
    """Waits until no deployment is running; returns whether that is so.

    A deployment ends by publishing the drift baseline, a moment after the endpoint has come into service.
    """
    running = partial(
        work.aws.stepfunctions.list_executions,
        stateMachineArn=work.names.deployment_machine_arn,
        statusFilter="RUNNING",
        maxResults=1,
    )
    timeout = DEPLOYMENT_WAIT_SECONDS + 2 * work.settings.endpoint.check_seconds
    return bool(poll(lambda: None if running()["executions"] else True, timeout, 1, work.clock))


def report(work: Workplace) -> Path:
    """Upserts and runs the monitoring pipeline; returns the path of the downloaded report."""
    built = release.prepare(work.aws, work.sagemaker_session, work.settings, work.names, "monitoring")
    work.save("definitions/monitoring.json", built.definition)
    release.upsert(work.aws, work.names, built)
    execution = start_and_follow(work, work.names.monitoring_pipeline, {})
    folder = job_outputs(work.aws, execution.step("AnalyzeCaptures"))["monitoring"]
    reports = work.build / "reports"
    for name in ("verdict.json", "statistics.json", "constraint_violations.json"):
        download(work.aws, f"{folder}/{name}", reports / name)
    return download(work.aws, f"{folder}/report.html", reports / "monitoring.html")


def download_windows(work: Workplace) -> Path:
    """Downloads the verdicts on all windows and their reports, unless they are here already; returns their folder."""
    folder = work.build / "reports" / "windows"
    pages = work.aws.s3.get_paginator("list_objects_v2").paginate(Bucket=work.names.bucket, Prefix="verdicts/")
    keys = [each["Key"] for page in pages for each in page.get("Contents", []) if each["Key"].endswith("/verdict.json")]
    for key in keys:
        place = folder / key.split("/")[-2]
        verdict = download(work.aws, f"s3://{work.names.bucket}/{key}", place / "verdict.json")
        uri, source = json.loads(verdict.read_bytes())["report"], place / "report.uri"
        known = source.exists() and source.read_text(encoding="utf-8") == uri
        if not known and size_of(work.aws, *split_s3_uri(uri)) is not None:  # reports expire, verdicts do not
            download(work.aws, uri, place / "report.html")
            source.write_text(uri, encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
