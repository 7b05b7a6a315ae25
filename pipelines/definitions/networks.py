"""The network of jobs, as the SDK takes it; None where they have AWS's own, which is the default."""

from typing import Any

from sagemaker.core.network import NetworkConfig
from sagemaker.core.training.configs import Networking

from pipelines.settings.account import Network


def of_processing(network: Network) -> NetworkConfig | None:
    """The network of a processing job."""
    return NetworkConfig(**_options(network)) if _options(network) else None


def of_training(network: Network) -> Networking | None:
    """The network of a training job."""
    return Networking(**_options(network)) if _options(network) else None


def _options(network: Network) -> dict[str, Any]:
    vpc = {"subnets": list(network.subnets), "security_group_ids": list(network.security_groups)}
    return (vpc if network.subnets else {}) | ({"enable_network_isolation": True} if network.isolation else {})
