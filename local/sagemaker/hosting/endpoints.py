"""The control plane of SageMaker hosting: models, endpoint configurations and endpoints."""

from collections.abc import Callable
from threading import Lock, Thread

from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_types import Record
from local.runtime.context import Context, now
from local.sagemaker.hosting.baking import AlarmState
from local.sagemaker.hosting.deployments import Deployments
from local.sagemaker.hosting.fleet import Fleet
from local.sagemaker.hosting.records import ENDPOINTS, changed_types, containers, pending, retained, weighted
from local.sagemaker.hosting.rollout import Plan, plan, refuse_missing
from local.sagemaker.registry import RegistryService
from local.sagemaker.resources import Collection, Operation

Scaled = Callable[[str, str], bool]  # whether a variant of an endpoint is scaled automatically


class EndpointService:
    """Creates, updates and deletes models, endpoint configurations and endpoints."""

    def __init__(
        self,
        context: Context,
        deployments: Deployments,
        registry: RegistryService,
        alarm_state: AlarmState,
        scaled: Scaled,
    ) -> None:
        """An update may only name alarms that `alarm_state` knows, and not change the type of `scaled` variants."""
        self._deployments = deployments
        self.models = deployments.models
        self.configs = deployments.configs
        self.endpoints = Collection(ENDPOINTS, context)
        self._context = context
        self._registry = registry
        self._alarm_state = alarm_state
        self._scaled = scaled
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
        """The fleet for one request to an endpoint. Raises ServiceError with the messages of InvokeEndpoint."""
        try:
            record = self.endpoints.find(name)
        except ServiceError as error:
            text = f"Endpoint {name} of account {self._context.account} not found."
            raise ServiceError("ValidationError", text) from error
        fleet = self._deployments.traffic.choose(record["EndpointName"])
        if fleet is None or record["EndpointStatus"] not in ("InService", "Updating", "SystemUpdating"):
            status = record["EndpointStatus"]
            text = f"Endpoint {name} of account {self._context.account} is not in service; it is {status}."
            raise ServiceError("ValidationError", text)
        return fleet

    def variant(self, endpoint: str, name: str) -> Record | None:
        """A variant as DescribeEndpoint shows it, with EndpointStatus and InstanceType; None if there is none."""
        try:
            record = self.endpoints.find(endpoint)
        except ServiceError:
            return None
        for each in record.get("ProductionVariants", []):
            if each["VariantName"] == name:
                types = self._serving(record).get("ProductionVariants", [])
                kind = next((one.get("InstanceType") for one in types if one["VariantName"] == name), None)
                return {**each, "EndpointStatus": record["EndpointStatus"], "InstanceType": kind}
        return None

    def resize(self, endpoint: str, variant: str, count: int) -> None:
        """Begins to give a variant another number of instances. Raises ServiceError if the endpoint is changing."""
        change = {"VariantName": variant, "DesiredInstanceCount": count}
        self._weigh({"EndpointName": endpoint, "DesiredWeightsAndCapacities": [change]})

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
            self._deployments.give_up(record, str(error))
        else:
            served = weighted(config, record.get("ProductionVariants", []))
            self._deployments.deploy(record, served, plan({}, served["ProductionVariants"]))

    def close(self) -> None:
        """Writes captured records and stops all model servers."""
        self._deployments.close()

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
        deployment = request.get("DeploymentConfig")  # takes effect only if an update retains it
        self._plan(deployment or {}, config)
        contents = {name: value for name, value in request.items() if name != "DeploymentConfig"}
        record = self.endpoints.add(contents, EndpointStatus="Creating", LastDeploymentConfig=deployment)
        self._start(record, config, plan({}, config["ProductionVariants"]))
        return record

    def _update(self, request: Record) -> Record:
        record = self.endpoints.find(request["EndpointName"])
        serving = self._serving(record)
        plain = self.configs.find(request["EndpointConfigName"])
        self._refuse_scaled(record, changed_types(plain, serving))
        config = retained(plain, serving, request, record.get("ProductionVariants", []))
        deployment = self._deployment_config(record, request)
        stages = self._plan(deployment or {}, config)
        with self._lock:  # if two updates come at once, the second one is refused
            self._demand_status(record, "InService", "Failed")
            _refuse_pointless(record, config)
            record |= {"EndpointStatus": "Updating", "PendingDeploymentSummary": pending(config, now())}
            record |= {"LastDeploymentConfig": deployment or record.get("LastDeploymentConfig")}
        self._start(record, config, stages)
        return record

    def _serving(self, record: Record) -> Record:
        """The configuration that an endpoint has; empty if it was deleted, which AWS allows."""
        try:
            return self.configs.find(record["EndpointConfigName"])
        except ServiceError:
            return {}

    def _refuse_scaled(self, record: Record, variants: set[str]) -> None:
        """Raises ValidationError if one of the variants, whose instance type would change, is scaled automatically."""
        if found := sorted(each for each in variants if self._scaled(record["EndpointName"], each)):
            raise ValidationError(
                f"Variant {found[0]} is scaled by Application Auto Scaling: to change its instance type, or to remove "
                "it, deregister it as a scalable target first"
            )

    @staticmethod
    def _deployment_config(record: Record, request: Record) -> Record | None:
        """The deployment configuration of an update: its own, or the last one. Raises ValidationError for both."""
        given: Record | None = request.get("DeploymentConfig")
        if not request.get("RetainDeploymentConfig"):
            return given
        if given:
            raise ValidationError("An update can have a DeploymentConfig or RetainDeploymentConfig, not both")
        return record.get("LastDeploymentConfig")

    def _plan(self, deployment: Record, config: Record) -> Plan:
        """The plan of a deployment. Raises ValidationError, also if an alarm that it names does not exist."""
        found = plan(deployment, config["ProductionVariants"])
        refuse_missing(found.alarms, self._alarm_state)
        return found

    def _start(self, record: Record, config: Record, stages: Plan) -> None:
        Thread(target=self._deployments.deploy, args=(record, config, stages), daemon=True).start()

    def _weigh(self, request: Record) -> Record:
        record = self.endpoints.find(request["EndpointName"])
        with self._lock:
            self._demand_status(record, "InService")
            fleet = self.fleet(request["EndpointName"])
            fleet.weigh(request["DesiredWeightsAndCapacities"])
            record |= {"EndpointStatus": "Updating", "ProductionVariants": fleet.summary()}
        self._deployments.change(record, "updating its weights and capacities")
        Thread(target=self._resize, args=(record, fleet), daemon=True).start()
        return record

    def _resize(self, record: Record, fleet: Fleet) -> None:
        """Ends a change of weights and capacities. Instances are only counted, so there is nothing to wait for."""
        fleet.resize()
        variants = fleet.summary()
        counts = ", ".join(f"{each['VariantName']} {each['CurrentInstanceCount']}" for each in variants)
        said = f"InService; instances: {counts}"
        self._deployments.change(record, said, EndpointStatus="InService", ProductionVariants=variants)

    def _delete(self, request: Record) -> Record:
        with self._lock:  # so that no update begins meanwhile
            self._demand_status(self.endpoints.find(request["EndpointName"]), "InService", "Failed")
            record = self.endpoints.remove(request["EndpointName"])
            record["EndpointStatus"] = "Deleting"
        for fleet in self._deployments.traffic.remove(record["EndpointName"]):
            fleet.stop()
        self._deployments.change(record, "deleted")
        return record

    @staticmethod
    def _demand_status(record: Record, *statuses: str) -> None:
        if record["EndpointStatus"] not in statuses:
            raise ValidationError(f'Cannot update in-progress endpoint "{record["EndpointArn"]}".')


def _refuse_pointless(record: Record, config: Record) -> None:
    """Raises ValidationError for an update of a failed endpoint, which can only be deleted, or one to what it has."""
    if record["EndpointStatus"] == "Failed":
        raise ValidationError(f'Cannot update endpoint "{record["EndpointArn"]}", which has failed; delete it.')
    if record["EndpointConfigName"] == config["EndpointConfigName"]:
        raise ValidationError("Cannot update endpoint with the currently in use endpoint configuration.")
