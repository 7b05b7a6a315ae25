"""`scones destroy`, after everything else that is done with what was delivered: its file comes last in the group."""

from pathlib import Path

from end_to_end.hostile_shell import HostileShell
from end_to_end.support import MARKS, Scones

pytestmark = MARKS

BUCKET = "scones-unlimited-local-123456789012-eu-west-1"


def test_destroy_stops_what_runs_and_leaves_data_and_nothing_else(
    delivering: Scones, approved: list[str], archive: Path
) -> None:
    assert delivering.client("sagemaker").list_endpoints()["Endpoints"]
    started = delivering.here("pipeline", "start", "--data", str(archive))
    assert started.returncode == 0, started.stderr
    delivering.client("s3").put_object(Bucket=BUCKET, Key="review/waiting/one-more.json", Body=b"{}")
    refused = delivering.here("destroy", "--yes")
    assert (refused.returncode, "for review" in refused.stderr) == (15, True), refused.stderr
    destroyed = delivering("destroy", "--yes", "--despite-waiting")
    assert destroyed.returncode == 0, destroyed.stderr
    assert "for review; their records stay in the bucket" in destroyed.stdout
    assert f"\nstopped: {started.stdout.strip()}\n" in destroyed.stdout
    assert delivering.client("sagemaker").list_endpoints()["Endpoints"] == []
    assert delivering.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert delivering.client("cloudformation").describe_stacks()["Stacks"][1:] == []  # but that of the bucket
    assert delivering.client("lambda").list_functions()["Functions"] == []
    buckets = [each["Name"] for each in delivering.client("s3").list_buckets()["Buckets"]]
    assert BUCKET in buckets


def test_nobody_listened_to_the_shell(shell: HostileShell, approved: list[str]) -> None:
    assert shell.visitors == []
