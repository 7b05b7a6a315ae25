"""mutmut with a server that has collected the tests: a process that it forks for a fault has only to run them.

mutmut's own server imports the tests once, but lets pytest start, collect and end anew for each fault, which takes
longer than most tests.
"""

import gc
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import chdir
from itertools import zip_longest
from pathlib import Path

import click
import mutmut.__main__
import pytest
from mutants.noticed import Noticed
from mutants.planting import NOTICED
from mutants.processes import Patience, end_after, in_a_process
from mutants.reached import Reached
from mutmut.configuration import config
from mutmut.runners.harness import PytestRunner, TestRunner
from mutmut.state import state
from mutmut.workers import isolation
from mutmut.workers.isolation import ForkServerRunner

SERVICES = ("s3", "sagemaker", "sqs", "cloudwatch", "application-autoscaling", "stepfunctions")
SECONDS = 60  # of the processor: longer than all tests of a room take
WORKERS = (os.cpu_count() or 1) + 1  # some faults make a test wait


class CollectedTests(TestRunner):
    """Runs tests that pytest has collected, until one fails."""

    def __init__(self, items: Sequence[pytest.Item], noticed: Noticed) -> None:
        self.items = {item.nodeid: item for item in items}
        self.noticed = noticed

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        """Run these tests in this process, which is of no use for others afterwards; 1 if one failed."""
        names = self.noticed.sort(tests, mutant_name or "no fault", state().duration_by_test)
        chosen = [self.items[name] for name in names]
        end_after(SECONDS)
        for item, following in zip_longest(chosen, chosen[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if item.session.testsfailed:
                if mutant_name:
                    self.noticed.add(mutant_name, item.nodeid)
                return 1
        return 0


class Recorded(PytestRunner):
    """Records which tests reach which faults."""

    def execute_pytest(self, params: list[str], plugins: Sequence[object] = ()) -> int:
        """Run pytest with what records."""
        return int(super().execute_pytest(params, plugins=[*plugins, Reached()]))


class Collected:
    """A plugin of pytest that hands over what was collected, in place of running it."""

    def __init__(self, use: Callable[[Sequence[pytest.Item]], None]) -> None:
        self.use = use

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Says that nothing is left to do."""
        self.use(session.items)
        return True


class Server(ForkServerRunner):
    """Forks for each fault from within a session of pytest."""

    def run_clean_tests(self, tests: Iterable[str]) -> int:  # noqa: ARG002 - mutmut gives them
        """Nothing yet: the server does, in the way in which it runs them for faults."""
        return 0

    def run_forced_fail(self) -> int:
        """Nothing: mutmut has recorded which tests reach which faults."""
        return 1

    def _forkserver_main(self, work_fd: int, result_fd: int) -> None:
        serve, noticed = super()._forkserver_main, Noticed(Path(NOTICED).absolute())

        def use(items: Sequence[pytest.Item]) -> None:
            warm_up()
            tests = CollectedTests(items, noticed)
            if in_a_process(lambda: tests.run_tests(mutant_name=None, tests=state().duration_by_test)):
                click.echo("The tests fail without any fault.")
                os._exit(1)
            self.test_runner_class, self.test_runner_args = CollectedTests, {"items": items, "noticed": noticed}
            isolation.register_timeout = Patience().watch
            gc.freeze()  # otherwise each forked process would look at, and so copy, all that is here
            serve(work_fd, result_fd)

        arguments = [*config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection]
        with chdir("mutants"):
            # Captured by file, what forked processes write would get mixed up.
            pytest.main(["--rootdir=.", "--tb=native", "-q", "--capture=sys", *arguments], plugins=[Collected(use)])


def warm_up() -> None:
    """Load what the first calls of AWS need, longer than most tests take: those of forked processes are quick."""
    # Imported here, because mutmut's own process has to stay without the code in which faults are planted.
    import boto3
    from moto import mock_aws

    from pipelines.sagemaker_sdk import read_service_models_once

    read_service_models_once()
    with mock_aws():
        clients = {name: boto3.client(name, region_name="eu-west-1") for name in SERVICES}
        clients["s3"].list_buckets()
        clients["sagemaker"].list_endpoints()
        clients["sqs"].list_queues()


if __name__ == "__main__":
    mutmut.__main__.get_mutant_runner = lambda *_: Server(WORKERS, Recorded, {}, max_restarts=0)
    mutmut.__main__.cli(["run"])
