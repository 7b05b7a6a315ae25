"""Reading the environment variables that configure a function."""

from collections.abc import Mapping

from lambdas.shared.errors import ConfigurationError


def variable(environment: Mapping[str, str], name: str) -> str:
    """An environment variable that has to be set."""
    if not (found := environment.get(name)):
        raise ConfigurationError(f"the environment variable {name} is missing")
    return found
