"""A mistake in the settings is told with its file, key and value, and with what is allowed."""

import re
from pathlib import Path

import pytest
from unit.pipelines.settings.environments import environment

from pipelines.errors import ConfigurationError
from pipelines.settings.reading import load


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("network: {subnets: [subnet-0a1b2c3d]}", ["network.subnets", "name both, or neither"]),
        ("{network: {isolation: true}, containers: {source: aws}}", ["network.isolation needs containers.source: own"]),
        ("network: {subnets: [10.0.0.0/24]}", ["network.subnets.0", "10.0.0.0/24", "pattern"]),
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
        ("training: {epochs: 1e2}", ["training.epochs", "100.0", "valid integer"]),
        ("training: {epochs: '5'}", ["write a number, without quotes"]),
        ("training: {batch_size: 1_000}", ["'1_000'", "without '_'"]),
        ("training: {epochs: 1:30}", ["'1:30'", "':'"]),
        ("training: {spot: yes}", ["training.spot", "'yes'", "write true or false"]),
        ("training: {learning_rate: .inf}", ["not valid YAML", "'.inf' is no number"]),
        ("training: {epochs: !!set {a}}", ["not valid YAML"]),
        ("training: {max_runtime_minutes: 40321}", ["training.max_runtime_minutes", "40320"]),
        ("processing: {max_runtime_minutes: 12961}", ["processing.max_runtime_minutes", "12960"]),
        ("pipeline: {timeout_minutes: 2101}", ["pipeline.timeout_minutes", "2100"]),
        ("training: {instance_type: m5.large}", ["training.instance_type", "'m5.large'"]),
        ("training: {instance_type: ml.m5.0xlarge}", ["training.instance_type"]),
        ("endpoint: {instance_type: ml.m5.hugelarge}", ["endpoint.instance_type"]),
        ("endpoint: {hours: 6-19}", ["endpoint.hours", "expected 'always', or days and hours in UTC", "'6-19'"]),
        ("endpoint: {hours: MON-FRI 22-6}", ["endpoint.hours", "'MON-FRI 22-6'"]),
        (
            "endpoint: {scaling: {min_instances: 5, max_instances: 4}}",
            ["endpoint.scaling.max_instances", "the most instances, 4, are fewer than the least, 5"],
        ),
        ("endpoint: {scaling: {min_instances: 0}}", ["endpoint.scaling.min_instances", "0"]),
        (
            "endpoint: {instance_type: ml.t3.medium, scaling: {enabled: true}}",
            ["endpoint.scaling", "burstable instances, which ml.t3.medium (endpoint.instance_type) is"],
        ),
        (
            "endpoint: {instance_count: 5, scaling: {enabled: true}}",
            ["endpoint.scaling", "begins with 5 instances (endpoint.instance_count), which must be from 1 to 4"],
        ),
        (
            "endpoint: {instance_count: 2, scaling: {enabled: true}, deployment: {traffic: canary}}",
            ["endpoint.deployment", "1 of 1 (endpoint.scaling.min_instances)", "have 2 instances"],
        ),
        ("endpoint: {deployment: {traffic: linear}}", ["endpoint.deployment.traffic", "'linear'", "'canary'"]),
        ("endpoint: {deployment: {wait_seconds: 3601}}", ["endpoint.deployment.wait_seconds", "3601", "3600"]),
        ("endpoint: {deployment: {maximum_seconds: 599}}", ["endpoint.deployment.maximum_seconds", "599", "600"]),
        (
            "endpoint: {deployment: {wait_seconds: 900, maximum_seconds: 1020}}",
            ["endpoint.deployment.maximum_seconds", "1020", "more than the 1020 s of wait_seconds and termination_sec"],
        ),
        (
            "endpoint: {deployment: {traffic: canary}}",
            ["endpoint.deployment", "1 of 1 (endpoint.instance_count)", "have 2 instances"],
        ),
        (
            "endpoint: {instance_count: 5, deployment: {traffic: canary, canary_instances: 3}}",
            ["endpoint.deployment", "at most half", "3 of 5", "have 6 instances, or choose traffic: all_at_once"],
        ),
        ("lambdas: {memory_mb: 127}", ["lambdas.memory_mb", "128"]),
        ("lambdas: {memory_mb: 10241}", ["lambdas.memory_mb", "10240"]),
        ("delivery: {log_retention_days: 10}", ["delivery.log_retention_days", "10", "3653"]),
        ("delivery: {branch: 'a b'}", ["delivery.branch", "'a b'"]),
        ("monitoring: {schedule: rate(1 days)}", ["monitoring.schedule", "rate(1 day)", "plural"]),
        ("monitoring: {schedule: rate(2 days), window: day}", ["monitoring.window", "'rate(2 days)' leaves days out"]),
        (
            "monitoring: {schedule: rate(1 day), window: hour}",
            ["monitoring.window", "leaves hours out", "each hour"],
        ),
        (
            "monitoring: {schedule: rate(1 hour), window: hour, instance_count: 2}",
            ["monitoring.instance_count", "an hour is read by one instance", "day or recent"],
        ),
        ("monitoring: {schedule: 'cron(0 8 * * ?)'}", ["monitoring.schedule", "it has 5 fields"]),
        ("project: xn--scones", ["project", "S3 reserves"]),
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


def test_a_file_that_cannot_be_read_or_is_too_large(folder: Path) -> None:
    environment(folder, "dev", "# comment\n" * 200_000)
    with pytest.raises(ConfigurationError, match=r"dev\.yaml: larger than 1,000,000 bytes"):
        load("dev", folder)
    (folder / "dev.yaml").write_bytes(b"region: \xff")
    with pytest.raises(ConfigurationError, match=r"dev\.yaml: not valid YAML"):
        load("dev", folder)


def test_a_long_value_is_not_shown_whole(folder: Path) -> None:
    environment(folder, "dev", "training: {epochs: [" + "x, " * 5000 + "x]}")
    with pytest.raises(ConfigurationError) as caught:
        load("dev", folder)
    assert len(str(caught.value)) < 500
