"""What others published for the question that is asked, beside the answer here, and why the two differ.

``published.toml`` beside this module has the figures.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.dossier.explore.query import Measure, Query
from suasion.dossier.explore.rows import EconomyRow, PublishedRow
from suasion.sources import country_name, expand, is_group

FILE = "published.toml"
NEAR = 0.2
"""A figure on a size is shown for sizes at most this part away. Assumption: further off it is another question."""
RUN = "short"
"""All figures entered so far are about the first year."""


@cache
def figures() -> tuple[Mapping[str, Any], ...]:
    """All figures on file."""
    text = resources.files("suasion.dossier.explore").joinpath(FILE).read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["figure"])


def published_rows(query: Query, economies: Sequence[EconomyRow], year: int) -> tuple[PublishedRow, ...]:
    """Figures for a question of one measure.

    Parameters
    ----------
    query : Query
        The question.
    economies : sequence of EconomyRow
        Changes here.
    year : int
        Of the membership of groups.
    """
    if len(query.measures) != 1:
        return ()
    found = (figure for figure in figures() if _fits(figure, query.measures[0], year))
    known = {row.code: row for row in economies}
    return tuple(_row(figure, known[figure["economy"]]) for figure in found if figure["economy"] in known)


def _fits(figure: Mapping[str, Any], measure: Measure, year: int) -> bool:
    size = figure.get("size", measure.size)
    goods = (figure["goods"],) if figure["goods"] else ()
    return (
        measure.kind in figure["kinds"]
        and measure.sectors == goods
        and abs(measure.size - size) <= NEAR * abs(size)
        and _among(figure["by"], measure.by, year)
        and _among(figure["on"], measure.on, year)
    )


def _among(name: str, sides: Sequence[str], year: int) -> bool:
    """Whether a side is named, by itself or in a group; a group only by itself."""
    if name in sides or is_group(name):
        return name in sides
    return any(is_group(side) and name in expand([side], year) for side in sides)


def _row(figure: Mapping[str, Any], economy: EconomyRow) -> PublishedRow:
    low, high = float(figure["low"]), float(figure["high"])
    ours = next((change for change in economy.changes if change.run == RUN), None)
    return PublishedRow(
        what=figure["what"],
        country=economy.code,
        name=country_name(economy.code),
        low=low,
        high=high,
        text=_as_published(low)
        if low == high
        else say("published.between", low=_as_published(high), high=_as_published(low)),
        ours=None if ours is None else ours.percent,
        ours_text=n.NO_DATA if ours is None else ours.text,
        source=figure["source"],
        differs=figure["differs"],
    )


def _as_published(change: float) -> str:
    """Change with the digits that its authors printed, and no others."""
    return f"{change:+g} %".replace("-", n.MINUS)
