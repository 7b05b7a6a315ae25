"""Where the drift baseline of the version in production lies. The function deploy-model puts it there."""

from pipelines.aws import Aws
from pipelines.settings.naming import Names

FOLDER = "baseline"
MARKER = b"deploy-model keeps the drift baseline here. An input of a job must not be empty: this is for when it is.\n"


def baseline_uri(names: Names) -> str:
    """The folder of the baseline, the default of the parameter `BaselineUri`."""
    return names.s3(FOLDER)


def upload_marker(aws: Aws, names: Names) -> None:
    """Puts the marker in the folder: SageMaker refuses an input whose prefix has no object."""
    aws.s3.put_object(Bucket=names.bucket, Key=f"{FOLDER}/README.txt", Body=MARKER)
