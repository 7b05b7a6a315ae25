"""Reading definitions.

moto: reads a definition anew for each execution, which takes a tenth of a second and more. What it makes of one has no
state of its own (its maps share it among threads), so here it is kept.
"""

import functools

from local.states.mending import replace

KEPT = 64


def mend() -> None:
    """Lets the engine read each definition once."""
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

    parse = functools.lru_cache(maxsize=KEPT)(AmazonStateLanguageParser.parse)
    replace(AmazonStateLanguageParser, "parse", staticmethod(parse))
