"""The text that approvers get."""

from lambdas.announce_version.version import Version
from lambdas.shared.uris import console_link

LONGEST_SUBJECT = 100  # of an SNS message, in ASCII
# What the training pipeline registers with a version, as people call it.
FIGURES = {
    "accuracy": "accuracy",
    "coverage": "decided without a person",
    "accuracy_of_accepted": "accuracy of these",
    "robust_accuracy": "accuracy on changed photos",
}


def subject(version: Version, environment: str) -> str:
    """One line for the subject of a mail."""
    line = f"{environment}: model version {version.number} waits for your decision"
    return line.encode("ascii", "replace").decode()[:LONGEST_SUBJECT]


def text(version: Version, headline: str, environment: str, region: str) -> str:
    """The verdict, the figures, where the decision page is, and how to decide."""
    figures = [
        f"  {name}: {_percent(version.metadata[key])}" for key, name in FIGURES.items() if key in version.metadata
    ]
    rebased = [_rebased(version)] if "rebased_from" in version.metadata else []
    page = version.metadata.get("decision_page", "")
    where = [f"Decision page: {console_link(page, region)}"] if page.startswith("s3://") else []
    command = f"scones --env {environment} registry"
    commands = [
        "A link to the page that works without a console, for an hour:",
        f"  {command} page {version.number}",
        "Decide, with a reason that is kept:",
        f"  {command} approve {version.number} --reason …",
        f"  {command} reject {version.number} --reason …",
    ]
    return "\n".join([headline, *rebased, *figures, *where, *commands, version.arn]) + "\n"


def _rebased(version: Version) -> str:
    """What a version is that nobody has trained: the model of another one in another container image."""
    origin = version.metadata["rebased_from"].rpartition("/")[2]
    return f"It is the model of version {origin}, in another image: {version.metadata.get('image', 'unknown')}"


def _percent(value: str) -> str:
    """A share as a percentage; other texts as they are."""
    try:
        return f"{float(value):.1%}"
    except ValueError:
        return value
