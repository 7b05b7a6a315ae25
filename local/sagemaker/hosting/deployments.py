"""Deploys endpoint configurations blue/green: a new fleet takes over from the old one, or is given up."""

import logging
from collections.abc import Mapping
from functools import partial

from local.events.bus import EventService
from local.protocol.errors import JobError, ServiceError
from local.protocol.json_types import Json, Record
from local.runtime.context import Context, now
from local.runtime.logs import Logs
from local.sagemaker.hosting.baking import AlarmState, Baking, Pace, StoppedError
from local.sagemaker.hosting.fleet import Fleet
from local.sagemaker.hosting.model_process import REQUEST_SECONDS
from local.sagemaker.hosting.records import (
    CONFIGS,
    MODELS,
    archive_uri,
    capture_summary,
    containers,
    event_detail,
    leaving,
    pending,
    pending_variants,
)
from local.sagemaker.hosting.rollout import Plan, Stage
from local.sagemaker.hosting.traffic import Traffic
from local.sagemaker.registry import RegistryService
from local.sagemaker.resources import Collection

logger = logging.getLogger(__name__)


class Deployments:
    """The fleets of all endpoints, and the deployments that make and replace them."""

    def __init__(
        self,
        context: Context,
        logs: Logs,
        registry: RegistryService,
        events: EventService,
        alarm_state: AlarmState,
        pace: Pace,
    ) -> None:
        self.models = Collection(MODELS, context)
        self.configs = Collection(CONFIGS, context)
        self.traffic = Traffic()
        self._context = context
        self._logs = logs
        self._registry = registry
        self._events = events
        self._alarm_state = alarm_state
        self._pace = pace

    def close(self) -> None:
        """Stops all fleets, and deployments in the middle."""
        self._pace.closed.set()
        for fleet in self.traffic.clear():
            fleet.stop()

    def deploy(self, record: Record, config: Record, plan: Plan) -> None:
        """Deploys a configuration. The old fleet keeps serving until the end, and all along if anything goes wrong."""
        name = record["EndpointName"]
        baking = Baking(plan, self._alarm_state, self._pace)
        self.change(record, f"{record['EndpointStatus'].lower()} with {config['EndpointConfigName']}")
        fleet = Fleet(self._context, self._logs, record, config, partial(self._notice, record))
        try:
            reason = self._launch(record, config, fleet) or self._shift(record, config, fleet, plan, baking)
        except StoppedError:
            fleet.stop()
            return
        if reason:
            self._roll_back(record, config, fleet, reason)
        else:
            if retired := self.traffic.settle(name, fleet):
                record["ProductionVariants"] = leaving(record.get("ProductionVariants", []), now())
                self._publish(record)
                retired.stop(REQUEST_SECONDS)
            self._settle(record, config, fleet)

    def give_up(self, record: Record, reason: str) -> None:
        """Describes an endpoint whose deployment failed: as before if it serves, else as failed."""
        serving = self.traffic.stable(record["EndpointName"]) is not None
        self.change(
            record,
            f"failed: {reason}" + (f"; {record['EndpointConfigName']} keeps serving" if serving else ""),
            EndpointStatus="InService" if serving else "Failed",
            FailureReason=reason[-1024:],
            PendingDeploymentSummary=None,
        )

    def change(self, record: Record, said: str, **members: Json) -> None:
        """Changes members of an endpoint's description (None means absent), logs the change, and publishes an event."""
        record |= {**members, "LastModifiedTime": now()}
        if said:
            self._context.say(f"endpoint {record['EndpointName']} {said}")
        self._events.publish("SageMaker Endpoint State Change", [record["EndpointArn"]], event_detail(record))

    def _launch(self, record: Record, config: Record, fleet: Fleet) -> str:
        """Starts the new fleet. Returns why that failed; empty if it did not."""
        self._tell(record, config, {}, "Creating", "Launching {count} instance(s).")
        try:
            self._fill(fleet, config)
        except (JobError, ServiceError) as error:
            reason = str(error)
        except Exception as error:
            logger.exception("endpoint %s", record["EndpointName"])
            reason = f"InternalServerError: {type(error).__name__}: {error}"
        else:
            return ""
        return f"The primary container did not pass the ping health check: {reason}"

    def _shift(self, record: Record, config: Record, fleet: Fleet, plan: Plan, baking: Baking) -> str:
        """Gives the new fleet more and more traffic. Returns why it is to be rolled back; empty if it is not."""
        name = record["EndpointName"]
        if self.traffic.stable(name) is None:  # nothing serves from which it could take over
            return ""
        for stage in plan.stages:
            self._tell(record, config, stage.active, "ActivatingTraffic", f"Activating traffic on {_capacity(stage)}.")
            self.traffic.shift(name, fleet, stage.share)
            waiting = (
                f"Baking for {stage.seconds} seconds ({stage.setting}) with traffic enabled on {_capacity(stage)}."
            )
            self._tell(record, config, stage.active, "Baking", waiting)
            if reason := baking.bake(stage):
                return reason
        return ""

    def _roll_back(self, record: Record, config: Record, fleet: Fleet, reason: str) -> None:
        """Gives all traffic back to the old fleet, and ends the new one once it has answered what it was asked."""
        self.traffic.shift(record["EndpointName"], fleet, 0)
        self._tell(record, config, {}, "Deleting", "Terminating {count} instance(s).")
        fleet.stop(REQUEST_SECONDS)
        self.give_up(record, reason)

    def _fill(self, fleet: Fleet, config: Record) -> None:
        """Starts the model servers of a configuration. Raises JobError or ServiceError."""
        for variant in config["ProductionVariants"]:
            container = self._container(variant["ModelName"])
            role = self.models.find(variant["ModelName"]).get("ExecutionRoleArn", "")
            archive = fleet.storage(role).read(archive_uri(container))
            fleet.add(variant, archive, container.get("Environment", {}), role)

    def _container(self, model: str) -> Record:
        """The container of a model. Its own members override those of its model package."""
        container = containers(self.models.find(model))[0]
        if package := container.get("ModelPackageName"):
            described = self._registry.describe_package({"ModelPackageName": package})
            packaged: Record = described["InferenceSpecification"]["Containers"][0]
            environment = {**packaged.get("Environment", {}), **container.get("Environment", {})}
            return {**packaged, **container, "Environment": environment}
        return container

    def _settle(self, record: Record, config: Record, fleet: Fleet) -> None:
        self.change(
            record,
            f"InService with {config['EndpointConfigName']}",
            EndpointConfigName=config["EndpointConfigName"],
            ProductionVariants=fleet.summary(),
            DataCaptureConfig=capture_summary(config),
            EndpointStatus="InService",
            FailureReason=None,
            PendingDeploymentSummary=None,
        )

    def _notice(self, record: Record) -> None:
        """Updates the description when a model server has died or is back."""
        fleet = self.traffic.stable(record["EndpointName"])
        if fleet and record["EndpointStatus"] in ("InService", "SystemUpdating"):
            status = "SystemUpdating" if fleet.in_trouble else "InService"
            self.change(record, "", EndpointStatus=status, ProductionVariants=fleet.summary())

    def _tell(self, record: Record, config: Record, active: Mapping[str, int], status: str, message: str) -> None:
        """Describes how far a deployment is, and publishes that."""
        summary = record.get("PendingDeploymentSummary") or pending(config, now())
        variants = pending_variants(config, active, status, message, now())
        record["PendingDeploymentSummary"] = {**summary, "ProductionVariants": variants}
        self._publish(record)

    def _publish(self, record: Record) -> None:
        """Publishes how far a deployment is."""
        detail = event_detail(record, "PendingDeploymentSummary")
        self._events.publish("SageMaker Endpoint Deployment State Change", [record["EndpointArn"]], detail)


def _capacity(stage: Stage) -> str:
    return f"{stage.words}capacity of {{active}} instance(s)"
