"""An account to deploy into."""

import boto3
import pytest

from pipelines.aws import Aws
from pipelines.settings.naming import Names


@pytest.fixture
def empty(session: boto3.Session, names: Names) -> Aws:
    """An account without anything: the bucket is for the deployment to make."""
    aws = Aws(session)
    aws.s3.delete_bucket(Bucket=names.bucket)
    return aws
