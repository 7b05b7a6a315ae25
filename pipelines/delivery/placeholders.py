"""Placeholder objects for job inputs that may be empty. SageMaker rejects an input whose S3 prefix has no objects."""

from pipelines.aws import Aws, split_s3_uri
from pipelines.settings.naming import Names

FILE_NAME = "README.txt"
NO_CHAMPION = b"No model is in production. EvaluateModel gets this folder in place of the champion's.\n"
NO_REVIEWED = b"No reviewed photos are trained on. PrepareData gets this folder in place of theirs.\n"
NO_BASELINE = b"deploy-model keeps the drift baseline of the model in production here.\n"

NO_GROUND_TRUTH = b"Put actual classes of captured photos here, below yyyy/mm/dd/hh/, in Model Monitor's format.\n"

NO_PROFILES = b"The monitoring job keeps the profiles of captures here, so that it reads captures once.\n"
NO_VERDICTS = b"report-incident keeps the verdicts of monitoring here, from which the index is made.\n"


def upload_placeholders(aws: Aws, names: Names) -> None:
    """Puts a placeholder into each folder that a pipeline reads before anything else was written there."""
    texts = {
        names.no_champion_uri: NO_CHAMPION,
        names.no_reviewed_uri: NO_REVIEWED,
        names.baseline_uri: NO_BASELINE,
        names.ground_truth_uri: NO_GROUND_TRUTH,
        names.profiles_uri: NO_PROFILES,
        names.verdicts_uri: NO_VERDICTS,
    }
    for folder, text in texts.items():
        bucket, key = split_s3_uri(f"{folder}/{FILE_NAME}")
        aws.s3.put_object(Bucket=bucket, Key=key, Body=text)
