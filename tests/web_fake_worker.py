"""A worker without a model, for tests of queues and limits: it sleeps, fails, grows or dies as it is told."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from multiprocessing.connection import Connection


class Stopped(BaseException):
    """Sent away, as a real worker is."""


def stop(*_):
    raise Stopped


def main(handle):
    """Speak the protocol of :mod:`suasion.web.worker`."""
    held = []
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError), Connection(handle) as pipe:
        background = pipe.recv()[2]
        pipe.send(("ready", {"world": "none"}))
        while True:
            task, arguments = pipe.recv()
            if task in ("sleep", "dossier") or (task == "slow" and background):
                signal.signal(signal.SIGUSR1, stop)
                try:
                    for step in range(int(arguments["steps"])):
                        pipe.send(("progress", step, int(arguments["steps"]), "sleeping"))
                        time.sleep(0.05)
                except Stopped:
                    pipe.recv()
                    pipe.send(("stopped",))
                    continue
                finally:
                    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
            elif task == "slow":
                pipe.send(("slow",))
                continue
            elif task == "stop":
                continue
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
