from typing import Any

import pytest
from werkzeug.routing import Map, Rule

from local.server.services import compiled_if_called


def test_an_address_can_be_built_although_nothing_is_compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    rule: Any = Rule
    monkeypatch.setattr(rule, "_compile_builder", compiled_if_called(rule._compile_builder))
    address = Map([Rule("/<name>/x", endpoint="x")]).bind("host")
    assert address.build("x", {"name": "n", "more": "m"}) == "/n/x?more=m"
    assert address.match("/n/x") == ("x", {"name": "n"})
