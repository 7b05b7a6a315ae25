"""Which of the project's own images an instance type needs."""

import pytest

from pipelines.definitions.images.own import builds_images, kind_of, kinds_in_use, own_images
from pipelines.errors import ConfigurationError
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

DIGEST = "sha256:" + "ab" * 32


def changed(settings: Settings, section: str, **values: object) -> Settings:
    return settings.model_copy(update={section: getattr(settings, section).model_copy(update=values)})


@pytest.fixture
def building(settings: Settings) -> Settings:
    """Nothing is pinned."""
    return changed(settings, "containers", pinned={})


@pytest.mark.parametrize(
    ("instance_type", "kind"),
    [
        *((f"ml.{family}.large", "training-cpu") for family in ("m5", "c7i", "t3", "m5dn", "r7iz", "x2iedn")),
        *((f"ml.{family}.xlarge", "training-gpu") for family in ("g5", "g4dn", "g6e", "gr6", "p3", "p4d", "p5en")),
    ],
)
def test_cpu_or_gpu(instance_type: str, kind: str) -> None:
    assert kind_of("training", instance_type) == kind


@pytest.mark.parametrize("family", ["m6g", "c7gn", "r8gd", "t4g", "g5g", "inf1", "inf2", "trn1", "trn1n"])
def test_other_processors_are_refused(family: str) -> None:
    with pytest.raises(ConfigurationError, match=f"builds no training image for ml.{family}.xlarge"):
        kind_of("training", f"ml.{family}.xlarge")


def test_the_endpoint_computes_on_cpus(building: Settings) -> None:
    with pytest.raises(ConfigurationError, match=r"the GPU of ml\.g5\.xlarge would do nothing"):
        kinds_in_use(changed(building, "endpoint", instance_type="ml.g5.xlarge"))


def test_each_kind_in_use_is_built_once(building: Settings) -> None:
    assert kinds_in_use(building) == ("training-cpu", "inference-cpu")
    mixed = changed(building, "training", instance_type="ml.g5.xlarge")
    assert kinds_in_use(mixed) == ("training-gpu", "training-cpu", "inference-cpu")


def test_what_is_pinned_comes_before_what_was_built(building: Settings, names: Names) -> None:
    built = {"training-cpu": DIGEST, "inference-cpu": DIGEST}
    pinned = changed(building, "containers", pinned={"inference-cpu": "sha256:" + "cd" * 32})
    images = own_images(pinned, names, built)
    registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scones-unlimited-local"
    assert images.uri("training", "ml.m5.large") == f"{registry}-training@{DIGEST}"
    assert images.uri("inference", "ml.m5.large") == f"{registry}-inference@sha256:{'cd' * 32}"


def test_an_image_that_is_not_there_yet(building: Settings, names: Names) -> None:
    with pytest.raises(
        ConfigurationError, match="inference-cpu has not been built yet; `scones --env local images bui"
    ):
        own_images(building, names, {"training-cpu": DIGEST})


def test_who_builds(settings: Settings, building: Settings) -> None:
    assert builds_images(building)
    assert not builds_images(settings)  # all are pinned
    assert not builds_images(changed(building, "containers", source="aws"))
