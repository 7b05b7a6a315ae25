"""`scones data download`: exit codes, and what people read. How it downloads is tested with the download itself."""

import hashlib
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from quick_configs import CONFIGS
from unit.pipelines.data.download.mirror import Mirror, serving

from pipelines.cli import main

CONTENT = b"an archive" * 10_000


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with serving(Mirror(CONTENT)) as mirror:
        yield mirror


@pytest.fixture
def command(mirror: Mirror, tmp_path: Path) -> list[str]:
    """`scones data download` with a configuration that names the mirror and its file."""
    configs = tmp_path / "configs"
    configs.mkdir()
    (configs / "base.yaml").write_text((CONFIGS / "base.yaml").read_text())
    md5 = hashlib.md5(CONTENT).hexdigest()
    archive = f"{{url: '{mirror.url}', md5: '{md5}', bytes: {len(CONTENT)}}}"
    (configs / "local.yaml").write_text(f"dataset: {{download: {archive}}}")
    return ["scones", "--configs", str(configs), "--build", str(tmp_path / "build"), "data", "download"]


def archive(tmp_path: Path) -> Path:
    return tmp_path / "build" / "data" / "official" / "cifar-100-python.tar.gz"


def run(command: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of the command, in this process."""
    monkeypatch.setattr(sys, "argv", command)
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_it_says_where_the_archive_is_and_what_comes_next(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, monkeypatch) == 0
    said = capsys.readouterr()
    path = archive(tmp_path)
    assert said.out.splitlines() == [
        f"{path}: downloaded, and its checksum is right",
        f"Next: `scones run --data {path}`, or `scones data upload --data {path}`",
    ]
    assert said.err.splitlines()[-1] == "cifar-100-python.tar.gz: 100 % of 100,000 bytes"
    assert path.read_bytes() == CONTENT
    assert run(command, monkeypatch) == 0
    assert "is there already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--from", "MISSING"], 14, "404 Not Found"),
        (["--from", "ftp://127.0.0.1/a"], 2, "does not begin with http"),
        (["--from", "OTHER"], 4, "its MD5 is not"),
        (["--output", "/dev/null/archive.tar.gz"], 13, "/dev/null"),
    ],
)
def test_causes_have_exit_codes_of_their_own(
    options: list[str],
    code: int,
    words: str,
    command: list[str],
    mirror: Mirror,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mirror.statuses = [404] if "MISSING" in options else []
    mirror.content = CONTENT[::-1] if "OTHER" in options else CONTENT
    given = [mirror.url if each.isupper() else each for each in options]
    assert run([*command, *given], monkeypatch) == code
    assert words in capsys.readouterr().err


def test_a_file_system_that_is_full_is_named(command: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *command[1:]],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 13
    assert f"scones: {archive(tmp_path).parent}/.cifar-100-python.tar.gz.partial: File too large" in done.stderr
    assert not archive(tmp_path).exists()


def test_an_interruption_has_its_exit_code_and_loses_nothing(
    command: list[str], mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted = threading.Event()
    mirror.most, mirror.after = 40_000, lambda: interrupted.wait(60) and None
    process = subprocess.Popen([sys.executable, "-m", "pipelines.cli", *command[1:]], stderr=subprocess.PIPE, text=True)
    partial = archive(tmp_path).with_name(".cifar-100-python.tar.gz.partial")
    deadline = time.monotonic() + 60
    while not (partial.exists() and partial.stat().st_size == 40_000) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    interrupted.set()
    assert (process.returncode, said.splitlines()[-1]) == (130, "scones: interrupted")
    assert not archive(tmp_path).exists()
    mirror.most = None
    assert run(command, monkeypatch) == 0
    assert mirror.asked == [None, "bytes=40000-"]
