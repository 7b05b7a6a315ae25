"""Whether a built image of the endpoint answers photos as the local AWS's server does, byte for byte.

Run as `python -m benchmarks.image_answers --model model.tar.gz --photos FOLDER [--engine podman]`.
The container is started as SageMaker starts it, and narrower: without a network, and with nothing but /tmp to write to.
Its photos are sent from within. Prints how soon it answers and how it ends, and whether the answers are the same; the
exit code is 1 where something is not as it should be.
"""

import argparse
import base64
import json
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.endpoint_throughput import BUCKET, REGION, client, deploy
from local.server.embedded import start

GRACE_SECONDS = 30  # until SageMaker kills what SIGTERM did not end
READY_SECONDS = 120
OF_MODEL = {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}
# Runs in the container, which has Python: waits for /ping, then sends all photos.
ASK = """
import base64, json, os, sys, time, urllib.error, urllib.request
server = f"http://127.0.0.1:{os.environ['SAGEMAKER_BIND_TO_PORT']}"
deadline = time.monotonic() + float(sys.argv[1])
while True:
    try:
        urllib.request.urlopen(server + "/ping", timeout=2)
        break
    except OSError:
        if time.monotonic() > deadline:
            sys.exit("no answer to /ping")
        time.sleep(0.1)
print(flush=True)
for line in sys.stdin:
    headers = {"Content-Type": "image/png", "Accept": "application/json"}
    request = urllib.request.Request(server + "/invocations", base64.b64decode(line), headers)
    try:
        answer = urllib.request.urlopen(request, timeout=60).read()
    except urllib.error.HTTPError as error:
        answer = error.read()
    print(base64.b64encode(answer).decode(), flush=True)
"""


@dataclass(frozen=True)
class Served:
    """What a container did: answers in order, seconds until it was ready and until it had ended, its exit code."""

    answers: list[bytes]
    ready: float
    ended: float
    code: int


def main() -> int:
    """Asks both and compares; returns the exit code."""
    options = parse()
    engine = shlex.split(options.engine)
    if not shutil.which(engine[0]):
        sys.exit(f"there is no {engine[0]} on this machine; --engine names another, such as podman")
    photos = [path.read_bytes() for path in sorted(options.photos.glob("*.png"))[: options.count]]
    if not photos:
        sys.exit(f"{options.photos} has no photos (*.png); `make run` leaves some in build/photos")
    with tempfile.TemporaryDirectory() as name:
        with tarfile.open(options.model) as tar:
            tar.extractall(Path(name, "model"), filter="data")
        try:
            served = serve(
                engine, options.image, Path(name, "model"), photos, options.port, shlex.split(options.options)
            )
        except subprocess.CalledProcessError as error:  # which the engine has explained on standard error
            sys.exit(f"`{shlex.join(error.cmd)}` failed")
    print(f"ready after {served.ready:.1f} s; ended {served.ended:.1f} s after SIGTERM, with exit code {served.code}")
    different = differences(served.answers, local_answers(options.model, photos))
    print(f"{len(photos) - len(different)} of {len(photos)} answers are those of the local AWS, byte for byte")
    print(*different[:1], sep="\n", end="")
    return int(bool(different) or served.code != 0)


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the model.tar.gz of a training job")
    parser.add_argument("--photos", type=Path, required=True, help="a folder of PNG files")
    parser.add_argument("--count", type=int, default=40, help="how many of them")
    parser.add_argument("--image", default="scones-inference")
    parser.add_argument("--engine", default="docker", help="docker, or podman, with options of its own if need be")
    parser.add_argument("--port", type=int, default=8080, help="inside of the container")
    parser.add_argument("--options", default="", help="more options of `ENGINE run`, such as --options='--user 1000'")
    return parser.parse_args(arguments)


def serve(
    engine: list[str], image: str, model: Path, photos: Sequence[bytes], port: int, options: Sequence[str] = ()
) -> Served:
    """What the image's container answers."""
    began = time.monotonic()
    with container(engine, image, model, port, options) as name:
        argv = [*engine, "exec", "--interactive", name, "python3", "-c", ASK, str(READY_SECONDS)]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking:
            assert asking.stdout is not None  # noqa: S101  # nosec B101
            ready = bool(asking.stdout.readline()) and time.monotonic() - began
            said, _ = asking.communicate("".join(f"{base64.b64encode(each).decode()}\n" for each in photos))
        if asking.returncode or not ready:
            subprocess.run([*engine, "logs", name], check=False)
            sys.exit(f"{image} does not serve; its log is above")
        stopped = time.monotonic()
        subprocess.run([*engine, "stop", "--time", str(GRACE_SECONDS), name], check=True, stdout=subprocess.DEVNULL)
        ended = time.monotonic() - stopped
        inspected = subprocess.run([*engine, "inspect", name], check=True, capture_output=True, text=True)
    return Served(
        answers=[base64.b64decode(line) for line in said.split()],
        ready=ready,
        ended=ended,
        code=json.loads(inspected.stdout)[0]["State"]["ExitCode"],
    )


@contextmanager
def container(engine: list[str], image: str, model: Path, port: int, options: Sequence[str]) -> Iterator[str]:
    """The name of a container that serves a model folder; it is removed in the end."""
    name = f"scones-check-{uuid.uuid4().hex[:12]}"
    variables = OF_MODEL | {"SAGEMAKER_BIND_TO_PORT": str(port)}
    given = [each for key, value in variables.items() for each in ("--env", f"{key}={value}")]
    narrow = ["--network", "none", "--read-only", "--tmpfs", "/tmp"]  # noqa: S108  # nosec B108
    mount = ["--volume", f"{model}:/opt/ml/model:ro"]
    argv = [*engine, "run", "--detach", "--name", name, *narrow, *mount, *given, *options, image, "serve"]
    try:
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
        yield name
    finally:
        subprocess.run([*engine, "rm", "--force", name], check=False, stdout=subprocess.DEVNULL)


def local_answers(model: Path, photos: Sequence[bytes]) -> list[bytes]:
    """What an endpoint of the local AWS answers."""
    with tempfile.TemporaryDirectory() as name, start(Path(name), REGION) as aws:
        client(aws, "s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        deploy(aws, "model", model.read_bytes())
        runtime = client(aws, "sagemaker-runtime")
        return [
            runtime.invoke_endpoint(
                EndpointName="model", Body=each, ContentType="image/png", Accept="application/json"
            )["Body"].read()
            for each in photos
        ]


def differences(container: Sequence[bytes], local: Sequence[bytes]) -> list[str]:
    """A text for each photo whose answers differ."""
    pairs = enumerate(zip(container, local, strict=True))
    return [
        f"photo {n}: the container says {one!r}, the local AWS {other!r}\n" for n, (one, other) in pairs if one != other
    ]


if __name__ == "__main__":
    sys.exit(main())
