"""Packages: the same contents have the same bytes, and a packaged function works alone."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from unit.lambdas.deployment import ENVIRONMENT

from pipelines.errors import ConfigurationError
from pipelines.packages.archives import digest_of, read_tree, to_tar_gz, to_zip
from pipelines.packages.code import JOB_SHARED, LAMBDA_SHARED, ROOT, package_code, package_image_sources, package_lambda
from pipelines.settings.naming import LAMBDA_NAMES


def tar_files(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["steps", "monitoring"])
def test_a_code_package_has_its_requirements_at_the_root(name: str) -> None:
    code = package_code(name, installs=True)  # type: ignore[arg-type]
    assert code.files["requirements.txt"] == (ROOT / name / "requirements.txt").read_bytes()
    assert {path.split("/")[0] for path in code.files} == {"requirements.txt", name, *JOB_SHARED[name]}  # type: ignore[index]
    assert f"{name}/__init__.py" in code.files
    assert not [path for path in code.files if "__pycache__" in path or "tests" in path or path.endswith(".pyc")]
    assert tar_files(code.sourcedir_bytes) == code.files


def test_a_code_package_has_none_where_the_image_brings_all_packages() -> None:
    code, installing = package_code("steps"), package_code("steps", installs=True)
    assert set(installing.files) - set(code.files) == {"requirements.txt"}
    assert code.digest != installing.digest


def test_the_sources_of_images_are_all_that_the_build_needs() -> None:
    sources = package_image_sources()
    assert {"containers/Dockerfile", "containers/buildspec.yml", "containers/build.sh"} < set(sources.files)
    assert {path.split("/")[0] for path in sources.files} == {"containers"}
    assert sources.key == f"code/containers/{sources.digest}.zip"
    with zipfile.ZipFile(io.BytesIO(sources.zip_bytes)) as archive:
        assert archive.read("containers/Dockerfile") == (ROOT / "containers/Dockerfile").read_bytes()


def test_a_code_package_can_be_run_from_where_it_is_unpacked(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(package_code("steps").sourcedir_bytes)) as archive:
        archive.extractall(tmp_path, filter="data")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "steps.prepare", "--help"],
        cwd="/",
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "--classes" in done.stdout


def test_the_address_depends_on_contents_and_names_only(tmp_path: Path) -> None:
    for folder, order in (("one", ("a", "b")), ("two", ("b", "a"))):
        for name in order:
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).write_text(name)
    os.utime(tmp_path / "two" / "a", (1, 1))
    (tmp_path / "two" / "a").chmod(0o755)
    one, two = read_tree(tmp_path / "one"), read_tree(tmp_path / "two")
    assert (digest_of(one), to_zip(one), to_tar_gz(one)) == (digest_of(two), to_zip(two), to_tar_gz(two))
    reversed_order = dict(sorted(one.items(), reverse=True))
    assert to_zip(reversed_order) == to_zip(one)
    assert digest_of({"a": b"a", "c": b"b"}) != digest_of(one)
    assert digest_of({"a": b"a", "b": b"c"}) != digest_of(one)
    assert digest_of({"a": b"ab", "b": b""}) != digest_of({"a": b"a", "b": b"b"})
    assert len(digest_of(one)) == 16


def test_a_tarball_knows_no_time_and_no_owner() -> None:
    data = to_tar_gz({"a": b"a"})
    assert data[4:8] == bytes(4)  # MTIME of the gzip header (RFC 1952)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        [entry] = archive
    assert (entry.mtime, entry.uid, entry.gid, entry.mode) == (0, 0, 0, 0o644)


def test_caches_tests_and_hidden_files_stay_out(tmp_path: Path) -> None:
    for path in (
        "module.py",
        "__pycache__/module.pyc",
        "old.pyc",
        ".secret",
        ".git/config",
        "tests/test.py",
        "page.html",
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("")
    assert sorted(read_tree(tmp_path)) == ["module.py", "page.html"]


def test_a_package_without_requirements_is_refused(tmp_path: Path) -> None:
    (tmp_path / "steps").mkdir()
    with pytest.raises(ConfigurationError, match=r"steps/requirements\.txt is missing"):
        package_code("steps", tmp_path)


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="there is no Lambda function 'send-mail'"):
        package_lambda("send-mail")


@pytest.mark.parametrize("name", LAMBDA_NAMES)
def test_a_lambda_package_holds_its_function_and_what_all_share(name: str) -> None:
    package = package_lambda(name)
    module = ROOT / "lambdas" / name.replace("-", "_")
    own = {str(made.parent.relative_to(ROOT)) for made in module.rglob("__init__.py")}
    with zipfile.ZipFile(io.BytesIO(package.zip_bytes)) as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
    expected = {"lambdas", "lambdas/shared", *own, *LAMBDA_SHARED.get(name, ())}
    assert {str(Path(entry.filename).parent) for entry in entries} == expected
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert package.key == f"code/lambdas/{name}-{package.digest}.zip"
    assert package_lambda(name).zip_bytes == package.zip_bytes


def test_a_change_of_one_function_leaves_the_others_where_they_are(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "lambdas", tmp_path / "lambdas")
    for shared in ("photos", "windows"):
        shutil.copytree(ROOT / shared, tmp_path / shared)
    with (tmp_path / "lambdas" / "filter_inference" / "decision.py").open("a") as file:
        file.write("# changed\n")
    changed = [name for name in LAMBDA_NAMES if package_lambda(name, tmp_path).digest != package_lambda(name).digest]
    assert changed == ["filter-inference", "classify-batch"]  # which does the work of the workflow's three


def invoke(zip_file: Path, module: str, event: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a packaged handler as Lambda finds it: the zip first on the path, the repository nowhere."""
    program = (
        "import importlib, json, sys\n"
        "from awslambdaric.lambda_context import LambdaContext\n"
        "context = LambdaContext('request-1', None, None, 0)\n"
        f"handler = importlib.import_module('lambdas.{module}.handler').handler\n"
        "print(json.dumps(handler(json.load(sys.stdin), context)))\n"
        "print(sys.modules['lambdas'].__file__, file=sys.stderr)\n"
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", program],
        input=json.dumps(event),
        cwd="/",
        env={"PYTHONPATH": str(zip_file), "PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "eu-west-1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", LAMBDA_NAMES)
def test_a_packaged_function_imports_and_refuses_a_bad_event_by_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "function.zip").write_bytes(package_lambda(name).zip_bytes)
    variables = ENVIRONMENT | {"BUCKET": "b", "ALARM_ON": "never", "TRAINING_PIPELINE": "p"}
    done = invoke(tmp_path / "function.zip", name.replace("-", "_"), {}, **variables)
    assert done.returncode == 1
    assert "lambdas.shared.errors.InvalidRequest: '" in done.stderr.splitlines()[-1]


INFERENCE = {
    "s3_bucket": "bucket",
    "s3_key": "photos/a.png",
    "inference_id": "photo-1",
    "inferences": [0.2, 0.8],
    "labels": ["bicycle", "motorcycle"],
    "threshold": 0.7,
    "model_version": "v1",
}


def test_a_packaged_function_answers(tmp_path: Path) -> None:
    (tmp_path / "function.zip").write_bytes(package_lambda("filter-inference").zip_bytes)
    done = invoke(tmp_path / "function.zip", "filter_inference", INFERENCE)
    assert done.returncode == 0, done.stderr
    log, answer = map(json.loads, done.stdout.splitlines())
    assert (log["message"], log["decision"]) == ("done", "accepted")
    assert answer["label"] == "motorcycle"
    assert str(tmp_path / "function.zip") in done.stderr


def test_the_environment_names_the_service_and_the_lowest_level(tmp_path: Path) -> None:
    (tmp_path / "function.zip").write_bytes(package_lambda("filter-inference").zip_bytes)
    variables = {"POWERTOOLS_SERVICE_NAME": "filter-inference", "POWERTOOLS_LOG_LEVEL": "WARNING"}
    done = invoke(tmp_path / "function.zip", "filter_inference", INFERENCE, **variables)
    assert len(done.stdout.splitlines()) == 1  # the answer
    done = invoke(tmp_path / "function.zip", "filter_inference", {}, **variables)
    log = json.loads(done.stdout)
    assert (log["service"], log["level"], log["exception_name"]) == ("filter-inference", "ERROR", "InvalidRequest")


def test_no_event_is_logged_even_where_powertools_is_asked_to(tmp_path: Path) -> None:
    (tmp_path / "function.zip").write_bytes(package_lambda("filter-inference").zip_bytes)
    event = {**INFERENCE, "image_data": "UE5H"}
    done = invoke(tmp_path / "function.zip", "filter_inference", event, POWERTOOLS_LOGGER_LOG_EVENT="true")
    assert done.returncode == 0, done.stderr
    assert "UE5H" not in done.stdout


def test_pictures_are_made_in_the_packaged_function_too(tmp_path: Path) -> None:
    (tmp_path / "function.zip").write_bytes(package_lambda("serialize-image").zip_bytes)
    Image.new("CMYK", (300, 200)).save(tmp_path / "photo.jpg")
    program = (
        "import sys\n"
        "from lambdas.serialize_image.service import to_small_png\n"
        "sys.stdout.buffer.write(to_small_png(open(sys.argv[1], 'rb').read()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(tmp_path / "photo.jpg")],
        cwd="/",
        env={"PYTHONPATH": str(tmp_path / "function.zip"), "PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )
    assert Image.open(io.BytesIO(done.stdout)).size == (200, 200)  # the largest square in the middle
