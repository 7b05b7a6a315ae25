"""One execution of a pipeline.

A step starts as soon as all steps on which it depends have succeeded; independent steps run at the same time. Once a
step has failed, running steps go on to their ends, and no other step starts.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event, Thread

from local.protocol.errors import DefinitionError, JobError, ServiceError
from local.protocol.json_types import Record
from local.runtime.context import now
from local.sagemaker.jobs.reasons import cut
from local.sagemaker.pipelines.cache import PastRun, look_up
from local.sagemaker.pipelines.definition import Definition, Resolver, Step
from local.sagemaker.pipelines.records import interrupt, seconds, status_change
from local.sagemaker.pipelines.retries import pause
from local.sagemaker.pipelines.steps import StepRun

logger = logging.getLogger(__name__)

Publish = Callable[[str, list[str], Record], None]  # arguments: an event's title, ARNs and detail
RunStep = Callable[[StepRun, Resolver], Record]  # gives the step's properties; raises JobError or ServiceError
MOST_REASON = 1300  # characters of an execution's FailureReason
ENDED = ("Succeeded", "Failed", "Stopped")
STEPS_AT_ONCE = 50  # AWS's default for MaxParallelExecutionSteps


class Execution:
    """Runs a definition.

    `record` is the answer of DescribePipelineExecution, `steps` that of ListPipelineExecutionSteps.
    """

    def __init__(
        self,
        record: Record,
        definition: Definition,
        resolver: Resolver,
        history: dict[str, list[PastRun]],
        publish: Publish,
        say: Callable[[str], None],
    ) -> None:
        self.record = record
        self.steps: list[Record] = []
        self.ended = Event()
        self._say: Callable[[str], None] = lambda text: say(f"pipeline {self._name}: {text}")
        self._definition = definition
        self._resolver = resolver
        self._history = history
        self._wanted = set(definition.steps)
        self._running: list[StepRun] = []
        self._succeeded: set[str] = set()
        self._failures: list[str] = []
        self._stopping = Event()
        self._publish = publish

    @property
    def _name(self) -> str:
        parts = self.record["PipelineExecutionArn"].split("/")
        return f"{parts[1]}/{parts[3]}"

    def start(self, run_step: RunStep) -> None:
        """Starts the execution in a thread of its own."""
        Thread(target=self._run, args=(run_step,), daemon=True).start()

    def stop(self) -> None:
        """Starts no more steps and stops running jobs. The execution then ends as Stopped."""
        self._stopping.set()
        self._set_status("Stopping")
        for run in list(self._running):
            run.record["StepStatus"] = "Stopping"
            run.stop()

    def remember(self) -> Record:
        """What the execution has done."""
        return {
            "record": self.record,
            "steps": list(self.steps),
            "wanted": set(self._wanted),
            "succeeded": set(self._succeeded),
            "resolved": self._resolver.remember(),
        }

    def recall(self, kept: Record) -> None:
        """Takes back what `remember` gave. If the execution ran then, it has failed."""
        self.steps, self._wanted, self._succeeded = kept["steps"], kept["wanted"], kept["succeeded"]
        self._resolver.recall(kept["resolved"])
        if self.record["PipelineExecutionStatus"] not in ENDED:
            interrupt(self.record, self.steps)
        self.ended.set()

    def retry(self, run_step: RunStep) -> None:
        """Runs failed and stopped steps again, and the steps after them."""
        self.steps[:] = [record for record in self.steps if record["StepStatus"] == "Succeeded"]
        self._failures.clear()
        self._stopping.clear()
        self.ended.clear()
        self.record.pop("FailureReason", None)
        self._set_status("Executing")
        self.start(run_step)

    def select(self, names: set[str], source: "Execution") -> None:
        """Selects the steps to run; the others are taken from the execution `source`. Raises DefinitionError."""
        if unknown := sorted(names - self._definition.steps.keys()):
            raise DefinitionError(f"The pipeline has no step '{unknown[0]}' to select")
        needed = {need for name in names for need in self._definition.steps[name].needs} - names
        if missing := sorted(needed - source._succeeded):
            raise DefinitionError(f"The step '{missing[0]}' is needed, but did not succeed in the source execution")
        self._wanted = names
        self._succeeded = source._succeeded - names
        self._resolver.take_over(source._resolver, self._succeeded)
        result = {"SourcePipelineExecutionArn": source.record["PipelineExecutionArn"]}
        taken = [record for record in source.steps if record["StepName"] in self._succeeded]
        self.steps = [{**record, "SelectiveExecutionResult": result} for record in taken]

    def _run(self, run_step: RunStep) -> None:
        began = time.monotonic()
        self._say("execution started")
        at_once = (self.record["ParallelismConfiguration"] or {}).get("MaxParallelExecutionSteps", STEPS_AT_ONCE)
        waiting = {
            name: step for name, step in self._definition.steps.items() if name in self._wanted - self._succeeded
        }
        running: set[Future[None]] = set()
        with ThreadPoolExecutor(at_once) as pool:
            while True:
                for step in self._ready(waiting):
                    del waiting[step.name]
                    running.add(pool.submit(self._step, step, run_step))
                if not running:
                    break
                _, running = wait(running, return_when=FIRST_COMPLETED)
        self._end(round(time.monotonic() - began))

    def _ready(self, waiting: dict[str, Step]) -> list[Step]:
        if self._stopping.is_set() or self._failures:
            return []
        return [step for step in waiting.values() if step.needs <= self._succeeded and self._on_taken_branch(step)]

    def _on_taken_branch(self, step: Step) -> bool:
        if step.branch is None:
            return True
        condition, outcome = step.branch
        return bool(self._resolver.steps[condition]["Outcome"] == str(outcome))

    def _end(self, took: int) -> None:
        if self._stopping.is_set():
            status = "Stopped"
        elif self._failures:
            status = "Failed"
            reason = "Step failure: One or multiple steps failed. " + "; ".join(self._failures)
            self.record["FailureReason"] = cut(reason, MOST_REASON)
        else:
            status = "Succeeded"
        self._set_status(status)
        self._say(f"execution {status.lower()} after {took} s")
        self.ended.set()

    def _set_status(self, status: str) -> None:
        before = self.record["PipelineExecutionStatus"]
        self.record |= {"PipelineExecutionStatus": status, "LastModifiedTime": now()}
        self._publish(*status_change(self.record, before))

    def _step(self, step: Step, run_step: RunStep) -> None:
        record: Record = {"StepName": step.name, "StepStatus": "Executing", "StartTime": now(), "AttemptCount": 1}
        record |= {
            f"Step{key}": step.body[key]
            for key in ("DisplayName", "Description")
            if isinstance(step.body.get(key), str)
        }
        run = StepRun(step, self.record["PipelineExecutionArn"].rpartition("/")[2], self.record["RoleArn"], record)
        self._running.append(run)
        self.steps.append(record)
        try:
            if self._stopping.is_set():  # the execution was stopped just before this step
                run.stop()
            properties = self._reused(run) or self._attempt(run, run_step)
            self._succeed(run, properties)
        except (JobError, ServiceError) as error:
            self._fail(run, str(error))
        except Exception as error:
            # Any error must end the step. The execution would otherwise count as succeeded without it, because nobody
            # asks the thread pool for the error.
            logger.exception("step %s", step.name)
            self._fail(run, f"InternalServerError: {type(error).__name__}: {error}")
        finally:
            self._running.remove(run)

    def _attempt(self, run: StepRun, run_step: RunStep) -> Record:
        """Runs a step, and retries it as its retry policies say."""
        began = time.monotonic()
        while True:
            try:
                return run_step(run, self._resolver)
            except (JobError, ServiceError) as error:
                attempts, policies = run.record["AttemptCount"], run.step.body.get("RetryPolicies", [])
                delay = pause(policies, error, attempts, time.monotonic() - began)
                if delay is None or self._stopping.wait(delay):
                    raise
                self._say(f"step {run.step.name} is tried again after: {error}")
                run.record["AttemptCount"] = attempts + 1

    def _reused(self, run: StepRun) -> Record | None:
        """The properties of an earlier run, if the step's cache configuration allows it to be reused."""
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
        self._say(f"step {run.step.name} succeeded in {seconds(run.record)} s{outcome}")

    def _fail(self, run: StepRun, reason: str) -> None:
        if run.cancelled:
            self._close(run, "Stopped")
            self._say(f"step {run.step.name} stopped after {seconds(run.record)} s")
            return
        run.record["FailureReason"] = cut(reason)
        self._close(run, "Failed")
        self._failures.append(f"{run.step.name}: {reason}")
        self._say(f"step {run.step.name} failed after {seconds(run.record)} s: {reason}")

    @staticmethod
    def _close(run: StepRun, status: str) -> None:
        run.record |= {"StepStatus": status, "EndTime": now()}
