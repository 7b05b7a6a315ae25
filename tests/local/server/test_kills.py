"""Killed at any moment, the local AWS comes back with all that was acknowledged before, and nothing half there.

LOCAL_AWS_KILLS=50 kills it fifty times.
"""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from local.memory.store import FILE, FOLDER
from tests.local.support import BUCKET, REGION, Wait, announced, client, create_bucket

KILLS = int(os.environ.get("LOCAL_AWS_KILLS", "3"))
GROUP = "models"


@dataclass
class Work:
    """Makes a photo, a version that refers to it, and approves it, one after the other, until the server is gone.

    `acknowledged` has for each number what had been written by then.
    """

    data: Path
    number: int = 0
    acknowledged: dict[int, int] = field(default_factory=dict)

    def written(self) -> int:
        """Names the last snapshot."""
        return next((path.stat().st_mtime_ns for path in (self.data / FOLDER).glob(FILE)), 0)

    def go_on(self, s3: Any, sagemaker: Any) -> None:
        try:
            while True:
                self.number += 1
                s3.put_object(Bucket=BUCKET, Key=str(self.number), Body=body(self.number), Tagging="kind=photo")
                made = sagemaker.create_model_package(
                    ModelPackageGroupName=GROUP, ModelPackageDescription=str(self.number)
                )
                if (
                    "ModelPackageArn" not in made
                ):  # http.client takes headers that break off for those of an empty answer
                    return
                sagemaker.update_model_package(ModelPackageArn=made["ModelPackageArn"], ModelApprovalStatus="Approved")
                self.acknowledged[self.number] = self.written()
        except (BotoCoreError, ClientError):
            return


def body(number: int) -> bytes:
    return str(number).encode() * 1000


@pytest.fixture
def servers() -> Iterator[list[subprocess.Popen[str]]]:
    made: list[subprocess.Popen[str]] = []
    yield made
    for server in made:
        server.kill()
        server.wait()


def check(s3: Any, sagemaker: Any, known: set[int]) -> set[int]:
    """Everything is whole, of which `known` photos are not read again; the numbers of the approved versions."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    keys = [int(each["Key"]) for page in pages for each in page.get("Contents", [])]
    for key in set(keys) - known:
        assert s3.get_object(Bucket=BUCKET, Key=str(key))["Body"].read() == body(key)
        assert s3.get_object_tagging(Bucket=BUCKET, Key=str(key))["TagSet"] == [{"Key": "kind", "Value": "photo"}]
    found: dict[int, str] = {}
    for page in sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=GROUP):
        for each in page["ModelPackageSummaryList"]:
            found[int(each["ModelPackageDescription"])] = each["ModelApprovalStatus"]
    assert found.keys() <= set(keys), "a version has no photo"
    return {number for number, approval in found.items() if approval == "Approved"}


@pytest.mark.timeout(KILLS * 60)
def test_what_was_acknowledged_is_there_after_a_kill(
    servers: list[subprocess.Popen[str]], tmp_path: Path, wait: Wait
) -> None:
    chance = random.Random(1)
    work = Work(tmp_path)
    certain, known = 0, set[int]()
    for kill in range(KILLS + 1):
        servers.append(
            subprocess.Popen(
                [sys.executable, "-m", "local", "--data", str(tmp_path), "--region", REGION],
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        local_aws = announced(servers[-1])
        s3, sagemaker = client(local_aws, "s3"), client(local_aws, "sagemaker")
        if kill:
            kept = check(s3, sagemaker, known)
            known |= kept
            assert {number for number, seen in work.acknowledged.items() if seen < certain} <= kept
            work.acknowledged = dict.fromkeys(kept, 0)
        else:
            create_bucket(local_aws)
            sagemaker.create_model_package_group(ModelPackageGroupName=GROUP)
        if kill == KILLS:
            return
        certain = live(work, s3, sagemaker, wait, chance)
        servers[-1].kill()
        servers[-1].wait()


def live(work: Work, s3: Any, sagemaker: Any, wait: Wait, chance: random.Random) -> int:
    """Work for some snapshots and a random number of photos; returns the name of the last snapshot but one.

    What was acknowledged before that snapshot is in the last one, which began after it.
    """
    thread = threading.Thread(target=work.go_on, args=(s3, sagemaker), daemon=True)
    seen = [work.written()]
    thread.start()
    while len(seen) < 4:
        wait(lambda: {"new": work.written() != seen[-1]}, "new", True)
        seen.append(work.written())
    end = work.number + chance.randrange(30)
    wait(lambda: {"enough": work.number >= end}, "enough", True)
    return seen[-2]
