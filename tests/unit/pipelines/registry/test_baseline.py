"""The folder of the drift baseline."""

import boto3

from pipelines.aws import Aws
from pipelines.registry.baseline import baseline_uri, upload_marker
from pipelines.settings.naming import Names


def test_the_marker_is_where_the_parameter_says(session: boto3.Session, names: Names) -> None:
    aws = Aws(session)
    upload_marker(aws, names)
    (found,) = aws.s3.list_objects_v2(Bucket=names.bucket)["Contents"]
    assert f"s3://{names.bucket}/{found['Key']}" == f"{baseline_uri(names)}/README.txt"
    assert found["Size"] > 0
