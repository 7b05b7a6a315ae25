"""AWS's container images for the jobs and for the endpoint, and until when AWS patches them.

Source of versions and dates: AWS Deep Learning Containers, support policy and image lists, as of 2026-08-21.
"""

from dataclasses import dataclass
from datetime import date

from pipelines.definitions.images.own import Scope
from pipelines.errors import ConfigurationError


@dataclass(frozen=True)
class Framework:
    """A line of AWS's images: its name and version in the SDK, its repository, and the last day of its patches."""

    name: str
    version: str
    python: str | None
    repository: str
    patched_until: date


# AWS has no newer image with PyTorch that serves `model_fn` and the like. Weights are the same in both versions.
FRAMEWORKS: dict[Scope, Framework] = {
    "training": Framework("pytorch-amzn2023", "2.13", None, "pytorch", date(2027, 7, 20)),
    "inference": Framework("pytorch", "2.6", "py312", "pytorch-inference", date(2026, 6, 30)),
}


@dataclass(frozen=True)
class AwsImages:
    """AWS's PyTorch images in a region."""

    region: str

    installs = True  # whether a job installs its packages when it starts

    def uri(self, scope: Scope, instance_type: str) -> str:
        """URI of the image for an instance type, which decides between the CPU and the GPU build.

        Raises:
            ConfigurationError: AWS has no such image, as for AWS Inferentia and Trainium, or for training on AWS
                Graviton.
        """
        from sagemaker.core import image_uris

        framework = FRAMEWORKS[scope]
        try:
            uri: str = image_uris.retrieve(
                framework.name,
                self.region,
                version=framework.version,
                py_version=framework.python,
                instance_type=instance_type,
                image_scope=scope,
            )
        except ValueError as error:
            raise ConfigurationError(_refusal(framework, scope, instance_type) + f": {error}") from error
        if f"/{framework.repository}:" not in uri:  # for AWS Graviton the SDK may answer with another image
            raise ConfigurationError(_refusal(framework, scope, instance_type))
        return uri


def _refusal(framework: Framework, scope: Scope, instance_type: str) -> str:
    return f"AWS has no PyTorch {framework.version} {scope} image for {instance_type}"
