import importlib
import sys

import pytest

from local.states.engine import import_utils_of_batch


def test_the_engine_does_not_bring_all_of_batch_and_others_get_it_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "moto.batch", raising=False)
    import_utils_of_batch()
    assert ("moto.batch" in sys.modules, "moto.batch.utils" in sys.modules) == (False, True)
    assert hasattr(importlib.import_module("moto.batch"), "batch_backends")
