"""`scones workflow show` of an execution that the main job ran."""

from typing import Any

import pytest
from end_to_end.support import MARKS, Scones

pytestmark = MARKS


def test_an_execution_is_shown_in_the_terminal_and_as_a_picture(standing: Scones, first: dict[str, Any]) -> None:
    name = first["workflow"][0]["name"]
    shown = standing.here("workflow", "show", name)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    head, _, *rows, path = shown.stdout.splitlines()
    assert head.startswith(f"{name}  SUCCEEDED after ")
    assert [row.split()[:2] for row in rows[:4]] == [
        [state, "succeeded"] for state in ("SerializeImage", "ClassifyImage", "FilterInference", "Decide")
    ]
    assert all(" B → " in row or "kB → " in row for row in rows)
    picture = standing.build / "pictures" / "executions" / f"{name}.svg"
    assert path == str(picture)
    assert "✓ succeeded · " in picture.read_text()


@pytest.mark.parametrize("name", ["never-started", "arn:aws:states:eu-west-1:123456789012:execution:none:none"])
def test_an_execution_that_was_never_started(standing: Scones, first: dict[str, Any], name: str) -> None:
    shown = standing.here("workflow", "show", name)
    assert (shown.returncode, "there is no execution" in shown.stderr) == (4, True)
