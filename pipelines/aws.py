"""The one door to AWS: a session, its clients, and errors that say what to do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import boto3
from boto3.exceptions import Boto3Error
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's name for it
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from pipelines.errors import AwsError

RETRIES = Config(retries={"mode": "standard", "total_max_attempts": 5})
CREDENTIALS = (NoCredentialsError, PartialCredentialsError, ProfileNotFound, CredentialRetrievalError)
LOGIN = (TokenRetrievalError, UnauthorizedSSOTokenError)
MISSING = {"404", "NotFound", "NoSuchKey", "NoSuchBucket"}
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
INVALID = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "ExpiredToken",
    "ExpiredTokenException",
    "SignatureDoesNotMatch",
}


@dataclass(frozen=True)
class Aws:
    """An account in a region. Clients are made when they are first used."""

    session: boto3.Session
    endpoint_url: str | None = None

    @classmethod
    def connect(cls, region: str, environment: Mapping[str, str]) -> "Aws":
        """Opens a session: credentials and endpoint of the environment, else those that boto3 finds by itself."""
        key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
        if bool(key) != bool(secret):
            raise AwsError("of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set; set both, or none")
        with explain_errors():
            session = boto3.Session(
                region_name=region,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                aws_session_token=environment.get("AWS_SESSION_TOKEN"),
                profile_name=None if key else environment.get("AWS_PROFILE"),  # keys go first, as everywhere in AWS
            )
        return cls(session, environment.get("AWS_ENDPOINT_URL"))

    @property
    def region(self) -> str:
        """The region of every client."""
        return str(self.session.region_name)

    @cached_property
    def account(self) -> str:
        """The account's number, as STS knows it."""
        return str(self.sts.get_caller_identity()["Account"])

    def client(self, service: str) -> BaseClient:
        """A new client of a service; the properties below keep theirs."""
        return self.session.client(service, endpoint_url=self.endpoint_url, config=RETRIES)

    @cached_property
    def s3(self) -> BaseClient:
        """S3."""
        return self.client("s3")

    @cached_property
    def sagemaker(self) -> BaseClient:
        """SageMaker: pipelines, registry, endpoints."""
        return self.client("sagemaker")

    @cached_property
    def sagemaker_runtime(self) -> BaseClient:
        """SageMaker's InvokeEndpoint."""
        return self.client("sagemaker-runtime")

    @cached_property
    def stepfunctions(self) -> BaseClient:
        """Step Functions."""
        return self.client("stepfunctions")

    @cached_property
    def sqs(self) -> BaseClient:
        """SQS."""
        return self.client("sqs")

    @cached_property
    def logs(self) -> BaseClient:
        """CloudWatch Logs."""
        return self.client("logs")

    @cached_property
    def cloudformation(self) -> BaseClient:
        """CloudFormation."""
        return self.client("cloudformation")

    @cached_property
    def sts(self) -> BaseClient:
        """STS: who is calling."""
        return self.client("sts")

    @cached_property
    def events(self) -> BaseClient:
        """EventBridge."""
        return self.client("events")

    @cached_property
    def lambda_(self) -> BaseClient:
        """Lambda."""
        return self.client("lambda")


def split_s3_uri(uri: str) -> tuple[str, str]:
    """The bucket and the key of `s3://<bucket>/<key>`."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def is_missing(error: ClientError) -> bool:
    """Whether S3 answered that the object, or its bucket, does not exist."""
    return error.response["Error"]["Code"] in MISSING


@contextmanager
def explain_errors() -> Iterator[None]:
    """Turns botocore's errors into AwsError with the cause and a way out; other errors pass."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise AwsError(explanation(error)) from error
    except Boto3Error as error:  # a transfer's own error, which hides the ClientError in its text
        raise AwsError(f"{error}. Where the bucket is missing, `scones deploy` makes it") from error


def explanation(error: BotoCoreError | ClientError) -> str:
    """What an error means, and what to do."""
    if isinstance(error, ClientError):
        return client_explanation(error)
    if isinstance(error, LOGIN):
        return f"the login to AWS has ended ({error}); run 'aws sso login'"
    if isinstance(error, CREDENTIALS):
        return (
            f"no AWS credentials: {error}. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run "
            "'aws configure'; '--env local' needs none"
        )
    if isinstance(error, ConnectionError | HTTPClientError):
        return f"AWS cannot be reached: {error}. Check the network, the region, and AWS_ENDPOINT_URL where it is set"
    return f"the call to AWS failed: {error}"


def client_explanation(error: ClientError) -> str:
    """What AWS answered, and what to do."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code in REFUSED:
        return f"AWS refused {error.operation_name}: {message} (docs/delivery.md has what each role may do)"
    if code in INVALID:
        return f"AWS does not accept the credentials ({code}): {message}. Renew them, or check AWS_PROFILE"
    return f"AWS answered {error.operation_name} with {code}: {message}"
