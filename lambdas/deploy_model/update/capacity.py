"""Tells a lack of instances from a version that fails: it is not the version's fault, and it passes.

SageMaker has no code for it, only words in the endpoint's FailureReason: "Unable to provision requested ML compute
capacity due to InsufficientInstanceCapacity error. Please retry using a different ML instance type or after some time."
(quoted by pull request 6673 of aws/deep-learning-containers). A quota is told in the words of ResourceLimitExceeded:
"The account-level service limit 'ml.m5.large for endpoint usage' is 2 Instances, …".
"""

from datetime import datetime, timedelta

WORDS = (
    "insufficientinstancecapacity",
    "unable to provision requested ml compute capacity",
    "capacityerror",
    "resourcelimitexceeded",
    "account-level service limit",
)
PAUSE = timedelta(minutes=30)  # shorter than the hour after which the schedule looks again


def is_lack_of_instances(reason: str) -> bool:
    """Whether the reason of a failed change says that there were no instances for it."""
    said = reason.lower()
    return any(words in said for words in WORDS)


def tried_lately(since: str | None, now: datetime) -> bool:
    """Whether it is too early to try again; `since` is when instances lacked last, as its mark has it."""
    try:
        return since is not None and now - datetime.fromisoformat(since) < PAUSE
    except (ValueError, TypeError):  # somebody else has written the tag
        return False
