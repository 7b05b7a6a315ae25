from typing import Any

import pytest

from local.protocol.errors import DefinitionError
from local.sagemaker.pipelines.json_paths import walk

DOCUMENT: dict[str, Any] = {
    "a": {"b": [1, {"c.d": 2}]},
    "Outputs": [{"OutputName": "x", "Uri": "s3://x"}, {"OutputName": "y", "Uri": "s3://y"}],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("", DOCUMENT),
        ("a.b[0]", 1),
        ("a.b[1]['c.d']", 2),
        ('a.b[1]["c.d"]', 2),
        ("Outputs[1].Uri", "s3://y"),
        ("Outputs['x'].Uri", "s3://x"),
    ],
)
def test_paths(path: str, value: Any) -> None:
    assert walk(DOCUMENT, path, path) == value


@pytest.mark.parametrize(("path", "missing"), [("a.x", "x"), ("a.b[2]", "2"), ("a.b[0].c", "c"), ("Outputs['z']", "z")])
def test_a_path_that_leads_nowhere(path: str, missing: str) -> None:
    with pytest.raises(DefinitionError, match=rf"'whole' has no value: there is no '{missing}' on the path"):
        walk(DOCUMENT, path, "whole")
