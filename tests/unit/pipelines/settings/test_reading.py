"""Settings are those of the base with an environment's differences, as people write them in YAML."""

import re
from pathlib import Path

import pytest
from unit.pipelines.settings.environments import environment

from pipelines.settings.reading import CONFIGS, load, merge


@pytest.mark.parametrize("environment", ["local", "dev", "prod"])
def test_every_environment_that_is_shipped_is_valid(environment: str) -> None:
    assert load(environment).environment == environment


def test_an_environment_holds_differences_only() -> None:
    base = {"a": {"b": 1, "c": 2}, "d": [1, 2]}
    assert merge(base, {"a": {"c": 3}, "d": [4]}) == {"a": {"b": 1, "c": 3}, "d": [4]}


@pytest.mark.parametrize(
    "text",
    [
        "training:\n  # epochs: 3\nregion: us-east-1\n",
        "x-machine: &machine {instance_type: ml.m5.2xlarge}\nprocessing: *machine\nregion: us-east-1",
        ".machine: &machine {instance_type: ml.m5.2xlarge}\nprocessing:\n  <<: *machine\nregion: us-east-1",
    ],
)
def test_what_people_write_in_yaml(folder: Path, text: str) -> None:
    (folder / "dev.yaml").write_text(text)
    found = load("dev", folder)
    assert found.region == "us-east-1"
    assert found.training == load("prod", folder).training
    assert (found.processing.instance_type == "ml.m5.2xlarge") == ("machine" in text)


def test_a_setting_of_an_earlier_version_is_told_and_changes_nothing(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "dev.yaml").write_text("training: {networks: 2, fold_epochs: 1, epochs: 3}")
    assert load("dev", folder).training == load("prod", folder).training.model_copy(update={"epochs": 3})
    told = [record.getMessage() for record in caplog.records]
    assert [line.partition(" changes nothing any more: ")[0] for line in told] == [
        f"{folder / 'dev.yaml'}: training.networks",
        f"{folder / 'dev.yaml'}: training.fold_epochs",
    ]


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


def test_merge_keys_and_exponents(folder: Path) -> None:
    text = """
training: &machine {max_runtime_minutes: 45, instance_type: ml.m5.2xlarge}
processing: {<<: *machine, instance_type: ml.m5.xlarge}
"""
    environment(folder, "dev", text)
    settings = load("dev", folder)
    assert (settings.processing.max_runtime_minutes, settings.processing.instance_type) == (45, "ml.m5.xlarge")
    environment(folder, "dev", "training: {learning_rate: 3e-2}")
    assert load("dev", folder).training.learning_rate == 0.03
