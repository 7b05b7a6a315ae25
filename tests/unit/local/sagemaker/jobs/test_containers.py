from pathlib import Path
from typing import Any

import pytest

from local.protocol.errors import LocalAwsError
from local.sagemaker.jobs.containers import PREFIX, enclose, moved, wanted_isolation

FOLDER = Path("/data/ml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/opt/ml", "/data/ml"),
        ("/opt/ml/", "/data/ml/"),
        ("/opt/ml/checkpoints", "/data/ml/checkpoints"),
        ("--folder=/opt/ml/a", "--folder=/data/ml/a"),
        ("/opt/ml/a:/opt/ml/b", "/data/ml/a:/data/ml/b"),
        ('"/opt/ml/a"', '"/data/ml/a"'),
        (
            "cat /opt/ml/a >/opt/ml/b; cd /opt/ml; ls (/opt/ml)",
            "cat /data/ml/a >/data/ml/b; cd /data/ml; ls (/data/ml)",
        ),
        ("Written to /opt/ml.", "Written to /data/ml."),
        ("file:///opt/ml/a", "file:///data/ml/a"),
    ],
)
def test_paths_below_the_prefix_move(text: str, told: str) -> None:
    assert moved(text, FOLDER) == told


@pytest.mark.parametrize(
    "text",
    [
        "/opt/mlflow",
        "/opt/ml-data/a",
        "/opt/ml_2",
        "/opt/ml.tar.gz",
        "s3://bucket/opt/ml/a",
        "s3://bucket//opt/ml/a",
        "/srv/opt/ml/a",
        "../opt/ml/a",
        "$HOME/opt/ml",
        "${HOME}/opt/ml",
        "opt/ml",
    ],
)
def test_other_paths_stay(text: str) -> None:
    assert moved(text, FOLDER) == text


def test_documents_move_with_all_that_they_hold_and_stay_what_they_were() -> None:
    document: dict[str, Any] = {"/opt/ml": ["/opt/ml/a", 1, None, True], "b": {"c": "/opt/ml/c"}}
    assert moved(document, FOLDER) == {"/opt/ml": ["/data/ml/a", 1, None, True], "b": {"c": "/data/ml/c"}}
    assert document == {"/opt/ml": ["/opt/ml/a", 1, None, True], "b": {"c": "/opt/ml/c"}}


def test_arguments_and_environment_move_by_the_same_rule() -> None:
    command = enclose(("cat", "/opt/mlflow/a", "/opt/ml/a"), {"A": "s3://b/opt/ml", "B": "/opt/ml"}, FOLDER, "folder")
    assert command.argv == ("cat", "/opt/mlflow/a", "/data/ml/a")
    assert command.environment == {"A": "s3://b/opt/ml", "B": "/data/ml", "SAGEMAKER_BASE_DIR": "/data/ml"}


def test_without_namespaces_the_prefix_moves(tmp_path: Path) -> None:
    command = enclose(("sh", "-c", "cat /opt/ml/a"), {"A": "x:/opt/ml/b"}, tmp_path, "folder")
    assert command.argv == ("sh", "-c", f"cat {tmp_path}/a")
    assert command.environment == {"A": f"x:{tmp_path}/b", "SAGEMAKER_BASE_DIR": str(tmp_path)}
    enclosed = enclose(("cat", "/opt/ml/a"), {"A": "b"}, tmp_path, "namespace")
    assert enclosed.argv[0] == "unshare"
    assert enclosed.argv[-2:] == ("cat", f"{PREFIX}/a")
    assert enclosed.environment == {"A": "b"}


def test_the_wanted_isolation() -> None:
    assert wanted_isolation({}) is None
    assert wanted_isolation({"LOCAL_AWS_ISOLATION": "folder"}) == "folder"
    with pytest.raises(LocalAwsError, match="is 'docker'; expected one of: namespace, folder"):
        wanted_isolation({"LOCAL_AWS_ISOLATION": "docker"})
