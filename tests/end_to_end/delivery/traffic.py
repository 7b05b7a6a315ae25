"""Photos that come while a version is deployed."""

import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from end_to_end.delivery.test_registry import NAME
from end_to_end.support import Scones
from PIL import Image

BUCKET = "scones-unlimited-local-123456789012-eu-west-1"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:scones-unlimited-local"
PHOTO = "test-photos/rollback.png"


@dataclass
class Traffic:
    """Photos that go to the endpoint ten times a second, each until it is answered, and to the workflow each second."""

    scones: Scones
    runtime: Any
    states: Any
    errors: list[str] = field(default_factory=list)
    executions: list[str] = field(default_factory=list)
    answered: int = 0

    @contextmanager
    def going(self) -> Iterator[None]:
        """Photos come as long as this lasts."""
        end = threading.Event()
        threads = [threading.Thread(target=each, args=(end,)) for each in (self._ask, self._start)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            end.set()
            for thread in threads:
                thread.join()

    def _ask(self, end: threading.Event) -> None:
        photo = picture()
        while not end.wait(0.1):
            while True:
                try:
                    self.runtime.invoke_endpoint(EndpointName=NAME, ContentType="image/png", Body=photo)["Body"].read()
                except ClientError as error:
                    self.errors.append(error.response["Error"]["Code"])
                    time.sleep(0.1)
                else:
                    self.answered += 1
                    break

    def _start(self, end: threading.Event) -> None:
        given = json.dumps({"s3_bucket": BUCKET, "s3_key": PHOTO})
        while not end.wait(1):
            started = self.states.start_execution(stateMachineArn=f"{MACHINE}-inference", input=given)
            self.executions.append(started["executionArn"])

    def outcomes(self) -> set[str]:
        """How the executions ended; waits for them."""

        def statuses() -> set[str]:
            return {self.states.describe_execution(executionArn=each)["status"] for each in self.executions}

        self.scones.wait_for(lambda: "RUNNING" not in statuses())
        return statuses()


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (90, 120, 150)).save(file, "PNG")
    return file.getvalue()
