"""Lines over years with their bands, broken where a year is missing, a number at the end of each."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture.inline.canvas import Canvas
from suasion.answers.picture.inline.series import Series, draw_series
from suasion.answers.picture.rows import Form, PictureAxes, ends_of, side_of

HEIGHT = 180


def draw_lines(canvas: Canvas, part: pd.DataFrame, axes: PictureAxes) -> float:
    """Draw one panel."""
    corners = [
        (float(year), float(value))
        for name in ("value", "low", "high")
        for year, value in axes.whole[["at", name]].dropna().to_numpy()
    ]
    return draw_series(canvas, list(_pieces(part)), (), axes.unit, HEIGHT, corners)


def _pieces(part: pd.DataFrame) -> Iterator[Series]:
    """Parts of lines between years that are missing; the last one of each has its name and its last number."""
    for (key, name), own in part.groupby(["side", "series"], sort=False):
        line = own.sort_values("at", kind="stable")
        pieces = [piece for _, piece in line[line["value"].notna()].groupby(line["value"].isna().cumsum())]
        for piece in pieces:
            band = piece.dropna(subset=["low", "high"])
            points = tuple(zip(piece["at"].astype(float), piece["value"], strict=True))
            ends = tuple(zip(band["at"].astype(float), band["low"], band["high"], strict=True))
            words = (str(name), str(piece["label"].iloc[-1])) if piece is pieces[-1] else ("", "")
            yield Series(side_of(str(key)), words[0], points, words[1], band=ends)


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    parts = []
    for name, (first, begin), (last, end) in ends_of(rows):
        years = {"first_year": int(begin), "last_year": int(end)}
        parts.append(
            language.say("figure.chapter.alt_line", {"name": name, "first": first, "last": last, **years})
        )
    return language.say("figure.chapter.alt_lines", {"rows": "; ".join(parts)})


FORM = Form(draw_lines, _alt, half=True)
