"""The model under the real inference toolkit: answers, and refusals with the right status."""

import base64
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from steps.arrays import Images
from steps.classifier.classifier import Classifier
from steps.classifier.model_folder import write_model_folder

SERVE = """
import base64, json, sys
from types import SimpleNamespace
from sagemaker_inference.transformer import Transformer

class Context:
    def __init__(self, folder, content_type, accept):
        self.system_properties = {"model_dir": folder}
        headers = {"Content-Type": content_type, "Accept": accept}
        self.request_processor = [SimpleNamespace(get_request_properties=lambda: headers)]
        self.status = 200
    def set_response_status(self, code, phrase):
        self.status, self.phrase = code, phrase
    def set_response_content_type(self, _, content_type):
        self.content_type = content_type

transformer = Transformer()
for line in sys.stdin:
    content_type, accept, body = json.loads(line)
    context = Context(sys.argv[1], content_type, accept)
    body = transformer.transform([{"body": base64.b64decode(body)}], context)[0]
    import steps
    print(ANSWER + json.dumps({"status": context.status, "body": body, "steps": steps.__file__}), flush=True)
"""
ANSWER = "answer: "  # begins the lines that are answers; the toolkit writes others


@dataclass(frozen=True)
class ModelServer:
    """A process that serves a model as its container would: only the model's own code is on the path."""

    folder: Path
    process: "subprocess.Popen[str]"

    def __call__(self, *requests: tuple[str, bytes], accept: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Sends requests one after the other.

        `accept` has what the sender of each request accepts, where it is not JSON.
        """
        accepted = accept or ["application/json"] * len(requests)
        return [self.ask(kind, types, body) for (kind, body), types in zip(requests, accepted, strict=True)]

    def ask(self, content_type: str, accept: str, body: bytes) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([content_type, accept, base64.b64encode(body).decode()]) + "\n")
        self.process.stdin.flush()
        line = next(line for line in self.process.stdout if line.startswith(ANSWER))
        answer = dict(json.loads(line.removeprefix(ANSWER)))
        assert Path(answer["steps"]).is_relative_to(self.folder)
        return answer


@contextmanager
def serving(classifier: Classifier, folder: Path) -> Iterator[ModelServer]:
    """Writes a model folder and serves it."""
    write_model_folder(classifier, folder)
    environment = os.environ | {"PYTHONPATH": str(folder / "code"), "SAGEMAKER_BASE_DIR": str(folder)}
    argv = [sys.executable, "-c", f"ANSWER = {ANSWER!r}\n{SERVE}", str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(argv, cwd=folder, env=environment, **pipes) as process:  # type: ignore[call-overload]
        yield ModelServer(folder, process)
    assert process.returncode == 0


def png(image: Images) -> bytes:
    """A photo as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def instances(*contents: bytes) -> bytes:
    """A JSON request of photos."""
    return json.dumps({"instances": [base64.b64encode(content).decode() for content in contents]}).encode()


@pytest.fixture(scope="module")
def serve(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    """Serves an untrained model."""
    with serving(classifier, tmp_path_factory.mktemp("model")) as server:
        yield server


def test_answers(serve: ModelServer, classifier: Classifier, images: Images) -> None:
    one, several, jpeg = serve(
        ("image/png", png(images[0])),
        ("application/json", instances(*map(png, images))),
        ("application/x-image", png(images[0])),
    )
    expected = classifier.probabilities(images)
    answer = json.loads(one["body"])
    assert answer | {"probabilities": None} == {
        "labels": ["bicycle", "motorcycle"], "probabilities": None, "threshold": 0.7, "model_version": "job-1",
        "synthetic": False, "other": None, "upright": pytest.approx(classifier.answer(images[:1]).upright),
    }  # fmt: skip
    assert np.allclose(answer["probabilities"], expected[:1], atol=1e-6)
    assert np.allclose(json.loads(several["body"])["probabilities"], expected, atol=1e-6)
    assert jpeg["body"] == one["body"]


def test_content_types_and_base64_as_clients_send_them(serve: ModelServer, images: Images) -> None:
    sound = png(images[0])
    kinds = ("image/jpg", "image/jpeg; charset=binary", "IMAGE/PNG", "image/pjpeg", "image/webp", "image/bmp")
    wrapped = json.dumps({"instances": [base64.encodebytes(sound).decode()]}).encode()
    requests = [*((kind, sound) for kind in kinds), ("Application/JSON; charset=utf-8", wrapped)]
    plain, *answers = serve(("application/json", instances(sound)), *requests)
    assert plain["status"] == 200
    assert [answer["body"] for answer in answers] == [plain["body"]] * len(requests)


def test_an_answer_out_of_generated_images_says_so(classifier: Classifier, tmp_path: Path, images: Images) -> None:
    generated = replace(classifier, info=replace(classifier.info, synthetic=True))
    with serving(generated, tmp_path) as serve:
        (answer,) = serve(("image/png", png(images[0])))
    assert json.loads(answer["body"])["synthetic"] is True


def test_refusals(serve: ModelServer, images: Images) -> None:
    sound = png(images[0])
    requests = {
        ("image/png", b"no image"): (400, "Image 0: The photo cannot be decoded"),
        ("image/png", sound[:100]): (400, "Image 0"),
        ("application/json", instances(sound, b"no image")): (400, "Image 1: The photo cannot be decoded"),
        ("application/json", b"{"): (400, "The JSON cannot be read"),
        ("application/json", b'["abc"]'): (400, "The JSON cannot be read"),
        ("application/json", b'{"instances": []}'): (400, "no list of images"),
        ("application/json", b'{"instances": [1]}'): (400, "The JSON cannot be read"),
        ("application/json", b'{"instances": ["%%%"]}'): (400, "The JSON cannot be read"),
        ("application/json", b'{"instances": "abcd"}'): (400, ""),
        ("application/json", b'{"instances": ["\xe4"]}'): (400, "not JSON in UTF-8"),
        ("application/json; charset=utf-8", b"\xff\xfe\xff"): (400, "not JSON in UTF-8"),
        ("application/json", b"[" * 100_000 + b"]" * 100_000): (400, "nested too deeply"),
        ("application/json", b'{"instances": [' + b'"YQ==",' * 1_000 + b'"YQ=="]}'): (413, "at most 1,000 are read"),
        ("application/json", b'{"instances": [' + b'"YQ==",' * 100_000 + b'"YQ=="]}'): (413, "at most 1,000 photos"),
        ("text/csv", b"\xff"): (415, "Content type 'text/csv' is not supported"),
        ("", sound): (415, "Send one of image/png"),
        ("text/csv", b"1,2,3"): (415, "Content type 'text/csv' is not supported"),
        ("application/octet-stream", sound): (415, "Send one of image/png"),
        ("image/png", sound): (200, "probabilities"),  # a refusal does not harm the next request
    }
    for (request, (status, message)), answer in zip(requests.items(), serve(*requests), strict=True):
        assert answer["status"] == status, request
        assert message in answer["body"], request


def test_only_json_can_be_accepted(serve: ModelServer, images: Images) -> None:
    request = ("image/png", png(images[0]))
    answers = serve(request, request, accept=["text/html, */*;q=0.1", "text/csv"])
    assert [answer["status"] for answer in answers] == [200, 406]


def test_model_folder_holds_what_the_contract_says(serve: ModelServer) -> None:
    folder = serve.folder
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"weights.pt", "model.json", "code/inference.py", "code/requirements.txt", "code/steps/__init__.py"} <= files
    assert (folder / "code/requirements.txt").read_text() == "pillow\n"
    assert not {name for name in files if "train" in name}
