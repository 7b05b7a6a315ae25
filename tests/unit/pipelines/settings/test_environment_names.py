"""Which names an environment may have, so that those of its resources are allowed and nobody else's."""

from pathlib import Path

import pytest
from unit.pipelines.settings.environments import environment

from pipelines.errors import ConfigurationError
from pipelines.settings.naming import Names
from pipelines.settings.reading import load


@pytest.mark.parametrize("name", ["prod-eu", "prod", "a", "dev-2", "eu-west-1"])
def test_names_of_environments(folder: Path, name: str) -> None:
    environment(folder, name)
    assert load(name, folder).environment == name


@pytest.mark.parametrize("name", ["Prod", "prod_eu", "prod-", "-prod", "prod--eu", "prod.eu", "prod eu", "köln"])
def test_names_that_no_resource_can_have(folder: Path, name: str) -> None:
    environment(folder, name)
    with pytest.raises(ConfigurationError, match=f"environment: '{name}' is not allowed"):
        load(name, folder)


@pytest.mark.parametrize("name", ["prod-deploy", "a-vehicles-2", "a-model"])
def test_names_that_begin_a_resource_of_another_environment(folder: Path, name: str) -> None:
    environment(folder, name)
    with pytest.raises(ConfigurationError, match="begins names"):
        load(name, folder)


@pytest.mark.parametrize("region", ["eu-west-1", "ap-southeast-2", "us-gov-west-1", "cn-northwest-1"])
def test_the_longest_name_fits_everywhere(folder: Path, region: str) -> None:
    name = "e" * (31 - len("scones-unlimited-"))
    environment(folder, name, f"region: {region}")
    environment(folder, f"{name}e", f"region: {region}")
    names = Names.of(load(name, folder), "123456789012")
    assert len(names.bucket) <= 63
    assert len(names.model_package_group) <= 40
    with pytest.raises(ConfigurationError, match="more than 30 characters together"):
        load(f"{name}e", folder)
