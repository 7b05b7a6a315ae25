"""Names of all AWS resources, derived from project, environment, account and region, so that none are looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipelines.settings.model import Settings
from pipelines.settings.partitions import Partition, partition_of

JobPackage = Literal["steps", "monitoring"]  # the packages with the code of jobs; each ships on its own
LAMBDA_NAMES = (
    "serialize-image",
    "classify-image",
    "filter-inference",
    "deploy-model",
    "start-workflow",
    "classify-batch",
    "select-captures",
    "report-incident",
    "announce-version",
)
TEST_PHOTOS = "test-photos"  # where photos are put whose executions are started by a command, not by the upload
WAITING_FOR_REVIEW = "review/waiting/"  # of each photo that waits for a person, the record `<execution>.json`
REVIEW_ANSWERS = "review/answers/"  # what people answered, `<execution>/<reviewer>.json`
# Where photos and lists of photos may lie that a batch reads. Uploads to the last start no workflow by themselves.
BATCH_SOURCES = ("photos", TEST_PHOTOS, "backfill")
NO_CHAMPION_PACKAGE = "none"  # the value of the parameter ChampionModelPackage when no model is in production


def tags_of(settings: Settings) -> dict[str, str]:
    """The tags of everything that belongs to an environment, by which its costs are told apart."""
    return {"project": settings.project, "environment": settings.environment}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most of AWS's services take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@dataclass(frozen=True)
class Names:
    """Resource names of one environment in one account. The templates in `infra/` form the same names."""

    prefix: str
    account: str
    region: str

    @classmethod
    def of(cls, settings: Settings, account: str) -> "Names":
        """The names of an environment's resources in an account."""
        return cls(f"{settings.project}-{settings.environment}", account, settings.region)

    @property
    def partition(self) -> Partition:
        """The partition of the region, which ARNs name."""
        return partition_of(self.region)

    @property
    def bucket(self) -> str:
        """The S3 bucket for data, code, artifacts, captures and reports."""
        return f"{self.prefix}-{self.account}-{self.region}"

    @property
    def storage_stack(self) -> str:
        """The CloudFormation stack with the bucket."""
        return f"{self.prefix}-storage"

    @property
    def application_stack(self) -> str:
        """The CloudFormation stack with roles, Lambda functions, queues, rules and alarms."""
        return f"{self.prefix}-application"

    @property
    def delivery_stack(self) -> str:
        """The CloudFormation stack with what a push starts: CodePipeline, CodeBuild's projects and their roles."""
        return f"{self.prefix}-delivery"

    @property
    def images_stack(self) -> str:
        """The CloudFormation stack with the registries of container images, and what builds them."""
        return f"{self.prefix}-images"

    @property
    def stacks(self) -> tuple[str, ...]:
        """All CloudFormation stacks, in the order in which they are made."""
        return (self.storage_stack, self.application_stack, self.images_stack, self.delivery_stack)

    @property
    def image_build(self) -> str:
        """The CodeBuild project that builds the container images."""
        return f"{self.prefix}-images"

    @property
    def registry(self) -> str:
        """The address of the account's registry of container images."""
        return f"{self.account}.dkr.ecr.{self.region}.{self.partition.dns_suffix}"

    def repository(self, scope: str) -> str:
        """The repository of an image: `training` or `inference`."""
        return f"{self.prefix}-{scope}"

    @property
    def training_pipeline(self) -> str:
        """The SageMaker pipeline that trains, evaluates and registers a model."""
        return f"{self.prefix}-training"

    @property
    def monitoring_pipeline(self) -> str:
        """The SageMaker pipeline that writes the monitoring report."""
        return f"{self.prefix}-monitoring"

    @property
    def rebase_pipeline(self) -> str:
        """The SageMaker pipeline that registers a version anew, in another container image."""
        return f"{self.prefix}-rebase"

    @property
    def pipelines(self) -> tuple[str, ...]:
        """All SageMaker pipelines."""
        return (self.training_pipeline, self.monitoring_pipeline, self.rebase_pipeline)

    @property
    def model_package_group(self) -> str:
        """The model package group in the registry."""
        return f"{self.prefix}-vehicles"

    @property
    def endpoint(self) -> str:
        """The endpoint that serves the approved model."""
        return f"{self.prefix}-vehicles"

    @property
    def state_machine(self) -> str:
        """The Step Functions state machine of the inference workflow."""
        return f"{self.prefix}-inference"

    @property
    def state_machine_arn(self) -> str:
        """ARN of the state machine."""
        return f"arn:{self.partition.name}:states:{self.region}:{self.account}:stateMachine:{self.state_machine}"

    @property
    def batch_machine(self) -> str:
        """The Step Functions state machine of the batch workflow."""
        return f"{self.prefix}-batch"

    @property
    def batch_machine_arn(self) -> str:
        """ARN of that state machine."""
        return f"arn:{self.partition.name}:states:{self.region}:{self.account}:stateMachine:{self.batch_machine}"

    @property
    def deployment_machine_arn(self) -> str:
        """The state machine that brings the endpoint in line with the model registry."""
        return f"arn:{self.partition.name}:states:{self.region}:{self.account}:stateMachine:{self.prefix}-deploy"

    @property
    def rules(self) -> tuple[str, ...]:
        """What follows the prefix in the names of EventBridge's rules."""
        return (
            "approval",
            "deploy-hourly",
            "deploy-hours",
            "monitoring",
            "pipeline-fails",
            "routes",
            "uploads",
            "waiting-version",
            "workflow-fails",
        )

    @property
    def review_queue(self) -> str:
        """The SQS queue of photos that a person has to look at."""
        return f"{self.prefix}-review"

    @property
    def review_queue_url(self) -> str:
        """URL of the review queue, which is what Step Functions sends messages to."""
        return f"https://sqs.{self.region}.{self.partition.dns_suffix}/{self.account}/{self.review_queue}"

    @property
    def event_source(self) -> str:
        """The source of the workflow's own events, by which a rule tells this environment from others."""
        return self.prefix

    def function(self, name: str) -> str:
        """Name of a Lambda function; `name` is one of LAMBDA_NAMES."""
        return f"{self.prefix}-{name}"

    def function_arn(self, name: str) -> str:
        """ARN of a Lambda function; `name` is one of LAMBDA_NAMES."""
        return f"arn:{self.partition.name}:lambda:{self.region}:{self.account}:function:{self.function(name)}"

    def role_arn(self, name: str) -> str:
        """ARN of a role: `pipeline`, `job` (its jobs), `model` (endpoint), `workflow` or `batch` (state machines)."""
        return f"arn:{self.partition.name}:iam::{self.account}:role/{self.prefix}-{name}"

    def job(self, name: str) -> str:
        """Prefix of the names of a step's jobs. The pipeline's role may only run jobs with this prefix."""
        return f"{self.prefix}-{name}"

    def s3(self, *parts: str) -> str:
        """S3 URI of a key in the bucket."""
        return "/".join((f"s3://{self.bucket}", *parts))

    @property
    def baseline_uri(self) -> str:
        """The folder in which deploy-model keeps the drift baseline of the model in production."""
        return self.s3("baseline")

    @property
    def ground_truth_uri(self) -> str:
        """The folder where actual classes of captured photos are put once they are known."""
        return self.s3("ground-truth")

    @property
    def profiles_uri(self) -> str:
        """The folder in which the monitoring job keeps what it has read of captures, for its next run."""
        return self.s3("profiles")

    @property
    def verdicts_uri(self) -> str:
        """The folder in which report-incident keeps what monitoring said of each window."""
        return self.s3("verdicts")

    @property
    def no_reviewed_uri(self) -> str:
        """The folder that takes the place of reviewed photos as an input of PrepareData when none are trained on."""
        return self.s3("data", "no-reviewed")

    @property
    def no_champion_uri(self) -> str:
        """The folder that takes the champion's place as an input of EvaluateModel when no model is in production."""
        return self.s3("data", "no-champion")
