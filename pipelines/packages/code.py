"""Packages the code for SageMaker jobs and for Lambda. Each package's address is derived from its contents."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.errors import ConfigurationError
from pipelines.packages.archives import Files, digest_of, read_tree, to_tar_gz, to_zip
from pipelines.settings.naming import JobPackage

ROOT = Path(__file__).resolve().parents[2]
# Packages of this repository that ship with others. Job bundles, model archives and Lambda packages all keep the
# repository's paths, so a package travels by being listed.
JOB_SHARED: dict[JobPackage, tuple[str, ...]] = {
    "steps": ("jobs", "photos"),
    "monitoring": ("jobs", "photos", "windows"),
}
WORKFLOW = tuple(f"lambdas/{name}" for name in ("serialize_image", "classify_image", "filter_inference"))
LAMBDA_SHARED = {
    "serialize-image": ("photos",),
    "classify-batch": ("photos", *WORKFLOW),
    "select-captures": ("windows",),
}


@dataclass(frozen=True)
class Package:
    """Files that ship together, addressed by a digest of their contents."""

    name: str
    files: Files

    @cached_property
    def digest(self) -> str:
        """The digest of the files."""
        return digest_of(self.files)


@dataclass(frozen=True)
class CodePackage(Package):
    """The code of a job: its package, those that it shares, and `requirements.txt` at the root if it installs any."""

    @cached_property
    def sourcedir_bytes(self) -> bytes:
        """The files as `sourcedir.tar.gz`, for script mode."""
        return to_tar_gz(self.files)


@dataclass(frozen=True)
class LambdaPackage(Package):
    """The code of a Lambda function, or of a layer."""

    @cached_property
    def zip_bytes(self) -> bytes:
        """The deployment package."""
        return to_zip(self.files)

    @property
    def key(self) -> str:
        """The package's key in the bucket."""
        return f"code/lambdas/{self.name}-{self.digest}.zip"


@dataclass(frozen=True)
class ImageSources(Package):
    """The Dockerfile of the container images, and what it copies."""

    @cached_property
    def zip_bytes(self) -> bytes:
        """The archive that CodeBuild unpacks."""
        return to_zip(self.files)

    @property
    def key(self) -> str:
        """The archive's key in the bucket."""
        return f"code/{self.name}/{self.digest}.zip"


def package_image_sources(root: Path = ROOT) -> ImageSources:
    """Packages what the build of container images needs."""
    return ImageSources("containers", _under("containers", read_tree(root / "containers")))


def package_code(package: JobPackage, root: Path = ROOT, *, installs: bool = False) -> CodePackage:
    """Packages the code of jobs. Where `installs`, they install what their image lacks.

    Raises:
        ConfigurationError: the package has no requirements.txt.
    """
    files = read_tree(root / package)
    if "requirements.txt" not in files:
        raise ConfigurationError(
            f"{root / package / 'requirements.txt'} is missing; it lists what the container lacks, and may be empty"
        )
    return CodePackage(
        package,
        {
            **({"requirements.txt": files["requirements.txt"]} if installs else {}),
            **_under(package, files),
            **_shared(root, JOB_SHARED[package]),
        },
    )


def package_lambda(name: str, root: Path = ROOT) -> LambdaPackage:
    """Packages a Lambda function (one of LAMBDA_NAMES), what all functions share, and the packages that it needs.

    The package keeps the repository's paths, so that the same absolute imports work. The handler is therefore
    `lambdas.<name>.handler.handler`.

    Raises:
        ConfigurationError: there is no such function.
    """
    folder, module = root / "lambdas", name.replace("-", "_")
    own = {f"lambdas/{module}/{path}": content for path, content in read_tree(folder / module).items()}
    if f"lambdas/{module}/handler.py" not in own:
        raise ConfigurationError(f"{folder / module / 'handler.py'} is missing: there is no Lambda function '{name}'")
    shared = {
        "lambdas/__init__.py": (folder / "__init__.py").read_bytes(),
        **{f"lambdas/shared/{path}": content for path, content in read_tree(folder / "shared").items()},
    }
    return LambdaPackage(name, {**shared, **own, **_shared(root, LAMBDA_SHARED.get(name, ()))})


def _shared(root: Path, packages: Iterable[str]) -> Files:
    return {path: content for name in packages for path, content in _under(name, read_tree(root / name)).items()}


def _under(folder: str, files: Files) -> Files:
    return {f"{folder}/{path}": content for path, content in files.items()}
