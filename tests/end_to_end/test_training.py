"""Training jobs of the pipeline that are shared by instances, or interrupted: the same model in the end."""

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from end_to_end.support import Scones, make_scones

pytestmark = pytest.mark.slow

LOCAL = "registry: {approval: Approved}\nlambdas: {dependencies: runtime}\n"


def weights(scones: Scones) -> list[dict[str, torch.Tensor]]:
    """The weights of the networks that the only training job has made."""
    (path,) = (scones.build / "local" / "s3").rglob("model.tar.gz")
    with tarfile.open(path) as archive:
        archive.extract("weights.pt", scones.build, filter="data")
    found: list[dict[str, torch.Tensor]] = torch.load(scones.build / "weights.pt", weights_only=True)
    return found


def test_two_instances_learn_what_one_learns(tmp_path: Path, archive: Path) -> None:
    made = []
    for instances in (1, 2):
        scones = make_scones(tmp_path / str(instances))
        training = f"training: {{instance_count: {instances}, networks: 2, epochs: 12, fold_epochs: 8}}\n"
        scones.configure("local", f"{LOCAL}{training}quality_gate: {{minimum_accuracy: 0.3}}\n")
        ran = scones("run", "--data", str(archive))
        assert ran.returncode == 0, ran.stdout + ran.stderr
        logs = list((scones.build / "local" / "logs").rglob("*algo-*"))
        assert sum("TrainingJobs" in str(log) for log in logs) == instances
        made.append(weights(scones))
    alone, together = made
    assert len(alone) == len(together) == 2
    for one, other in zip(alone, together, strict=True):
        assert one.keys() == other.keys()
        assert all(torch.equal(one[name], other[name]) for name in one)


def test_another_execution_goes_on_where_one_was_stopped(
    standing: Scones, client: Callable[[str], Any], archive: Path
) -> None:
    sagemaker, logs = client("sagemaker"), client("logs")

    def said(words: str) -> bool:
        group = "/aws/sagemaker/TrainingJobs"
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            return False
        return bool(logs.filter_log_events(logGroupName=group, filterPattern=f'"{words}"')["events"])

    assert standing("deploy").returncode == 0
    assert standing("pipeline", "upsert").returncode == 0
    started = standing("pipeline", "start", "--data", str(archive))
    assert started.returncode == 0, started.stdout + started.stderr
    (execution,) = sagemaker.list_pipeline_executions(PipelineName="scones-unlimited-local-training")[
        "PipelineExecutionSummaries"
    ]
    arn = execution["PipelineExecutionArn"]
    standing.wait_for(lambda: said("network-1 epoch=3 "))
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="stop" * 8)
    standing.wait_for(
        lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"] == "Stopped"
    )
    assert said("Interrupted after epoch")
    again = standing("pipeline", "start", "--wait", "--data", str(archive))
    assert again.returncode == 0, again.stdout + again.stderr
    assert said("network-1 goes on after epoch")
