"""How often Python looks for garbage: objects that refer to one another, and that nothing else refers to."""

import gc

MADE = 10_000  # objects, after which it looks; 700 by default
ROUNDS = 10  # of looking among the young, after which it looks among the older ones, too


def look_later() -> None:
    """Does not let Python look before `look_less_often`. Meanwhile modules are imported, which are no garbage."""
    gc.disable()


def look_less_often() -> None:
    """Lets Python look less often, and never again among what there is now: modules and models, which stay."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(MADE, ROUNDS, ROUNDS)
