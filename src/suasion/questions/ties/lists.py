"""What lists of losses share: what their ranges are of, who is estimated, and which worlds they are from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from suasion.answers import Finding, Source
from suasion.questions.bands import behind

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World


def range_note(frame: pd.DataFrame, draws: int) -> tuple[Finding, ...]:
    """Return what the ranges of losses are of.

    frame: Of :func:`suasion.coercion.leverage.losses.tie_losses`.
    draws: As asked.
    """
    shipped = "range" if frame["short_percent_low"].notna().any() else "no_range"
    return behind(draws) or (Finding(f"leverage.{shipped}"), *_estimated(frame))


def _estimated(frame: pd.DataFrame) -> Iterator[Finding]:
    """What the marks of ties of estimated economies are, where there are any."""
    if "estimate" in frame and (frame["estimate"] != "none").any():
        yield Finding("leverage.estimated")


def world_sources(world: World, frame: pd.DataFrame) -> tuple[Source, ...]:
    """Return the worlds that losses are of: that of the question, and every state's where somebody is estimated."""
    from suasion.sources.state_estimates import YEAR
    from suasion.world.every_state import DATASET

    beside = ((DATASET, YEAR),) if any(_estimated(frame)) else ()
    named = dict.fromkeys(((world.provenance.dataset, world.year), *beside))
    return tuple(Source("world.source", *one) for one in named)


def marked(columns: str, rows: pd.DataFrame) -> str:
    """Return names of columns with that of the mark of estimated economies, where rows have it."""
    return f"{columns} estimate" if columns and "estimate" in rows else columns


def without_empty_ranges(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without the columns of ranges that are empty.

    rows: Of :func:`suasion.coercion.leverage.losses.tie_losses`.
    """
    ends = [name for name in map(str, rows) if name.endswith(("_low", "_high")) and rows[name].isna().all()]
    return rows.drop(columns=ends)
