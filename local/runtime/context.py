"""State shared by all services: region and account, clients for the other services, and the activity log."""

import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock

from local.loopback import sts_address
from local.protocol.json_types import Json
from local.runtime.folders import make_private
from local.runtime.keys import Key, new_key
from local.runtime.processes import OWNER

ACCOUNT = "123456789012"

# Arguments: the context, the role's ARN, the service that assumes it, and the ARN of the resource for which it acts.
# Returns environment variables with the role's credentials. Raises ServiceError if the role does not trust the service.
AssumeRole = Callable[["Context", str, str, str], dict[str, str]]
Clock = Callable[[], datetime]


def environment(endpoint_url: str, region: str, key: Key) -> dict[str, str]:
    """Environment variables that point AWS clients at the endpoint."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": key.access_key,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        "AWS_DEFAULT_REGION": region,
        **sts_address.SETTING,
    }


def now() -> datetime:
    """The current time in UTC, in milliseconds as in the AWS APIs."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Context:
    """The state that the services of one running local AWS share.

    If `assume_role` is given, IAM is enforced, and services act with the credentials of roles. The keys are new ones:
    `administrator` for clients and for all that runs without a role, `engine` for moto's Step Functions alone,
    `sessions` for temporary credentials of the administrator, and `status_key` for the status page.
    """

    account = ACCOUNT

    def __init__(self, data: Path, region: str, port: int, assume_role: AssumeRole | None = None) -> None:
        self.data = data
        self.region = region
        self.port = port
        self.endpoint_url = f"http://127.0.0.1:{port}"
        self.administrator = new_key()
        self.engine = new_key()
        self.sessions: list[Key] = []
        self.status_key = secrets.token_urlsafe(24)
        self.changed = Event()  # something was made or changed that is to be remembered
        self._assume_role = assume_role
        self._clients: dict[tuple[str, str], Json] = {}
        self._lock = Lock()
        for folder in (self.work, self.logs, self.s3):
            make_private(folder)

    @property
    def enforce_iam(self) -> bool:
        """Whether the policies of roles and resources are enforced."""
        return self._assume_role is not None

    @property
    def work(self) -> Path:
        """Folder for private folders of jobs, model servers and Lambda functions; removed at a clean stop."""
        return self.data / "work"

    @property
    def logs(self) -> Path:
        """Folder with a file for each log stream."""
        return self.data / "logs"

    @property
    def s3(self) -> Path:
        """Folder with copies of what jobs and endpoints wrote to S3."""
        return self.data / "s3"

    @property
    def status_url(self) -> str:
        """Address of the status page, with the key that only its owner knows."""
        return f"{self.endpoint_url}/_status/{self.status_key}/"

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables of an AWS client."""
        return environment(self.endpoint_url, self.region, self.administrator)

    def child_environment(self, role: str = "", service: str = "", source: str = "") -> dict[str, str]:
        """AWS variables for jobs, model servers and Lambda functions. The arguments are those of `credentials`."""
        return {
            **self.environment,
            **self.credentials(role, service, source),
            OWNER: str(self.data),
            "AWS_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def credentials(self, role: str, service: str, source: str) -> dict[str, str]:
        """Variables with a role's credentials if IAM is enforced, otherwise none.

        `service` is a principal such as sagemaker.amazonaws.com, `source` the ARN of the resource for which it acts.
        Raises ServiceError if the role does not trust the service.
        """
        if self._assume_role is None or not role:
            return {}
        return self._assume_role(self, role, service, source)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in this account and region; regions outside of `aws` have a partition of their own."""
        from moto.utilities.utils import get_partition

        return f"arn:{get_partition(self.region)}:{service}:{self.region}:{self.account}:{resource}"

    def queue_url(self, arn: str) -> str:
        """The URL of the queue with an ARN."""
        return f"{self.endpoint_url}/{self.account}/{arn.rpartition(':')[2]}"

    def client(self, service: str, role: str = "", principal: str = "", source: str = "") -> Json:
        """A boto3 client for this endpoint, which acts as `role` if IAM is enforced. Raises ServiceError.

        Clients are made under a lock: they can be shared between threads, but making them is not thread-safe.
        """
        import boto3
        from botocore.config import Config

        variables = {**self.environment, **self.credentials(role, principal, source)}
        key = (service, variables["AWS_ACCESS_KEY_ID"])
        with self._lock:
            if key not in self._clients:
                self._clients[key] = boto3.client(
                    service,
                    endpoint_url=self.endpoint_url,
                    region_name=self.region,
                    aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
                    aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
                    aws_session_token=variables.get("AWS_SESSION_TOKEN"),
                    config=Config(max_pool_connections=50, retries={"mode": "standard", "max_attempts": 3}),
                )
            return self._clients[key]

    def say(self, text: str) -> None:
        """Writes one line about what happened to standard output and to `local-aws.log`. It must have happened."""
        self.changed.set()
        line = f"{datetime.now(UTC).astimezone():%H:%M:%S} {' '.join(text.split())}\n"
        with self._lock:
            # The disk may be full. What happens must not depend on being told.
            with suppress(OSError), (self.logs / "local-aws.log").open("a", encoding="utf-8") as log:
                log.write(line)
            with suppress(OSError, ValueError):  # the reader of standard output may have ended
                sys.stdout.write(line)
                sys.stdout.flush()
