"""Connects to AWS: a session, its clients, and errors that say what to do."""

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
    ConfigNotFound,
    ConfigParseError,
    ConnectionError,  # noqa: A004 - botocore's name for it
    CredentialRetrievalError,
    HTTPClientError,
    InvalidConfigError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from pipelines.errors import AwsError

RETRIES = Config(retries={"mode": "standard", "total_max_attempts": 5})
CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
LOGIN = (SSOTokenLoadError, TokenRetrievalError, UnauthorizedSSOTokenError)
FILES = (ConfigNotFound, ConfigParseError, InvalidConfigError)
MISSING = {"404", "NotFound", "NoSuchKey", "NoSuchBucket"}
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
CONFLICTS = {  # SageMaker and Step Functions, Lambda, S3, EventBridge
    "ConflictException",
    "ResourceConflictException",
    "OperationAborted",
    "ConcurrentModificationException",
}
INVALID = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "ExpiredToken",
    "ExpiredTokenException",
    "SignatureDoesNotMatch",
}


@dataclass(frozen=True)
class Aws:
    """A connection to one account and region. Each client is made when it is first used."""

    session: boto3.Session

    @classmethod
    def connect(cls, region: str, environment: Mapping[str, str]) -> "Aws":
        """Opens a session with the credentials in `environment`, or else with those that boto3 finds.

        boto3 also finds the addresses of services, if they are not AWS's own (AWS_ENDPOINT_URL and the like).

        Raises AwsError.
        """
        key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
        if bool(key) != bool(secret):
            raise AwsError("only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set; set both or neither")
        with explain_errors():
            session = boto3.Session(
                region_name=region,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                aws_session_token=environment.get("AWS_SESSION_TOKEN"),
                profile_name=None if key else environment.get("AWS_PROFILE"),  # keys take precedence
            )
        return cls(session)

    @property
    def region(self) -> str:
        """The region of every client."""
        return str(self.session.region_name)

    @property
    def account(self) -> str:
        """The account number, which STS tells."""
        return str(self._identity["Account"])

    @property
    def caller_arn(self) -> str:
        """The ARN of the user or role that calls AWS."""
        return str(self._identity["Arn"])

    @cached_property
    def _identity(self) -> dict[str, str]:
        with explain_settings():  # this is the first call, which needs credentials
            found: dict[str, str] = self.sts.get_caller_identity()
        return found

    def client(self, service: str, config: Config = RETRIES) -> BaseClient:
        """A new client for a service. The properties below make theirs once."""
        with explain_settings():
            return self.session.client(service, config=config)

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
        """SageMaker Runtime, which invokes endpoints."""
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
        """STS, which tells who is calling."""
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
    """Bucket and key of `s3://<bucket>/<key>`."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def is_missing(error: ClientError) -> bool:
    """Whether the error says that an S3 object or its bucket does not exist."""
    return error.response["Error"]["Code"] in MISSING


@contextmanager
def explain_errors() -> Iterator[None]:
    """Turns errors of boto3 and botocore into AwsError, with the cause and what to do. Other errors pass through."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise AwsError(explanation(error)) from error
    except Boto3Error as error:  # of a transfer; it has the ClientError only in its text
        raise AwsError(f"{error}. If the bucket is missing, create it with `scones deploy`") from error


@contextmanager
def explain_settings() -> Iterator[None]:
    """Turns what Python itself says about unusable AWS variables and files into AwsError: botocore lets it through.

    Such are an AWS_ENDPOINT_URL that is no URL, or the program of a `credential_process` that is not there.
    """
    try:
        yield
    except (ValueError, OSError) as error:
        if isinstance(error, BotoCoreError):
            raise
        raise AwsError(
            f"the settings for AWS cannot be used: {error}. Check the variables whose names begin with AWS_, and the "
            "files ~/.aws/config and ~/.aws/credentials"
        ) from error


def explanation(error: BotoCoreError | ClientError) -> str:
    """Explains an error and says what to do."""
    if isinstance(error, ClientError):
        return client_explanation(error)
    if isinstance(error, LOGIN):
        return f"the AWS login has expired ({error}); run 'aws sso login'"
    if isinstance(error, ProfileNotFound):
        return (
            f"there is no such AWS profile: {error}. Unset AWS_PROFILE, or set it to a profile that "
            "'aws configure list-profiles' shows. The environment 'local' needs no profile"
        )
    if isinstance(error, CREDENTIALS):
        return (
            f"no AWS credentials: {error}. Set AWS_PROFILE to a profile that has some, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or run 'aws configure'. The environment 'local' needs no credentials"
        )
    if isinstance(error, FILES):
        return (
            f"AWS's configuration files cannot be used: {str(error).rstrip('.')}. Correct the file (usually "
            "~/.aws/config or ~/.aws/credentials), or name others in AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE"
        )
    if isinstance(error, ConnectionError | HTTPClientError):
        return (
            f"AWS cannot be reached: {error}. Check the network, the region and, where they are set, "
            "AWS_ENDPOINT_URL, HTTPS_PROXY and AWS_CA_BUNDLE"
        )
    return f"the call to AWS failed: {error}"


def client_explanation(error: ClientError) -> str:
    """Explains an error that AWS answered and says what to do."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message") or "it says no more"
    if code in REFUSED:
        return f"AWS refused {error.operation_name}: {message} (docs/delivery.md lists what each role may do)"
    if code in INVALID:
        return (
            f"AWS does not accept the credentials ({code}): {message}. Renew them where they come from: the variables "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY if they are set, else the profile that AWS_PROFILE names"
        )
    if code in CONFLICTS:
        return (
            f"somebody else is changing the same thing: AWS answered {error.operation_name} with {code}: {message}. "
            "Wait a moment, look at what it is now, and run the command again"
        )
    return f"AWS answered {error.operation_name} with {code}: {message}"
