"""The clients of the Lambdas give up before the function itself is ended."""

from lambdas.shared.clients import CALLS

DEFAULT_TIMEOUT = 30  # seconds: timeout of each Lambda task in configs/base.yaml


def test_two_attempts_end_before_the_function_does() -> None:
    assert CALLS.retries["total_max_attempts"] == 2
    assert 2 * (CALLS.connect_timeout + CALLS.read_timeout) <= DEFAULT_TIMEOUT
    assert CALLS.read_timeout >= 10, "a call to a new container of the endpoint may take seconds"
