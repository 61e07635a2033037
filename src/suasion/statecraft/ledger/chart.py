"""Pictures of a ledger: the posterior over time with its band, and what each judgement moves."""

from __future__ import annotations

import altair as alt
import pandas as pd

from suasion.statecraft.ledger.answers import sensitivity
from suasion.statecraft.ledger.odds import Ledger, posterior_path

BLUE, ORANGE, RULE = "#12436D", "#F46A25", "#8a8f96"


def ledger_chart(ledger: Ledger, draws: int = 2000, seed: int = 0) -> alt.VConcatChart:
    """Draw the posterior after each item with its 90 % band, and below it the tornado of all judgements.

    Parameters
    ----------
    ledger : Ledger
    draws, seed : int
        As for :func:`suasion.statecraft.ledger.odds.posterior_path`.

    Returns
    -------
    VConcatChart
    """
    path = posterior_path(ledger, draws, seed)
    made: alt.VConcatChart = alt.vconcat(_steps(path), _tornado(ledger, path.iloc[-1]["posterior"]))
    return made.properties(title=ledger.name)


def _steps(path: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    dates = path["date"].where(path["date"].notna(), "")
    drawn = path.assign(step=[f"{d} {i}".strip() for d, i in zip(dates, path["item"], strict=True)])
    table = drawn[["step"]].assign(**{name: 100.0 * drawn[name] for name in ("posterior", "low", "high")})
    base = alt.Chart(table).encode(y=alt.Y("step:N", sort=None, title=None))
    band = base.mark_rule(color=RULE, strokeWidth=4).encode(
        x=alt.X("low:Q", title="probability, per cent; the bar holds 90 % of draws over all ranges"),
        x2="high:Q",
    )
    dots = base.mark_point(color=BLUE, filled=True, size=60, opacity=1).encode(x="posterior:Q")
    made: alt.LayerChart | alt.FacetChart = alt.layer(band, dots, width=420, height=alt.Step(20))
    return made


def _tornado(ledger: Ledger, here: float) -> alt.LayerChart | alt.FacetChart:
    table = sensitivity(ledger)
    table = table[table["swing"] > 0]
    ends = pd.DataFrame(
        {
            "judgement": [*table["judgement"], *table["judgement"]],
            "end": ["low end"] * len(table) + ["high end"] * len(table),
            "here": 100.0 * here,
            "there": 100.0 * pd.concat([table["at_low"], table["at_high"]], ignore_index=True),
        }
    )
    scale = alt.Scale(domain=["low end", "high end"], range=[ORANGE, BLUE])
    bars = (
        alt.Chart(ends)
        .mark_bar()
        .encode(
            y=alt.Y("judgement:N", sort=list(table["judgement"]), title=None),
            x=alt.X("here:Q", title="probability with one judgement at an end of its range, per cent"),
            x2="there:Q",
            color=alt.Color("end:N", scale=scale, title=None, legend=alt.Legend(orient="top")),
        )
    )
    marks = (
        alt.Chart(ends)
        .mark_tick(color=RULE)
        .encode(y=alt.Y("judgement:N", sort=list(table["judgement"])), x="there:Q")
    )
    made: alt.LayerChart | alt.FacetChart = alt.layer(bars, marks, width=420, height=alt.Step(16))
    return made
