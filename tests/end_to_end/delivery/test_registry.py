"""An approver at work: two versions, approved one after the other, then one rejected; events move the endpoint."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from end_to_end.support import CLASSES, MARKS, Scones

from pipelines.data.generate import write_archive

pytestmark = MARKS

NAME = "scones-unlimited-local-vehicles"
PACKAGE = f"arn:aws:sagemaker:eu-west-1:123456789012:model-package/{NAME}"


@dataclass(frozen=True)
class Approver:
    """Somebody with the `scones` command and the role of approvers; `sagemaker` and `s3` are the owner's."""

    scones: Scones
    sagemaker: Any
    s3: Any

    def run(self, *arguments: str) -> str:
        """The output of a command that must succeed, its lines joined where the terminal broke them."""
        ran = self.scones.here(*arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return " ".join(ran.stdout.split())

    def served(self) -> str:
        """The package that the endpoint serves, as AWS's own API tells it."""
        endpoint = self.sagemaker.describe_endpoint(EndpointName=NAME)
        assert endpoint["EndpointStatus"] == "InService"
        config = self.sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
        model = self.sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
        return str(model["Containers"][0]["ModelPackageName"])

    def package(self, version: int) -> dict[str, Any]:
        found = self.sagemaker.describe_model_package(ModelPackageName=f"{PACKAGE}/{version}")
        return {key: value for key, value in found.items() if key != "ResponseMetadata"}

    def read(self, uri: str) -> bytes:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return bytes(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    def registered_baseline(self, version: int) -> list[bytes]:
        sources = self.package(version)["DriftCheckBaselines"]["ModelDataQuality"]
        reference = sources["Statistics"]["S3Uri"].replace("statistics.json", "reference.npz")
        return [
            self.read(uri) for uri in (*(sources[kind]["S3Uri"] for kind in ("Statistics", "Constraints")), reference)
        ]

    def monitored_baseline(self) -> list[bytes]:
        """What the monitoring pipeline reads by default."""
        found = self.sagemaker.describe_pipeline(PipelineName="scones-unlimited-local-monitoring")["PipelineDefinition"]
        defaults = {each["Name"]: each.get("DefaultValue") for each in json.loads(found)["Parameters"]}
        names = ("statistics.json", "constraints.json", "reference.npz")
        return [self.read(f"{defaults['BaselineUri']}/{name}") for name in names]


@pytest.fixture(scope="module")
def newer_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Other images than the first version's, so that the versions differ in their baselines."""
    path = tmp_path_factory.mktemp("newer") / "cifar-100-python.tar.gz"
    return write_archive(path, CLASSES[:2], train_per_class=22, test_per_class=5)


@pytest.fixture(scope="module")
def approver(delivering: Scones, approved: list[str], newer_archive: Path) -> Approver:
    """An approver to whom two versions were submitted: the first is approved, the second was compared with it."""
    found = Approver(delivering.acting_as("approver"), delivering.client("sagemaker"), delivering.client("s3"))
    assert found.served() == f"{PACKAGE}/1"
    started = delivering.acting_as("delivery").here("pipeline", "start", "--wait", "--data", str(newer_archive))
    assert started.returncode == 0, started.stdout + started.stderr
    assert "DeployModel" not in started.stdout
    assert found.package(2)["ModelApprovalStatus"] == "PendingManualApproval"
    assert found.served() == f"{PACKAGE}/1"
    return found


def test_the_second_version_was_compared_with_the_first(approver: Approver) -> None:
    assert approver.package(1)["CustomerMetadataProperties"]["champion"] == "none"
    assert approver.package(2)["CustomerMetadataProperties"]["champion"] == f"{PACKAGE}/1"
    shown = approver.run("registry", "show", "2")
    assert "exact McNemar test" in shown
    assert "nothing in production to compare with" in approver.run("registry", "show", "1")
    compared = " ".join(approver.scones("registry", "compare").stdout.split())
    assert compared.startswith("Version 2 against version 1 ")
    assert "exact McNemar test" in compared


def test_a_package_carries_what_an_approver_asks(approver: Approver) -> None:
    package = approver.package(2)
    assert package["ModelCard"]["ModelCardStatus"] == "PendingReview"
    sources = [package["ModelMetrics"]["ModelQuality"]["Statistics"]]
    sources += package["ModelMetrics"]["ModelDataQuality"].values()
    sources += package["DriftCheckBaselines"]["ModelDataQuality"].values()
    assert len(sources) == 5
    assert all(len(approver.read(source["S3Uri"])) > 100 for source in sources)


def test_a_version_is_traced_from_its_data_to_the_endpoint(approver: Approver) -> None:
    found = json.loads(approver.run("registry", "lineage", "1", "--json"))
    package, jobs = approver.package(1), {each["step"]: each for each in found["jobs"]}
    assert set(jobs) == {"PrepareData", "DescribeData", "TrainModel", "EvaluateModel"}
    assert jobs["PrepareData"]["reads"]["raw"] == found["recorded"]["data_uri"]
    assert jobs["TrainModel"]["reads"]["train"] in jobs["PrepareData"]["writes"].values()
    assert jobs["TrainModel"]["writes"]["model"] == found["model_uri"]
    assert found["recorded"]["code_digest"].removeprefix("sha256-") in jobs["TrainModel"]["reads"]["code"]
    assert found["execution"] == package["CustomerMetadataProperties"]["execution"]
    assert [each["endpoint"] for each in found["deployments"]] == [NAME]


def settled(approver: Approver) -> bool:
    """Whether no execution of the deployments' state machine is running, and all of them have ended well."""
    states = approver.scones.client("stepfunctions")
    machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:scones-unlimited-local-deploy"
    return {each["status"] for each in states.list_executions(stateMachineArn=machine)["executions"]} == {"SUCCEEDED"}


def test_the_endpoint_follows_approval_and_rejection(approver: Approver) -> None:
    assert "version 1 is in production; 2 waits for an approver" in approver.run("registry", "list")
    approver.run("registry", "approve", "--reason", "better on the same photos")
    assert approver.served() == f"{PACKAGE}/2"
    approver.scones.wait_for(lambda: settled(approver))
    assert approver.monitored_baseline() == approver.registered_baseline(2)
    assert "version 2 is newer and stays in production" in approver.run("registry", "approve", "1", "--reason", "too")
    approver.sagemaker.update_model_package(
        ModelPackageArn=f"{PACKAGE}/1", CustomerMetadataProperties={"note": "audited"}
    )
    approver.scones.wait_for(lambda: settled(approver))
    assert approver.served() == f"{PACKAGE}/2"
    said = approver.run("registry", "reject", "2", "--reason", "drivers complain, see ticket")
    assert said == f"version 2 is rejected, and {NAME} serves version 1"
    assert approver.served() == f"{PACKAGE}/1"
    approver.scones.wait_for(lambda: settled(approver))
    assert approver.monitored_baseline() == approver.registered_baseline(1) != approver.registered_baseline(2)
    package = approver.package(2)
    assert package["ModelApprovalStatus"] == "Rejected"
    latest, before = package["ApprovalDescription"].split(" | ")
    assert latest.startswith("Rejected ")
    assert latest.endswith(": drivers complain, see ticket")
    assert before.endswith(": better on the same photos")


def test_a_version_that_is_rejected_on_its_way_does_not_stay(approver: Approver) -> None:
    for status in ("Approved", "Rejected"):
        approver.sagemaker.update_model_package(ModelPackageArn=f"{PACKAGE}/2", ModelApprovalStatus=status)
    approver.scones.wait_for(lambda: settled(approver))
    assert approver.served() == f"{PACKAGE}/1"
    assert approver.monitored_baseline() == approver.registered_baseline(1)


def test_a_decision_without_a_reason_is_refused(approver: Approver) -> None:
    before = approver.package(1)
    assert approver.scones("registry", "reject", "1", "--reason", " ").returncode == 4
    assert approver.scones("registry", "reject", "1").returncode == 2
    assert approver.package(1) == before
