"""Picture of who gets what: one bar a player and case."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from suasion.errors import InputError
from suasion.pictures import draw

COLOURS = ("#12436D", "#F46A25", "#801650", "#8a8f96", "#2a9d8f", "#e9c46a")
MOST_CASES = len(COLOURS)


def division_chart(table: pd.DataFrame, value: str = "value") -> alt.Chart:
    """Bars of the players' gains, cases side by side.

    Parameters
    ----------
    table : DataFrame
        Of :func:`suasion.games.compare`: columns case, name, gain, share_percent.
    value : str
        Unit of value, for the axis.

    Returns
    -------
    Chart

    Raises
    ------
    InputError
        More than six cases: their bars would not be told apart.
    """
    cases = list(dict.fromkeys(table["case"]))
    if len(cases) > MOST_CASES:
        raise InputError(f"{len(cases)} cases do not fit one picture; choose at most {MOST_CASES}.")
    drawn = table.assign(gain=table["gain"].round(6))
    made: alt.Chart = (
        alt.Chart(drawn)
        .mark_bar()
        .encode(
            y=alt.Y("name:N", sort=list(dict.fromkeys(table["name"])), title=None),
            x=alt.X("gain:Q", title=f"Gain over standing alone (Shapley), {value}"),
            yOffset=alt.YOffset("case:N", sort=cases),
            color=_colours(cases),
            tooltip=["case:N", "name:N", "gain:Q", "share_percent:Q"],
        )
        .properties(width=420, height=alt.Step(9 if len(cases) > 2 else 14))
    )
    return made


def picture(chart: alt.Chart, ending: str) -> bytes:
    """Chart as a file's content.

    Parameters
    ----------
    chart : Chart
    ending : str
        ".svg" or ".png".

    Raises
    ------
    InputError
        For another ending.
    """
    return draw(chart.to_dict(), ending)


def _colours(cases: Sequence[str]) -> alt.Color:
    scale = alt.Scale(domain=list(cases), range=list(COLOURS[: len(cases)]))
    return alt.Color(
        "case:N", sort=list(cases), scale=scale, title=None, legend=alt.Legend(orient="top", columns=2)
    )
