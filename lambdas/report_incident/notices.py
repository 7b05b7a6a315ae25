"""The texts that people get."""

from lambdas.report_incident.models import Incident, Place, Verdict
from lambdas.shared.uris import console_link

LONGEST_SUBJECT = 100  # of an SNS message, in ASCII


def subject(incident: Incident, environment: str) -> str:
    """One line for the subject of a mail."""
    text = "the model cannot be trusted" if incident.open else "the model can be trusted again"
    return f"{environment}: {text}".encode("ascii", "replace").decode()[:LONGEST_SUBJECT]


def message(incident: Incident, verdict: Verdict, report: Place, region: str, trains: bool) -> str:
    """What began or ended, since when, and where the report is."""
    first = f"Incident {incident.number}: {incident.text}."
    more = [f"Also: {text}." for _, text in verdict.causes[1:]] if incident.open else []
    ended = [] if incident.open else [f"It ended: the window to {_minute(verdict.end.isoformat())} is well again."]
    training = ["Training: the pipeline is being started with the latest data."] if trains else []
    window = f"Window: {_minute(verdict.start.isoformat())} to {_minute(verdict.end.isoformat())}"
    lines = [first, *ended, *more, f"Since: {_minute(incident.since)}", window, *training]
    return "\n".join([*lines, f"Report: {console_link(report.uri, region)}", f"        {report.uri}"]) + "\n"


def _minute(time: str) -> str:
    return time[:16].replace("T", " ") + " UTC"
