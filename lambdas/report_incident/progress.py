"""How an incident begins, goes on and ends, from verdict to verdict."""

from dataclasses import replace
from datetime import datetime

from lambdas.report_incident.models import Incident, Verdict, Word


def advance(known: Incident | None, verdict: Verdict, alarming: tuple[Word, ...], report: str) -> Incident | None:
    """The incident after a verdict; None as long as there never was one.

    It begins with an alarming verdict and ends with one that is not. *Cannot tell* changes nothing: that nothing was
    captured does not say that all is well. Windows older than one that was looked at come too late.
    """
    if known is not None and verdict.end < datetime.fromisoformat(known.seen):
        return known
    alarm = verdict.word in alarming
    if known is None or not known.open:
        return _begun(known, verdict, report) if alarm else known
    ends = not alarm and verdict.word != "cannot_tell"
    # Whoever was never told of the beginning need not hear of the end.
    told = not known.told if ends else known.told
    return replace(known, seen=verdict.end.isoformat(), open=not ends, told=told)


def _begun(known: Incident | None, verdict: Verdict, report: str) -> Incident:
    return Incident(
        open=True,
        number=known.number + 1 if known else 1,
        since=verdict.since or verdict.start.isoformat(),
        text=verdict.causes[0][1] if verdict.causes else verdict.why,
        seen=verdict.end.isoformat(),
        report=report,
        told=False,
    )


def wants_training(incident: Incident, verdict: Verdict, retrain_on: tuple[str, ...]) -> bool:
    """Whether the training pipeline has to be started: once an incident, for a main cause that training may mend."""
    fitting = bool(verdict.causes) and verdict.causes[0][0] in retrain_on
    newest = verdict.end.isoformat() == incident.seen
    return newest and incident.open and incident.training is None and fitting
