"""The keys of the review: one for each class, and some for everything else."""

import string
from collections.abc import Sequence

NONE, SKIP, UNDO, CANNOT_TELL, QUIT = "n", "s", "u", "x", "q"
TAKEN = (NONE, SKIP, UNDO, CANNOT_TELL, QUIT)


def class_keys(classes: Sequence[str]) -> dict[str, str]:
    """A key for each class: the first letter of its name that is free, or else a digit or any letter.

    Classes beyond the number of keys have none, and must be clicked.
    """
    keys: dict[str, str] = {}
    for name in classes:
        letters = [letter for letter in name.lower() if letter in string.ascii_lowercase]
        candidates = [*letters, *string.digits[1:], *string.ascii_lowercase]
        free = [key for key in candidates if key not in TAKEN and key not in keys.values()]
        if free:
            keys[name] = free[0]
    return keys
