"""Endpoints under load, with several variants, and when a model server dies."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.support import alive

Ask = Callable[..., dict[str, Any]]

PAUSE = {"PAUSE": "0.02"}  # what a request takes, in seconds


@pytest.fixture(scope="module")
def busy(serve: Any) -> str:
    """An endpoint with as many model servers as it has by itself."""
    serve("busy", environment=PAUSE)
    return "busy"


def test_variants_share_the_traffic_by_weight(sagemaker: Any, ask: Ask, serve: Any, wait: Any) -> None:
    serve("shared", {"much": 9, "little": 1})
    with ThreadPoolExecutor(8) as pool:
        found = Counter(pool.map(lambda _: ask("shared")["model"], range(200)))
    assert 150 < found["much"] < 200
    assert found["little"] > 0
    assert ask("shared", TargetVariant="little")["model"] == "little"
    with pytest.raises(ClientError, match="Variant other of endpoint shared not found"):
        ask("shared", TargetVariant="other")
    sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="shared",
        DesiredWeightsAndCapacities=[
            {"VariantName": "much", "DesiredWeight": 0},
            {"VariantName": "little", "DesiredWeight": 1, "DesiredInstanceCount": 2},
        ],
    )
    describe = lambda: sagemaker.describe_endpoint(EndpointName="shared")  # noqa: E731
    described = wait(describe, "EndpointStatus", "InService")["ProductionVariants"]
    assert [(each["CurrentWeight"], each["CurrentInstanceCount"]) for each in described] == [(0, 1), (1, 2)]
    assert {ask("shared")["model"] for _ in range(20)} == {"little"}
    with pytest.raises(ClientError, match="Variant nobody of endpoint shared not found"):
        sagemaker.update_endpoint_weights_and_capacities(
            EndpointName="shared", DesiredWeightsAndCapacities=[{"VariantName": "nobody", "DesiredWeight": 1}]
        )


def test_no_request_is_lost_while_an_update_changes_over(ask: Ask, serve: Any) -> None:
    serve("changing", {"old": 1}, environment=PAUSE)
    over = Event()

    def load(_: int) -> list[str]:
        found = []
        while not over.is_set():
            found.append(str(ask("changing")["model"]))
        return [*found, str(ask("changing")["model"])]

    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(load, range(8))
        try:
            serve("changing", {"new": 1}, environment=PAUSE)
        finally:
            over.set()
        found = list(answers)  # raises what any request raised
    assert {each[0] for each in found} == {"old"}
    assert {each[-1] for each in found} == {"new"}


def test_two_hundred_requests_at_once(ask: Ask, busy: str) -> None:
    with ThreadPoolExecutor(200) as pool:
        sizes = list(pool.map(lambda size: ask(busy, b"x" * size)["size"], range(1, 201)))
    assert sizes == list(range(1, 201))


def test_every_core_has_a_server(ask: Ask, busy: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        servers = Counter(pool.map(lambda _: ask(busy)["pid"], range(80)))
    assert len(servers) == os.cpu_count()
    assert min(servers.values()) > 80 / len(servers) / 2


def test_a_server_that_dies_is_started_again(sagemaker: Any, ask: Ask, serve: Any, wait: Any) -> None:
    serve("mortal", environment={"SAGEMAKER_MODEL_SERVER_WORKERS": "1"})
    before = ask("mortal")["pid"]
    os.kill(before, signal.SIGKILL)
    describe = lambda: sagemaker.describe_endpoint(EndpointName="mortal")  # noqa: E731
    described = wait(describe, "EndpointStatus", "SystemUpdating")
    (status,) = described["ProductionVariants"][0]["VariantStatus"]
    assert status["Status"] == "Updating"
    assert "model server died with exit code 137 (killed by signal 9)" in status["StatusMessage"]
    described = wait(describe, "EndpointStatus", "InService")
    assert "VariantStatus" not in described["ProductionVariants"][0]
    answer = ask("mortal")
    assert answer["model"] == "AllTraffic"
    assert answer["pid"] != before
    sagemaker.delete_endpoint(EndpointName="mortal")
    assert not alive(answer["pid"])
    with pytest.raises(ClientError, match="Could not find endpoint"):
        sagemaker.describe_endpoint(EndpointName="mortal")
