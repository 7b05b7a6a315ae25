"""Judges ECR's scan of an image: `python3 containers/findings.py FILE`, of what describe-image-scan-findings answered.

Exit code 1 where something critical or high has a fix that the image lacks. Amazon Inspector (enhanced scanning) says
whether there is a fix. Basic scanning does not, and knows Debian's packages only: the build has just taken all patches
that Debian has, so what basic scanning still finds is told, and does not fail.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SEVERE = ("CRITICAL", "HIGH")


def findings(answer: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """Each severe finding: whether it can be mended, and a line that says what it is."""
    found = answer.get("imageScanFindings", {})
    for each in found.get("enhancedFindings", []):
        if each.get("severity") in SEVERE:
            details = each.get("packageVulnerabilityDetails", {})
            packages = [_package(each) for each in details.get("vulnerablePackages", [])]
            line = f"{each['severity']} {details.get('vulnerabilityId', each.get('title', '?'))}: {', '.join(packages)}"
            yield each.get("fixAvailable") in ("YES", "PARTIAL"), line
    for each in found.get("findings", []):
        if each.get("severity") in SEVERE:
            known = {pair["key"]: pair.get("value", "") for pair in each.get("attributes", [])}
            package = f"{known.get('package_name', '?')} {known.get('package_version', '')}"
            yield False, f"{each['severity']} {each.get('name', '?')}: {package.strip()}"


def _package(package: Mapping[str, str]) -> str:
    fixed = package.get("fixedInVersion")
    return f"{package.get('name', '?')} {package.get('version', '')}{f' (mended in {fixed})' if fixed else ''}"


def main() -> int:
    """Prints what was found; returns the exit code."""
    answer = json.loads(Path(sys.argv[1]).read_text())
    status = answer.get("imageScanStatus", {}).get("status")
    if status not in ("COMPLETE", "ACTIVE"):  # ACTIVE: Inspector goes on looking
        print(f"the scan did not end: {status}")
        return 1
    found = sorted(set(findings(answer)), reverse=True)
    for mendable, line in found:
        print(f"{'MEND' if mendable else 'told'} {line}")
    return int(any(mendable for mendable, _ in found))


if __name__ == "__main__":
    sys.exit(main())
