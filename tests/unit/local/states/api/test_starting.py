from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped

from local.states.api.executions import _begin, _environment, _reflect
from local.states.api.machines import _delete


def test_the_environment_is_there_before_the_thread_starts() -> None:
    worker = SimpleNamespace(env=None)
    worker._get_evaluation_environment = lambda: "environment"
    seen: list[Any] = []
    _begin(lambda self: seen.append(self.env), worker)
    assert seen == ["environment"]
    assert _environment(lambda _: "another", worker) == "environment"


def test_what_is_stopped_before_its_first_state_has_an_end_as_well() -> None:
    events: list[dict[str, Any]] = []
    manager = SimpleNamespace(add_event=lambda **event: events.append(event))
    environment = SimpleNamespace(
        event_manager=manager,
        event_history_context=SimpleNamespace(source_event_id=1),
        program_state=lambda: ProgramStopped(stop_date="", error="E", cause="C"),
    )
    execution = SimpleNamespace(exec_worker=SimpleNamespace(env=environment))
    _reflect(lambda _: events.append({"reflected": execution.error}), SimpleNamespace(execution=execution))
    written, reflected = events
    assert written["event_type"].value == "ExecutionAborted"
    assert written["event_details"] == {"executionAbortedEventDetails": {"error": "E", "cause": "C"}}
    assert reflected == {"reflected": "E"}


def test_who_looks_for_a_machine_finds_it_while_another_is_deleted() -> None:
    machines = [SimpleNamespace(arn=arn) for arn in "abc"]
    backend = SimpleNamespace(state_machines=machines, _validate_machine_arn=lambda _: None)
    looking = iter(backend.state_machines)
    assert next(looking).arn == "a"
    _delete(backend, "a")
    assert [machine.arn for machine in looking] == ["b", "c"]
    assert [machine.arn for machine in backend.state_machines] == ["b", "c"]
