"""Exit codes are a contract with scripts and CodeBuild: each cause has its own."""

import errno
import io
import sys

import pytest

from pipelines import cli, errors

EXIT_CODES = {
    "SconesError": 1,
    "ConfigurationError": 3,
    "DataError": 4,
    "AwsError": 5,
    "PipelineFailedError": 6,
    "QualityGateError": 7,
    "WorkflowFailedError": 8,
    "LocalAwsError": 9,
    "WaitTimeoutError": 10,
    "NoLocalAwsError": 9,
    "ApprovalPendingError": 11,
    "FolderBusyError": 12,
    "DownloadError": 14,
    "PhotosWaitingError": 15,
    "NotInOrderError": 16,
    "DeclinedError": 17,
}

REFUSED = "scones: {}. Results go to the folder that --build names\n"
REFUSALS = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.ENAMETOOLONG,
)


def test_every_error_has_its_exit_code() -> None:
    found = {name: each.exit_code for name, each in vars(errors).items() if isinstance(each, type)}
    assert found == EXIT_CODES


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        *((getattr(errors, name)("because"), code, "scones: because\n") for name, code in EXIT_CODES.items()),
        *((OSError(each, "Refused", "build"), 13, REFUSED.format("build: Refused")) for each in REFUSALS),
        (OSError(errno.ENOSPC, "No space left on device"), 13, REFUSED.format("No space left on device")),
        (cli.click.Abort(), 130, "scones: interrupted\n"),  # at a question
        (KeyboardInterrupt(), 130, "\nscones: interrupted\n"),  # click ends the line that shows ^C
    ],
)
def test_main_ends_with_the_exit_code_and_one_message(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setitem(cli.cli.commands, "fail", cli.click.Command("fail", callback=fail))
    monkeypatch.setattr(sys, "argv", ["scones", "fail"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == code
    assert capsys.readouterr().err == said


def test_other_errors_of_the_system_are_defects(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setitem(cli.cli.commands, "fail", cli.click.Command("fail", callback=fail))
    monkeypatch.setattr(sys, "argv", ["scones", "fail"])
    with pytest.raises(OSError, match="Bad file descriptor"):
        cli.main()


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_letters_that_a_terminal_lacks_become_question_marks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, name, terminal)
    monkeypatch.setitem(cli.cli.commands, "nothing", cli.click.Command("nothing", callback=lambda: None))
    monkeypatch.setattr(sys, "argv", ["scones", "nothing"])
    cli.main()
    terminal.write("\u25b8 Deploy")
    terminal.seek(0)
    assert terminal.read() == "? Deploy"


def test_a_command_line_that_is_wrong_ends_with_clicks_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["scones", "--nonsense"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 2
    assert "No such option" in capsys.readouterr().err
