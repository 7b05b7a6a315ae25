"""Kills the local AWS of `scones run` at random moments, and looks each time whether what was made is there again.

Run as `python benchmarks/local_kills.py [--kills N] [--configs FOLDER]`; prints what was found after each kill. Between
kills the same folder is used again and again, and at the end a run must succeed. It takes some minutes for each ten
kills. Ends with an error if something is missing that was seen more than a second before a kill, or is half there.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.server.embedded import start

REGION = "eu-west-1"
LOST_SECONDS = 1.0
GONE = (BotoCoreError, ClientError, OSError, ValueError, LookupError)


def main() -> None:
    """Kills, and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=40, help="the longest time until a kill")
    parser.add_argument("--configs", help="configuration files of a small model")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - a seed repeats the run  # nosec B311
    scones = [sys.executable, "-m", "pipelines.cli", *(["--configs", options.configs] if options.configs else [])]
    with tempfile.TemporaryDirectory() as folder:
        command = [*scones, "--build", folder, "run"]
        data = Path(folder) / "local"
        for number in range(1, options.kills + 1):
            seen = killed_run(command, data, chance.uniform(0, options.seconds))
            print(f"kill {number}: {check(data, seen)}", flush=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print("a run without a kill: succeeded")


def killed_run(command: list[str], data: Path, seconds: float) -> dict[str, float]:
    """Starts a run, and kills its local AWS. Returns what was seen there, and for how many seconds before the end."""
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (data / "server.json").exists() and run.poll() is None:
        time.sleep(0.01)
    moments: dict[str, float] = {}
    ended = threading.Event()
    watcher = threading.Thread(target=watch, args=(data, moments, ended))
    watcher.start()
    with suppress(subprocess.TimeoutExpired):
        run.wait(seconds)
    with suppress(FileNotFoundError, ProcessLookupError):  # the run has ended by itself
        os.kill(json.loads((data / "server.json").read_text())["pid"], signal.SIGKILL)
    end = time.monotonic()
    ended.set()
    run.wait()
    watcher.join()
    return {name: end - moment for name, moment in moments.items()}


def watch(data: Path, moments: dict[str, float], ended: threading.Event) -> None:
    """Notes when each thing was seen first."""
    with suppress(*GONE):
        clients = clients_of(json.loads((data / "server.json").read_text())["environment"])
        while not ended.wait(0.1):
            for name in things(*clients):
                moments.setdefault(name, time.monotonic())


def things(s3: Any, sagemaker: Any, _: Any) -> set[str]:  # noqa: ANN401
    """Names of all objects, of all versions with their approvals, and of all executions of pipelines."""
    found = set()
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
            found |= {f"s3://{bucket['Name']}/{each['Key']}" for each in page.get("Contents", [])}
    for group in sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]:
        listed = sagemaker.list_model_packages(ModelPackageGroupName=group["ModelPackageGroupName"], MaxResults=100)
        found |= {
            f"{each['ModelPackageArn']} {each['ModelApprovalStatus']}" for each in listed["ModelPackageSummaryList"]
        }
    return found


def check(data: Path, seen: dict[str, float]) -> str:
    """Says what is there after a kill. Exits if it is not what must be there."""
    began = time.monotonic()
    with start(data, REGION) as aws:
        seconds = time.monotonic() - began
        s3, sagemaker, states = clients = clients_of(aws.environment)
        found = things(*clients)
        missing = {name: age for name, age in seen.items() if name not in found}
        half = [*unreadable(s3, found), *without_archive(sagemaker, found), *running(sagemaker, states)]
    lost = max(missing.values(), default=0.0)
    if lost > LOST_SECONDS or half:
        raise SystemExit(f"missing, with seconds since they were seen: {missing}; half there: {half}")
    return f"{len(found)} things; {len(missing)} missing, the oldest {lost:.2f} s old; up after {seconds:.1f} s"


def unreadable(s3: Any, found: set[str]) -> list[str]:  # noqa: ANN401
    """Objects whose body is not as long as it should be."""
    wrong = []
    for uri in [name for name in found if name.startswith("s3://")]:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        answer = s3.get_object(Bucket=bucket, Key=key)
        if len(answer["Body"].read()) != answer["ContentLength"]:
            wrong.append(uri)
    return wrong


def without_archive(sagemaker: Any, found: set[str]) -> list[str]:  # noqa: ANN401
    """Versions whose model is not there."""
    arns = [name.split()[0] for name in found if name.startswith("arn:")]
    described = [sagemaker.describe_model_package(ModelPackageName=arn) for arn in arns]
    uris = [each["InferenceSpecification"]["Containers"][0]["ModelDataUrl"] for each in described]
    return [uri for uri in uris if uri not in found]


def running(sagemaker: Any, states: Any) -> list[str]:  # noqa: ANN401
    """What claims to run, although its local AWS has ended."""
    jobs = [
        *sagemaker.list_training_jobs(MaxResults=100)["TrainingJobSummaries"],
        *sagemaker.list_processing_jobs(MaxResults=100)["ProcessingJobSummaries"],
    ]
    busy = [str(job) for job in jobs if "InProgress" in job.values()]
    for pipeline in sagemaker.list_pipelines()["PipelineSummaries"]:
        name = pipeline["PipelineName"]
        listed = sagemaker.list_pipeline_executions(PipelineName=name, MaxResults=100)
        busy += [
            each["PipelineExecutionArn"]
            for each in listed["PipelineExecutionSummaries"]
            if each["PipelineExecutionStatus"] in ("Executing", "Stopping")
        ]
    for machine in states.list_state_machines()["stateMachines"]:
        listed = states.list_executions(stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING")
        busy += [each["executionArn"] for each in listed["executions"]]
    return busy


def clients_of(environment: dict[str, str]) -> tuple[Any, Any, Any]:
    """Clients of S3, SageMaker and Step Functions."""
    settings = {
        "endpoint_url": environment["AWS_ENDPOINT_URL"],
        "region_name": REGION,
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        "config": Config(retries={"total_max_attempts": 1}),
    }
    s3, sagemaker, states = (boto3.client(name, **settings) for name in ("s3", "sagemaker", "stepfunctions"))
    return s3, sagemaker, states


if __name__ == "__main__":
    main()
