"""Says why a version of the model cannot be deployed. `deploy-model` refuses it, `scones registry` shows the reason.

Imports nothing, so that the command line can use it too.
"""

from collections.abc import Mapping
from typing import Any


def defect_of(described: Mapping[str, Any]) -> str:
    """Why no endpoint can serve a version, from the answer of DescribeModelPackage; empty if one can.

    Other tools register versions that our pipeline would not.
    """
    if (status := described.get("ModelPackageStatus", "Completed")) != "Completed":
        return f"its registration is {status}"
    containers = described.get("InferenceSpecification", {}).get("Containers", [])
    if len(containers) != 1:
        return f"it has {len(containers) or 'no'} containers, and one is needed"
    return "" if containers[0].get("ModelDataUrl") else "it names no model archive (ModelDataUrl)"
