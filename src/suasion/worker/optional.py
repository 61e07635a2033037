"""A worker that saves time and is not needed: whoever asks does the work where it is not there."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from suasion.worker.owner import Worker, WorkerLost, WorkFailed


class OptionalWorker:
    """A process that answers one request at a time, while there is one.

    Parameters
    ----------
    target, setup : as for :class:`Worker`
    """

    def __init__(self, target: str, setup: Any) -> None:
        self._lock = threading.Lock()
        self.worker: Worker | None = None
        with suppress(OSError):  # none can be started
            self.worker = Worker(target, setup)

    def ask(self, request: Any) -> Any:
        """Result of a request; None where there is no process, it died, or the request met an error."""
        with self._lock:
            if self.worker is None:
                return None
            try:
                return self.worker.ask(request)
            except WorkFailed:
                return None
            except WorkerLost:
                self.worker.end()
                self.worker = None
                return None
