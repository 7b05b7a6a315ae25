"""The state of a distributed map: what it gives to its child executions, and the output that it makes of theirs.

moto: a thread for each item, a chain of calls for each thread's items (a thousand end it), and success whatever fails.
AWS: a map run, which may fail, and each of whose executions has a context object of its own.
"""

from typing import Any

from local.protocol.json_types import Json, Record
from local.states.language.failures import failure
from local.states.maps.batches import batches
from local.states.maps.children import results
from local.states.maps.runs import EVENT, MapRun
from local.states.maps.settings import Settings
from local.states.maps.templates import evaluated, template
from local.states.mending import replace

EXCEEDED = "States.ExceedToleratedFailureThreshold"


def mend() -> None:
    """Lets distributed maps run as they do on AWS."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
        DistributedIterationComponent,
    )

    replace(DistributedIterationComponent, "_map_run", _map_run)


def _map_run(self: Any, env: Any, eval_input: Any) -> None:
    settings: Settings = self.settings
    items = env.stack.pop()
    writer = evaluated(_parameters(settings.writer), settings.language, env)
    inputs = _selected(items, eval_input, env)
    sizes = [1] * len(inputs)
    if settings.batcher:
        inputs = _batched(inputs, settings, env)
        sizes = [len(batch["Items"]) for batch in inputs]
    run = MapRun(env, eval_input.map_run_record, settings, self._get_iteration_program)
    run.execute([run.child(given, size) for given, size in zip(inputs, sizes, strict=True)])
    transformation = settings.writer_config.get("Transformation", "COMPACT")
    output = run.written(writer) if writer else results(run.children, transformation)
    if run.exceeded:
        raise failure(env, EXCEEDED, "The specified tolerated failure threshold was exceeded", EVENT)
    env.stack.append(output)


def _parameters(writer: Record) -> Record:
    given: Record = writer.get("Parameters") or writer.get("Arguments") or {}
    return given


def _batched(items: list[Json], settings: Settings, env: Any) -> list[Json]:
    batcher = evaluated(template(settings.batcher), settings.language, env)
    try:
        return list(batches(items, batcher))
    except ValueError as error:
        raise failure(env, "States.Runtime", str(error)) from error


def _selected(items: list[Json], eval_input: Any, env: Any) -> list[Json]:
    """The items as ItemSelector (or, as it was once called, Parameters) makes them."""
    selector = eval_input.item_selector or eval_input.parameters
    if selector is None:
        return items
    selected = []
    for index, item in enumerate(items):
        frame = env.open_inner_frame()
        frame.states.reset(env.states.get_input())
        frame.stack = [env.stack[-1]]
        frame.states.context_object.context_object_data["Map"] = {"Item": {"Index": index, "Value": item}}
        selector.eval(frame)
        selected.append(frame.stack.pop())
        env.delete_frame(frame)
    return selected
