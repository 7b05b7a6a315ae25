"""Whatever happens, in whichever order, the endpoint ends with the newest approved version that was not rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from unit.lambdas.context import CONTEXT
from unit.lambdas.deployment import ENVIRONMENT, MOST_LOOKS, event_of
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.handler import handler
from lambdas.shared import clients

LOOK: dict[str, Any] = {"reconcile": {}}
numbers = st.integers(0, 3)


# Calls between which a function may be cut off.
CALLS = ["PutMetricAlarm", "UpdateEndpoint", "AddTags", "DeleteTags", "DeleteAlarms", "Publish", "DescribeAlarms"]


class CutOffError(Exception):
    """The function has ended in the middle; the state machine calls it again."""


def cut_off() -> None:
    raise CutOffError


class Deployments(RuleBasedStateMachine):
    """Approvers, EventBridge and SageMaker, in any order. An execution of the state machine is its next input."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account()
        self.account.answer_for(Clients.connect())
        self.events: list[dict[str, Any]] = []
        self.executions: list[dict[str, Any]] = []
        self.undisturbed = True
        self.failed: set[int] = set()

    @initialize()
    def register_the_first(self) -> None:
        self.register(approved=False)

    @rule(approved=st.booleans())
    def register(self, approved: bool) -> None:
        number = max(self.account.versions, default=0) + 1
        self.account.versions[number] = "Approved" if approved else "PendingManualApproval"
        self.events.append(event_of(number, fields=None))

    @rule(data=st.data(), status=st.sampled_from(["Approved", "Rejected"]))
    def decide(self, data: st.DataObject, status: str) -> None:
        self.set_status(data.draw(st.sampled_from(sorted(self.account.versions))), status)

    def set_status(self, number: int, status: str) -> None:
        self.account.versions[number] = status
        self.events.append(event_of(number, fields=["ModelApprovalStatus"]))

    @rule(data=st.data(), call=st.sampled_from(["DescribeModelPackage", "DescribeEndpoint", "UpdateEndpoint"]))
    def decide_between_two_calls(self, data: st.DataObject, call: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.account.versions)))
        self.account.before[call] = lambda: self.set_status(number, "Rejected")

    @rule(data=st.data())
    def describe_a_version(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.account.versions)))
        calls = len(self.account.calls)
        handler(event_of(number, fields=["CustomerMetadataProperties"]), CONTEXT)
        assert self.account.calls[calls:] == ["DescribeEndpoint"]  # it looks, and changes nothing

    @rule(call=st.sampled_from(CALLS))
    def cut_a_function_off(self, call: str) -> None:
        self.undisturbed = False
        self.account.before[call] = cut_off

    @precondition(lambda self: self.account.rolled_back())
    @rule(data=st.data())
    def forgive(self, data: st.DataObject) -> None:
        self.undisturbed = False
        self.account.forgive(data.draw(st.sampled_from(sorted(self.account.rolled_back()))))

    @invariant()
    def nothing_is_marked_that_has_not_failed(self) -> None:
        assert self.account.rolled_back() <= self.failed

    @precondition(lambda self: self.events)
    @rule(index=numbers, again=st.booleans())
    def deliver(self, index: int, again: bool) -> None:
        event = self.events[index % len(self.events)]
        self.executions.append(event)
        if not again:
            self.events.remove(event)

    @precondition(lambda self: self.executions)
    @rule(index=numbers)
    def run_an_execution(self, index: int) -> None:
        execution = self.executions.pop(index % len(self.executions))
        try:
            outcome = handler(execution, CONTEXT)
        except CutOffError:
            self.executions.append(execution)
            return
        if outcome["state"] == "changing":
            self.executions.append({"reconcile": {"started": outcome["started"]}})

    @rule()
    def the_change_ends(self) -> None:
        self.account.finish()

    @precondition(lambda self: self.account.endpoint)
    @rule(lacking=st.booleans())
    def the_change_fails(self, lacking: bool) -> None:
        """A version that fails may be marked; one for which there were no instances never is."""
        self.undisturbed = False
        assert self.account.endpoint
        if (target := self.account.endpoint.target) and not lacking:
            self.failed.add(self.account.version_of(target))
        self.account.finish(failing=True, reason="InsufficientInstanceCapacity" if lacking else "an alarm rang")

    @precondition(lambda self: self.account.serving())
    @rule(status=st.sampled_from(["SystemUpdating", "OutOfService"]))
    def sagemaker_does_something(self, status: str) -> None:
        assert self.account.endpoint
        if self.account.endpoint.status == "InService":
            self.undisturbed = False
            self.account.endpoint = Endpoint(status, self.account.endpoint.config)

    @precondition(lambda self: self.events)
    @rule()
    def lose_an_event(self) -> None:
        self.undisturbed = False
        self.events.pop()

    def teardown(self) -> None:
        """All events arrive, late. After a loss or a failure the hourly looks come as well."""
        try:
            self.account.before.clear()
            self.executions += self.events
            self.run_all_executions()
            if not self.undisturbed:  # two, as an execution that sees a change of its own fail gives up
                for _ in range(2):
                    self.executions.append(LOOK)
                    self.run_all_executions()
            if wanted := self.account.wanted():
                assert self.account.serving() == wanted
        finally:
            self.account.leave(Clients.connect())

    def run_all_executions(self) -> None:
        for _ in range(MOST_LOOKS):
            for _ in range(len(self.executions)):
                self.run_an_execution(0)
            self.account.finish()
        assert self.executions == []


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    yield
    clients.client.cache_clear()


@pytest.mark.usefixtures("environment")
def test_any_interleaving_ends_with_the_newest_approved_version_that_may_serve() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Deployments,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
