"""Reads pickles of plain values and numpy arrays without executing any other code that they refer to."""

import io
import pickle
import pickletools
from typing import Any

import numpy as np

from steps.errors import ArchiveError, UnsafePickleError

MOST_OPERATIONS = 2_000_000  # the largest official member has 0.3 million


def _reconstruct(_: object, shape: object, __: object) -> "np.ndarray[Any, Any]":
    """An empty array, which the pickle then fills from the bytes that it holds."""
    if shape != (0,):
        raise UnsafePickleError("it asks for an array of a size of its own")
    return np.zeros(0, np.uint8)


def _encode(text: str, encoding: str) -> bytes:
    """Bytes from text, as Python 3 writes them for Python 2. Other encodings than this one could multiply its size."""
    if encoding not in {"latin1", "latin-1"}:
        raise UnsafePickleError(f"it asks for the encoding {encoding!r}")
    return text.encode("latin-1")


# numpy 2 moved `numpy.core` to `numpy._core`; Python 3 writes bytes as `_codecs.encode` into pickles for Python 2. The
# class ndarray is only an argument of `_reconstruct`: called, it would make arrays of any size.
_ALLOWED: dict[tuple[str, str], object] = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): "numpy.ndarray",
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): _encode,
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
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - a function, a class, or the name of one
        allowed = _ALLOWED.get((module, name))
        if allowed is None:
            raise UnsafePickleError(f"it asks for {module}.{name}, and only numpy arrays may be rebuilt")
        return allowed


def read_pickle(content: bytes, source: str) -> object:
    """Rebuild a pickle of Python 2 (text becomes bytes) or 3; `source` names it in errors.

    Memory is bounded: by the size of the pickle, and by the number of its operations.

    Raises UnsafePickleError if it refers to anything but numpy arrays, ArchiveError if it is broken.
    """
    try:
        _check_size(content)
        return _NumpyUnpickler(io.BytesIO(content), encoding="bytes").load()
    except UnsafePickleError as error:
        raise UnsafePickleError(f"{source} is not safe to read: {error}. Use the official archive.") from error
    except _BROKEN as error:
        raise ArchiveError(f"{source} is not a readable pickle ({error}). Get the archive again.") from error


def _check_size(content: bytes) -> None:
    """Checks, before anything is made, how many objects a pickle makes and that it numbers them from 0 on.

    The unpickler makes room for all objects up to the highest number, which may be any.
    """
    for count, (operation, argument, _) in enumerate(pickletools.genops(content), start=1):
        number = int(argument or 0) if operation.name in {"PUT", "BINPUT", "LONG_BINPUT"} else 0
        if count > MOST_OPERATIONS or number > count:
            raise UnsafePickleError("it makes more objects than CIFAR-100 has")
