"""The Dockerfile, as far as it can be checked without Docker."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "containers/Dockerfile").read_text().replace("\\\n", " ")
STAGES = re.findall(r"^FROM (\S+) AS (\S+)$", TEXT, re.MULTILINE)


def stage(name: str) -> str:
    """The instructions of a stage."""
    return str(re.search(rf"^FROM \S+ AS {name}$(.*?)(?=^FROM |\Z)", TEXT, re.MULTILINE | re.DOTALL)[1])  # type: ignore[index]


def test_every_stage_builds_on_the_patched_base() -> None:
    assert STAGES[0] == ("${BASE}", "patched")
    known = {"patched"}
    for base, name in STAGES[1:]:
        assert base in known
        known.add(name)
    assert {"training", "inference"} <= known
    assert {base for base, name in STAGES if name in ("training", "inference")} == {"patched"}  # and not on compilers


def test_everything_that_is_copied_exists() -> None:
    copied = re.findall(r"^COPY (containers/\S+) ", TEXT, re.MULTILINE)
    assert len(copied) == 6
    for source in copied:
        for variant in ("cpu", "gpu"):
            assert (ROOT / source.replace("${VARIANT}", variant)).exists(), source
    for name in re.findall(r"^COPY --from=(\S+) ", TEXT, re.MULTILINE):
        assert name in {stage for _, stage in STAGES}


def test_sagemaker_can_start_them() -> None:
    assert 'ENTRYPOINT ["python3", "-m", "containers.serving"]' in stage("inference")
    assert "ENTRYPOINT" not in stage("training")  # `train` is a program on PATH
    assert "SAGEMAKER_TRAINING_MODULE=pytorch_training:main" in stage("training")
    assert "\nUSER " not in TEXT  # SageMaker wants root


def test_a_mirror_that_cannot_be_reached_fails_the_build() -> None:
    updates = re.findall(r"apt-get (?:\S+ \S+ )?update", TEXT)
    assert updates == ["apt-get -o APT::Update::Error-Mode=any update"] * 2
