"""What the workflows make of the endpoint: one execution a photo, and a batch, beside the bare endpoint.

Run as `python -m benchmarks.workflow --build BUILD [--photos N] [--executions N] [--seconds S] [--only NAME]`, on a
local AWS that is up there (`scones --build BUILD local up`) and where `scones --build BUILD run` and `scones --build
BUILD deploy` have been. Measures, one after the other, all with the same drawn photos:

- the bare endpoint: clients of plain HTTP, one photo a request, 1, 8 and 32 at once;
- the workflow: executions with one photo each, 1, 8 and 32 at once, by the times that Step Functions gives them;
- the batch workflow: one run on as many photos, each in S3, with the memory of all processes of the local AWS.

On a machine that is busy with other things, milliseconds of processor time a photo say more than seconds.
"""

import argparse
import io
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import psutil
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from PIL import Image

from benchmarks.endpoint_throughput import REGION, ask, keys
from local.server.embedded import LocalAws, running

AT_ONCE = (1, 8, 32)
LOOK_SECONDS = 0.2  # at which executions are looked at; how long they took, Step Functions says
NAME = "scones-unlimited-local"
ACCOUNT = "123456789012"
BUCKET = f"{NAME}-{ACCOUNT}-{REGION}"
MACHINES = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NAME}"
KINDS = {"containers.serving": "model servers", "awslambdaric": "functions"}


@dataclass
class Usage:
    """Processor seconds by kind of process, and the most memory of the local AWS itself and of all together, in MB."""

    cpu: dict[str, float] = field(default_factory=dict)
    own: float = 0.0
    peak: float = 0.0

    def describe(self, photos: int) -> str:
        """The usage of each photo."""
        parts = ", ".join(f"{kind} {1000 * seconds / photos:.2f}" for kind, seconds in self.cpu.items())
        used = f"{1000 * sum(self.cpu.values()) / photos:.2f} ms of CPU a photo ({parts})"
        return f"{used}; the local AWS had at most {self.own:.0f} MB, with all its processes {self.peak:.0f} MB"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=10_000, help="of the batch")
    parser.add_argument("--executions", type=int, default=200, help="of each measurement of the workflow")
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement of the endpoint")
    parser.add_argument("--only", choices=["endpoint", "workflow", "batch"], action="append")
    arguments = parser.parse_args()
    aws = running(arguments.build / "local")
    if aws is None:
        raise SystemExit(f"no local AWS is up in {arguments.build / 'local'}")
    server = json.loads((arguments.build / "local" / "server.json").read_text())["pid"]
    measurements: dict[str, Callable[[], None]] = {
        "endpoint": lambda: endpoint(aws, server, arguments.seconds),
        "workflow": lambda: workflow(aws, server, arguments.executions),
        "batch": lambda: batch(aws, server, arguments.photos),
    }
    for name, measure in measurements.items():
        if not arguments.only or name in arguments.only:
            measure()


def endpoint(aws: LocalAws, server: int, seconds: float) -> None:
    """The bare endpoint. The first second of each measurement warms it up, and does not count."""
    url = f"{aws.endpoint_url}/endpoints/{NAME}-vehicles/invocations"
    request = AWSRequest("POST", url, {"Content-Type": "image/png", "Accept": "application/json"}, photo(0))
    SigV4Auth(Credentials(*keys(aws)), "sagemaker", REGION).add_auth(request)
    for clients in AT_ONCE:
        began = time.perf_counter() + 1
        with used(server) as usage, ThreadPoolExecutor(clients) as pool:
            found = pool.map(lambda end: ask(request, end), [began + seconds] * clients)
            asked = np.concatenate([times for times in found if times])
        whole = asked[asked[:, 0] >= began]
        say(f"endpoint, {clients} at once", list(whole[:, 1] - whole[:, 0]), len(whole) / seconds)
        print(f"  {usage.describe(len(asked))}", flush=True)


def workflow(aws: LocalAws, server: int, count: int) -> None:
    """One execution a photo."""
    states, s3, run = client(aws, "stepfunctions"), client(aws, "s3"), secrets.token_hex(4)
    s3.put_object(Bucket=BUCKET, Key=f"test-photos/{run}.png", Body=photo(0))
    given = json.dumps({"s3_bucket": BUCKET, "s3_key": f"test-photos/{run}.png"})

    def one(name: str) -> float:
        arn = states.start_execution(stateMachineArn=f"{MACHINES}-inference", name=name, input=given)["executionArn"]
        while (found := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            time.sleep(LOOK_SECONDS)
        if found["status"] != "SUCCEEDED":
            raise SystemExit(f"{arn}: {found}")
        return float((found["stopDate"] - found["startDate"]).total_seconds())

    for at_once in AT_ONCE:
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(one, [f"warm-{run}-{at_once}-{number}" for number in range(2 * at_once)]))
            began = time.perf_counter()
            with used(server) as usage:
                times = list(pool.map(one, [f"bench-{run}-{at_once}-{number}" for number in range(count)]))
        say(f"workflow, {at_once} at once", times, count / (time.perf_counter() - began))
        print(f"  {usage.describe(count)}", flush=True)


def batch(aws: LocalAws, server: int, count: int) -> None:
    """One run of the batch workflow; each photo must have its row."""
    states, s3, run = client(aws, "stepfunctions"), client(aws, "s3"), f"bench-{secrets.token_hex(4)}"
    prefix = f"backfill/{run}/"
    bodies = [photo(seed) for seed in range(40)]
    with ThreadPoolExecutor(4) as pool:
        put = lambda number: s3.put_object(Bucket=BUCKET, Key=f"{prefix}{number:07}.png", Body=bodies[number % 40])  # noqa: E731
        list(pool.map(put, range(count)))
    given = {"run": run, "source": {"format": "prefix", "bucket": BUCKET, "key": prefix}}
    with used(server) as usage:
        started = states.start_execution(stateMachineArn=f"{MACHINES}-batch", name=run, input=json.dumps(given))
        while (found := states.describe_execution(executionArn=started["executionArn"]))["status"] == "RUNNING":
            time.sleep(0.5)
    if found["status"] != "SUCCEEDED":
        raise SystemExit(f"the batch ended as {found['status']}: {found.get('cause')}")
    seconds = (found["stopDate"] - found["startDate"]).total_seconds()
    keys_found = [row["s3_key"] for row in rows(s3, json.loads(found["output"])["ResultWriterDetails"])]
    lost = count - len(set(keys_found))
    print(f"batch of {count:,} photos: {count / seconds:.0f} photos/s, {len(keys_found):,} rows, {lost} photos lost")
    print(f"  {usage.describe(count)}", flush=True)


def rows(s3: Any, manifest: dict[str, str]) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a boto3 client
    """The rows of a run."""
    listed = json.load(s3.get_object(**manifest)["Body"])["ResultFiles"]["SUCCEEDED"]
    for file in listed:
        yield from map(json.loads, s3.get_object(Bucket=BUCKET, Key=file["Key"])["Body"].iter_lines())


def say(name: str, seconds: Sequence[float], rate: float) -> None:
    """Prints a rate and percentiles."""
    p50, p95, p99 = np.percentile(1000 * np.asarray(seconds), (50, 95, 99))
    print(f"{name}: {rate:.0f}/s, p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms ({len(seconds)} of them)")


@contextmanager
def used(server: int) -> Iterator[Usage]:
    """What the local AWS and its processes use while the context is open."""
    usage, ended = Usage(), threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            own, *others = [each.memory_info().rss / 1e6 for each in family(server)]
            usage.own, usage.peak = max(usage.own, own), max(usage.peak, own + sum(others))

    watcher = threading.Thread(target=watch)
    watcher.start()
    before = cpu_seconds(server)
    try:
        yield usage
    finally:
        ended.set()
        watcher.join()
    usage.cpu = {kind: seconds - before.get(kind, 0) for kind, seconds in cpu_seconds(server).items()}


def cpu_seconds(server: int) -> dict[str, float]:
    """Processor seconds so far of the local AWS, its functions and its model servers."""
    found: dict[str, float] = {}
    for process in family(server):
        command, times = " ".join(process.cmdline()), process.cpu_times()
        kind = next((name for word, name in KINDS.items() if word in command), "local AWS")
        found[kind] = found.get(kind, 0) + times.user + times.system
    return found


def family(server: int) -> list[psutil.Process]:
    """The local AWS's process and all below it that live."""
    parent = psutil.Process(server)
    return [each for each in (parent, *parent.children(recursive=True)) if each.is_running()]


def client(aws: LocalAws, service: str) -> Any:  # noqa: ANN401 - a boto3 client
    """A boto3 client of the local AWS, for as many threads as measure."""
    config = Config(max_pool_connections=max(AT_ONCE))
    return boto3.Session(*keys(aws), region_name=REGION).client(service, endpoint_url=aws.endpoint_url, config=config)


def photo(seed: int) -> bytes:
    """A 32×32 PNG."""
    buffer = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (32, 32, 3), np.uint8)
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


if __name__ == "__main__":
    main()
