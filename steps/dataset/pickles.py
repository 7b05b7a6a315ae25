"""Reads pickles of plain values and numpy arrays without executing any other code that they refer to."""

import codecs
import io
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np

from steps.errors import ArchiveError, UnsafePickleError

_RECONSTRUCT: Callable[..., Any] = np.zeros(0).__reduce__()[0]  # type: ignore[assignment]

# numpy 2 moved `numpy.core` to `numpy._core`; Python 3 writes bytes as `_codecs.encode` into pickles for Python 2.
_ALLOWED: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy.core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): codecs.encode,
}

# Errors that the unpickler raises for a damaged or hostile pickle.
_BROKEN = (
    pickle.UnpicklingError,
    EOFError,
    AttributeError,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    MemoryError,
)


class _NumpyUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Callable[..., Any]:
        allowed = _ALLOWED.get((module, name))
        if allowed is None:
            raise UnsafePickleError(f"it asks for {module}.{name}, and only numpy arrays may be rebuilt")
        return allowed


def read_pickle(content: bytes, source: str) -> object:
    """Rebuild a pickle of Python 2 (text becomes bytes) or 3; `source` names it in errors.

    Raises UnsafePickleError if it refers to anything but numpy arrays, ArchiveError if it is broken.
    """
    try:
        return _NumpyUnpickler(io.BytesIO(content), encoding="bytes").load()
    except UnsafePickleError as error:
        raise UnsafePickleError(f"{source} is not safe to read: {error}. Use the official archive.") from error
    except _BROKEN as error:
        raise ArchiveError(f"{source} is not a readable pickle ({error}). Get the archive again.") from error
