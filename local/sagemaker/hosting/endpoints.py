"""The control plane of SageMaker hosting: models, endpoint configurations and endpoints."""

import logging
from functools import partial
from threading import Lock, Thread

from local.events.bus import EventService
from local.protocol.errors import JobError, ServiceError, ValidationError
from local.protocol.json_types import Json, Record
from local.runtime.context import Context, now
from local.runtime.logs import Logs
from local.sagemaker.hosting.fleet import Fleet
from local.sagemaker.hosting.model_process import REQUEST_SECONDS
from local.sagemaker.hosting.records import (
    CONFIGS,
    ENDPOINTS,
    EVENT_DETAIL,
    MODELS,
    archive_uri,
    capture_summary,
    containers,
    weighted,
)
from local.sagemaker.registry import RegistryService
from local.sagemaker.resources import Collection, Operation

logger = logging.getLogger(__name__)


class EndpointService:
    """Creates, updates and deletes models, endpoint configurations and endpoints."""

    def __init__(self, context: Context, logs: Logs, registry: RegistryService, events: EventService) -> None:
        self.models = Collection(MODELS, context)
        self.configs = Collection(CONFIGS, context)
        self.endpoints = Collection(ENDPOINTS, context)
        self._context = context
        self._logs = logs
        self._registry = registry
        self._events = events
        self._fleets: dict[str, Fleet] = {}
        self._lock = Lock()

    def operations(self) -> dict[str, Operation]:
        """The operations of the SageMaker API that are answered here."""
        return {
            **self.models.operations(),
            **self.configs.operations(),
            **self.endpoints.operations(),
            "CreateModel": self._create_model,
            "CreateEndpointConfig": self._create_config,
            "CreateEndpoint": self._create,
            "UpdateEndpoint": self._update,
            "UpdateEndpointWeightsAndCapacities": self._weigh,
            "DeleteEndpoint": self._delete,
        }

    def fleet(self, name: str) -> Fleet:
        """The fleet that serves an endpoint. Raises ServiceError with the messages of InvokeEndpoint."""
        try:
            record = self.endpoints.find(name)
        except ServiceError as error:
            text = f"Endpoint {name} of account {self._context.account} not found."
            raise ServiceError("ValidationError", text) from error
        fleet = self._fleets.get(name)
        if fleet is None or record["EndpointStatus"] not in ("InService", "Updating", "SystemUpdating"):
            status = record["EndpointStatus"]
            text = f"Endpoint {name} of account {self._context.account} is not in service; it is {status}."
            raise ServiceError("ValidationError", text)
        return fleet

    def remember(self) -> Record:
        """All models, configurations and endpoints."""
        return {
            "models": self.models.remember(),
            "configs": self.configs.remember(),
            "endpoints": self.endpoints.remember(),
        }

    def recall(self, kept: Record) -> None:
        """Takes back what `remember` gave. The endpoints do not serve before `resume`."""
        self.models.recall(kept["models"])
        self.configs.recall(kept["configs"])
        self.endpoints.recall(kept["endpoints"])
        for record in self.endpoints.records():
            if record["EndpointStatus"] != "Failed":
                record["EndpointStatus"] = "Updating" if "ProductionVariants" in record else "Creating"
                record["PendingDeploymentSummary"] = None

    def resume(self) -> None:
        """Starts the model servers of all endpoints once more. An update that was cut off has not happened."""
        for record in self.endpoints.records():
            if record["EndpointStatus"] != "Failed":
                Thread(target=self._resume, args=(record,), daemon=True).start()

    def _resume(self, record: Record) -> None:
        try:
            config = self.configs.find(record["EndpointConfigName"])
        except ServiceError as error:  # it was deleted, which AWS allows
            self._give_up(record, str(error))
        else:
            self._deploy(record, weighted(config, record.get("ProductionVariants", [])))

    def close(self) -> None:
        """Writes captured records and stops all model servers."""
        with self._lock:
            fleets, self._fleets = list(self._fleets.values()), {}
        for fleet in fleets:
            fleet.stop()

    def _create_model(self, request: Record) -> Record:
        found = containers(request)
        if len(found) != 1:
            raise ValidationError("The local AWS serves only models with exactly one container")
        if package := found[0].get("ModelPackageName"):
            self._registry.describe_package({"ModelPackageName": package})
        return self.models.add({"EnableNetworkIsolation": False, **request})

    def _create_config(self, request: Record) -> Record:
        for variant in request["ProductionVariants"]:
            self.models.find(variant.get("ModelName", ""))
        variants = [{"InitialVariantWeight": 1.0, **variant} for variant in request["ProductionVariants"]]
        return self.configs.add({**request, "ProductionVariants": variants})

    def _create(self, request: Record) -> Record:
        config = self.configs.find(request["EndpointConfigName"])
        record = self.endpoints.add(request, EndpointStatus="Creating")
        Thread(target=self._deploy, args=(record, config), daemon=True).start()
        return record

    def _update(self, request: Record) -> Record:
        record = self.endpoints.find(request["EndpointName"])
        config = self.configs.find(request["EndpointConfigName"])
        pending = {"EndpointConfigName": config["EndpointConfigName"], "StartTime": now()}
        with self._lock:  # if two updates come at once, the second one is refused
            self._demand_status(record, "InService", "Failed")
            record |= {"EndpointStatus": "Updating", "PendingDeploymentSummary": pending}
        Thread(target=self._deploy, args=(record, config), daemon=True).start()
        return record

    def _weigh(self, request: Record) -> Record:
        record = self.endpoints.find(request["EndpointName"])
        self._demand_status(record, "InService")
        fleet = self.fleet(request["EndpointName"])
        fleet.weigh(request["DesiredWeightsAndCapacities"])
        self._change(record, "has new weights", ProductionVariants=fleet.summary())
        return record

    def _delete(self, request: Record) -> Record:
        record = self.endpoints.remove(request["EndpointName"])
        record["EndpointStatus"] = "Deleting"
        with self._lock:
            fleet = self._fleets.pop(record["EndpointName"], None)
        if fleet:
            fleet.stop()
        self._change(record, "deleted")
        return record

    def _deploy(self, record: Record, config: Record) -> None:
        """Deploys blue/green: the new fleet replaces the old one only when all of it is healthy."""
        name = record["EndpointName"]
        self._change(record, f"{record['EndpointStatus'].lower()} with {config['EndpointConfigName']}")
        fleet = Fleet(self._context, self._logs, record, config, partial(self._notice, record))
        try:
            self._fill(fleet, config)
        except (JobError, ServiceError) as error:
            fleet.stop()
            self._give_up(record, str(error))
            return
        except Exception as error:
            logger.exception("endpoint %s", name)
            fleet.stop()
            self._give_up(record, f"InternalServerError: {type(error).__name__}: {error}")
            return
        with self._lock:
            deleted = record["EndpointStatus"] == "Deleting"
            retired = fleet if deleted else self._fleets.get(name)
            if not deleted:
                self._fleets[name] = fleet
        if not deleted:
            self._settle(record, config, fleet)
        if retired:
            retired.stop(REQUEST_SECONDS)

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
        self._change(
            record,
            f"InService with {config['EndpointConfigName']}",
            EndpointConfigName=config["EndpointConfigName"],
            ProductionVariants=fleet.summary(),
            DataCaptureConfig=capture_summary(config),
            EndpointStatus="InService",
            FailureReason=None,
            PendingDeploymentSummary=None,
        )

    def _give_up(self, record: Record, reason: str) -> None:
        serving = record["EndpointName"] in self._fleets
        text = f"The primary container did not pass the ping health check: {reason}"[-1024:]
        self._change(
            record,
            f"failed: {text}" + (f"; {record['EndpointConfigName']} keeps serving" if serving else ""),
            EndpointStatus="InService" if serving else "Failed",
            FailureReason=text,
            PendingDeploymentSummary=None,
        )

    def _notice(self, record: Record) -> None:
        """Updates the description when a model server has died or is back."""
        fleet = self._fleets.get(record["EndpointName"])
        if fleet and record["EndpointStatus"] in ("InService", "SystemUpdating"):
            status = "SystemUpdating" if fleet.in_trouble else "InService"
            self._change(record, "", EndpointStatus=status, ProductionVariants=fleet.summary())

    def _change(self, record: Record, said: str, **members: Json) -> None:
        """Changes members of an endpoint's description (None means absent), logs the change, and publishes an event."""
        record |= {**members, "LastModifiedTime": now()}
        if said:
            self._context.say(f"endpoint {record['EndpointName']} {said}")
        detail = {key: record[key] for key in EVENT_DETAIL if record.get(key) is not None}
        self._events.publish("SageMaker Endpoint State Change", [record["EndpointArn"]], detail)

    @staticmethod
    def _demand_status(record: Record, *statuses: str) -> None:
        if record["EndpointStatus"] not in statuses:
            raise ValidationError(f'Cannot update in-progress endpoint "{record["EndpointArn"]}".')
