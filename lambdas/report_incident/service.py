"""Takes a verdict to the incident: keeps what it changes, tells people, and starts training where that is wanted."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from botocore.client import BaseClient

from lambdas.report_incident import memory
from lambdas.report_incident.models import ALARMING, Configuration, Incident, Place, Verdict
from lambdas.report_incident.notices import message, subject
from lambdas.report_incident.progress import advance, wants_training
from lambdas.report_incident.training import start_training


@dataclass(frozen=True)
class Clients:
    """The AWS clients that the function needs."""

    s3: BaseClient
    sns: BaseClient
    sagemaker: BaseClient


@dataclass(frozen=True)
class Outcome:
    """How it stands after the verdict; `told` says whether a message was sent."""

    incident: Literal["none", "open", "ended"]
    told: bool
    training: str

    def as_event(self) -> dict[str, Any]:
        """The function's answer."""
        return {"incident": self.incident, "told": self.told, "training": self.training}


def answer(clients: Clients, configuration: Configuration, source: Place) -> Outcome:
    """Takes the verdict in S3 to the incident.

    What changes is written before people are told, and that they were told is written afterwards. So a message may come
    twice when something fails in between, but never not at all.

    Raises:
        InvalidRequest: there is no such verdict, or no data to train on.
        IncidentBusy: others wrote the incident at the same time, again and again.
    """
    s3, bucket = clients.s3, configuration.bucket
    content = memory.read(s3, source)
    verdict, report = Verdict.parse(content), source.beside("report.html")
    memory.remember(s3, verdict, content, source)
    alarming = ALARMING[configuration.alarm_on]
    incident = memory.change(s3, bucket, lambda known: advance(known, verdict, alarming, report.uri))
    if incident is None:
        return Outcome("none", told=False, training="")
    trains = wants_training(incident, verdict, configuration.retrain_on)
    if tells := not incident.told:
        _tell(clients.sns, configuration, message(incident, verdict, report, s3.meta.region_name, trains), incident)
        memory.change(s3, bucket, lambda known: _noted(known, incident, told=True))
    training = incident.training
    if trains:
        training = start_training(clients.sagemaker, s3, configuration, incident)
        memory.change(s3, bucket, lambda known: _noted(known, incident, training=training))
    return Outcome("open" if incident.open else "ended", tells, training or "")


def _noted(known: Incident | None, incident: Incident, **noted: Any) -> Incident | None:  # noqa: ANN401 - of each type
    """What was done, noted with the incident, unless that has begun or ended meanwhile."""
    same = known is not None and (known.number, known.open) == (incident.number, incident.open)
    return replace(known, **noted) if known is not None and same else known


def _tell(sns: BaseClient, configuration: Configuration, text: str, incident: Incident) -> None:
    sns.publish(
        TopicArn=configuration.topic_arn,
        Subject=subject(incident, configuration.environment),
        Message=text,
        MessageAttributes={"incident": {"DataType": "String", "StringValue": "open" if incident.open else "ended"}},
    )
