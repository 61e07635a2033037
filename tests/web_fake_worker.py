"""A worker without a model, for tests of queues and limits: it sleeps, fails, grows or dies as it is told."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time

from suasion.errors import InputError, SuasionError


class SlowQuestionError(SuasionError):
    """Of the same name as the one that real tasks raise, without what that one's module loads."""


PARTS = {"json": b"{}"}
ERRORS = {
    "full": OSError(28, "No space left on device"),
    "end": EOFError(),
    "value": ValueError("what the user sent"),
    "memory": MemoryError("what the user sent"),
    "wrong": InputError("That is wrong."),
}


def make_parts(setup):
    """Stand in for :func:`suasion.web.worker.make_parts`."""
    held = []
    background = setup[2]

    def run(request, tell):
        task, arguments = request
        if task == "facts":
            return {"world": "none"}
        if task in ERRORS:
            raise ERRORS[task]
        if task == "slow" and not background:
            raise SlowQuestionError("later")
        if task in ("sleep", "dossier", "slow"):
            for step in range(int(arguments["steps"])):
                tell(step, int(arguments["steps"]), "sleeping")
                time.sleep(0.05)
        elif task == "grow":
            held.append(bytearray(os.urandom(1)) * (arguments["megabytes"] * 1_000_000))
            time.sleep(arguments.get("seconds", 5))
        elif task == "die":
            os._exit(9)
        elif task == "start":  # as one that prints: a folder for a moment, and a program of its own
            folder = tempfile.mkdtemp()
            started = subprocess.Popen(["sleep", "60"])
            while True:  # it does not let go by itself
                try:
                    tell(started.pid, 0, folder)
                    time.sleep(60)
                except BaseException:
                    time.sleep(60)
        return PARTS

    return run
