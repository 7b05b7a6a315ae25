from types import SimpleNamespace

import pytest

from local.protocol.errors import LocalAwsError
from local.states.mending import replace, wrap


def test_what_moto_no_longer_has_stops_the_start() -> None:
    with pytest.raises(LocalAwsError, match=r"has no Engine\.evaluate, which"):
        replace(type("Engine", (), {}), "evaluate", len)


def test_a_wrapper_gets_the_method_and_what_it_is_called_with() -> None:
    owner = SimpleNamespace(add=lambda first, second: first + second)
    wrap(owner, "add", lambda add, *given: 10 * add(*given))
    assert owner.add(1, 2) == 30
