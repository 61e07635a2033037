"""Picture of the regimes of a signal: who signals and who bluffs, by prior and cost."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import pandas as pd

from suasion.pictures import draw
from suasion.statecraft.signals.game import REGIMES

_ROOM = 0.04
COLOURS = ("#12436D", "#F46A25", "#801650", "#8a8f96", "#d4d7db")


def regime_chart(
    table: pd.DataFrame, title: str = "", cost: str = "cost of the signal"
) -> alt.LayerChart | alt.FacetChart:
    """Draw a map of regimes.

    Parameters
    ----------
    table : DataFrame
        Of :func:`suasion.statecraft.signals.regimes.regime_diagram`, on an even grid.
    title : str
        Heading.
    cost : str
        Title of the upward axis.

    Returns
    -------
    LayerChart
    """
    drawn = table.assign(**{f"{name}2": _ends(table[name]) for name in ("prior", "cost")})
    here = [r for r in REGIMES if r in set(table["regime"])]
    scale = alt.Scale(domain=here, range=[COLOURS[REGIMES.index(r)] for r in here])
    cells = (
        alt.Chart(drawn)
        .mark_rect()
        .encode(
            x=alt.X(
                "prior:Q", title="prior belief that the sender is in earnest", scale=alt.Scale(nice=False)
            ),
            x2="prior2:Q",
            y=alt.Y("cost:Q", title=cost, scale=alt.Scale(nice=False)),
            y2="cost2:Q",
            color=alt.Color("regime:N", scale=scale, sort=here, title=None, legend=alt.Legend(orient="top")),
            tooltip=["prior:Q", "cost:Q", "regime:N", "bluff:Q", "refuse:Q", "clash:Q"],
        )
    )
    # Colour never stands alone: each regime with room for it has its name in its middle.
    wide = table.groupby("regime").filter(lambda part: len(part) >= _ROOM * len(table))
    words = (
        alt.Chart(wide.groupby("regime", as_index=False)[["prior", "cost"]].median())
        .mark_text(color="#ffffff", fontSize=12, fontWeight="bold", stroke="#1b1b1b", strokeWidth=0.4)
        .encode(x="prior:Q", y="cost:Q", text="regime:N")
    )
    made: alt.LayerChart | alt.FacetChart = alt.layer(cells, words, title=title, width=420, height=320)
    return made


def picture(chart: alt.LayerChart | alt.FacetChart | alt.VConcatChart, ending: str) -> bytes:
    """Chart as a file's content.

    Parameters
    ----------
    chart : Chart
    ending : str
        ".svg" or ".png".

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        For another ending.
    """
    return draw(chart.to_dict(), ending)


def _ends(side: pd.Series[float]) -> pd.Series[float]:
    """End of each cell: the next number of the grid; the last cell is as wide as the one before."""
    numbers = sorted(set(side))
    widths = [b - a for a, b in pairwise(numbers)]
    after = dict(zip(numbers, [*numbers[1:], numbers[-1] + (widths[-1] if widths else 0.1)], strict=True))
    return side.map(after)
