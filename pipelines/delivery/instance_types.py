"""Checks the instance types that are given as pipeline parameters.

A pipeline definition names one container image for each job, and the image is made for CPUs or for GPUs. On an instance
of the other family the job would start, and then fail or leave the GPU unused.
"""

import json
from collections.abc import Mapping

from pipelines.definitions.jobs import image
from pipelines.errors import ConfigurationError

# Each parameter, and the setting that its default and the definition's image come from.
PARAMETERS = {
    "TrainingInstanceType": "training.instance_type",
    "ProcessingInstanceType": "processing.instance_type",
}


def check_instance_types(region: str, definition: str, parameters: Mapping[str, str]) -> None:
    """Checks the given instance types against the definition of the pipeline as SageMaker has it.

    Raises:
        ConfigurationError: an instance type needs another image than the definition names.
    """
    defaults = parameter_defaults(definition)
    for name, instance_type in parameters.items():
        if name not in PARAMETERS:
            continue
        default = defaults.get(name, instance_type)
        if image(region, "training", instance_type) != image(region, "training", default):
            raise ConfigurationError(
                f"the parameter {name} is {instance_type}, which needs another container image than {default}, the "
                f"instance type that the pipeline was built for; set {PARAMETERS[name]} in the configuration to "
                f"{instance_type} and run `scones pipeline upsert`"
            )


def parameter_defaults(definition: str) -> dict[str, str]:
    """The default values of a pipeline definition's parameters."""
    declared = json.loads(definition)["Parameters"]
    return {each["Name"]: each["DefaultValue"] for each in declared if "DefaultValue" in each}
