"""Names of errors.

moto: a name that begins with `States.` cannot come out of a map, so that a timeout in one becomes States.Runtime;
States.ALL catches everything. AWS: names pass through, and States.ALL does not catch States.Runtime.
"""

from collections.abc import Callable
from typing import Any

from local.states.mending import replace, wrap

FATAL = "States.Runtime"


def mend() -> None:
    """Lets names of errors pass, and catches what AWS catches."""
    from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
    from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import ErrorEqualsDecl
    from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker

    replace(iteration_worker, "CustomErrorName", _name)
    replace(CustomErrorName, "__init__", ErrorName.__init__)
    wrap(ErrorEqualsDecl, "_eval_body", _compare)


def _name(error_name: str) -> Any:
    from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName

    return StatesErrorName.from_name(error_name) if error_name.startswith("States.") else CustomErrorName(error_name)


def _compare(compare: Callable[..., None], self: Any, env: Any) -> None:
    name = env.stack[-1].error_name if env.stack[-1] else None
    if name == FATAL and name not in [each.error_name for each in self.error_names]:
        env.stack[-1] = False
    else:
        compare(self, env)
