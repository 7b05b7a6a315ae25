"""Prints model versions as terminal tables, the command-line counterpart of the decision page."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from lambdas.shared.production import newest_approved
from pipelines.registry.evaluations import EvaluatedVersion
from pipelines.registry.versions import ModelVersion
from steps.evaluation.wording import NOTHING, NUMBERS, SHARES, points

STATUS_STYLES = {"Approved": "green", "Rejected": "red", "PendingManualApproval": "yellow"}
STATUS_WORDS = {"PendingManualApproval": "pending"}
REBASED = ("rebased_from", "image")  # which only versions have that were rebased
DECIDED = re.compile(r"\w+ \d{4}-\d\d-\d\d \d\d:\d\dZ( by \S+)?: ")  # how `decisions.decide` begins
OUTCOMES = {True: Text("passed", "green"), False: Text("failed", "red"), None: Text("not measured", "yellow")}
PROVENANCE = (
    "champion", "git_commit", "execution", "data_digest", "data_uri", "code_digest", "evaluation", "decision_page",
)  # fmt: skip


def listing_verdict(known: Sequence[ModelVersion], champion: ModelVersion | None) -> str:
    """The state of the registry in one line."""
    parts = [f"version {champion.version} is in production" if champion else "no version is in production"]
    if pending := [str(each.version) for each in known if each.status == "PendingManualApproval"]:
        parts.append(f"{', '.join(pending)} wait{'s' if len(pending) == 1 else ''} for an approver")
    return "; ".join(parts)


def listing(known: Sequence[ModelVersion], served: Collection[str]) -> Table:
    """All versions with their figures, status and the reason for the latest decision."""
    table = _table("Version", "Status", "Serves", "Accuracy", "Decided", "Registered", "Reason")
    wanted = newest_approved(known)
    for each in known:
        table.add_row(
            str(each.version),
            status(each),
            "yes" if each.arn in served else "",
            _from_metadata(each.metadata, "accuracy"),
            _from_metadata(each.metadata, "coverage"),
            f"{each.created:%Y-%m-%d %H:%M}",
            _remark(each, waits=each == wanted and each.lacks_instances),
        )
    return table


def _remark(version: ModelVersion, *, waits: bool) -> Text:
    """Why a version cannot be or is not deployed, and the reason for the latest decision on it."""
    latest = version.reasons[0] if version.reasons else ""
    begun = DECIDED.match(latest)  # not where somebody has decided with another program
    reason = latest[begun.end() :] if begun else latest
    defect = f"not deployable: {version.defect}" if version.defect else ""
    rolled_back = "rolled back" if version.rolled_back else ""
    waiting = "waits for instances" if waits else ""
    return Text("; ".join(filter(None, (defect, rolled_back, waiting, reason))))


def status(version: ModelVersion) -> Text:
    """The approval status in colour."""
    return Text(STATUS_WORDS.get(version.status, version.status.lower()), style=STATUS_STYLES.get(version.status, ""))


def gates(document: Mapping[str, Any]) -> Table:
    """The quality gates with their margins. In older evaluations all limits are minimums."""
    table = _table("Gate", "Reached", "Limit", "Margin", "Outcome")
    for gate in document["gates"]:
        value, maximum = gate["value"], gate.get("maximum")
        limit, words = (gate["minimum"], "at least") if maximum is None else (maximum, "at most")
        margin = _difference(value, limit) if maximum is None else _difference(limit, value)
        name, outcome = gate["name"].replace("_", " "), OUTCOMES[gate["passed"]]
        table.add_row(name, _percent(value), f"{words} {percent(limit)}", margin, outcome)
    if document["champion"] is None:
        table.add_row("champion", NOTHING, NOTHING, NOTHING, "none in production")
    elif document["champion"]["incomparable"]:
        table.add_row("champion", NOTHING, NOTHING, NOTHING, "not comparable")
    return table


def side_by_side(here: Mapping[str, Any], there: Mapping[str, Any] | None, titles: tuple[str, str]) -> Table:
    """Compares the figures of two evaluations, overall and for each class.

    `there` may also be the `measurements` of a champion, or None.
    """
    table = _table("", *titles, "Difference")
    for key, name in SHARES.items():
        pair = (_share(here, key), _share(there, key))
        table.add_row(name, *map(_percent, pair), _difference(*pair))
    for key, name in NUMBERS.items():
        table.add_row(name, *(f"{each[key]:.3f}" if each else NOTHING for each in (here, there)), "")
    for label, scores in here["per_class"].items():
        other = there["per_class"].get(label) if there else None
        pair = (scores["recall"], other["recall"] if other else None)
        table.add_row(f"Recall of {label.replace('_', ' ')}", *map(_percent, pair), _difference(*pair))
    return table


def provenance(version: ModelVersion) -> Table:
    """The provenance of a version: commit, execution, data and code."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name in (*PROVENANCE, *(each for each in REBASED if each in version.metadata)):
        table.add_row(name.replace("_", " "), Text(version.metadata.get(name, NOTHING)))
    return table


def compare_verdict(one: EvaluatedVersion, other: EvaluatedVersion) -> str:
    """Compares two versions in words, with the paired test where one was the champion in the other's evaluation."""
    if one.was_compared_with(other):
        return f"{one.document['headline']}. {one.document['explanation']}"
    names = f"version {one.version.version} and version {other.version.version}"
    if one.document["data_digest"] != other.document["data_digest"]:
        return f"{names} were measured on different data, so their figures cannot be compared"
    if other.was_compared_with(one):
        return f"Version {other.version.version}, when version {one.version.version} was in production: " + (
            f"{other.document['headline']}. {other.document['explanation']}"
        )
    difference = points(one.document["accuracy"] - other.document["accuracy"])
    return f"{names} were never compared: {difference} points of accuracy on the same photos, without a paired test"


def percent(share: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{share:.1%}"


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for index, name in enumerate(columns):
        right = index > 0 and name not in ("Status", "Serves", "Reason", "Outcome", "Registered")
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    return table


def _from_metadata(metadata: Mapping[str, str], key: str) -> str:
    """A share that was registered with a version; other tools may have put anything there."""
    try:
        return percent(float(metadata[key]))
    except (KeyError, ValueError):
        return NOTHING


def _share(measured: Mapping[str, Any] | None, key: str) -> float | None:
    """A figure as a number; None if older evaluations lack it, or if it is of accepted photos and there are none."""
    if measured is None or (key == "accuracy_of_accepted" and not measured["coverage"]):
        return None
    return measured.get(key)


def _percent(share: float | None) -> str:
    return NOTHING if share is None else percent(share)


def _difference(here: float | None, there: float | None) -> str:
    return "" if here is None or there is None else points(here - there)
