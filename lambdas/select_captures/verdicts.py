"""Finds the verdicts on earlier windows, as far back as the page about all windows shows them."""

from datetime import datetime

from botocore.client import BaseClient

from lambdas.select_captures.request import Folder
from windows.history import shown_since
from windows.spans import LENGTHS


def find_verdicts(s3: BaseClient, folder: Folder, now: datetime) -> list[str]:
    """The keys of the verdicts that the page of today shows.

    Folders are named by when their windows begin and end, so that S3 lists them in the order of time. No window is
    longer than a day.
    """
    first = f"{shown_since(now) - LENGTHS['day']:%Y%m%dT%H%M%S}"
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=folder.bucket, Prefix=f"{folder.key}/", StartAfter=folder.inside(first)
    )
    keys = (each["Key"] for page in pages for each in page.get("Contents", []))
    return [key for key in keys if key.endswith("/verdict.json")]
