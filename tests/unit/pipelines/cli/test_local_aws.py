"""Which local AWS a command takes, when it starts none, and what it says of one that is silent, taken or gone."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from botocore.config import Config

from local.runtime.keys import Key
from local.runtime.ownership import Owner, own
from local.server import embedded
from pipelines import aws
from pipelines.cli import main
from pipelines.cli.local import export_lines

READING = ["registry show", "registry compare", "pipeline follow arn"]
DEFINING = ["pipeline definition", "workflow definition"]
FILLING = [
    "pipeline upsert",
    "pipeline start -p InputDataUri=s3://b/k",
    "monitor report",
    "registry approve --reason x",
]
KEYS = {"AWS_ACCESS_KEY_ID": "shown", "AWS_SECRET_ACCESS_KEY": "shown"}


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    said: str


Scones = Callable[[str], Ended]


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return tmp_path / "build"


@pytest.fixture
def scones(build: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Scones]:
    """Runs a command in this process. It may do to the environment what it likes, and gives up quickly."""
    monkeypatch.setattr(aws, "RETRIES", Config(retries={"total_max_attempts": 1}))
    monkeypatch.setattr(embedded, "ANSWER_SECONDS", 0.2)
    for name in embedded.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)

    def run(command: str) -> Ended:
        monkeypatch.setattr("sys.argv", ["scones", "--build", str(build), *command.split()])
        try:
            main()
        except SystemExit as ended:
            return Ended(int(ended.code or 0), capsys.readouterr().err)
        return Ended(0, capsys.readouterr().out)

    yield run
    os.environ.clear()
    os.environ.update(before)


class Health(BaseHTTPRequestHandler):
    """Answers as a local AWS whether it is there, and nothing else."""

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        proof = Key(asked["key"], "shown").proof(int(self.server.server_address[1]), asked["nonce"])
        body = json.dumps({"proof": proof}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """The machine under it goes down in the middle of a call."""
        self.server.socket.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def healthy() -> Iterator[str]:
    """The address of something that looks like a local AWS, until it is asked for more."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def owned(build: Path) -> Iterator[Callable[[str, Owner], None]]:
    """`owned(url, owner)`: a process, this one, has the data folder, and a local AWS at the address."""
    with ExitStack() as stack:

        def take(url: str, owner: Owner) -> None:
            stack.enter_context(own(build / "local" / embedded.LOCK_FILE, owner))
            state = {"endpoint_url": url, "pid": os.getpid(), "environment": {**KEYS, "AWS_ENDPOINT_URL": url}}
            (build / "local" / embedded.STATE_FILE).write_text(json.dumps(state))

        yield take


@pytest.mark.parametrize("command", READING + FILLING)
def test_where_none_runs_only_few_commands_start_one(scones: Scones, build: Path, command: str) -> None:
    ended = scones(command)
    assert ended.code == 9
    assert f"no local AWS runs in {build / 'local'}" in ended.said
    assert "`scones local up` starts one" in ended.said
    assert not build.exists()


@pytest.mark.parametrize(
    ("command", "nothing"), [("registry list", "no model is registered yet"), ("destroy --yes", "nothing to delete")]
)
def test_without_a_local_aws_there_is_nothing_to_list_or_to_delete(
    scones: Scones, build: Path, command: str, nothing: str
) -> None:
    assert scones(command) == Ended(0, f"{nothing}: {scones('registry show').said.removeprefix('scones: ')}")
    assert not build.exists()


@pytest.mark.parametrize("command", DEFINING)
def test_definitions_need_no_local_aws(
    scones: Scones, build: Path, owned: Callable[[str, Owner], None], command: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        owned(f"http://127.0.0.1:{silent.getsockname()[1]}", Owner(since="noon"))
        ended = scones(command)
    assert ended.code == 0, ended.said
    for line in ended.said.splitlines():
        assert "123456789012" in Path(line).read_text() or line.endswith(".svg")


@pytest.mark.parametrize("command", [*READING, *FILLING, "registry list", "deploy", "run", "destroy --yes"])
def test_one_that_does_not_answer_is_left_alone(
    scones: Scones, build: Path, owned: Callable[[str, Owner], None], command: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # as of a process that is paused: the kernel connects
        owned(f"http://127.0.0.1:{silent.getsockname()[1]}", Owner(since="noon"))
        before = {path: path.read_bytes() for path in (build / "local").iterdir()}
        ended = scones(command)
        assert ended.code == 9
        assert f"process {os.getpid()}, since noon" in ended.said
        assert "does not answer" in ended.said
        assert {path: path.read_bytes() for path in (build / "local").iterdir()} == before


def test_one_that_goes_away_in_between(scones: Scones, healthy: str, owned: Callable[[str, Owner], None]) -> None:
    owned(healthy, Owner())
    ended = scones("registry list")
    assert ended.code == 9
    assert f"the local AWS at {healthy} has gone away while the command worked; start it" in ended.said


def test_one_that_belongs_to_another_command(scones: Scones, healthy: str, owned: Callable[[str, Owner], None]) -> None:
    owned(healthy, Owner(since="noon", parent=4711))
    ended = scones("deploy")
    assert ended.code == 12
    assert "belongs to another command (process 4711, since noon)" in ended.said


def test_a_second_run_names_the_first(scones: Scones, build: Path) -> None:
    with own(build / "run.lock", Owner(since="noon")):
        ended = scones("run")
    assert ended.code == 12
    assert ended.said.startswith(f"scones: another `scones run` works in {build} (process {os.getpid()}, since noon)")
    assert sorted(path.name for path in build.iterdir()) == ["run.lock"]


def test_up_shows_what_this_shell_needs() -> None:
    url, page = "http://127.0.0.1:1", "http://127.0.0.1:1/_status/key/"
    shown = export_lines({"HOME": "/home/me"}, url, {"AWS_ENDPOINT_URL": url}, page)
    assert page in shown.splitlines()[0]
    assert shown.splitlines()[3:] == ["export AWS_ENDPOINT_URL=http://127.0.0.1:1"]
    shell = {"https_proxy": "http://proxy", "no_proxy": "corp", "AWS_PROFILE": "work", "AWS_PAGER": ""}
    assert export_lines(shell, url, {}, page).splitlines()[3:] == [
        "export NO_PROXY=corp,127.0.0.1,localhost,::1,[::1]",
        "export no_proxy=corp,127.0.0.1,localhost,::1,[::1]",
        "unset AWS_PROFILE",
    ]


def test_the_settings_that_up_shows_name_another_one(
    scones: Scones, healthy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": healthy}.items():
        monkeypatch.setenv(name, value)
    ended = scones("registry list")
    assert f"the local AWS at {healthy} has gone away" in ended.said  # so it was asked


def test_one_that_was_started_anew_is_named_with_old_credentials(
    scones: Scones, healthy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {**KEYS, "AWS_SECRET_ACCESS_KEY": "of yesterday", "AWS_ENDPOINT_URL": healthy}
    for name, value in old.items():
        monkeypatch.setenv(name, value)
    ended = scones("registry list")
    assert ended.code == 9
    assert "export what it shows, which is new at each start" in ended.said


def test_one_that_is_named_and_not_there(scones: Scones, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": url}.items():
        monkeypatch.setenv(name, value)
    ended = scones("registry list")
    assert ended.code == 9
    assert f"no local AWS answers at {url}, which AWS_ENDPOINT_URL names" in ended.said


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_ENDPOINT_URL": "https://vpce.example", **KEYS},
        {"AWS_ENDPOINT_URL": "http://192.168.1.7:4566", **KEYS},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1.example:4566", **KEYS},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"},
        {"AWS_ENDPOINT_URL": "not a URL", **KEYS},
        {"AWS_ENDPOINT_URL": "http://[::", **KEYS},
        {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:4566", **KEYS},
        {"AWS_PROFILE": "an-account-that-i-left"},
    ],
)
def test_whatever_else_the_shell_says_names_none(
    scones: Scones, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ended = scones("registry show")
    assert ended.code == 9
    assert "no local AWS runs in" in ended.said
