"""A local worker process: reads chunk numbers, answers with parts.

It is a fresh interpreter, never a fork. Requests and answers go through its standard input and output: a line of JSON,
and after an answer's line the bytes of the part. What libraries print goes to the standard error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from suasion.errors import SweepError
from suasion.sweep.outcome import in_words

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from suasion.sweep.worker import main; main()"
)


class WorkerLost(Exception):
    """A worker process ended before it answered."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that solves chunks of one plan.

    Attributes
    ----------
    process : subprocess.Popen
    errors : file with its standard error
    """

    process: subprocess.Popen[bytes]
    errors: IO[bytes]

    def ask(self, chunk: int) -> bytes:
        """Return the part of a chunk.

        Raises
        ------
        WorkerLost
            The process ended; the message says how.
        SweepError
            The chunk could not be solved.
        """
        try:
            head = json.loads(self._send(chunk))
            data = self._pipe(self.process.stdout).read(head["size"])
        except (OSError, ValueError) as error:
            raise WorkerLost(self._last_words()) from error
        if len(data) < head["size"]:
            raise WorkerLost(self._last_words())
        if head["error"]:
            raise SweepError(data.decode())
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


def start_worker(document: str, environment: dict[str, str]) -> Worker:
    """Start a process that solves chunks of a plan.

    Parameters
    ----------
    document : str
        The plan as JSON.
    environment : dict
        Variables added to its environment.

    Returns
    -------
    Worker
    """
    errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the worker ends)
    process = subprocess.Popen(
        [sys.executable, "-c", _START, json.dumps(sys.path)],
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


def main() -> None:
    """Answer until the standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from suasion.sweep.chunk import solve_document

    document = json.loads(sys.stdin.buffer.readline())
    for line in sys.stdin.buffer:
        failed, data = False, b""
        try:
            data = solve_document(document, json.loads(line))
        except Exception as error:  # whatever it is, the driver must know
            failed, data = True, in_words(error).encode()
        answers.write(json.dumps({"error": failed, "size": len(data)}).encode() + b"\n" + data)
        answers.flush()
