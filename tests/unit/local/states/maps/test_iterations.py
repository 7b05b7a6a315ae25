from types import SimpleNamespace
from typing import Any

from local.states.maps.iterations import _work


def test_a_worker_does_any_number_of_jobs() -> None:
    jobs = [SimpleNamespace(job_output=None) for _ in range(5000)]
    done: list[Any] = []
    context = SimpleNamespace(last_published_event_id=7, source_event_id=0)
    frame = SimpleNamespace(event_history_context=context, close_frame=lambda _: None)
    frame.open_inner_frame = lambda: frame
    worker = SimpleNamespace(
        _eval_job=lambda job, **_: done.append(job),
        _job_pool=SimpleNamespace(
            next_job=lambda: jobs[len(done)] if len(done) < len(jobs) else None, close_job=lambda _: None
        ),
        _env=frame,
        stopped=lambda: False,
    )
    _work(worker, jobs[0], frame)
    assert (len(done), context.source_event_id) == (5000, 7)
