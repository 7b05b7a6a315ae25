"""JSONata.

moto: needs a Java machine; $hash and $uuid give a sentence as their value; texts in variables are not escaped; one
refused definition changes how later ones are read, because the list of query languages belongs to the class.
"""

import hashlib
import json
import random
import uuid
from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Json
from local.states.language.failures import query_failure
from local.states.mending import replace, wrap

HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def mend() -> None:
    """Lets the engine evaluate JSONata with a library of Python."""
    from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata
    from moto.stepfunctions.parser.asl.component.intrinsic import jsonata as functions
    from moto.stepfunctions.parser.asl.eval import states, variable_store
    from moto.stepfunctions.parser.asl.jsonata import jsonata
    from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

    replace(jsonata, "_eval_jsonata", evaluate)
    for module in (states, variable_store):
        replace(module, "encode_jsonata_variable_declarations", declarations)
    replace(functions, "_DECLARATION_BY_VARIABLE_REFERENCE", {})  # evaluate() has them all
    wrap(StringJSONata, "_eval_body", _evaluate)
    wrap(Preprocessor, "__init__", _begin)


def _evaluate(evaluate: Callable[..., None], self: Any, env: Any) -> None:
    from moto.stepfunctions.parser.asl.jsonata.jsonata import JSONataException

    try:
        evaluate(self, env)
    except JSONataException as error:
        cause = f"The JSONata expression '{self.expression}' threw an error during evaluation. {error.details}"
        raise query_failure(env, cause) from error


def _begin(begin: Callable[..., None], self: Any, *given: Any, **named: Any) -> None:
    begin(self, *given, **named)
    self._query_language_per_scope = []


def evaluate(expression: str) -> Json:
    """The value of an expression. Raises the engine's JSONataException."""
    from jsonata import Jsonata
    from jsonata.jexception import JException
    from moto.stepfunctions.parser.asl.jsonata.jsonata import JSONataException

    try:
        parsed = Jsonata(expression)
        for name, function in FUNCTIONS.items():
            parsed.register_lambda(name, function)
        return plain(parsed.evaluate(None))
    except (JException, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise JSONataException("UNKNOWN", str(error)) from error


def plain(value: Json) -> Json:
    """A value of JSON's own types; the library has its own for null and lists."""
    return json.loads(json.dumps(value, default=_own)) if not isinstance(value, str) else value


def _own(value: Any) -> Json:
    from jsonata.utils import Utils

    if value is Utils.NULL_VALUE:
        return None
    raise ValueError(f"a {type(value).__name__} is no JSON value")


def declarations(bindings: dict[str, Json]) -> str:
    """The statements that give variables their values."""
    return "".join(f"{name}:={json.dumps(value, default=str)};" for name, value in bindings.items())


def partition(items: list[Json], size: int) -> list[list[Json]]:
    """`$partition`: the list in parts."""
    return [items[start : start + int(size)] for start in range(0, len(items), int(size))]


def numbers(first: int, last: int, step: int) -> list[int] | int:
    """`$range`: the numbers from the first to the last, both included. As in any sequence, one is not a list."""
    found = list(range(int(first), int(last) + (1 if step > 0 else -1), int(step)))
    return found[0] if len(found) == 1 else found


def digest(value: Json, algorithm: str) -> str:
    """`$hash`: in hexadecimal digits."""
    if algorithm not in HASHES:
        raise ValueError(f"$hash: the algorithm must be one of {', '.join(HASHES)}, not {algorithm}")
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return hashlib.new(HASHES[algorithm], text.encode(), usedforsecurity=False).hexdigest()


def drawn(seed: float | None = None) -> float:
    """`$random`: a number of at least 0 and less than 1, always the same for the same seed."""
    return random.Random(seed).random()  # noqa: S311 - as JSONata defines it  # nosec B311


FUNCTIONS = {
    "partition": partition,
    "range": numbers,
    "hash": digest,
    "random": drawn,
    "uuid": lambda: str(uuid.uuid4()),
    "parse": json.loads,
}
