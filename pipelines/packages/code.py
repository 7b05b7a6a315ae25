"""Packages the code that ships: for SageMaker jobs, and for Lambda. Addresses derive from contents."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pipelines.errors import ConfigurationError
from pipelines.packages.archives import Files, digest_of, read_tree, to_tar_gz, to_zip

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Package:
    """Files that ship together, under an address that derives from them."""

    name: str
    files: Files

    @cached_property
    def digest(self) -> str:
        """The address of these contents."""
        return digest_of(self.files)


@dataclass(frozen=True)
class CodePackage(Package):
    """The code of a job: `requirements.txt` at the root, and the Python package beside it."""

    @cached_property
    def sourcedir_bytes(self) -> bytes:
        """The same files as `sourcedir.tar.gz`, for script mode."""
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
        """Where the package lies in the bucket."""
        return f"code/lambdas/{self.name}-{self.digest}.zip"


def package_code(package: Literal["steps", "monitoring"], root: Path = ROOT) -> CodePackage:
    """The code of the training pipeline's jobs, or of the monitoring job.

    Raises:
        ConfigurationError: the package has no requirements.txt.
    """
    files = read_tree(root / package)
    if "requirements.txt" not in files:
        raise ConfigurationError(
            f"{root / package / 'requirements.txt'} is missing: what the container lacks, or nothing"
        )
    beside = {f"{package}/{path}": content for path, content in files.items()}
    return CodePackage(package, {"requirements.txt": files["requirements.txt"], **beside})


def package_lambda(name: str, root: Path = ROOT) -> LambdaPackage:
    """A Lambda function (one of LAMBDA_NAMES): its folder, and the modules that all functions share.

    Paths stay as they are in the repository, so that the same absolute imports work; the handler therefore is
    `lambdas.<name>.handler.handler`.
    """
    folder, module = root / "lambdas", name.replace("-", "_")
    own = {f"lambdas/{module}/{path}": content for path, content in read_tree(folder / module).items()}
    if f"lambdas/{module}/handler.py" not in own:
        raise ConfigurationError(f"{folder / module / 'handler.py'} is missing: there is no Lambda function '{name}'")
    shared = {
        "lambdas/__init__.py": (folder / "__init__.py").read_bytes(),
        **{f"lambdas/shared/{path}": content for path, content in read_tree(folder / "shared").items()},
    }
    return LambdaPackage(name, {**shared, **own})
