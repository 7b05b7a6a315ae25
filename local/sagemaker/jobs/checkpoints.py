"""Checkpoints of a training job: downloads them when it starts, and uploads new ones while it runs."""

from pathlib import Path
from threading import Event, Thread

from local.protocol.errors import JobError
from local.runtime.s3 import Storage, files

SYNC_SECONDS = 2.0
FOLDER = "/opt/ml/checkpoints"


class Checkpoints:
    """Uploads changed files of a folder to a prefix in S3, from `start` until `finish`."""

    def __init__(self, storage: Storage, folder: Path, uri: str) -> None:
        self._storage = storage
        self._folder = folder
        self._uri = uri.rstrip("/")
        self._sent: dict[Path, tuple[int, int]] = {}
        self._finished = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Downloads earlier checkpoints and starts to upload new ones. Raises JobError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._storage.download(f"{self._uri}/", self._folder, required=False)
        self._sent = {path: _state(path) for path in files(self._folder)}
        self._thread.start()

    def finish(self) -> None:
        """Uploads the remaining changes. Raises JobError."""
        self._finished.set()
        self._thread.join()
        self._send()

    def _watch(self) -> None:
        while not self._finished.wait(SYNC_SECONDS) and self._folder.is_dir():
            try:
                self._send()
            except (JobError, FileNotFoundError):
                continue  # a file is being replaced; `finish` tries again and reports errors

    def _send(self) -> None:
        for path in files(self._folder):
            state = _state(path)
            if self._sent.get(path) != state:
                self._storage.upload(path, f"{self._uri}/{path.relative_to(self._folder).as_posix()}")
                self._sent[path] = state


def _state(path: Path) -> tuple[int, int]:
    """Time of modification and size, by which a changed file is recognised."""
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size
