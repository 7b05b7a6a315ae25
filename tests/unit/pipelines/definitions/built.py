"""Definitions of pipelines as the SDK builds them, and what is read in them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from unit.pipelines.aws_in_memory import account_with_bucket

from pipelines.definitions import monitoring, rebase, training
from pipelines.definitions.images.choice import choose_images
from pipelines.definitions.jobs import Build
from pipelines.settings.model import Settings
from pipelines.settings.naming import JobPackage, Names

DIGESTS: dict[JobPackage, str] = {"steps": "0123456789abcdef", "monitoring": "fedcba9876543210"}
BUILDERS = {
    "training": training.build_pipeline,
    "monitoring": monitoring.build_pipeline,
    "rebase": rebase.build_pipeline,
}
Builder = Callable[..., str]


@contextmanager
def builder(settings: Settings, names: Names) -> Iterator[Builder]:
    """`build(kind)`: the text of a definition, built in an account on moto."""
    from sagemaker.core.workflow.pipeline_context import PipelineSession

    def build(kind: str, section: str = "training", source: str = "own", **values: object) -> str:
        """The definition with these values in a section of the settings, by default in `training`."""
        containers = settings.containers.model_copy(update={"source": source})
        changed = settings.model_copy(
            update={section: getattr(settings, section).model_copy(update=values), "containers": containers}
        )
        sdk = PipelineSession(boto_session=session, default_bucket=names.bucket)
        return str(BUILDERS[kind](Build(changed, names, DIGESTS, choose_images(changed, names, {}), sdk)).definition())

    with account_with_bucket(names) as session:
        yield build


def steps(definition: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The steps of a definition by name, with those of its branches."""
    found = {}
    for step in definition["Steps"]:
        found[step["Name"]] = step
        branches = [*step["Arguments"].get("IfSteps", []), *step["Arguments"].get("ElseSteps", [])]
        found.update(steps({"Steps": branches}))
    return found
