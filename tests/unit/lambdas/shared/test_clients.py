"""A call gives up before the function's own timeout, so that the workflow sees the typed error."""

from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ConnectTimeoutError, ReadTimeoutError
from botocore.retries.standard import ExponentialBackoff

from lambdas.classify_image.service import invoke
from lambdas.shared.clients import client
from lambdas.shared.errors import EndpointFailed
from pipelines.settings.sections import SHORTEST_LAMBDA_TIMEOUT


@pytest.fixture
def runtime() -> BaseClient:
    return client("sagemaker-runtime")


def test_the_longest_call_ends_before_the_function(runtime: BaseClient) -> None:
    config = runtime.meta.config
    assert config.retries["mode"] == "standard"
    attempts = config.retries["total_max_attempts"]
    # Between two attempts botocore waits up to a second, and up to five more where the service asks for it.
    assert ExponentialBackoff._DEFAULT_BACKOFF_CONFIG["throttling_base_scale"] == 1
    assert ExponentialBackoff._RETRY_AFTER_MAX_ADDITIONAL == 5
    waits = sum(2**retry + 5 for retry in range(attempts - 1))
    longest = attempts * (config.connect_timeout + config.read_timeout) + waits
    assert longest < SHORTEST_LAMBDA_TIMEOUT


def test_a_new_container_of_the_endpoint_has_time_to_answer(runtime: BaseClient) -> None:
    assert runtime.meta.config.read_timeout >= 10


@pytest.mark.parametrize("failure", [ReadTimeoutError(endpoint_url="e"), ConnectTimeoutError(endpoint_url="e")])
def test_a_call_that_times_out_is_made_twice_and_ends_in_the_typed_error(
    runtime: BaseClient, failure: BotoCoreError
) -> None:
    attempts: list[str] = []

    def fail(**event: Any) -> None:
        attempts.append(event["request"].url)
        raise failure

    runtime.meta.events.register("before-send.sagemaker-runtime.InvokeEndpoint", fail)
    with pytest.raises(EndpointFailed, match="the call of endpoint 'vehicles' broke off: ") as raised:
        invoke(runtime, "vehicles", b"png", "photo-1")
    assert isinstance(raised.value.__cause__, type(failure))
    assert len(attempts) == 2


def test_a_container_makes_one_client_a_service(runtime: BaseClient) -> None:
    assert client("sagemaker-runtime") is runtime
    assert client("s3") is not runtime
    assert client("s3").meta.config.read_timeout == runtime.meta.config.read_timeout
