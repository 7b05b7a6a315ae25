"""The shipped templates, as data and as CloudFormation sees them."""

from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml

from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.settings.reading import load

ROOT = Path(__file__).parents[2]
Resources = dict[str, dict[str, Any]]


@pytest.fixture(params=["storage", "application", "images", "delivery"])
def template_path(request: pytest.FixtureRequest) -> Path:
    return ROOT / "infra" / f"{request.param}.yaml"


def read_resources(name: str) -> Resources:
    return dict(cfn_yaml.load(str(ROOT / "infra" / f"{name}.yaml"))["Resources"])


@pytest.fixture
def storage() -> Resources:
    return read_resources("storage")


@pytest.fixture
def application() -> Resources:
    return read_resources("application")


@pytest.fixture
def delivery() -> Resources:
    return read_resources("delivery")


@pytest.fixture
def images() -> Resources:
    return read_resources("images")


@pytest.fixture
def everything(storage: Resources, application: Resources, images: Resources, delivery: Resources) -> Resources:
    """The resources of all templates."""
    return storage | application | images | delivery


@pytest.fixture
def settings() -> Settings:
    return load("local")


@pytest.fixture
def names(settings: Settings) -> Names:
    return Names.of(settings, "123456789012")
