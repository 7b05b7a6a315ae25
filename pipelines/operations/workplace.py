"""What a command works with: settings, AWS, a folder for results and a console."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.aws import Aws
from pipelines.console.progress import Progress
from pipelines.sagemaker_sdk import open_session
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.waiting.polling import CLOCK, Clock

if TYPE_CHECKING:
    from sagemaker.core.workflow.pipeline_context import PipelineSession


@dataclass(frozen=True)
class Workplace:
    """One environment, connected, and where results and progress are shown."""

    settings: Settings
    names: Names
    aws: Aws
    build: Path
    progress: Progress
    clock: Clock = CLOCK

    @cached_property
    def sagemaker_session(self) -> "PipelineSession":
        """The SageMaker SDK's session, which takes about a second to open and serves all pipelines."""
        return open_session(self.aws, self.names)

    def save(self, name: str, text: str) -> Path:
        """Writes a text file to the build folder, creating folders as needed; returns its path."""
        path = self.build / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path
