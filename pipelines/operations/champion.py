"""The champion: the model version in production, which a new model is compared with."""

from collections.abc import Sequence

from pipelines.aws import Aws
from pipelines.registry.versions import ModelVersion, versions
from pipelines.settings.naming import NO_CHAMPION_PACKAGE, Names
from pipelines.waiting.endpoint import describe_endpoint, served_packages


def champion_parameters(aws: Aws, names: Names) -> dict[str, str]:
    """The parameters of the training pipeline that name the present champion."""
    champion = choose_champion(versions(aws, names), serving(aws, names))
    if champion is None:
        return {"ChampionModelUri": names.no_champion_uri, "ChampionModelPackage": NO_CHAMPION_PACKAGE}
    return {"ChampionModelUri": champion.model_uri, "ChampionModelPackage": champion.arn}


def choose_champion(known: Sequence[ModelVersion], served: Sequence[str]) -> ModelVersion | None:
    """Chooses the approved version that the endpoint serves, else the latest approved version, else None.

    `known` are all versions, newest first, and `served` the ARNs of those behind the endpoint. A version that cannot be
    deployed is no champion.
    """
    approved = [each for each in known if each.status == "Approved" and not each.defect]
    return next((each for each in approved if each.arn in served), approved[0] if approved else None)


def serving(aws: Aws, names: Names) -> list[str]:
    """ARNs of the model packages behind the endpoint; none if there is no endpoint."""
    endpoint = describe_endpoint(aws, names.endpoint)
    return served_packages(aws, endpoint["EndpointConfigName"]) if endpoint else []
