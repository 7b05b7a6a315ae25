"""What was found, and asking AWS for it without stopping at a refusal."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from pipelines.aws import explanation
from pipelines.errors import AwsError

State = Literal["ok", "do", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One line: what it is about, and how that is. With the state `do`, the text says what to do."""

    state: State
    subject: str
    text: str

    def line(self) -> str:
        """The finding as a line of text."""
        return f"{self.state:<8}{self.subject}: {self.text}"


def good(subject: str, text: str) -> Finding:
    """Something is as it should be."""
    return Finding("ok", subject, text)


def todo(subject: str, text: str) -> Finding:
    """Somebody should do something."""
    return Finding("do", subject, text)


Check = Callable[[], Iterable[Finding]]


def look(subject: str, check: Check) -> Iterator[Finding]:
    """The findings of a check. What AWS refuses to tell is unknown; the other checks go on."""
    try:
        yield from check()
    except (ClientError, BotoCoreError) as error:
        yield Finding("unknown", subject, explanation(error))
    except AwsError as error:
        yield Finding("unknown", subject, str(error))
