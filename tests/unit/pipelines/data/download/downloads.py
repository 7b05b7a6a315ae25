"""Downloads from a mirror that does as the test says."""

import hashlib
import random
from dataclasses import dataclass, field
from pathlib import Path

from unit.pipelines.data.download.mirror import Mirror

from pipelines.data.download.download import download
from pipelines.settings.sections import PublishedArchive

CONTENT = random.Random(1).randbytes(10_000)
OTHER = random.Random(2).randbytes(10_000)


@dataclass
class Download:
    """A download to a folder, and what it said and how long it paused."""

    mirror: Mirror
    path: Path
    content: bytes = CONTENT
    reported: list[int] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def run(self) -> bool:
        """Downloads; whether anything had to be."""
        md5 = hashlib.md5(self.content).hexdigest()
        archive = PublishedArchive(url=self.mirror.url, md5=md5, bytes=len(self.content))
        return download(archive, self.path, self.reported.append, self.pauses.append)

    def names(self) -> set[str]:
        """The files in the folder, but for locks."""
        return {each.name for each in self.path.parent.iterdir() if not each.name.endswith(".lock")}
