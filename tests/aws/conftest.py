"""The shipped templates, as data and as CloudFormation sees them."""

from pathlib import Path

import pytest
from aws.templates import NAME_OF, ROOT, Resources, text
from cfnlint.decode import cfn_yaml

from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.settings.reading import load


@pytest.fixture(params=["storage", "application", "images", "delivery"])
def template_path(request: pytest.FixtureRequest) -> Path:
    return ROOT / "infra" / f"{request.param}.yaml"


def read_resources(name: str) -> Resources:
    return dict(cfn_yaml.load(str(ROOT / "infra" / f"{name}.yaml"))["Resources"])


@pytest.fixture(scope="session")
def storage() -> Resources:
    return read_resources("storage")


@pytest.fixture(scope="session")
def application() -> Resources:
    return read_resources("application")


@pytest.fixture(scope="session")
def delivery() -> Resources:
    return read_resources("delivery")


@pytest.fixture(scope="session")
def images() -> Resources:
    return read_resources("images")


@pytest.fixture(scope="session")
def everything(storage: Resources, application: Resources, images: Resources, delivery: Resources) -> Resources:
    """The resources of all templates."""
    return storage | application | images | delivery


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load("local")


@pytest.fixture(scope="session")
def names(settings: Settings) -> Names:
    return Names.of(settings, "123456789012")


@pytest.fixture(scope="session")
def given(everything: Resources, names: Names, settings: Settings) -> dict[str, str]:
    """The name of every resource that has one, by its logical name."""
    return {
        logical: text(each["Properties"][NAME_OF[each["Type"]]], names, settings)
        for logical, each in everything.items()
        if NAME_OF.get(each["Type"]) in each["Properties"]
    }
