r"""Choice states.

moto: a comparison with a path that is not there is false, no choice at all is States.Runtime, StringMatches takes `?`
and `[` as wildcards, timestamps have whole seconds and no offset. AWS: only IsPresent may look at a missing path, the
error is States.NoChoiceMatched, the only wildcard is `*` (`\*` is the character), timestamps are those of RFC 3339.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local.protocol.json_types import Json
from local.states.language.failures import failure
from local.states.mending import replace, wrap

TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


def mend() -> None:
    """Lets the engine compare as AWS does."""
    from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison_func import ComparisonFuncValue
    from moto.stepfunctions.parser.asl.component.state.choice.comparison.operator.implementations import (
        is_operator,
        string_operators,
    )
    from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice

    replace(string_operators.StringMatches, "_compare", staticmethod(matches))
    replace(is_operator.IsTimestamp, "string_to_timestamp", staticmethod(timestamp))
    wrap(ComparisonFuncValue, "_eval_body", _compare)
    wrap(StateChoice, "_eval_state", _choose)


def _compare(compare: Callable[..., None], self: Any, env: Any) -> None:
    _refuse_missing(self.operator_type.name, env)
    compare(self, env)


def _choose(choose: Callable[..., None], self: Any, env: Any) -> None:
    try:
        choose(self, env)
    except RuntimeError as error:
        if "No branching option reached" not in str(error.args[0]):
            raise
        raise failure(env, "States.NoChoiceMatched", "No choice rule matched, and there is no Default") from error


def _refuse_missing(operator: str, env: Any) -> None:
    from moto.stepfunctions.parser.asl.component.state.choice.comparison.variable import NoSuchVariable

    value = env.stack[-1] if env.stack else None
    if isinstance(value, NoSuchVariable) and operator != "IsPresent":
        path = value.path.partition(",")[0]
        cause = f"Invalid path '{path}': The choice state's condition path references an invalid value."
        raise failure(env, "States.Runtime", cause)


def matches(value: Json, wanted: str) -> bool:
    """Whether a value is a text like `wanted`, in which `*` stands for any characters."""
    if not isinstance(value, str):
        return False
    parts = re.findall(r"\\.|\*|[^\\*]+|\\", wanted)
    pattern = "".join(".*" if part == "*" else re.escape(re.sub(r"\\(.)", r"\1", part)) for part in parts)
    return re.fullmatch(pattern, value, re.DOTALL) is not None


def timestamp(text: Json) -> datetime | None:
    """The time that a text gives by RFC 3339, in UTC; None if it gives none."""
    if not isinstance(text, str) or not TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None
