"""What AWS itself answered, put to the local AWS by the program that comes with the recordings."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY

PROGRAM = REPOSITORY / "../shared/asl_recordings.py"
RECORDINGS = REPOSITORY / "../shared/asl-recordings/given"
PASSING = 828
# A function has one second for its start and its work here, which a busy machine does not keep.
IN_A_HURRY = "evaluate_jsonata/base_evaluate_expressions/base_task[TIMEOUT_SECONDS]"


@pytest.mark.slow
@pytest.mark.skipif(not (PROGRAM.exists() and RECORDINGS.exists()), reason=f"there are no recordings at {RECORDINGS}")
def test_nothing_differs_from_what_aws_answered(aws: Any, tmp_path: Path) -> None:
    written = tmp_path / "verdicts.json"
    arguments = [aws.endpoint_url, str(RECORDINGS), "--json", str(written)]
    subprocess.run([sys.executable, str(PROGRAM), *arguments], env=aws.environment, check=False, capture_output=True)
    results = json.loads(written.read_text())
    wrong = [(each["id"], each["why"]) for each in results if each["verdict"] in ("differs", "errors")]
    assert [(name, why) for name, why in wrong if name != IN_A_HURRY or "States.Timeout" not in why] == []
    # TestState is refused, with the error that AWS has for some wrong requests of it; that is no merit.
    verdicts = Counter(each["verdict"] for each in results if each["feature"] != "test-state")
    assert verdicts["pass"] >= PASSING
