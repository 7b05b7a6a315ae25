"""Pickles are read safely: of any age, without running code, and without taking much memory."""

import contextlib
import pickle
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from unit.steps.dataset.splits import WriteArchive, split

from steps.dataset.archive import read_archive
from steps.dataset.pickles import read_pickle
from steps.errors import ArchiveError, UnsafePickleError


def test_reads_pickles_of_python_2_and_numpy_1() -> None:
    # What Python 2 and numpy 1 wrote for {'data': numpy.zeros(2, 'uint8')}: text keys, which become bytes.
    old = (
        b"\x80\x02}q\x00U\x04dataq\x01cnumpy.core.multiarray\n_reconstruct\nq\x02cnumpy\nndarray\nq\x03K\x00\x85q\x04"
        b"U\x01bq\x05\x87q\x06Rq\x07(K\x01K\x02\x85q\x08cnumpy\ndtype\nq\tU\x02u1q\nK\x00K\x01\x87q\x0bRq\x0c(K\x03"
        b"U\x01|q\rNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x0eb\x89U\x02\x05\x06q\x0ftq\x10bs."
    )
    value = read_pickle(old, "old")
    assert isinstance(value, dict)
    assert value[b"data"].tolist() == [5, 6]


class Evil:
    """Unpickles by running a command."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.target,)


def test_code_in_a_pickle_does_not_run(write_archive: WriteArchive, tmp_path: Path) -> None:
    target = tmp_path / "was here"
    with pytest.raises(UnsafePickleError, match=r"train is not safe to read: it asks for .*getattr"):
        read_archive(write_archive(train=split(data=Evil(target))))
    assert not target.exists()


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "numpy.load", "numpy.core.multiarray.scalar"])
def test_only_arrays_may_be_rebuilt(name: str) -> None:
    module, _, function = name.rpartition(".")
    with pytest.raises(UnsafePickleError, match=name):
        read_pickle(f"c{module}\n{function}\n.".encode(), "hostile")


BOMBS = {
    "an array of its own size": b"cnumpy\nndarray\n(J\xff\xff\xff\x3ftR.",
    "an array of another shape": b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(J\xff\xff\xff\x3ftNtR.",
    "text that doubles": b"c_codecs\nencode\n(X\x02\0\0\0aaX\x03\0\0\0hextR.",
    "a number that needs room": b"\x80\x02]r\xff\xff\xff\x7f.",
    "a written number that needs room": b"]p2147483647\n.",
    "bytes that are not there": b"\x80\x04\x8e\0\0\0\0\xff\0\0\0.",
    "a frame that is not there": b"\x80\x04\x95\0\0\0\0\xff\0\0\0.",
    "many small objects": b"(" + b"]" * 5_000_000 + b"l.",
    "deep nesting": b"]" * 100_000 + b"a" * 99_999 + b".",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_small_pickle_never_takes_much_memory(bomb: bytes) -> None:
    tracemalloc.start()
    with contextlib.suppress(ArchiveError):
        read_pickle(bomb, "bomb")
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_damaged_pickles_are_typed_errors() -> None:
    sound = pickle.dumps(split(), protocol=2)
    generator = np.random.default_rng(0)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(300):
        damaged = bytearray(sound)
        for position in generator.integers(0, 400, 3):
            damaged[position] = generator.integers(0, 256)
        try:
            read_pickle(bytes(damaged), "damaged")
            outcomes["read"] += 1
        except ArchiveError:
            outcomes["refused"] += 1
    assert outcomes["refused"] > 50
