"""Tells approvers of something once, however many executions see it at the same time.

Each notice is an object in the bucket. S3 lets one of several writers make it, and that one tells. The object then says
that people were told, and stays as a record of what.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.shared.objects import get_if_there
from lambdas.shared.uris import split

FOLDER = "deployments"
LONGEST_SUBJECT = 100  # of an SNS message, in ASCII
LONGEST_CALL = timedelta(minutes=5)  # whoever has begun to tell has told by then, or was cut off: calls are shorter
REFUSED = {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}  # another one was quicker


@dataclass(frozen=True)
class Notice:
    """What people are told. Two notices of the same `occasion` are the same."""

    occasion: str
    line: str
    message: str


def tell_once(aws: Clients, configuration: Configuration, notice: Notice, now: datetime) -> bool:
    """Tells approvers, unless somebody has; False while somebody else is telling them.

    Should this call be cut off after people were told and before that is written, they are told again.
    """
    bucket, _ = split(configuration.baseline_uri)
    key = f"{FOLDER}/{notice.occasion}.json"
    place = {"Bucket": bucket, "Key": key}
    found = get_if_there(aws.s3, bucket, key)
    known = json.loads(found["Body"].read()) if found else {}
    if known.get("told"):
        return True
    if known and now - datetime.fromisoformat(known["since"]) < LONGEST_CALL:
        return False
    if not _take_on(aws.s3, place, notice, now, found["ETag"] if found else None):
        return False
    told = False
    try:
        subject = subject_of(notice.line, configuration.environment)
        aws.sns.publish(TopicArn=configuration.topic_arn, Subject=subject, Message=notice.message)
        told = True
    finally:
        if not told:
            aws.s3.delete_object(**place)  # the next call tells
    aws.s3.put_object(**place, Body=_document(notice, now, told=True))
    return True


def subject_of(line: str, environment: str) -> str:
    """One line for the subject of a mail."""
    return f"{environment}: {line}".encode("ascii", "replace").decode()[:LONGEST_SUBJECT]


def _take_on(s3: BaseClient, place: dict[str, str], notice: Notice, now: datetime, mark: str | None) -> bool:
    """Makes the notice's object, or replaces that of a call that was cut off; whether nobody else was quicker."""
    condition = {"IfMatch": mark} if mark else {"IfNoneMatch": "*"}
    try:
        s3.put_object(**place, Body=_document(notice, now, told=False), **condition)
    except ClientError as error:
        if error.response["Error"]["Code"] in REFUSED:
            return False
        raise
    return True


def _document(notice: Notice, now: datetime, *, told: bool) -> bytes:
    document: dict[str, Any] = {"told": told, "since": now.isoformat(), "line": notice.line, "message": notice.message}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
