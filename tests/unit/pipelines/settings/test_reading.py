import re
import shutil
from pathlib import Path

import pytest

from pipelines.errors import ConfigurationError
from pipelines.settings.reading import CONFIGS, load, merge


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONFIGS, tmp_path / "configs"))


@pytest.mark.parametrize("environment", ["local", "dev", "prod"])
def test_every_environment_that_is_shipped_is_valid(environment: str) -> None:
    assert load(environment).environment == environment


def test_an_environment_holds_differences_only() -> None:
    base = {"a": {"b": 1, "c": 2}, "d": [1, 2]}
    assert merge(base, {"a": {"c": 3}, "d": [4]}) == {"a": {"b": 1, "c": 3}, "d": [4]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("training: {epochs: 0}", ["training.epochs", "0", "greater than or equal to 1"]),
        ("training: {epochs: '5'}", ["training.epochs", "'5'", "valid integer"]),
        ("training: {target_precision: 1.3}", ["training.target_precision", "1.3", "less than 1"]),
        ("training: {epoch: 5}", ["unknown key 'training.epoch'", "did you mean 'epochs'"]),
        ("trainig: {}", ["unknown key 'trainig'", "did you mean 'training'"]),
        ("dataset: {classes: [bicycle, unicycle]}", ["dataset.classes", "no class 'unicycle'", "worm"]),
        ("dataset: {classes: [bicycle, bicycle]}", ["dataset.classes", "named twice"]),
        ("dataset: {classes: [bicycle]}", ["dataset.classes", "at least 2"]),
        ("dataset: {classes: [bicycle, bus]}", ["workflow.routes", "'bus'"]),
        ("registry: {approval: Maybe}", ["registry.approval", "'Maybe'", "PendingManualApproval"]),
        ("workflow: {lambda_timeout_seconds: 29}", ["workflow.lambda_timeout_seconds", "29", "at least 30 s"]),
        ("workflow: {lambda_timeout_seconds: 901}", ["workflow.lambda_timeout_seconds", "901", "or equal to 900"]),
        ("region: europe", ["region", "'europe'"]),
        ("training: [", ["not valid YAML"]),
        ("just words", ["expected keys with values"]),
        ("region: eu-west-1\nregion: eu-west-2", ["'region' appears twice"]),
    ],
)
def test_a_mistake_names_file_key_value_and_what_is_allowed(folder: Path, text: str, words: list[str]) -> None:
    (folder / "dev.yaml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load("dev", folder)
    for word in [str(folder / "dev.yaml"), *words]:
        assert word in str(caught.value)


def test_a_mistake_in_the_base_names_the_base(folder: Path) -> None:
    base = folder / "base.yaml"
    base.write_text(re.sub(r"epochs: \d+", "epochs: -1", base.read_text()))
    with pytest.raises(ConfigurationError, match=re.escape(f"{base}: training.epochs: -1")):
        load("dev", folder)


def test_a_missing_key_is_named(folder: Path) -> None:
    base = folder / "base.yaml"
    base.write_text(re.sub(r"  epochs: .*\n", "", base.read_text()))
    with pytest.raises(ConfigurationError, match=r"base\.yaml: the key 'training\.epochs' is missing"):
        load("dev", folder)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    (folder / "dev.yaml").write_text("training: {epochs: 0, batch_size: 0}")
    with pytest.raises(ConfigurationError, match=r"(?s)epochs.*batch_size"):
        load("dev", folder)


def test_an_unknown_environment_names_those_that_exist(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no environment 'staging'.*dev, local, prod"):
        load("staging", folder)


def test_a_missing_base_is_told(folder: Path) -> None:
    (folder / "base.yaml").unlink()
    with pytest.raises(ConfigurationError, match=r"base\.yaml: this file is missing"):
        load("dev", folder)


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load("local").training.epochs = 3


def test_every_key_of_the_base_is_commented() -> None:
    lines = [line for line in (CONFIGS / "base.yaml").read_text().splitlines() if re.match(r"\s+\w+: \S", line)]
    explained = {
        "instance_type",
        "max_runtime_minutes",
        "instance_count",
        "branch",
        "runtime",
        "memory_mb",
        "log_retention_days",
    }
    silent = [
        line for line in lines if "#" not in line and "{" not in line and line.split(":")[0].strip() not in explained
    ]
    assert silent == []
