"""The local AWS of this folder enforces IAM, and people and a push act as their roles: those suffice, and are needed.

This file comes last in its folder, because it looks at what all others have needed.
"""

from pathlib import Path

import pytest
from end_to_end.needs import missing
from end_to_end.support import MARKS, Scones

pytestmark = MARKS


def test_without_any_statement_of_the_document_something_here_would_have_been_denied(
    delivering: Scones, approved: list[str], request: pytest.FixtureRequest
) -> None:
    ran = {item.path for item in request.session.items}
    if not ran >= set(Path(__file__).parent.glob("test_*.py")):
        pytest.skip("only all files of this folder together need everything")
    assert missing(delivering, delivering=True) == {}
