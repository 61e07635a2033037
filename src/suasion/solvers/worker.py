"""A local worker process: reads what to solve, answers with bytes.

It is a fresh interpreter, never a fork, and does not import the program that asked, so that a script needs no guard.
Requests and answers go through its standard input and output: a line of JSON, and after an answer's line its bytes.
What libraries print goes to the standard error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from suasion.solvers.worker import main; "
    "main(sys.argv[2])"
)


class WorkerLost(Exception):
    """A worker process ended before it answered."""


class WorkFailed(Exception):
    """What was asked could not be solved; the message is the error of the worker in words."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that answers questions on one document.

    Attributes
    ----------
    process : subprocess.Popen
    errors : file with its standard error
    """

    process: subprocess.Popen[bytes]
    errors: IO[bytes]

    def ask(self, question: Any) -> bytes:
        """Return the answer to a question, which is plain data.

        Raises
        ------
        WorkerLost
            The process ended; the message says how.
        WorkFailed
            The question could not be answered.
        """
        try:
            head = json.loads(self._send(question))
            data = self._pipe(self.process.stdout).read(head["size"])
        except (OSError, ValueError) as error:
            raise WorkerLost(self._last_words()) from error
        if len(data) < head["size"]:
            raise WorkerLost(self._last_words())
        if head["error"]:
            raise WorkFailed(data.decode())
        return bytes(data)

    def end(self) -> None:
        """End the process at once and wait until it is gone."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.errors):
            with suppress(OSError):  # what was left to send to a process that is gone
                self._pipe(pipe).close()

    def _send(self, message: Any) -> bytes:
        stdin = self._pipe(self.process.stdin)
        stdin.write(json.dumps(message).encode() + b"\n")
        stdin.flush()
        return self._pipe(self.process.stdout).readline()

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None  # all three were asked for
        return pipe

    def _last_words(self) -> str:
        """How the process ended, with the last line it wrote."""
        code = self.process.wait()
        how = f"killed by signal {-code}" if code < 0 else f"ended with code {code}"
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return f"the worker was {how}" + (f": {lines[-1]}" if lines else "")


def start_worker(target: str, document: str, environment: dict[str, str]) -> Worker:
    """Start a process that answers questions on a document.

    Parameters
    ----------
    target : str
        Module and function, ``"package.module:function"``: called with the document and a question, returns bytes.
    document : str
        What all questions are about.
    environment : dict
        Variables added to its environment.

    Returns
    -------
    Worker
    """
    errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the worker ends)
    process = subprocess.Popen(
        [sys.executable, "-c", _START, json.dumps(sys.path), target],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, **environment},
        start_new_session=True,  # an interrupt at the keyboard reaches the driver only, which ends its workers
    )
    worker = Worker(process, errors)
    with suppress(OSError):  # it is gone already; the first question will say how
        worker._pipe(process.stdin).write(json.dumps(document).encode() + b"\n")
    return worker


def main(target: str) -> None:
    """Answer until the standard input ends.

    Parameters
    ----------
    target : str
        As for :func:`start_worker`.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    module, name = target.split(":")
    solve = getattr(import_module(module), name)

    document = json.loads(sys.stdin.buffer.readline())
    for line in sys.stdin.buffer:
        failed, data = False, b""
        try:
            data = solve(document, json.loads(line))
        except Exception as error:  # whatever it is, the driver must know
            failed, data = True, in_words(error).encode()
        answers.write(json.dumps({"error": failed, "size": len(data)}).encode() + b"\n" + data)
        answers.flush()


def in_words(error: BaseException) -> str:
    """Kind and message of an error on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
