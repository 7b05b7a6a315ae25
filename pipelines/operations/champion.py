"""The champion: the model version that production serves, which a new model is compared with."""

from collections.abc import Sequence

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.operations.endpoint import served_packages
from pipelines.registry.versions import ModelVersion, versions
from pipelines.settings.naming import Names

NO_PACKAGE = "none"
MARKER_FOLDER = ("data", "no-champion")
MARKER = b"No model is in production. An input of a processing job cannot be left out, nor be empty: this is it.\n"


def no_champion_uri(names: Names) -> str:
    """The folder that stands for no champion, the default of the parameter `ChampionModelUri`."""
    return names.s3(*MARKER_FOLDER)


def upload_marker(aws: Aws, names: Names) -> None:
    """Puts the marker in its folder: SageMaker refuses an input whose prefix has no object."""
    aws.s3.put_object(Bucket=names.bucket, Key="/".join((*MARKER_FOLDER, "README.txt")), Body=MARKER)


def champion_parameters(aws: Aws, names: Names) -> dict[str, str]:
    """The training pipeline's parameters that name the champion, as the registry has it now."""
    champion = find_champion(aws, names)
    if champion is None:
        return {"ChampionModelUri": no_champion_uri(names), "ChampionModelPackage": NO_PACKAGE}
    return {"ChampionModelUri": champion.model_uri, "ChampionModelPackage": champion.arn}


def find_champion(aws: Aws, names: Names) -> ModelVersion | None:
    """The approved version that the endpoint serves; without one, the latest approved; None when none is approved."""
    return choose_champion(versions(aws, names), serving(aws, names))


def choose_champion(known: Sequence[ModelVersion], served: Sequence[str]) -> ModelVersion | None:
    """The champion among versions (newest first), of which the endpoint serves those with these ARNs."""
    approved = [each for each in known if each.status == "Approved"]
    return next((each for each in approved if each.arn in served), approved[0] if approved else None)


def serving(aws: Aws, names: Names) -> list[str]:
    """ARNs of the model packages behind the endpoint; none where there is no endpoint."""
    try:
        endpoint = aws.sagemaker.describe_endpoint(EndpointName=names.endpoint)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationException":
            return []
        raise
    return served_packages(aws, endpoint["EndpointConfigName"])
