r"""Intrinsic functions.

moto: arguments keep JSON's escapes, `\'` keeps its backslash, `\{` in a format fails, null is dropped, numbers with a
point are refused, illegal escapes are accepted, Base64 knows ASCII only. AWS: as the States Language says.
"""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Json
from local.states.language.failures import failure
from local.states.language.intrinsic_calls import Call, Path, Text, read_call
from local.states.mending import replace, wrap


class IntrinsicParser:
    """Takes the place of the engine's parser of the same name."""

    @staticmethod
    def parse(source: str) -> tuple[Any, None]:
        """The engine's component for a call, which is written as within a JSON text."""
        return _component(read_call(json.loads(f'"{source}"'))), None


def mend() -> None:
    """Lets the engine read and evaluate intrinsic functions as AWS does."""
    from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringIntrinsicFunction
    from moto.stepfunctions.parser.asl.component.intrinsic.function.statesfunction.encoding_decoding import (
        base_64_decode,
        base_64_encode,
    )
    from moto.stepfunctions.parser.asl.component.intrinsic.function.statesfunction.generic.string_format import (
        StringFormat,
    )
    from moto.stepfunctions.parser.asl.parse import preprocessor

    replace(preprocessor, "IntrinsicParser", IntrinsicParser)
    replace(StringFormat, "_eval_body", _format)
    replace(base_64_encode.Base64Encode, "_eval_body", _encode)
    replace(base_64_decode.Base64Decode, "_eval_body", _decode)
    wrap(StringIntrinsicFunction, "_eval_body", _evaluate)


def _evaluate(evaluate: Callable[..., None], self: Any, env: Any) -> None:
    try:
        evaluate(self, env)
    except (ValueError, TypeError, IndexError, NotImplementedError) as error:
        raise failure(env, "States.IntrinsicFailure", f"{self.literal_value}: {error}") from error


def _component(call: Call) -> Any:
    from moto.stepfunctions.parser.asl.component.intrinsic.argument.argument import ArgumentList
    from moto.stepfunctions.parser.asl.component.intrinsic.function.statesfunction.factory import StatesFunctionFactory
    from moto.stepfunctions.parser.asl.component.intrinsic.functionname.state_function_name_types import (
        StatesFunctionNameType,
    )
    from moto.stepfunctions.parser.asl.component.intrinsic.functionname.states_function_name import StatesFunctionName

    if call.name not in StatesFunctionNameType.__members__:
        raise ValueError(f"there is no intrinsic function States.{call.name}")
    name = StatesFunctionName(function_type=StatesFunctionNameType[call.name])
    arguments = ArgumentList(arguments=[_argument(argument) for argument in call.arguments])
    return StatesFunctionFactory.from_name(func_name=name, argument_list=arguments)


def _argument(argument: Call | Path | Text | Json) -> Any:
    from moto.stepfunctions.parser.asl.component.common.query_language import QueryLanguageMode
    from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringVariableSample
    from moto.stepfunctions.parser.asl.component.intrinsic.argument import argument as kinds

    if isinstance(argument, Call):
        return kinds.ArgumentFunction(function=_component(argument))
    if isinstance(argument, Text):
        literal: Any = kinds.ArgumentLiteral(definition_value=argument.value)
        literal.raw = argument.raw
        return literal
    if not isinstance(argument, Path):
        return kinds.ArgumentLiteral(definition_value=argument)
    if argument.text.startswith("$$"):
        return kinds.ArgumentContextPath(context_path=argument.text)
    if re.match(r"\$($|[.\[])", argument.text):
        return kinds.ArgumentJsonPath(json_path=argument.text)
    return kinds.ArgumentVar(StringVariableSample(QueryLanguageMode.JSONPath, argument.text))


def _format(self: Any, env: Any) -> None:
    self.argument_list.eval(env=env)
    template, *values = env.stack.pop()
    raw = getattr(self.argument_list.arguments[0], "raw", template)
    env.stack.append(interpolated(raw, [self._to_str_repr(value) for value in values]))


def interpolated(template: str, values: list[str]) -> str:
    """A template with each `{}` replaced by the next value, and its escapes resolved. Raises ValueError."""
    places = re.findall(r"\\.|\{\}", template).count("{}")
    if places != len(values):
        raise ValueError(f"the template has {places} places for {len(values)} values")
    following = iter(values)
    return re.sub(r"\\.|\{\}", lambda part: next(following) if part[0] == "{}" else Text(part[0]).value, template)


def _encode(self: Any, env: Any) -> None:
    env.stack.append(base64.b64encode(_text(self, env).encode()).decode())


def _decode(self: Any, env: Any) -> None:
    env.stack.append(base64.b64decode(_text(self, env), validate=True).decode())


def _text(self: Any, env: Any) -> str:
    self.argument_list.eval(env=env)
    (text,) = env.stack.pop()
    if not isinstance(text, str) or len(text) > self.MAX_INPUT_CHAR_LEN:
        raise ValueError(f"the argument must be a text of at most {self.MAX_INPUT_CHAR_LEN} characters")
    return text
