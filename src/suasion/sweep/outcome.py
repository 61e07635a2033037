"""What comes back of a chunk, and how often it is tried."""

from __future__ import annotations

from dataclasses import dataclass

ATTEMPTS = 3
"""How often a chunk is tried, each time by another worker, before it is reported as failed."""


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """One chunk, done or given up.

    data: its part as Parquet.
    reason: why there is none.
    attempts: how often it was tried.
    """

    chunk: int
    data: bytes | None
    reason: str = ""
    attempts: int = 1
