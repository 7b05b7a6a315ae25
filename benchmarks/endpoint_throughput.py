"""What the endpoint makes of a model: 8 clients of InvokeEndpoint, beside a bare loop of decoding and forward pass.

Run as `python benchmarks/endpoint_throughput.py --model model.tar.gz [--rounds R] [--seconds S]`. Each round measures,
one after the other: the loop with one and with two threads of torch, by the model's own code in a process of its own;
the endpoint, which captures all requests; and an endpoint whose model answers at once, which is the way there and back
alone. The clients send plain HTTP, for boto3 takes longer for a request than the model does. Prints each round, and of
all rounds the median of the ratio between the endpoint and the better loop.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import numpy as np
import psutil
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from PIL import Image

from local.server.embedded import LocalAws, start

CLIENTS = 8
REGION = "eu-west-1"
BUCKET = "benchmark"
ROLE = "arn:aws:iam::123456789012:role/benchmark"
LOOP = """
import sys, time
from pathlib import Path
import numpy as np
folder, photo = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
seconds, threads = float(sys.argv[3]), int(sys.argv[4])
sys.path.insert(0, str(folder / "code"))
import torch
torch.set_num_threads(threads)
from steps.classifier.classifier import load_classifier
from photos.reading import square
classifier = load_classifier(folder)
def once(): classifier.probabilities(np.asarray(square(photo, 32).image)[None])
for _ in range(20): once()
began, spent, count = time.perf_counter(), time.process_time(), 0
while time.perf_counter() - began < seconds:
    once()
    count += 1
print(count / (time.perf_counter() - began), 1000 * (time.process_time() - spent) / count)
"""
NOTHING = """
def model_fn(model_dir): return None
def input_fn(body, content_type): return body
def predict_fn(data, model): return {"labels": ["a", "b"], "probabilities": [[0.5, 0.5]], "threshold": 0.9}
def output_fn(prediction, accept):
    import json
    return json.dumps(prediction), "application/json"
"""


@dataclass(frozen=True)
class Loop:
    """What the bare loop does: images a second, and milliseconds of CPU an image."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Load:
    """What the clients saw: requests, of them so many a second when all were busy, and latencies in milliseconds."""

    requests: int
    rate: float
    median: float
    p95: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the model.tar.gz of a training job")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, start(Path(name, "aws"), REGION) as aws:
        folder = Path(name)
        (folder / "photo.png").write_bytes(photo())
        with tarfile.open(arguments.model) as tar:
            tar.extractall(folder / "model", filter="data")
        client(aws, "s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        deploy(aws, "model", arguments.model.read_bytes())
        deploy(aws, "nothing", packed({"code/inference.py": NOTHING}))
        ratios = [measure(aws, folder, arguments.seconds) for _ in range(arguments.rounds)]
    print(f"median ratio of {len(ratios)} rounds: {statistics.median(ratios):.2f}")


def measure(aws: LocalAws, folder: Path, seconds: float) -> float:
    """One round; returns the ratio between the endpoint and the better loop."""
    loops = [loop(folder, seconds, threads) for threads in (1, 2)]
    before = cpu_seconds()
    served = load(aws, "model", (folder / "photo.png").read_bytes(), seconds)
    spent = {name: 1000 * (cpu - before[name]) / served.requests for name, cpu in cpu_seconds().items()}
    path = load(aws, "nothing", (folder / "photo.png").read_bytes(), seconds)
    ratio = served.rate / max(each.rate for each in loops)
    threads = ", ".join(f"{each.rate:.0f}/s ({each.cpu:.1f} ms of CPU an image)" for each in loops)
    print(
        f"loop with one and two threads: {threads}\n"
        f"endpoint: {served.rate:.0f}/s, p50 {served.median:.1f} ms, p95 {served.p95:.1f} ms; "
        f"ms of CPU a request: {', '.join(f'{name} {each:.1f}' for name, each in spent.items())}\n"
        f"without a model: {path.rate:.0f}/s, p50 {path.median:.1f} ms, p95 {path.p95:.1f} ms; ratio {ratio:.2f}",
        flush=True,
    )
    return ratio


def cpu_seconds() -> dict[str, float]:
    """CPU time so far of the clients (this process), the local AWS and its model servers."""
    found = {"clients": 0.0, "local AWS": 0.0, "model servers": 0.0}
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        command, times = process.cmdline(), process.cpu_times()
        name = "model servers" if "containers.serving" in command else "local AWS" if "local" in command else "clients"
        found[name] += times.user + times.system
    return found


def loop(folder: Path, seconds: float, threads: int) -> Loop:
    """The bare loop in a process of its own."""
    argv = [sys.executable, "-c", LOOP, str(folder / "model"), str(folder / "photo.png"), str(seconds), str(threads)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    ran = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    return Loop(*map(float, ran.stdout.split()))


def load(aws: LocalAws, endpoint: str, body: bytes, seconds: float) -> Load:
    """What the clients see of an endpoint, after a second to warm up."""
    began = time.perf_counter() + 1
    url = f"{aws.endpoint_url}/endpoints/{endpoint}/invocations"
    request = AWSRequest("POST", url, {"Content-Type": "image/png", "Accept": "application/json"}, body)
    SigV4Auth(Credentials(*keys(aws)), "sagemaker", REGION).add_auth(request)
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(ask, request, began + seconds) for _ in range(CLIENTS)]
    asked = np.concatenate([each.result() for each in clients])
    starts, seen = asked[:, 0], 1000 * (asked[:, 1] - asked[:, 0])
    seen = seen[(starts >= began) & (asked[:, 1] <= began + seconds)]
    return Load(len(asked), len(seen) / seconds, float(np.median(seen)), float(np.percentile(seen, 95)))


def ask(request: AWSRequest, end: float) -> list[tuple[float, float]]:
    """One client: a request after the other on one connection; when each began, and when its answer was there."""
    address, asked = urlsplit(request.url), []
    connection = HTTPConnection(str(address.hostname), address.port)
    while time.perf_counter() < end:
        began = time.perf_counter()
        connection.request("POST", address.path, request.body, dict(request.headers))
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{request.url}: {answer.status} {content!r}")
        asked.append((began, time.perf_counter()))
    connection.close()
    return asked


def deploy(aws: LocalAws, name: str, archive: bytes) -> None:
    """An endpoint that serves a model archive and captures everything."""
    s3, sagemaker = client(aws, "s3"), client(aws, "sagemaker")
    s3.put_object(Bucket=BUCKET, Key=f"{name}/model.tar.gz", Body=archive)
    container: dict[str, Any] = {"Image": "any", "ModelDataUrl": f"s3://{BUCKET}/{name}/model.tar.gz"}
    container["Environment"] = {"SAGEMAKER_PROGRAM": "inference.py"}
    sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    variant = {"VariantName": "AllTraffic", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    capture = {
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{BUCKET}/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], DataCaptureConfig=capture)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1})


def client(aws: LocalAws, service: str) -> Any:  # noqa: ANN401 - a boto3 client
    """A boto3 client of the local AWS."""
    return boto3.Session(*keys(aws), region_name=REGION).client(service, endpoint_url=aws.endpoint_url)


def keys(aws: LocalAws) -> tuple[str, str]:
    """Access key and secret of the local AWS."""
    return aws.environment["AWS_ACCESS_KEY_ID"], aws.environment["AWS_SECRET_ACCESS_KEY"]


def packed(files: dict[str, str]) -> bytes:
    """A model.tar.gz of texts."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def photo() -> bytes:
    """A 32×32 PNG, as the workflow sends them."""
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


if __name__ == "__main__":
    main()
