"""The VPC in which jobs run, as the SDK takes it; None where the configuration names none."""

from sagemaker.core.network import NetworkConfig
from sagemaker.core.training.configs import Networking

from pipelines.settings.sections import Network


def of_processing(network: Network) -> NetworkConfig | None:
    """The network of a processing job."""
    if not network.subnets:
        return None
    return NetworkConfig(subnets=list(network.subnets), security_group_ids=list(network.security_groups))


def of_training(network: Network) -> Networking | None:
    """The network of a training job."""
    if not network.subnets:
        return None
    return Networking(subnets=list(network.subnets), security_group_ids=list(network.security_groups))
