"""Parts of a data set: one Parquet file a chunk, whole or absent, that says which tasks it holds and how they ended."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from suasion.sweep.plan import SweepPlan

META = b"suasion.sweep"
_PER_FOLDER = 1000


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds already: finished chunks with the number of tasks without equilibrium, and damaged files."""

    finished: dict[int, int]
    damaged: tuple[Path, ...]


def part_path(folder: Path, chunk: int) -> Path:
    """File of a chunk; a folder holds a thousand of them.

    folder: of the sweep.
    """
    return folder / "parts" / f"{chunk // _PER_FOLDER:05d}" / f"part-{chunk:08d}.parquet"


def encode(table: pd.DataFrame, plan: SweepPlan, chunk: int, unsolved: int) -> bytes:
    """Write a chunk's table as Parquet into memory: equal tables give equal bytes.

    unsolved: tasks without an equilibrium.
    Returns: With a checksum on every page, and the span of tasks in the file's metadata.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    arrow = arrow.replace_schema_metadata(
        {META: json.dumps({**_expected(plan, chunk), "unsolved": unsolved}, sort_keys=True).encode()}
    )
    out = io.BytesIO()
    pq.write_table(arrow, out, compression="zstd", write_page_checksum=True)
    return out.getvalue()


def scan(folder: Path, plan: SweepPlan) -> Scan:
    """Find the finished chunks of a plan; files that are cut short or of another plan count as damaged."""
    finished: dict[int, int] = {}
    damaged = []
    for path in sorted((folder / "parts").glob("*/part-*.parquet")):
        number = path.stem.removeprefix("part-")
        chunk = int(number) if number.isdigit() else plan.chunks
        note = read_note(path)
        right = chunk < plan.chunks and note is not None and path == part_path(folder, chunk)
        if (
            right
            and note is not None
            and {**note, "unsolved": 0} == {**_expected(plan, chunk), "unsolved": 0}
        ):
            finished[chunk] = int(note["unsolved"])
        else:
            damaged.append(path)
    return Scan(finished, tuple(damaged))


def read_note(path: Path) -> dict[str, Any] | None:
    """Return what a part says of itself; None where it is no whole Parquet file of a sweep."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        text = (pq.read_schema(path).metadata or {}).get(META)
        note = None if text is None else json.loads(text)
    except (pa.ArrowException, OSError, ValueError):
        return None
    return note if isinstance(note, dict) else None


def _expected(plan: SweepPlan, chunk: int) -> dict[str, Any]:
    """Return what the part of a chunk must say of itself."""
    span = plan.span(chunk)
    return {"plan": plan.digest, "chunk": chunk, "first": span.start, "tasks": len(span)}


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
