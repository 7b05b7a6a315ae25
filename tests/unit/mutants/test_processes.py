"""A fault that makes a test go on for ever is ended, however busy the machine is."""

import os
import signal
import subprocess

from mutants.processes import Patience, Watched, end_after, in_a_process, is_child, queued

NOBODY = 2**22  # more than Linux gives


def test_a_child_that_takes_too_long_is_ended() -> None:
    patience = Patience()
    with subprocess.Popen(["sleep", "60"]) as child:
        patience.watch(child.pid, 0)
        assert child.wait(30) == -signal.SIGXCPU


def test_what_a_process_stands_in_the_queue_does_not_count() -> None:
    assert queued(os.getpid()) >= 0
    assert queued(NOBODY) == 0
    assert Watched(NOBODY, seconds=1, begin=0).waits
    assert not Watched(os.getpid(), seconds=60).waits


def test_only_children_are_ended() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        assert is_child(child.pid)
        child.kill()
    assert [is_child(process) for process in (os.getpid(), NOBODY)] == [False, False]


def test_a_function_in_a_process_of_its_own_succeeds_or_fails() -> None:
    assert in_a_process(lambda: 0) == 0
    assert in_a_process(lambda: 2) == 1
    assert in_a_process(lambda: os.kill(os.getpid(), signal.SIGKILL) or 0) == 1


def test_a_process_that_uses_more_of_the_processor_than_it_may_is_ended() -> None:
    def compute() -> int:
        end_after(0)
        while True:
            pass

    assert in_a_process(compute) == 1
