"""Checks the instance types that are given as pipeline parameters.

A pipeline definition names one container image for each job, and the image is made for CPUs or for GPUs. On an instance
of the other family the job would start, and then fail or leave the GPU unused.
"""

from collections.abc import Mapping
from typing import Any

from pipelines.definitions.images.choice import kinds
from pipelines.errors import ConfigurationError
from pipelines.settings.model import Settings

# Each parameter, and the setting that its default and the definition's image come from.
PARAMETERS = {
    "TrainingInstanceType": "training.instance_type",
    "ProcessingInstanceType": "processing.instance_type",
}


def check_instance_types(
    settings: Settings, declared: Mapping[str, Mapping[str, Any]], given: Mapping[str, str]
) -> None:
    """Checks the given instance types against the parameters that the pipeline's definition declares, by their names.

    Raises:
        ConfigurationError: an instance type needs another image than the definition names.
    """
    kind = kinds(settings)
    for name, instance_type in given.items():
        if name not in PARAMETERS:
            continue
        default = declared[name].get("DefaultValue", instance_type)
        if kind("training", instance_type) != kind("training", default):
            raise ConfigurationError(
                f"the parameter {name} is {instance_type}, which needs another container image than {default}, the "
                f"instance type that the pipeline was built for; set {PARAMETERS[name]} in the configuration to "
                f"{instance_type} and run `scones pipeline upsert`"
            )
