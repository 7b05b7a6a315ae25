"""Two environments of one account keep apart: no policy of one matches a resource of the other."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings.model import RESERVED

INFRA = Path(__file__).parents[2] / "infra"
TEXT = "".join((INFRA / f"{name}.yaml").read_text() for name in ("storage", "application", "images", "delivery"))
ACCOUNT, REGION = "123456789012", "eu-west-1"
MADE = ("vehicles-v7-0a1b2c3d", "prepare-abc-xyz", "describe-a", "evaluate-a", "monitor-a", "training", "inference")


def suffixes() -> set[str]:
    """What follows the environment in the names of all resources: those of the templates, and those made later."""
    return set(re.findall(r"\$\{Project\}-\$\{Environment\}-([a-z][a-z-]*[a-z])", TEXT)) | set(MADE)


def named(text: str, environment: str) -> str:
    values = {"Project": "scones", "Environment": environment, "AWS::AccountId": ACCOUNT, "AWS::Region": REGION}
    return re.sub(r"\$\{([\w:]+)\}", lambda found: values.get(found[1], "aws"), text)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(child)


def patterns(resources: dict[str, dict[str, Any]], environment: str) -> list[str]:
    """Every ARN pattern in a policy that names the environment."""
    found = {text for text in texts(resources) if text.startswith("arn:") and "${Environment}" in text}
    return sorted(named(text, environment) for text in found)


@pytest.mark.parametrize(("one", "other"), [("prod", "prod-eu"), ("prod-eu", "prod"), ("a", "a-b-c"), ("dev", "dev2")])
def test_no_policy_matches_a_resource_of_another_environment(
    one: str, other: str, everything: dict[str, dict[str, Any]]
) -> None:
    mine = patterns(everything, one)
    assert len(mine) > 50
    for pattern in mine:
        for suffix in (*suffixes(), f"{ACCOUNT}-{REGION}", f"{ACCOUNT}-{REGION}/executions/a", "vehicles/7"):
            theirs = re.sub(rf"scones-{one}-[^:/]*", f"scones-{other}-{suffix}", pattern)
            assert not fnmatchcase(theirs, pattern), pattern


def test_no_pattern_ends_right_after_the_environment(everything: dict[str, dict[str, Any]]) -> None:
    assert "${Environment}-*" not in json.dumps(everything)


def test_no_environment_may_be_called_like_a_resource_of_another() -> None:
    assert {suffix.split("-")[0] for suffix in suffixes()} <= RESERVED
    assert {"storage", "application", "training", "monitoring", "vehicles", "inference", "review"} <= RESERVED
