"""How much time the local AWS adds to its jobs: the same commands are run on their own, and as steps of a pipeline.

Run as `python benchmarks/local_overhead.py [--rounds R] [--steps N]`; prints the times of one run of each, and their
ratio. The steps come one after another; each imports what the project's jobs import, and computes for some seconds.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3

from local.server.embedded import LocalAws, start

JOB = (  # one line, as a container's arguments have to be
    "import functools, sys, numpy, torch; "
    "functools.reduce(lambda w, _: torch.tanh(w @ w), range(int(sys.argv[1])), torch.rand(256, 256))"
)
ROLE = "arn:aws:iam::123456789012:role/benchmark"
STATUS = "PipelineExecutionStatus"
REGION = "eu-west-1"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3000, help="matrix products of each step")
    parser.add_argument("--steps", type=int, default=4)
    arguments = parser.parse_args()
    bare(1, 1)  # so that both find the packages in the page cache
    alone = bare(arguments.steps, arguments.rounds)
    with tempfile.TemporaryDirectory() as folder, start(Path(folder), REGION) as aws:
        within = pipeline(aws, arguments.steps, arguments.rounds)
    print(f"{arguments.steps} steps, bare: {alone:.2f} s; as a pipeline: {within:.2f} s; ratio {within / alone:.3f}")


def bare(steps: int, rounds: int) -> float:
    """Seconds that the commands take one after another, with the threads that jobs have."""
    began = time.monotonic()
    environment = {"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "PATH": "/usr/bin:/bin"}
    for _ in range(steps):
        subprocess.run([sys.executable, "-c", JOB, str(rounds)], env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def pipeline(aws: LocalAws, steps: int, rounds: int) -> float:
    """Seconds from the start of an execution with the commands as steps to its end, by its description.

    It is asked for rarely, so that the asking does not count.
    """
    keys = aws.environment["AWS_ACCESS_KEY_ID"], aws.environment["AWS_SECRET_ACCESS_KEY"]
    sagemaker = boto3.Session(*keys, region_name=REGION).client("sagemaker", endpoint_url=aws.endpoint_url)
    definition = {"Version": "2020-12-01", "Steps": [step(number, rounds) for number in range(steps)]}
    sagemaker.create_pipeline(PipelineName="benchmark", PipelineDefinition=json.dumps(definition), RoleArn=ROLE)
    arn = sagemaker.start_pipeline_execution(PipelineName="benchmark")["PipelineExecutionArn"]
    while (found := sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn))[STATUS] == "Executing":
        time.sleep(1)
    if found[STATUS] != "Succeeded":
        raise SystemExit(f"the pipeline ended as {found[STATUS]}: {found.get('FailureReason')}")
    return float((found["LastModifiedTime"] - found["CreationTime"]).total_seconds())


def step(number: int, rounds: int) -> dict[str, Any]:
    """A processing step that runs the job after the step before it."""
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
    return {
        "Name": f"Step{number}",
        "Type": "Processing",
        "DependsOn": [f"Step{number - 1}"] if number else [],
        "Arguments": {
            "ProcessingResources": {"ClusterConfig": cluster},
            "AppSpecification": {"ImageUri": "any", "ContainerEntrypoint": ["python3", "-c", JOB, str(rounds)]},
            "RoleArn": ROLE,
        },
    }


if __name__ == "__main__":
    main()
