from types import SimpleNamespace
from typing import Any

from local.states.api.executions import _begin, _environment


def test_the_environment_is_there_before_the_thread_starts() -> None:
    worker = SimpleNamespace(env=None)
    worker._get_evaluation_environment = lambda: "environment"
    seen: list[Any] = []
    _begin(lambda self: seen.append(self.env), worker)
    assert seen == ["environment"]
    assert _environment(lambda _: "another", worker) == "environment"
