"""What the tests of templates share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

ROOT = Path(__file__).parents[2]
Resources = dict[str, dict[str, Any]]
# The property with the name, of each type that has one.
NAME_OF = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::IAM::Role": "RoleName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "LayerName",
    "AWS::Events::Rule": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CodeBuild::Project": "Name",
    "AWS::CodePipeline::Pipeline": "Name",
    "AWS::ECR::Repository": "RepositoryName",
}


def text(value: Any, names: Names, settings: Settings) -> str:
    """A text with CloudFormation's variables filled in."""
    filled = str(value["Fn::Sub"]) if isinstance(value, Mapping) else str(value)
    for variable, known in {
        "Project": settings.project,
        "Environment": settings.environment,
        "AWS::AccountId": names.account,
        "AWS::Region": names.region,
        "AWS::Partition": "aws",
    }.items():
        filled = filled.replace("${" + variable + "}", known)
    assert "${" not in filled
    return filled
