"""The `scones` command as a user runs it, with a build folder and configuration files of its own, and a local AWS."""

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from quick_configs import copy_configs

from local.server.embedded import running
from pipelines.cli import main

ROOT = Path(__file__).parents[2]
MARKS = [pytest.mark.slow, pytest.mark.timeout(1800)]  # a set-up may be slow on a busy machine
CLASSES = ("bicycle", "motorcycle", "bus", "pickup_truck", "streetcar")
# A network that hardly learns is enough where a test is not about accuracy. Each photo at a time is three processes.
QUICK = {
    "epochs": "2",
    "batch_size": "32",
    "width": "8",
    "folds": "2",
    "target_precision": "0.6",
    "target_confidence": "0.5",
    "photos": "6",
    "concurrency": "2",
    "minimum_accuracy": "0.0",
    "minimum_robust_accuracy": "0.0",
    "maximum_others_decided": "1.0",
    "minimum_coverage": "0.0",
    "check_seconds": "1",
    "wait_seconds": "2",
    "termination_seconds": "0",
    "latency_milliseconds": "60000",
}
PINNED = "containers: {{pinned: {{training-cpu: {0}, inference-cpu: {0}}}}}\n".format("sha256:" + "0" * 64)
# Each model server imports PyTorch: one is enough here, in place of one for each core.
ONE_SERVER = {"SAGEMAKER_MODEL_SERVER_WORKERS": "1"}


@dataclass(frozen=True)
class Scones:
    """Runs `scones` commands in one build folder with one set of configuration files.

    `variables` are added to the environment of each command.
    """

    build: Path
    configs: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in a process of its own."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=1500,
        )

    def here(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in this process, which has imported the SageMaker SDK already."""
        command, code = ["scones", *self.options, *arguments], 0
        output, errors, patched = io.StringIO(), io.StringIO(), pytest.MonkeyPatch.context()
        with environment(self.environment), redirect_stdout(output), redirect_stderr(errors), patched as patch:
            patch.setattr(sys, "argv", command)
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        return subprocess.CompletedProcess(command, code, output.getvalue(), errors.getvalue())

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts a command in a process of its own."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "pipelines.cli", *self.options, *arguments]

    @property
    def options(self) -> list[str]:
        return ["--build", str(self.build), "--configs", str(self.configs)]

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key != "AWS_DEFAULT_REGION"}  # users may have none
        return {**kept, "SCONES_ENV": "local", **ONE_SERVER, **self.variables}

    def acting_as(self, role: str) -> "Scones":
        """The same in the shell of somebody who has assumed a role of the environment, and has no other key."""
        arn = f"arn:aws:iam::123456789012:role/scones-unlimited-local-{role}"
        made = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="somebody")["Credentials"]
        settings = {
            **self.settings,
            "AWS_ACCESS_KEY_ID": made["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
            "AWS_SESSION_TOKEN": made["SessionToken"],
        }
        return replace(self, variables={**self.variables, **settings})

    @property
    def settings(self) -> dict[str, str]:
        """The variables that point clients at the local AWS that is up in the build folder, as its owner."""
        return dict(json.loads((self.build / "local" / "server.json").read_text())["environment"])

    def client(self, service: str) -> Any:
        """A plain boto3 client of the local AWS that is up in the build folder."""
        found = self.settings
        session = boto3.Session(found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"], region_name="eu-west-1")
        return session.client(service, endpoint_url=found["AWS_ENDPOINT_URL"])

    def beside(self, folder: Path) -> "Scones":
        """Scones with another build folder and the same configuration, on the local AWS that is up in this one's."""
        aws = running(self.build / "local")
        assert aws is not None
        configs = Path(shutil.copytree(self.configs, folder / "configs"))
        return replace(self, build=folder / "build", configs=configs, variables=aws.environment)

    def summary(self) -> dict[str, Any]:
        return dict(json.loads((self.build / "summary.json").read_text()))

    def wait_for(self, happened: Callable[[], object], seconds: float = 300) -> None:
        """Waits until something is true.

        Raises:
            TimeoutError: it was not, in that time.
        """
        deadline = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {seconds} s")
            time.sleep(0.25)

    def processes(self) -> list[psutil.Process]:
        """Those that work in the build folder or name it."""
        everything = psutil.process_iter(["cmdline", "environ"])
        return [process for process in everything if str(self.build) in str(process.info)]

    def configure(self, name: str, text: str) -> None:
        """Writes the configuration of an environment. It pins images, which nobody builds here and nobody pulls."""
        pinned = "" if "containers:" in text else PINNED
        (self.configs / f"{name}.yaml").write_text(f"{text}\n{pinned}")


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Has these environment variables and no others, whatever is done to them in between."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def make_scones(folder: Path, variables: Mapping[str, str] | None = None) -> Scones:
    """Scones with the project's configuration, but quick."""
    return Scones(folder / "build", copy_configs(folder, QUICK), variables or {})


@contextmanager
def local_aws(folder: Path, *options: str, variables: Mapping[str, str] | None = None) -> Iterator[Scones]:
    """Scones with a local AWS that stays up (`scones local up`); it must end well, and leave no process."""
    scones = make_scones(folder, variables)
    log = folder / "server.log"
    with log.open("w") as output:
        command = scones.command("local", "up", "--port", "0", *options)
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=scones.environment)
        try:
            scones.wait_for(lambda: (scones.build / "local" / "server.json").exists() or server.poll() is not None)
            yield scones
        finally:
            server.terminate()
            code = server.wait(timeout=120)
    assert code == 0, log.read_text()
    assert scones.processes() == []
