"""The charts of a dossier: for each, a step that prepares rows and a step that draws them.

``figures`` returns all that a dossier has data for, in the order of the page. A figure carries its words,
its table and its file, so that nothing stands only in the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from suasion.answers.picture.spec import Key
from suasion.dossier.charts.chapter import chapter_figures
from suasion.dossier.charts.critical import critical_figure
from suasion.dossier.charts.elsewhere import elsewhere_figure
from suasion.dossier.charts.exit_cost import exit_cost_figures, glance_figure
from suasion.dossier.charts.exposure import exposure_figure
from suasion.dossier.charts.figure import Figure, Panel, count_marks, draw_ahead, draw_svg, draw_svgs
from suasion.dossier.charts.materials import material_figures
from suasion.dossier.charts.shares import share_figure
from suasion.dossier.charts.totals import total_figure
from suasion.dossier.context import Dossier

__all__ = ["Figure", "Key", "Panel", "count_marks", "draw_ahead", "draw_svg", "draw_svgs", "figures"]


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
    made = (
        glance_figure(dossier),
        share_figure(dossier),
        *material_figures(dossier),
        total_figure(dossier),
        *exit_cost_figures(dossier),
        elsewhere_figure(dossier, topology, dots),
        exposure_figure(dossier),
        critical_figure(dossier),
        *(figure for chapter in dossier.chapters for figure in chapter_figures(chapter)),
    )
    return tuple(figure for figure in made if figure is not None)
