"""A model of SageMaker's models and endpoint configurations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from unit.lambdas.deployment import ARN
from unit.lambdas.registry_in_memory import NOW, Params, RefusedError


@dataclass
class Configurations:
    """Models and endpoint configurations by name, each with the ARN of its version; how and when they were made."""

    types: dict[str, str] = field(default_factory=dict)  # of the instances, by configuration
    created: dict[str, datetime] = field(default_factory=dict)  # when a model or configuration was, if not NOW
    _models: dict[str, str] = field(default_factory=dict)
    _configs: dict[str, str] = field(default_factory=dict)

    def version_of(self, config: str) -> int:
        """The version behind an endpoint configuration."""
        return int(self._configs[config].rpartition("/")[2])

    def configs(self) -> set[str]:
        """The names of all endpoint configurations."""
        return set(self._configs)

    def models(self) -> set[str]:
        """The names of all models."""
        return set(self._models)

    def make(self, config: str, created: datetime) -> None:
        """An endpoint configuration with a model of its own name, made at a time."""
        self._models[config] = f"{ARN}/1"
        self._configs[config] = f"{ARN}/1"
        self.created[config] = created

    def lose(self, name: str) -> None:
        """Somebody else deletes a configuration and the model of its name."""
        self._configs.pop(name, None)
        self._models.pop(name, None)

    def _CreateModel(self, request: Params) -> Params:  # noqa: N802
        if request["ModelName"] in self._models:
            raise RefusedError(f"Cannot create already existing model {request['ModelName']}")
        self._models[request["ModelName"]] = request["Containers"][0]["ModelPackageName"]
        return {"ModelArn": "arn"}

    def _CreateEndpointConfig(self, request: Params) -> Params:  # noqa: N802
        if request["EndpointConfigName"] in self._configs:
            raise RefusedError("Cannot create already existing endpoint configuration")
        variant = request["ProductionVariants"][0]
        self._configs[request["EndpointConfigName"]] = self._models[variant["ModelName"]]
        self.types[request["EndpointConfigName"]] = variant["InstanceType"]
        return {"EndpointConfigArn": "arn"}

    def _ListEndpointConfigs(self, request: Params) -> Params:  # noqa: N802
        return {"EndpointConfigs": self._listed("EndpointConfigName", self._configs, request)}

    def _ListModels(self, request: Params) -> Params:  # noqa: N802
        return {"Models": self._listed("ModelName", self._models, request)}

    def _listed(self, key: str, names: Iterable[str], request: Params) -> list[Params]:
        found = [name for name in names if request["NameContains"] in name]
        return [{key: name, "CreationTime": self.created.get(name, NOW)} for name in found]

    def _DescribeEndpointConfig(self, request: Params) -> Params:  # noqa: N802
        if (name := request["EndpointConfigName"]) not in self._configs:
            raise RefusedError(f"Could not find endpoint configuration {name}")
        models = [model for model, package in self._models.items() if package == self._configs[name]]
        own = [name] if name in models else models[:1]
        more = {"VariantName": "AllTraffic", "InstanceType": self.types.get(name, "ml.m5.large")}
        return {"ProductionVariants": [{"ModelName": model, **more} for model in own]}

    def _DeleteEndpointConfig(self, request: Params) -> Params:  # noqa: N802
        if self._configs.pop(request["EndpointConfigName"], None) is None:
            raise RefusedError("Could not find endpoint configuration")
        return {}

    def _DeleteModel(self, request: Params) -> Params:  # noqa: N802
        if self._models.pop(request["ModelName"], None) is None:
            raise RefusedError("Could not find model")
        return {}
