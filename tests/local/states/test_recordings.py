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
PASSING = 716


@pytest.mark.slow
@pytest.mark.skipif(not (PROGRAM.exists() and RECORDINGS.exists()), reason=f"there are no recordings at {RECORDINGS}")
def test_nothing_differs_from_what_aws_answered(aws: Any, tmp_path: Path) -> None:
    verdicts = tmp_path / "verdicts.json"
    arguments = [aws.endpoint_url, str(RECORDINGS), "--json", str(verdicts)]
    subprocess.run([sys.executable, str(PROGRAM), *arguments], env=aws.environment, check=False, capture_output=True)
    results = json.loads(verdicts.read_text())
    wrong = [(each["id"], each["why"]) for each in results if each["verdict"] in ("differs", "errors")]
    assert not wrong
    assert Counter(each["verdict"] for each in results)["pass"] >= PASSING
