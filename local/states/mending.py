"""Puts our functions in the place of moto's where those are wrong. docs/decisions says why it is done from outside."""

import functools
from collections.abc import Callable
from typing import Any

from local.protocol.errors import LocalAwsError


def replace(owner: Any, name: str, replacement: Any) -> Any:
    """Replaces an attribute of one of moto's modules or classes; the attribute that was there.

    Raises LocalAwsError if moto has it no more: a mending that mends nothing must not go unnoticed.
    """
    if not hasattr(owner, name):
        place = getattr(owner, "__qualname__", getattr(owner, "__name__", owner))
        raise LocalAwsError(f"This version of moto has no {place}.{name}, which the local AWS has to put right")
    original = getattr(owner, name)
    setattr(owner, name, replacement)
    return original


def wrap(owner: Any, name: str, wrapper: Callable[..., Any]) -> None:
    """Puts a function around a method: it is called with the method, and what that would be called with."""
    original = replace(owner, name, None)

    @functools.wraps(original)
    def wrapped(*given: Any, **named: Any) -> Any:
        return wrapper(original, *given, **named)

    setattr(owner, name, wrapped)


def replace_everywhere(original: Any, name: str, replacement: Any) -> None:
    """Replaces a function of moto's Step Functions in every module that has imported it by name."""
    import sys

    modules = [module for key, module in sys.modules.items() if key.startswith("moto.stepfunctions")]
    for module in modules:
        if vars(module).get(name) is original:
            setattr(module, name, replacement)
