"""What a scan of an image found, and whether the build fails."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from unit.containers.scans import BASIC, ENHANCED, answer

from containers.findings import findings, main


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`judge(answer)`: the exit code, and what is printed."""

    def run(content: dict[str, Any]) -> tuple[int, str]:
        file = tmp_path / "answer.json"
        file.write_text(json.dumps(content))
        monkeypatch.setattr(sys, "argv", ["findings.py", str(file)])
        return main(), capsys.readouterr().out

    return run


def scan(status: str, **found: Any) -> dict[str, Any]:
    return answer(**found) | {"imageScanStatus": {"status": status}}


def test_what_can_be_mended_comes_first_and_fails_the_build(judge: Any) -> None:
    told = {**ENHANCED, "severity": "CRITICAL", "fixAvailable": "NO"}
    code, said = judge(scan("ACTIVE", enhancedFindings=[told, ENHANCED, ENHANCED], findings=[BASIC]))
    assert (code, said.splitlines()) == (
        1,
        [
            "MEND HIGH CVE-1: pillow 1 (mended in 2)",
            "told CRITICAL CVE-2: zlib 1.3",
            "told CRITICAL CVE-1: pillow 1 (mended in 2)",
        ],
    )


def test_nothing_severe_passes(judge: Any) -> None:
    assert judge(scan("COMPLETE")) == (0, "")
    assert judge({"imageScanStatus": {"status": "ACTIVE"}}) == (0, "")
    mild = {"severity": "MEDIUM"}
    assert judge(scan("COMPLETE", enhancedFindings=[{**ENHANCED, **mild}], findings=[{**BASIC, **mild}])) == (0, "")


@pytest.mark.parametrize(("content", "status"), [(scan("FAILED"), "FAILED"), ({}, "None")])
def test_a_scan_that_did_not_end_fails(judge: Any, content: dict[str, Any], status: str) -> None:
    assert judge(content) == (1, f"the scan did not end: {status}\n")


@pytest.mark.parametrize(("available", "mendable"), [("YES", True), ("PARTIAL", True), ("NO", False)])
def test_a_fix_may_be_for_a_part(available: str, mendable: bool) -> None:
    found = findings(answer(enhancedFindings=[{**ENHANCED, "fixAvailable": available}]))
    assert [each for each, _ in found] == [mendable]


def test_what_the_scan_does_not_say_is_shown_as_unknown() -> None:
    bare = {"severity": "HIGH"}
    packages = [{"name": "pillow"}, {"version": "2"}]
    several = {**bare, "packageVulnerabilityDetails": {"vulnerablePackages": packages}}
    unnamed = {**bare, "attributes": [{"key": "package_version"}]}
    found = answer(enhancedFindings=[{**bare, "title": "weak"}, bare, several, {}], findings=[bare, unnamed, {}])
    assert list(findings(found)) == [
        (False, "HIGH weak: "),
        (False, "HIGH ?: "),
        (False, "HIGH ?: pillow , ? 2"),
        (False, "HIGH ?: ?"),
        (False, "HIGH ?: ?"),
    ]
