"""The container images of jobs and endpoint: this project's own or AWS's, as the configuration says."""

from collections.abc import Callable, Mapping

from pipelines.definitions.images.aws import AwsImages
from pipelines.definitions.images.own import OwnImages, Scope, kind_of, own_images
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

Images = AwsImages | OwnImages


def choose_images(settings: Settings, names: Names, built: Mapping[str, str]) -> Images:
    """The images of an environment. `built` has the digests of own images by kind, which AWS's do not need.

    Raises:
        ConfigurationError: there is no such image, or none yet.
    """
    if settings.containers.source == "aws":
        return AwsImages(settings.region)
    return own_images(settings, names, built)


def kinds(settings: Settings) -> Callable[[Scope, str], str]:
    """A function that says which image an instance type needs, whether or not it has been built yet."""
    return AwsImages(settings.region).uri if settings.containers.source == "aws" else kind_of
