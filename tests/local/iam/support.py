"""What tests of enforced IAM share and is no fixture."""

from typing import Any

from local.server.embedded import LocalAws
from tests.local.support import BUCKET, client, policy, zipped

ALLOW_S3 = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::{BUCKET}/open/*"}
WRITER = """
import boto3
def handler(event, context):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=event["bucket"], Key=event["key"], Body=b"1")
    return boto3.client("sts").get_caller_identity()["Arn"]
"""
CALLER = """
import boto3, json
def handler(event, context):
    client = boto3.client(event["service"])
    answer = getattr(client, event["call"])(**event["members"])
    return json.loads(json.dumps(answer, default=str))
"""


def create_function(strict: LocalAws, name: str, role: str, source: str) -> str:
    """Create a function that acts as a role; its ARN."""
    answer = client(strict, "lambda").create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role=role,
        Handler="handler.handler",
        Code={"ZipFile": zipped(source)},
        Timeout=20,
    )
    return str(answer["FunctionArn"])


def let_in(sqs: Any, url: str, queue: str, service: str, source: str) -> None:
    """Give a queue a policy that lets a service send on behalf of a resource."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy(statement)})
