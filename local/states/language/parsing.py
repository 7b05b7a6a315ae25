"""Reading definitions and paths.

moto: reads a definition anew for each execution, which takes a tenth of a second and more. What it makes of one has no
state of its own (its maps share it among threads), so here it is kept. So are JSONPaths, which it reads for each state.
"""

import functools

from local.states.mending import replace

KEPT = 64
PATHS = 1000


def mend() -> None:
    """Lets the engine read each definition and each path once."""
    from moto.stepfunctions.parser.asl.component.common.path import result_path
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
    from moto.stepfunctions.parser.asl.utils import json_path

    parse = functools.lru_cache(maxsize=KEPT)(AmazonStateLanguageParser.parse)
    replace(AmazonStateLanguageParser, "parse", staticmethod(parse))
    for module in (result_path, json_path):
        wanted = vars(module)["parse"]
        replace(module, "parse", functools.lru_cache(PATHS)(wanted))
