"""ResultPath and ItemsPath.

moto: a result that cannot be put where ResultPath says is an error of Python's, and ItemsPath to something else than a
list is an error of JSONata. AWS: States.ResultPathMatchFailure, and States.Runtime.
"""

from collections.abc import Callable
from typing import Any

from local.states.language.failures import failure
from local.states.mending import wrap


def mend() -> None:
    """Lets both fail as on AWS."""
    from moto.stepfunctions.parser.asl.component.common.path.items_path import ItemsPath
    from moto.stepfunctions.parser.asl.component.common.path.result_path import ResultPath

    wrap(ResultPath, "_eval_body", _put)
    wrap(ItemsPath, "_eval_body", _select)


def _put(put: Callable[..., None], self: Any, env: Any) -> None:
    try:
        put(self, env)
    except (TypeError, AttributeError, LookupError) as error:
        cause = f"Unable to put the result at '{self.result_path_src}' of the input: {error}"
        raise failure(env, "States.ResultPathMatchFailure", cause) from error


def _select(select: Callable[..., None], self: Any, env: Any) -> None:
    select(self, env)
    if not isinstance(env.stack[-1], list):
        path = self.string_sampler.literal_value
        raise failure(env, "States.Runtime", f'Reference path "{path}" must point to array.')
