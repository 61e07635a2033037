"""Solve chunks: in this process, in worker processes that may die without loss, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from suasion.solvers.threads import ONE_THREAD
from suasion.sweep.chunk import solve_document
from suasion.sweep.parts import ATTEMPTS, ChunkResult
from suasion.worker import Done, Worker, WorkerLost, WorkFailed, in_words, work_through
from suasion.worker.cluster import work_on_cluster

TARGET = "suasion.sweep.chunk:solve_chunks"


def solve_here(document: str, chunks: Iterable[int]) -> Iterator[ChunkResult]:
    """Solve chunks one after the other in this process.

    document: The plan as JSON.
    """
    for chunk in chunks:
        try:
            yield ChunkResult(chunk, solve_document(document, chunk))
        except Exception as error:  # one chunk's trouble must not cost the others
            yield ChunkResult(chunk, None, in_words(error))


def solve_local(document: str, chunks: Iterable[int], workers: int) -> Iterator[ChunkResult]:
    """Solve chunks in worker processes; a chunk whose worker dies is given to a new one.

    document: The plan as JSON.
    workers: Number of processes, each with one thread for linear algebra.
    Yields: In the order in which they are done.
    """
    start = partial(Worker, TARGET, document, ONE_THREAD)
    yield from map(_result, work_through(start, chunks, workers, ATTEMPTS))


def solve_cluster(document: str, chunks: Iterable[int], address: str) -> Iterator[ChunkResult]:
    """Solve chunks on the workers of a Dask scheduler; see :func:`suasion.worker.cluster.work_on_cluster`.

    document: The plan as JSON.
    """
    yield from map(_result, work_on_cluster(partial(solve_document, document), chunks, address, ATTEMPTS))


def _result(done: Done) -> ChunkResult:
    error, reason = done.error, ""
    if error is not None:
        reason = str(error) if isinstance(error, WorkerLost | WorkFailed) else in_words(error)
    return ChunkResult(done.request, done.result, reason, done.attempts)
