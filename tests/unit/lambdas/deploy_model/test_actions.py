"""`deploy_model` call by call against botocore's model: races, and states of an endpoint that moto does not know."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from unit.lambdas.deployment import ARN, BUCKET, ENVIRONMENT, GROUP, deploy

from lambdas.deploy_model import models, registry
from lambdas.deploy_model.models import Configuration
from lambdas.shared.clients import client
from lambdas.shared.errors import EndpointBusy

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Scene:
    """The calls of one deployment, in order, each checked against botocore's model."""

    def __init__(self, stubber: Stubber) -> None:
        self.stubber = stubber
        package = registry.Package(f"{ARN}/7", GROUP, 7, "Approved", NOW.isoformat())
        self.definition = models.define(package, Configuration.parse(ENVIRONMENT))
        self.config_name = self.definition.endpoint_config_name
        self.names = {"EndpointName": "scones-test-vehicles", "EndpointConfigName": self.config_name}

    def package(self) -> None:
        answer = {
            "ModelPackageName": f"{GROUP}/7",
            "ModelPackageArn": f"{ARN}/7",
            "ModelPackageGroupName": GROUP,
            "ModelPackageVersion": 7,
            "ModelApprovalStatus": "Approved",
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": []},
            "CreationTime": NOW,
        }
        self.stubber.add_response("describe_model_package", answer, {"ModelPackageName": f"{ARN}/7"})

    def prepared(self, *, already: bool) -> None:
        self.package()
        for call, arguments, arn in (
            ("create_model", self.definition.model, {"ModelArn": "arn:aws:sagemaker:eu-west-1:123456789012:model/m"}),
            (
                "create_endpoint_config",
                self.definition.endpoint_config,
                {"EndpointConfigArn": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/c"},
            ),
        ):
            if already:
                message = f'Cannot create already existing {call.removeprefix("create_")} "arn:aws:…"'
                self.refused(call, message, arguments)
            else:
                self.stubber.add_response(call, arn, arguments)

    def endpoint(self, status: str, config_name: str, pending: str | None = None) -> None:
        answer: dict[str, Any] = {
            "EndpointName": "scones-test-vehicles",
            "EndpointArn": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e",
            "EndpointConfigName": config_name,
            "EndpointStatus": status,
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        }
        if pending:
            answer["PendingDeploymentSummary"] = {"EndpointConfigName": pending}
        self.stubber.add_response("describe_endpoint", answer, {"EndpointName": "scones-test-vehicles"})

    def no_endpoint(self) -> None:
        self.refused(
            "describe_endpoint", 'Could not find endpoint "arn:aws:…".', {"EndpointName": "scones-test-vehicles"}
        )

    def created(self) -> None:
        self.stubber.add_response(
            "create_endpoint", {"EndpointArn": "arn:aws:sagemaker:eu-west-1:1:endpoint/e"}, self.names
        )

    def updated(self) -> None:
        self.stubber.add_response(
            "update_endpoint", {"EndpointArn": "arn:aws:sagemaker:eu-west-1:1:endpoint/e"}, self.names
        )

    def deleted(self) -> None:
        self.stubber.add_response("delete_endpoint", {}, {"EndpointName": "scones-test-vehicles"})

    def refused(self, call: str, message: str, arguments: Any = None) -> None:
        self.stubber.add_client_error(
            call, "ValidationException", message, 400, expected_params=arguments or self.names
        )


@pytest.fixture
def scene(artefacts: Any) -> Iterator[Scene]:
    with Stubber(client("sagemaker")) as stubber:
        yield Scene(stubber)
        stubber.assert_no_pending_responses()


def test_another_version_updates_the_endpoint(scene: Scene) -> None:
    scene.prepared(already=False)
    scene.endpoint("InService", "older")
    scene.updated()
    assert deploy(7)["action"] == "updated"


@pytest.mark.parametrize("status", ["UpdateRollbackFailed", "OutOfService"])
def test_an_endpoint_in_trouble_is_updated_even_to_what_it_has(status: str, scene: Scene) -> None:
    scene.prepared(already=True)
    scene.endpoint(status, scene.config_name)
    scene.updated()
    assert deploy(7)["action"] == "updated"


@pytest.mark.parametrize("status", ["Creating", "Updating", "SystemUpdating", "InService"])
def test_a_deployment_that_is_under_way_is_left_alone(status: str, scene: Scene) -> None:
    scene.prepared(already=True)
    if status == "InService":
        scene.endpoint(status, scene.config_name)
    else:
        scene.endpoint(status, "older", pending=scene.config_name)
    assert deploy(7)["action"] == "unchanged"


@pytest.mark.parametrize("status", ["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"])
def test_an_endpoint_on_its_way_to_something_else_is_busy(status: str, scene: Scene, artefacts: Any) -> None:
    artefacts.put_object(Bucket=BUCKET, Key="baseline/statistics.json", Body=b"of another version")
    scene.prepared(already=False)
    for _ in range(2):
        scene.endpoint(status, "older", pending="newer" if status != "Deleting" else None)
    with pytest.raises(EndpointBusy, match=f"is {status} with '(newer|older)'; try again later"):
        deploy(7)
    assert artefacts.get_object(Bucket=BUCKET, Key="baseline/statistics.json")["Body"].read() == b"of another version"


def test_two_creations_at_once(scene: Scene) -> None:
    scene.prepared(already=True)
    scene.no_endpoint()
    scene.refused("create_endpoint", 'Cannot create already existing endpoint "arn:aws:…".')
    scene.endpoint("Creating", scene.config_name)
    assert deploy(7)["action"] == "unchanged"


def test_two_updates_at_once(scene: Scene) -> None:
    scene.prepared(already=True)
    scene.endpoint("InService", "older")
    scene.refused("update_endpoint", 'Cannot update in-progress endpoint "arn:aws:…".')
    scene.endpoint("Updating", "older", pending=scene.config_name)
    assert deploy(7)["action"] == "unchanged"


def test_two_different_updates_at_once(scene: Scene) -> None:
    scene.prepared(already=False)
    scene.endpoint("InService", "older")
    scene.refused("update_endpoint", 'Cannot update in-progress endpoint "arn:aws:…".')
    scene.endpoint("Updating", "older", pending="newer")
    with pytest.raises(EndpointBusy, match="is being changed"):
        deploy(7)


def test_a_failed_endpoint_is_made_anew(scene: Scene) -> None:
    scene.prepared(already=True)
    scene.endpoint("Failed", scene.config_name)
    scene.deleted()
    scene.no_endpoint()
    scene.created()
    assert deploy(7)["action"] == "created"


def test_a_failed_endpoint_that_somebody_else_deleted(scene: Scene) -> None:
    scene.prepared(already=True)
    scene.endpoint("Failed", "older")
    scene.refused("delete_endpoint", 'Could not find endpoint "arn:aws:…".', {"EndpointName": "scones-test-vehicles"})
    scene.created()
    assert deploy(7)["action"] == "created"


def test_a_failed_endpoint_that_is_slow_to_go(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("botocore.waiter.time.sleep", waited.append)
    scene.prepared(already=True)
    scene.endpoint("Failed", "older")
    scene.deleted()
    for _ in range(24 + 1):  # for the waiter, and to find out what the endpoint is on its way to
        scene.endpoint("Deleting", "older")
    with pytest.raises(EndpointBusy, match=f"the failed endpoint '{GROUP}' is still being deleted: "):
        deploy(7)
    assert waited == [5] * 23


def test_a_failed_endpoint_that_somebody_else_is_changing(scene: Scene) -> None:
    scene.prepared(already=True)
    scene.endpoint("Failed", "older")
    name = {"EndpointName": "scones-test-vehicles"}
    scene.refused("delete_endpoint", 'Cannot update in progress endpoint "arn:aws:…".', name)
    scene.endpoint("Updating", "older", pending="newer")
    with pytest.raises(EndpointBusy, match="the endpoint 'scones-test-vehicles' is being changed: "):
        deploy(7)


def test_other_refusals_are_not_hidden(scene: Scene) -> None:
    scene.prepared(already=False)
    scene.no_endpoint()
    scene.stubber.add_client_error("create_endpoint", "ResourceLimitExceeded", "no ml.m5.large left", 400)
    with pytest.raises(ClientError, match=r"no ml\.m5\.large left"):
        deploy(7)


def test_a_refused_model_is_not_hidden(scene: Scene) -> None:
    scene.package()
    scene.refused("create_model", "Could not access model data", scene.definition.model)
    with pytest.raises(ClientError, match="Could not access model data"):
        deploy(7)
