"""What `report_incident` works with: the request, the function's configuration, the verdict and the incident."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Self, get_args

from lambdas.shared.environment import variable
from lambdas.shared.errors import ConfigurationError, InvalidRequest
from lambdas.shared.events import text
from lambdas.shared.uris import split

Word = Literal["trust", "look", "do_not_trust", "cannot_tell"]
AlarmOn = Literal["do_not_trust", "look", "never"]
ALARMING: dict[AlarmOn, tuple[Word, ...]] = {
    "do_not_trust": ("do_not_trust",),
    "look": ("look", "do_not_trust"),
    "never": (),
}


@dataclass(frozen=True)
class Configuration:
    """Whom to tell of which verdicts, and which causes start the training pipeline."""

    topic_arn: str
    bucket: str
    environment: str
    alarm_on: AlarmOn
    retrain_on: tuple[str, ...]
    training_pipeline: str
    model_package_group: str
    endpoint: str

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """Reads the environment variables below; raises ConfigurationError, which names the variable at fault."""
        given = variable(environment, "ALARM_ON")
        alarm_on = next((each for each in ALARMING if each == given), None)
        if alarm_on is None:
            raise ConfigurationError(f"the environment variable ALARM_ON must be one of {', '.join(ALARMING)}")
        return cls(
            topic_arn=variable(environment, "TOPIC_ARN"),
            bucket=variable(environment, "BUCKET"),
            environment=variable(environment, "ENVIRONMENT"),
            alarm_on=alarm_on,
            retrain_on=tuple(name for name in environment.get("RETRAIN_ON", "").split(",") if name),
            training_pipeline=variable(environment, "TRAINING_PIPELINE"),
            model_package_group=variable(environment, "MODEL_PACKAGE_GROUP"),
            endpoint=variable(environment, "ENDPOINT_NAME"),
        )


@dataclass(frozen=True)
class Place:
    """An object in S3."""

    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """The object's address."""
        return f"s3://{self.bucket}/{self.key}"

    def beside(self, name: str) -> "Place":
        """Another object in the same folder."""
        return Place(self.bucket, f"{self.key.rpartition('/')[0]}/{name}")


@dataclass(frozen=True)
class Verdict:
    """What a `verdict.json` says, as far as it matters here.

    `causes` are pairs of name and text, the main one first; `why` says what could not be compared.
    """

    word: Word
    start: datetime
    end: datetime
    since: str | None
    causes: tuple[tuple[str, str], ...]
    why: str

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """The verdict in a file; raises InvalidRequest unless it is one."""
        try:
            found = json.loads(content)
            word, window = found["verdict"], found["window"]
            gaps = [each["why"] for each in found.get("not_compared", [])]
            verdict = cls(
                word=word,
                start=datetime.fromisoformat(window["from"]),
                end=datetime.fromisoformat(window["to"]),
                since=found.get("since"),
                causes=tuple((each["cause"], each["text"]) for each in found["causes"]),
                why=gaps[0] if gaps else "",
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidRequest(f"the verdict is none that monitoring writes: {type(error).__name__}") from error
        if word not in get_args(Word) or verdict.end.tzinfo is None:
            raise InvalidRequest("the verdict has an unknown word, or a time without its zone")
        return verdict


@dataclass(frozen=True)
class Incident:
    """The last time that the model was not to be trusted, as it is kept in S3.

    `told` says whether people know that it began or, once it is not `open`, that it ended. `seen` is the end of the
    newest window that was looked at, `report` that of the window which began it, and `training` the execution of the
    training pipeline that it started.
    """

    open: bool
    number: int
    since: str
    text: str
    seen: str
    report: str
    told: bool
    training: str | None = None

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """The incident in the file that `to_json` makes; raises InvalidRequest unless it is one."""
        try:
            return cls(**json.loads(content))
        except (ValueError, TypeError) as error:
            raise InvalidRequest("the file of the incident is broken; delete it to begin anew") from error

    def to_json(self) -> bytes:
        """The incident as it is kept."""
        return (json.dumps(asdict(self), indent=1) + "\n").encode()


def place_of(event: Mapping[str, Any], key: str) -> Place:
    """The S3 object that a key of an event names; raises InvalidRequest."""
    found = text(event, key)
    bucket, name = split(found)
    if not found.startswith("s3://") or not bucket or not name or name.endswith("/"):
        raise InvalidRequest(f"'{key}' must be s3://<bucket>/<key>")
    return Place(bucket, name)
