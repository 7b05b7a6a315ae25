"""The check of a built image, with a stand-in for Docker, and with Docker and podman where they have an image."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.image_answers import differences, serve
from local.loopback.ports import free_port

ROOT = Path(__file__).parents[3]
IMAGE = "scones-inference"
MODEL = """
import json, os
def model_fn(model_dir): return len(os.listdir(model_dir))
def input_fn(body, content_type): return [content_type, len(body)]
def predict_fn(data, model): return [model, *data]
def output_fn(prediction, accept): return json.dumps(prediction), "application/json"
"""
STAND_IN = f"""#!/bin/bash
state=$(dirname "$0")
verb=$1; shift
case $verb in
run)
    echo "$*" >"$state/run"
    while [ $# -gt 0 ]; do
        case $1 in
        --env) export "$2"; echo "export $2" >>"$state/environment";;
        --volume) export SAGEMAKER_BASE_DIR=$(dirname "${{2%%:*}}");;
        esac
        shift
    done
    server=({sys.executable} -m containers.serving serve --host 127.0.0.1 --workers 2)
    ("${{server[@]}}" & echo $! >"$state/pid"; wait $!; echo $? >"$state/code") >/dev/null 2>&1 &;;
exec)
    . "$state/environment"
    shift 3
    exec {sys.executable} "$@";;
stop)
    kill -TERM "$(cat "$state/pid")"
    until [ -s "$state/code" ]; do sleep 0.1; done;;
inspect) echo "[{{\\"State\\": {{\\"ExitCode\\": $(cat "$state/code")}}}}]";;
rm) [ -s "$state/code" ] || kill -KILL "$(cat "$state/pid")";;
esac
"""


@pytest.fixture(params=["stand-in", "docker", "podman"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A program that runs containers as Docker does."""
    if request.param == "stand-in":
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        path = tmp_path / "engine"
        path.write_text(STAND_IN)
        path.chmod(0o755)
        yield str(path)
        return
    found = shutil.which(request.param)
    if not found or subprocess.run([found, "image", "inspect", IMAGE], capture_output=True, check=False).returncode:
        pytest.skip(f"{request.param} has no image {IMAGE} here; docs/containers.md says how it is built")
    yield found


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "code").mkdir(parents=True)
    (folder / "code/inference.py").write_text(MODEL)
    (folder / "weights").write_text("mine")
    return folder


def test_an_image_answers_and_ends(engine: str, model: Path) -> None:
    served = serve([engine], IMAGE, model, [b"one", b"three"], free_port())
    assert [json.loads(each) for each in served.answers] == [[2, "image/png", 3], [2, "image/png", 5]]
    assert served.code == 0


@pytest.mark.parametrize("engine", ["stand-in"], indirect=True)
def test_a_container_has_no_network_and_writes_nothing(engine: str, model: Path) -> None:
    serve([engine], IMAGE, model, [b"one"], free_port(), ["--user", "12345"])
    given = Path(engine).with_name("run").read_text()
    assert "--network none --read-only --tmpfs /tmp" in given
    assert f"--volume {model}:/opt/ml/model:ro" in given
    assert given.endswith(f"--user 12345 {IMAGE} serve\n")  # as SageMaker starts it


def test_differences_name_the_photo() -> None:
    assert differences([b"a", b"b"], [b"a", b"b"]) == []
    assert differences([b"a", b"b"], [b"a", b"c"]) == ["photo 1: the container says b'b', the local AWS b'c'\n"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "no-such-engine"], "there is no no-such-engine on this machine; --engine names another"),
        (["--engine", "false"], "has no photos (*.png)"),
    ],
)
def test_what_is_missing_is_named(options: list[str], said: str, tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "benchmarks.image_answers", "--model", "any", "--photos", str(tmp_path), *options]
    done: Any = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert said in done.stderr
