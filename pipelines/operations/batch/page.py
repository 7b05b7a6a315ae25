"""The summary of a run for people: one HTML page, in the style of the reports."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jobs.pages import page_environment
from pipelines.operations.batch.totals import Totals
from pipelines.waiting.workflow_executions import REVIEWED

SUMMARY = "summary.html"
WORDS = {
    "accepted": "sent to a loading bay",
    **REVIEWED,
    "unusable": "unusable photo",
    "skipped": "no photo, skipped",
    "failed": "batch failed, no answer",
}


def page(document: Mapping[str, Any], totals: Totals) -> str:
    """Renders the page, with its style inside. `document` is the content of `totals.json`."""
    environment = page_environment(Path(__file__).parent)
    environment.filters["utc"] = lambda text: f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S}"
    shown = {name: found for name, found in totals.examples.items() if found}
    return environment.get_template(SUMMARY).render(**document, words=WORDS, examples=shown)
