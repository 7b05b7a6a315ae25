"""The container images that this project builds (containers/Dockerfile), by job and instance type."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipelines.errors import ConfigurationError
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.settings.sections import ImageKind

Scope = Literal["training", "inference"]
# Families of instances: AWS Graviton has a `g` after the generation, as in m6g, c7gn and g5g.
ARM = re.compile(r"[a-z]+\d+[a-z]*g[a-z]*")
NEURON = re.compile(r"(inf|trn)\d.*")
GPU = re.compile(r"(g|gr|p)\d.*")


@dataclass(frozen=True)
class OwnImages:
    """Images in the account's registry, each by its digest, so that a definition names the very bytes that run."""

    registry: str
    prefix: str
    digests: Mapping[ImageKind, str]

    installs = False  # whether a job installs its packages when it starts

    def uri(self, scope: Scope, instance_type: str) -> str:
        """The image's URI. Raises as `kind_of` does."""
        return f"{self.registry}/{self.prefix}-{scope}@{self.digests[kind_of(scope, instance_type)]}"


def kind_of(scope: Scope, instance_type: str) -> ImageKind:
    """Which image an instance type needs. Raises ConfigurationError where there is none."""
    family = instance_type.split(".")[1]
    if ARM.fullmatch(family) or NEURON.fullmatch(family):
        raise ConfigurationError(f"this project builds no {scope} image for {instance_type}, only for x86 and for GPUs")
    gpu = bool(GPU.fullmatch(family))
    if scope == "training":
        return "training-gpu" if gpu else "training-cpu"
    if gpu:
        raise ConfigurationError(f"the model computes on CPUs, so the GPU of {instance_type} would do nothing")
    return "inference-cpu"


def kinds_in_use(settings: Settings) -> tuple[ImageKind, ...]:
    """The images that the configuration's instance types need, each once. Raises ConfigurationError."""
    jobs = (settings.training.instance_type, settings.processing.instance_type)
    kinds = [*(kind_of("training", each) for each in jobs), kind_of("inference", settings.endpoint.instance_type)]
    return tuple(dict.fromkeys(kinds))


def builds_images(settings: Settings) -> bool:
    """Whether the environment takes images that it builds. It does not where it takes AWS's, or all are pinned."""
    containers = settings.containers
    return containers.source == "own" and any(kind not in containers.pinned for kind in kinds_in_use(settings))


def own_images(settings: Settings, names: Names, built: Mapping[str, str]) -> OwnImages:
    """The images in use: those that the configuration pins, else those that were built.

    Raises:
        ConfigurationError: an image is not pinned, and none was built.
    """
    pinned = settings.containers.pinned
    digests = {kind: pinned.get(kind) or built.get(kind, "") for kind in kinds_in_use(settings)}
    if missing := [kind for kind, digest in digests.items() if not digest]:
        raise ConfigurationError(
            f"the container image {missing[0]} has not been built yet; `scones --env {settings.environment} images "
            "build` does that, once `scones deploy` has made what builds it. With `source: aws` in the section "
            "containers, AWS's images are taken"
        )
    return OwnImages(names.registry, names.prefix, digests)
