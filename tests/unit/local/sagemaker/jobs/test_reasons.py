from local.runtime.processes import describe_exit
from local.sagemaker.jobs.reasons import cut, exit_reason


def test_a_long_reason_keeps_its_beginning_and_its_end() -> None:
    reason = "AlgorithmError: " + "x" * 3000 + "ValueError: no rows"
    short = cut(reason)
    assert len(short) == 1024
    assert short.startswith("AlgorithmError: x")
    assert short.endswith("xValueError: no rows")
    assert cut("short") == "short"


def test_exit_codes_in_words() -> None:
    assert describe_exit(3) == "exit code 3"
    assert describe_exit(137) == "exit code 137 (killed by signal 9)"
    assert exit_reason("it broke\n", 1) == "AlgorithmError: it broke, exit code 1"
    assert exit_reason("", 137) == "AlgorithmError: exit code 137 (killed by signal 9)"
