"""What a user of the SageMaker SDK tries first, with the settings that `scones local up` shows and nothing else."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.sagemaker.jobs.containers import isolation
from local.server.embedded import LocalAws
from tests.local.support import IMAGE, Wait, client, stored

JOB = {"instance_type": "ml.m5.large", "image_uri": IMAGE}
pytestmark = pytest.mark.isolation
# torchrun has met the other host before it starts this.
TOGETHER = """
import os, pathlib, socket
found = [os.environ["RANK"], os.environ["WORLD_SIZE"], socket.gethostbyname(os.environ["SM_HOSTS"].split('"')[-2])]
pathlib.Path(os.environ["SM_MODEL_DIR"], os.environ["SM_CURRENT_HOST"]).write_text(" ".join(found))
assert os.environ["MASTER_PORT"] != "7777", "two jobs at once would meet each other"
"""


@pytest.fixture(scope="module")
def session(aws: LocalAws) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in aws.environment.items():
            patch.setenv(name, value)
        import boto3
        from sagemaker.core.helper.session_helper import Session

        yield Session(boto3.Session())


@pytest.fixture(scope="module")
def role(session: Any) -> str:
    from sagemaker.core.helper.session_helper import get_execution_role

    return str(get_execution_role(session, use_default=True))


def test_the_default_bucket_and_role(session: Any, role: str) -> None:
    from sagemaker.core.helper.session_helper import get_execution_role

    assert session.default_bucket() == "sagemaker-eu-west-1-123456789012"
    assert role == "arn:aws:iam::123456789012:role/AmazonSageMaker-DefaultRole"
    with pytest.raises(ValueError, match="identity is not a role: arn:aws:iam::123456789012:root"):
        get_execution_role(session)  # as with an account's own keys on AWS


def test_policies_of_aws_are_known(aws: LocalAws, role: str) -> None:
    iam, name = client(aws, "iam"), role.rpartition("/")[2]
    arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    (attached,) = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert attached["PolicyArn"] == arn
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    assert arn not in [each["Arn"] for each in iam.list_policies(Scope="Local")["Policies"]]
    for unknown in ("AmazonNothing", "service-role/AmazonSageMakerFullAccess"):
        with pytest.raises(ClientError, match="NoSuchEntity"):
            iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{unknown}")


def test_a_decorated_function_is_a_step(session: Any, role: str, data: Path) -> None:
    if isolation(data) != "namespace":
        pytest.skip("the functions of @step need namespaces")
    from sagemaker.mlops.workflow.function_step import step
    from sagemaker.mlops.workflow.pipeline import Pipeline

    def double(number: int) -> int:
        return 2 * number

    made = step(double, name="Double", role=role, **JOB)(21)
    pipeline = Pipeline("decorated", steps=[made], sagemaker_session=session)
    pipeline.upsert(role)
    execution = pipeline.start()
    execution.wait(delay=1, max_attempts=120)
    assert execution.result("Double") == 42


def test_a_model_trainer_runs_torchrun_on_two_hosts(
    session: Any, role: str, data: Path, tmp_path: Path, sagemaker: Any, s3: Any, wait: Wait
) -> None:
    from sagemaker.train import ModelTrainer
    from sagemaker.train.configs import Compute, SourceCode
    from sagemaker.train.distributed import Torchrun

    (tmp_path / "train.py").write_text(TOGETHER)
    trainer = ModelTrainer(
        training_image=IMAGE,
        source_code=SourceCode(source_dir=str(tmp_path), entry_script="train.py"),
        distributed=Torchrun(process_count_per_node=1),
        compute=Compute(instance_type="ml.m5.large", instance_count=2),
        role=role,
        sagemaker_session=session,
        base_job_name="together",
    )
    if isolation(data) != "namespace":
        with pytest.raises(ClientError, match="does not run the drivers of the SageMaker SDK"):
            trainer.train(wait=False)
        return
    trainer.train(wait=False)
    (job,) = sagemaker.list_training_jobs(NameContains="together")["TrainingJobSummaries"]
    describe = lambda: sagemaker.describe_training_job(TrainingJobName=job["TrainingJobName"])  # noqa: E731
    done = wait(describe, "TrainingJobStatus", "Completed", "Failed")
    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    with tarfile.open(fileobj=io.BytesIO(stored(s3, done["ModelArtifacts"]["S3ModelArtifacts"]))) as archive:
        found = {name: (archive.extractfile(name) or io.BytesIO()).read() for name in archive.getnames()}
    assert found == {"algo-1": b"0 2 127.0.0.2", "algo-2": b"1 2 127.0.0.2"}
