"""The names of everything in AWS, derived from project, environment, account and region: nothing looks names up."""

from dataclasses import dataclass

from pipelines.settings.model import Settings

LAMBDA_NAMES = ("serialize-image", "classify-image", "filter-inference", "deploy-model")


@dataclass(frozen=True)
class Names:
    """Resource names of one environment in one account. `infra/*.yaml` builds the same names."""

    prefix: str
    account: str
    region: str

    @classmethod
    def of(cls, settings: Settings, account: str) -> "Names":
        """The names of an environment's resources in an account."""
        return cls(f"{settings.project}-{settings.environment}", account, settings.region)

    @property
    def bucket(self) -> str:
        """The one S3 bucket: data, code, artefacts, captures, reports."""
        return f"{self.prefix}-{self.account}-{self.region}"

    @property
    def storage_stack(self) -> str:
        """The CloudFormation stack of the bucket."""
        return f"{self.prefix}-storage"

    @property
    def application_stack(self) -> str:
        """The CloudFormation stack of roles, Lambdas, queues, rules and CodeBuild."""
        return f"{self.prefix}-application"

    @property
    def training_pipeline(self) -> str:
        """The SageMaker pipeline that makes a model."""
        return f"{self.prefix}-training"

    @property
    def monitoring_pipeline(self) -> str:
        """The SageMaker pipeline that writes the monitoring report."""
        return f"{self.prefix}-monitoring"

    @property
    def model_package_group(self) -> str:
        """The group of model versions in the registry."""
        return f"{self.prefix}-vehicles"

    @property
    def endpoint(self) -> str:
        """The endpoint that serves the approved model."""
        return f"{self.prefix}-vehicles"

    @property
    def state_machine(self) -> str:
        """The inference workflow in Step Functions."""
        return f"{self.prefix}-inference"

    @property
    def state_machine_arn(self) -> str:
        """ARN of the inference workflow."""
        return f"arn:aws:states:{self.region}:{self.account}:stateMachine:{self.state_machine}"

    @property
    def review_queue(self) -> str:
        """The SQS queue of photos that a person must look at."""
        return f"{self.prefix}-review"

    @property
    def review_queue_url(self) -> str:
        """URL of the review queue, as Step Functions wants it."""
        return f"https://sqs.{self.region}.amazonaws.com/{self.account}/{self.review_queue}"

    def function(self, name: str) -> str:
        """A Lambda function's name, from one of LAMBDA_NAMES."""
        return f"{self.prefix}-{name}"

    def function_arn(self, name: str) -> str:
        """A Lambda function's ARN, from one of LAMBDA_NAMES."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.function(name)}"

    def role_arn(self, name: str) -> str:
        """A role's ARN; names: pipeline (pipelines and jobs), model (endpoint), workflow (state machine)."""
        return f"arn:aws:iam::{self.account}:role/{self.prefix}-{name}"

    def job(self, name: str) -> str:
        """What the names of a step's jobs begin with; the pipeline's role may run no others."""
        return f"{self.prefix}-{name}"

    def s3(self, *parts: str) -> str:
        """The S3 URI of a key in the bucket."""
        return "/".join((f"s3://{self.bucket}", *parts))
