"""`scones destroy`, after everything else that is done with what was delivered: its file comes last in the group."""

from end_to_end.hostile_shell import HostileShell
from end_to_end.support import MARKS, Scones

pytestmark = MARKS


def test_destroy_leaves_data_and_nothing_else(delivering: Scones, approved: list[str]) -> None:
    assert delivering.client("sagemaker").list_endpoints()["Endpoints"]
    destroyed = delivering("destroy", "--yes")
    assert destroyed.returncode == 0, destroyed.stderr
    assert delivering.client("sagemaker").list_endpoints()["Endpoints"] == []
    assert delivering.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert delivering.client("lambda").list_functions()["Functions"] == []
    buckets = [each["Name"] for each in delivering.client("s3").list_buckets()["Buckets"]]
    assert "scones-unlimited-local-123456789012-eu-west-1" in buckets


def test_nobody_listened_to_the_shell(shell: HostileShell, approved: list[str]) -> None:
    assert shell.visitors == []
