"""The drift baseline: statistics and constraints of the images that the model in production learned from."""

from typing import Any

from pipelines.aws import Aws
from pipelines.champion import find_champion
from pipelines.naming import Names

MARKER_FOLDER = ("data", "no-baseline")
MARKER = b"No drift baseline is known. An input of a processing job cannot be left out, nor be empty: this is it.\n"


def no_baseline_uri(names: Names) -> str:
    """The folder that stands for no baseline, the default of the parameter `BaselineUri`."""
    return names.s3(*MARKER_FOLDER)


def upload_marker(aws: Aws, names: Names) -> None:
    """Puts the marker in its folder: SageMaker refuses an input whose prefix has no object."""
    aws.s3.put_object(Bucket=names.bucket, Key="/".join((*MARKER_FOLDER, "README.txt")), Body=MARKER)


def baseline_parameters(aws: Aws, names: Names) -> dict[str, str]:
    """The monitoring pipeline's parameter that names the baseline of the version in production, as it is now."""
    champion = find_champion(aws, names)
    if champion is None:
        return {"BaselineUri": no_baseline_uri(names)}
    package = aws.sagemaker.describe_model_package(ModelPackageName=champion.arn)
    return {"BaselineUri": baseline_folder(package) or no_baseline_uri(names)}


def baseline_folder(package: dict[str, Any]) -> str | None:
    """The folder of a model package's data baseline, whose files DescribeData writes side by side; None without one."""
    sources = package.get("DriftCheckBaselines", {}).get("ModelDataQuality", {})
    uris = [sources.get(kind, {}).get("S3Uri", "") for kind in ("Statistics", "Constraints")]
    folders = {uri.rpartition("/")[0] for uri in uris}
    return folders.pop() or None if len(folders) == 1 else None
