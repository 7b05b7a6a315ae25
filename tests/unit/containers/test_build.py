"""The build of images as CodeBuild runs it, with stand-ins for Docker and AWS's command line."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from unit.containers.scans import BASIC, ENHANCED, answer

ROOT = Path(__file__).parents[3]
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
STAND_IN = """#!/bin/sh
echo "${0##*/} $*" >>"$CALLS"
case "$*" in
    *"--query imageScanStatus"*) echo COMPLETE;;
    *describe-image-scan-findings*) cat "$FINDINGS";;
    *describe-images*) printf 'sha256:abc\\t%s\\n' "$MANIFEST_TYPE";;
    "s3 cp"*) cp images.json "$RECORD";;
esac
"""


@pytest.fixture
def build(tmp_path: Path) -> Any:
    """`build(answer)`: the process that has built, its calls, and what it recorded."""
    for name, text in {"docker": STAND_IN, "aws": STAND_IN, "sleep": "#!/bin/sh\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    def run(
        found: dict[str, Any], kinds: str = "training-gpu inference-cpu", manifest: str = DOCKER
    ) -> tuple[int, str, list[str], Any]:
        (tmp_path / "findings").write_text(json.dumps(found))
        sources = tmp_path / "src/containers"
        sources.parent.mkdir()
        subprocess.run(["cp", "-r", str(ROOT / "containers"), str(sources)], check=True)
        given = {"KINDS": kinds, "PREFIX": "scones-dev", "REGISTRY": "registry", "BUCKET": "bucket", "SOURCES": "key"}
        given |= {"CALLS": str(tmp_path / "calls"), "FINDINGS": str(tmp_path / "findings")}
        given |= {"RECORD": str(tmp_path / "record"), "CODEBUILD_BUILD_NUMBER": "7"}
        given |= {"MANIFEST_TYPE": manifest}
        path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "containers/build.sh"],
            cwd=sources.parent,
            env=given | path,
            capture_output=True,
            text=True,
            check=False,
        )
        record = tmp_path / "record"
        recorded = json.loads(record.read_text()) if record.exists() else None
        return done.returncode, done.stdout + done.stderr, (tmp_path / "calls").read_text().splitlines(), recorded

    return run


def test_images_are_built_pushed_scanned_and_recorded(build: Any) -> None:
    code, said, calls, record = build(answer(findings=[BASIC]))
    assert code == 0, said
    assert "told CRITICAL CVE-2: zlib 1.3" in said
    assert record["digests"] == {"training-gpu": "sha256:abc", "inference-cpu": "sha256:abc"}
    assert record["sources"] == "key"
    [gpu, cpu] = [each for each in calls if each.startswith("docker build")]
    tag = f"{record['built']}-7"
    repository = "registry/scones-dev"
    assert (
        f"--target training --build-arg VARIANT=gpu --build-arg TORCH_INDEX= --tag {repository}-training:{tag}-gpu ."
        in gpu
    )
    assert f"--target inference --build-arg VARIANT=cpu --tag {repository}-inference:{tag}-cpu ." in cpu
    assert calls[-1] == "aws s3 cp --content-type application/json images.json s3://bucket/containers/images.json"


def test_an_image_with_something_to_mend_is_not_recorded(build: Any) -> None:
    code, said, calls, record = build(answer(enhancedFindings=[ENHANCED]))
    assert (code, record) == (1, None)
    assert "MEND HIGH CVE-1: pillow 1 (mended in 2)" in said
    assert not [each for each in calls if "scones-dev-inference" in each]  # it ends at once


@pytest.mark.parametrize("kind", ["manifest", "index"])
def test_an_image_that_sagemaker_would_refuse_is_not_recorded(kind: str, build: Any) -> None:
    media_type = f"application/vnd.oci.image.{kind}.v1+json"
    code, said, calls, record = build(answer(), manifest=media_type)
    assert (code, record) == (1, None)
    assert f"SageMaker takes images whose manifest is {DOCKER}, and this one's is {media_type}" in said
    assert not [each for each in calls if "findings" in each]  # it ends before it waits for the scan


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"fixAvailable": "NO"}, "ACTIVE", 0),
        ({"fixAvailable": "PARTIAL"}, "ACTIVE", 1),
        ({"severity": "MEDIUM"}, "ACTIVE", 0),
        ({"severity": "MEDIUM"}, "FAILED", 1),
    ],
)
def test_what_fails_a_build(changes: dict[str, str], status: str, code: int, tmp_path: Path) -> None:
    content = answer(enhancedFindings=[{**ENHANCED, **changes}]) | {"imageScanStatus": {"status": status}}
    (tmp_path / "findings.json").write_text(json.dumps(content))
    command = ["python3", str(ROOT / "containers/findings.py"), str(tmp_path / "findings.json")]
    assert subprocess.run(command, check=False).returncode == code
