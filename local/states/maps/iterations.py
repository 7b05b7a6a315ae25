"""Iterations of inline maps.

moto: a worker calls itself for each of its items, so that a map with MaxConcurrency 1 never ends with a thousand items;
without MaxConcurrency each item has a thread. AWS: any number of items, at most 40 at a time.
"""

from collections.abc import Callable
from typing import Any

from local.states.mending import replace, wrap

MOST = 40


def mend() -> None:
    """Lets inline maps go through their items in a loop."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.inline_iteration_component import (
        InlineIterationComponent,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.iteration_worker import IterationWorker

    replace(IterationWorker, "_eval_pool", _work)
    wrap(InlineIterationComponent, "_eval_body", _limit)


def _limit(evaluate: Callable[..., None], self: Any, env: Any) -> None:
    given = env.stack[-1]
    given.max_concurrency = min(given.max_concurrency or MOST, MOST)
    evaluate(self, env)


def _work(self: Any, job: Any, worker_frame: Any) -> None:
    """Does a job and those that follow. A frame must be closed before its job: the map goes on when the last job is."""
    while job is not None:
        frame = worker_frame.open_inner_frame()
        self._eval_job(env=frame, job=job)
        worker_frame.close_frame(frame)
        failed = isinstance(job.job_output, Exception) or self.stopped()
        following = None if failed else self._job_pool.next_job()
        if following is None:
            if not failed:
                worker_frame.event_history_context.source_event_id = frame.event_history_context.last_published_event_id
            self._env.close_frame(worker_frame)
            self._job_pool.close_job(job)
            return
        self._job_pool.close_job(job)
        job = following
    self._env.close_frame(worker_frame)
