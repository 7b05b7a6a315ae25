"""The incident and the verdicts in S3. Of two writers at the same time, one has to read again."""

import json
from collections.abc import Callable

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.report_incident.models import Incident, Place, Verdict
from lambdas.shared.errors import IncidentBusy, InvalidRequest
from lambdas.shared.objects import get_if_there

CURRENT = "incidents/current.json"
REFUSED = {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}  # another one has written meanwhile
ATTEMPTS = 5

Change = Callable[[Incident | None], Incident | None]


def read(s3: BaseClient, place: Place) -> bytes:
    """An object's content; raises InvalidRequest if there is none."""
    found = get_if_there(s3, place.bucket, place.key)
    if found is None:
        raise InvalidRequest(f"{place.uri} does not exist")
    content: bytes = found["Body"].read()
    return content


def change(s3: BaseClient, bucket: str, how: Change) -> Incident | None:
    """Changes the incident, from what it is at that moment, and returns what it is then.

    Raises IncidentBusy if others write it at the same time, again and again.
    """
    for _ in range(ATTEMPTS):
        known, mark = _recall(s3, bucket)
        found = how(known)
        if found is None or found == known or _keep(s3, bucket, found, mark):
            return found
    raise IncidentBusy("others write the incident at the same time; run the monitoring pipeline again")


def remember(s3: BaseClient, verdict: Verdict, content: bytes, source: Place) -> None:
    """Copies a verdict to the history from which the index is made; that on the same window is replaced."""
    name = f"{verdict.start:%Y%m%dT%H%M%S}-{verdict.end:%Y%m%dT%H%M%S}"
    document = {**json.loads(content), "report": source.beside("report.html").uri}
    body = json.dumps(document, ensure_ascii=False, indent=1).encode()
    s3.put_object(Bucket=source.bucket, Key=f"verdicts/{name}/verdict.json", Body=body)


def _recall(s3: BaseClient, bucket: str) -> tuple[Incident | None, str | None]:
    """The incident, and the mark of its present state; None without any."""
    found = get_if_there(s3, bucket, CURRENT)
    return (None, None) if found is None else (Incident.parse(found["Body"].read()), found["ETag"])


def _keep(s3: BaseClient, bucket: str, incident: Incident, mark: str | None) -> bool:
    """Writes the incident unless it has another mark by now; returns whether it did."""
    condition = {"IfMatch": mark} if mark else {"IfNoneMatch": "*"}
    try:
        s3.put_object(Bucket=bucket, Key=CURRENT, Body=incident.to_json(), **condition)
    except ClientError as error:
        if error.response["Error"]["Code"] in REFUSED:
            return False
        raise
    return True
