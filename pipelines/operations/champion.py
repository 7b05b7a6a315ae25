"""The champion: the model version in production, which a new model is compared with."""

from lambdas.shared.deployments import served_packages
from lambdas.shared.production import APPROVED, in_production
from pipelines.aws import Aws
from pipelines.registry.marks import with_marks
from pipelines.registry.versions import ModelVersion, versions
from pipelines.settings.naming import NO_CHAMPION_PACKAGE, Names
from pipelines.waiting.endpoint import describe_endpoint


def champion_parameters(aws: Aws, names: Names) -> dict[str, str]:
    """The parameters of the training pipeline that name the present champion."""
    champion = find_champion(aws, names)
    if champion is None:
        return {"ChampionModelUri": names.no_champion_uri, "ChampionModelPackage": NO_CHAMPION_PACKAGE}
    return {"ChampionModelUri": champion.model_uri, "ChampionModelPackage": champion.arn}


def find_champion(aws: Aws, names: Names) -> ModelVersion | None:
    """The version in production, if there is one."""
    approved = [each for each in versions(aws, names) if each.status == APPROVED]
    return in_production(with_marks(aws, names, approved), serving(aws, names))


def serving(aws: Aws, names: Names) -> list[str]:
    """ARNs of the model packages behind the endpoint; none if there is no endpoint."""
    endpoint = describe_endpoint(aws, names.endpoint)
    return served_packages(aws.sagemaker, endpoint["EndpointConfigName"]) if endpoint else []
