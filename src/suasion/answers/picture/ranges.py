"""A mark on its range for each row; rows of one name together where they are of several sides."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture.inline.canvas import SIZE, Canvas, lines_of
from suasion.answers.picture.inline.dumbbell import LEFT, CostRow, Mark, draw_costs
from suasion.answers.picture.inline.lollipop import RankedRow, draw_ranked
from suasion.answers.picture.rows import Form, PictureAxes, known, records, side_of
from suasion.answers.style import width

TOLD = 12
"""Rows named in the description of a picture."""
LONGEST = 250
"""Pixels of the names of rows of several sides, at most."""


def draw_ranges(canvas: Canvas, part: pd.DataFrame, axes: PictureAxes) -> float:
    """Draw one panel."""
    also = [known(end) for name in ("low", "high", "value") for end in axes.whole[name]]
    if part["side"].nunique() < 2:
        several = axes.whole["side"].nunique() > 1
        items = [
            RankedRow(
                f"{row['at']}, {row['series']}" if several else str(row["at"]), row["value"], row["label"],
                known(row["low"]), known(row["high"]), side=side_of(row["side"]),
            )
            for row in records(part)
        ]  # fmt: skip
        return draw_ranked(canvas, items, axes.unit, also)
    widest = max(width(str(name), SIZE, "sans-bold") for name in part["at"])
    names = LEFT if widest < LEFT - 8 else min(LONGEST, max(LEFT, widest / 2 + 40))
    return draw_costs(canvas, list(_cases(part, names)), unit=axes.unit, also=also, names=names)


def _cases(part: pd.DataFrame, names: float) -> Iterator[CostRow]:
    for at, own in part.groupby("at", sort=False):
        first, *more = lines_of(str(at), names - 8, SIZE, "sans-bold")
        marks = (
            Mark(
                side_of(row["side"]), row["value"], row["series"], row["label"],
                known(row["low"]), known(row["high"]),
            )
            for row in records(own)
        )  # fmt: skip
        yield CostRow(first, tuple(marks), " ".join(more))


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    each = rows[["at", "series", "label"]].head(TOLD).astype(str).to_numpy()
    parts = [f"{at}{series and f' ({series})'}: {label}" for at, series, label in each]
    return language.say("figure.chapter.alt_ranges", {"rows": "; ".join(parts)})


FORM = Form(draw_ranges, _alt)
