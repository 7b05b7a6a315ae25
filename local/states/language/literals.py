r"""Texts in definitions.

moto: names and values keep JSON's escapes, such as `\"` in a variable. AWS: they are what the JSON text means.
"""

import json
from typing import Any

from local.states.mending import replace, replace_everywhere


def mend() -> None:
    """Lets the engine decode texts."""
    from moto.stepfunctions.parser.asl.antlt4utils.antlr4utils import from_string_literal
    from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

    replace_everywhere(from_string_literal, "from_string_literal", decoded)
    replace(Preprocessor, "_inner_string_of", staticmethod(decoded))


def decoded(parser_rule_context: Any) -> str | None:
    """The text that a piece of a definition means; None if it is null."""
    text: str = parser_rule_context.getText()
    if text == "null":
        return None
    return str(json.loads(text, strict=False)) if text.startswith('"') else text
