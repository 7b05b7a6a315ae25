"""One execution of a pipeline: steps run as soon as what they need has succeeded, independent ones at the same time."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Event, Thread

from local.cache import PastRun, look_up
from local.context import Context, now
from local.definition import Definition, Resolver, Step
from local.errors import DefinitionError, JobError, ServiceError
from local.json_types import Record
from local.steps import StepRun, StepRunner

logger = logging.getLogger(__name__)

STEPS_AT_ONCE = 50  # AWS's default for MaxParallelExecutionSteps


class Execution:
    """Runs a definition; `record` answers DescribePipelineExecution, `steps` ListPipelineExecutionSteps."""

    def __init__(
        self,
        context: Context,
        record: Record,
        definition: Definition,
        resolver: Resolver,
        history: dict[str, list[PastRun]],
    ) -> None:
        self.record = record
        self.steps: list[Record] = []
        self.ended = Event()
        self._say: Callable[[str], None] = lambda text: context.say(f"pipeline {self._name}: {text}")
        self._definition = definition
        self._resolver = resolver
        self._history = history
        self._running: list[StepRun] = []
        self._succeeded: set[str] = set()
        self._failures: list[str] = []
        self._stopping = False

    @property
    def _name(self) -> str:
        parts = self.record["PipelineExecutionArn"].split("/")
        return f"{parts[1]}/{parts[3]}"

    def start(self, runner: StepRunner) -> None:
        """Run in a thread of its own."""
        Thread(target=self._run, args=(runner,), daemon=True).start()

    def stop(self) -> None:
        """Start no more steps, kill the jobs that run; the execution ends as Stopped."""
        self._stopping = True
        self._set_status("Stopping")
        for run in list(self._running):
            run.record["StepStatus"] = "Stopping"
            run.stop()

    def _run(self, runner: StepRunner) -> None:
        began = time.monotonic()
        self._say("execution started")
        at_once = self.record.get("ParallelismConfiguration", {}).get("MaxParallelExecutionSteps", STEPS_AT_ONCE)
        waiting = dict(self._definition.steps)
        running: set[Future[None]] = set()
        with ThreadPoolExecutor(at_once) as pool:
            while True:
                for step in self._ready(waiting):
                    del waiting[step.name]
                    running.add(pool.submit(self._step, step, runner))
                if not running:
                    break
                _, running = wait(running, return_when=FIRST_COMPLETED)
        self._end(round(time.monotonic() - began))

    def _ready(self, waiting: dict[str, Step]) -> list[Step]:
        if self._stopping or self._failures:
            return []
        return [step for step in waiting.values() if step.needs <= self._succeeded and self._on_taken_branch(step)]

    def _on_taken_branch(self, step: Step) -> bool:
        if step.branch is None:
            return True
        condition, outcome = step.branch
        return bool(self._resolver.steps[condition]["Outcome"] == str(outcome))

    def _end(self, seconds: int) -> None:
        if self._stopping:
            status = "Stopped"
        elif self._failures:
            status = "Failed"
            self.record["FailureReason"] = "Step failure: One or multiple steps failed. " + "; ".join(self._failures)
        else:
            status = "Succeeded"
        self._set_status(status)
        self._say(f"execution {status.lower()} after {seconds} s")
        self.ended.set()

    def _set_status(self, status: str) -> None:
        self.record |= {"PipelineExecutionStatus": status, "LastModifiedTime": now()}

    def _step(self, step: Step, runner: StepRunner) -> None:
        record: Record = {"StepName": step.name, "StepStatus": "Executing", "StartTime": now(), "AttemptCount": 1}
        record |= {
            f"Step{key}": step.body[key]
            for key in ("DisplayName", "Description")
            if isinstance(step.body.get(key), str)
        }
        run = StepRun(step, self.record["PipelineExecutionArn"].rpartition("/")[2], record)
        self._running.append(run)
        self.steps.append(record)
        try:
            if self._stopping:  # it was stopped while this step was about to start
                run.stop()
            properties = self._reused(run) or runner.run(run, self._resolver)
            self._succeed(run, properties)
        except (JobError, DefinitionError, ServiceError) as error:
            self._fail(run, str(error))
        except Exception as error:
            logger.exception("step %s", step.name)
            self._fail(run, f"InternalServerError: {type(error).__name__}: {error}")
        finally:
            self._running.remove(run)

    def _reused(self, run: StepRun) -> Record | None:
        """The properties of an earlier run that the step's cache configuration allows to reuse."""
        step = run.step
        if step.type != "Condition":
            run.arguments = self._resolver.resolve(step.arguments)
        past = self._history.get(step.name, [])
        found = look_up(step.type, step.body.get("CacheConfig", {}), run.arguments, past, now())
        if found.hit is None:
            self._say(f"step {step.name} started" + (f" (cache miss: {found.reason})" if found.reason else ""))
            return None
        run.record["CacheHitResult"] = {"SourcePipelineExecutionArn": found.hit.execution_arn}
        run.record["Metadata"] = {step.type + "Job": {"Arn": found.hit.properties[f"{step.type}JobArn"]}}
        return dict(found.hit.properties)

    def _succeed(self, run: StepRun, properties: Record) -> None:
        outputs = properties.get("ProcessingOutputConfig", {}).get("Outputs", [])
        files = {item["OutputName"]: item["S3Output"]["S3Uri"] for item in outputs}
        self._resolver.add_property_files(run.step, files)
        self._resolver.steps[run.step.name] = properties
        self._close(run, "Succeeded")
        self._succeeded.add(run.step.name)
        hit = run.record.get("CacheHitResult", {}).get("SourcePipelineExecutionArn")
        if hit:
            self._say(f"step {run.step.name} reused from execution {hit.rpartition('/')[2]} (cache hit)")
            return
        past = PastRun(self.record["PipelineExecutionArn"], run.record["EndTime"], run.arguments, properties)
        self._history.setdefault(run.step.name, []).append(past)
        outcome = f": {properties['Outcome']}" if run.step.type == "Condition" else ""
        self._say(f"step {run.step.name} succeeded in {_seconds(run.record)} s{outcome}")

    def _fail(self, run: StepRun, reason: str) -> None:
        if run.cancelled:
            self._close(run, "Stopped")
            self._say(f"step {run.step.name} stopped after {_seconds(run.record)} s")
            return
        run.record["FailureReason"] = reason
        self._close(run, "Failed")
        self._failures.append(f"{run.step.name}: {reason}")
        self._say(f"step {run.step.name} failed after {_seconds(run.record)} s: {reason}")

    @staticmethod
    def _close(run: StepRun, status: str) -> None:
        run.record |= {"StepStatus": status, "EndTime": now()}


def _seconds(record: Record) -> int:
    elapsed: timedelta = record["EndTime"] - record["StartTime"]
    return round(elapsed.total_seconds())
