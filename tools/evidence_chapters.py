"""Evidence on sentences: the chapters of every pair of the embedded world, read as a stranger would."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import combinations, groupby
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from evidence import ROOT
from reading import faults

if TYPE_CHECKING:
    from suasion.world import World

AUDIENCE = ("USA", "EU")
PROCESSES = 2
DATA = ("src/suasion/snapshot", "src/suasion/statecraft/tables")
EVERY = 200
"""One pair in so many is read: all of them take an hour."""
READ = ("AUS-CHN", "CHN-RUS", "IRN-RUS", "ISL-STP", "MEX-USA")
"""Pairs that are read whatever their place."""
SAMPLED = ("CHN-RUS", "ISL-STP")
"""Pairs that are read again: one of which everything is known, and one of which hardly anything is."""


def chapters_read() -> pd.DataFrame:
    """One row a pair: chapters, sentences, printed numbers and cells, and what was wrong with any of them."""
    every = sorted(tuple(sorted(pair)) for pair in combinations(_world().states, 2))
    pairs = sorted({*every[::EVERY], *(tuple(name.split("-")) for name in READ)})
    rows: list[dict[str, Any]] = []
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        # All pairs of a country are read by one process, which has then looked through its inputs once.
        for read in pool.map(_read, [list(group) for _, group in groupby(pairs, lambda pair: pair[0])]):
            rows += read
            print(f"{len(rows)} of {len(pairs)} pairs", file=sys.stderr)
    return pd.DataFrame(rows).sort_values("pair", ignore_index=True)


def sampled_chapters(committed: pd.DataFrame) -> pd.DataFrame:
    """Read some pairs again."""
    known = set(committed["pair"])
    return pd.DataFrame(_read([tuple(name.split("-")) for name in SAMPLED if name in known]))


def sources() -> Sequence[Path]:
    """Embedded data that chapters speak of."""
    files = (path for folder in DATA for path in (ROOT / folder).rglob("*") if path.is_file())
    return sorted(p for p in files if p.suffix not in {".py", ".pyc", ".md"} and p.name != "manifest.json")


@cache
def _world() -> World:
    """Return the embedded world, one for all pairs of a process: what looks through its inputs stays with it."""
    from suasion import load_world

    return load_world()


def _read(pairs: Iterable[tuple[str, ...]]) -> list[dict[str, Any]]:
    from suasion.dossier.chapters import gather_chapters
    from suasion.dossier.gather import ask

    world, found = _world(), []
    for a, b in pairs:
        chapters = list(gather_chapters(ask(a, b, AUDIENCE, world), world, lambda *_: None))
        claims = [claim for chapter in chapters for claim in chapter.findings]
        tables = [table for chapter in chapters for table in chapter.tables]
        found.append(
            {
                "pair": f"{a}-{b}",
                "chapters": len(chapters),
                "without_data": sum(bool(chapter.reason) for chapter in chapters),
                "sentences": len(claims),
                "numbers": sum(q.known for claim in claims for q in claim.quantities),
                "cells": sum(len(table.rows) * len(table.columns) for table in tables),
                "faults": "; ".join(fault for chapter in chapters for fault in faults(chapter)),
            }
        )
    return found
