"""A worker without a model, for tests of queues and limits: it sleeps, fails, grows or dies as it is told."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from multiprocessing.connection import Connection


def main(handle):
    """Speak the protocol of :mod:`suasion.web.worker`."""
    held = []
    with contextlib.suppress(EOFError, OSError), Connection(handle) as pipe:
        pipe.recv()
        pipe.send(("ready", {"world": "none"}))
        while True:
            task, arguments = pipe.recv()
            if task in ("sleep", "dossier"):
                for step in range(int(arguments["steps"])):
                    pipe.send(("progress", step, int(arguments["steps"]), "sleeping"))
                    time.sleep(0.05)
            elif task == "grow":
                held.append(bytearray(os.urandom(1)) * (arguments["megabytes"] * 1_000_000))
                time.sleep(5)
            elif task == "die":
                os._exit(9)
            elif task == "start":  # as one that prints: a folder for a moment, and a program of its own
                folder = tempfile.mkdtemp()
                started = subprocess.Popen(["sleep", "60"])
                pipe.send(("progress", started.pid, 0, folder))
                time.sleep(60)
            elif task == "wrong":
                pipe.send(("error", "InputError", "That is wrong."))
                continue
            pipe.send(("done", {"json": b"{}"}))
