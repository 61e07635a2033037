"""The charts of a dossier: for each, a step that prepares rows and a step that draws them.

``figures`` returns all that a dossier has data for, in the order of the page. A figure carries its words,
its table and its file, so that nothing stands only in the picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from suasion.answers.picture.spec import Key
from suasion.dossier.bridge import answered_tables
from suasion.dossier.charts.chapter import chapter_figures, table_figure
from suasion.dossier.charts.elsewhere import elsewhere_figure
from suasion.dossier.charts.figure import Figure, Panel, count_marks, draw_ahead, draw_svg, draw_svgs
from suasion.dossier.context import Dossier

__all__ = ["Figure", "Key", "Panel", "count_marks", "draw_ahead", "draw_svg", "draw_svgs", "figures"]

VERDICTS = {"exit-costs": "exit_cost.asymmetry", "shares": "dependence.turnover"}
"""Tables whose figures bear a verdict as title, and the topic of it."""


def figures(dossier: Dossier, topology: Mapping[str, Any], dots: pd.DataFrame) -> tuple[Figure, ...]:
    """All figures that the dossier has data for, in the order of the page.

    Parameters
    ----------
    dossier : Dossier
        The context.
    topology : mapping
        TopoJSON outline of the world, alpha-3 ids in the object ``countries``.
    dots : DataFrame
        Columns country, longitude, latitude of states too small for the outline.
    """
    answered = (figure for name in dossier.answers for figure in _answered(dossier, name, topology, dots))
    of_chapters = (figure for chapter in dossier.chapters for figure in chapter_figures(chapter))
    return tuple(figure for figure in (*answered, *of_chapters) if figure is not None)


def _answered(
    dossier: Dossier, name: str, topology: Mapping[str, Any], dots: pd.DataFrame
) -> Iterator[Figure | None]:
    """Figures of an answer; what it does to everybody is drawn on a map."""
    for table in answered_tables(dossier, name):
        if table.key == "elsewhere":
            yield elsewhere_figure(dossier, topology, dots)
        elif table.picture:
            figure = table_figure(table, table.picture)
            verdict = dossier.headline(VERDICTS.get(table.key, ""), figure.title)
            yield replace(figure, title=verdict)
