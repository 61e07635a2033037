"""Draw the record of the alliance model from the committed tables of docs/evidence.

``python tools/plot_alliance.py`` writes docs/images/alliance-calibration.svg and docs/images/alliance-learning.svg.
A test draws both anew from the tables and compares.
"""

from __future__ import annotations

from pathlib import Path

import altair as alt
import pandas as pd

from suasion.pictures import draw

ROOT = Path(__file__).resolve().parent.parent
EVIDENCE = ROOT / "docs" / "evidence"
IMAGES = ROOT / "docs" / "images"
KINDS = {"bilateral": "bilateral pact", "multilateral": "treaty of many", "ending": "ending"}
PASTS = {
    "last 10 years": "10",
    "last 20 years": "20",
    "last 30 years": "30",
    "rolling from 1990": "all",
}
"""Schemes of the learning curve: the same forecasts, from 1990 on, made from shorter pasts."""

BLUE, ORANGE, GREY = "#12436D", "#B3480F", "#6b7075"


def calibration_points(table: pd.DataFrame) -> pd.DataFrame:
    """Return forecast and outcome of each group with events, in per cent, with the 90 % interval of the outcome.

    A group in which nothing happened has no place on a logarithmic axis: it is drawn as the bar up to its upper end, so
    its ``rate`` is missing and ``low`` is the least of the axis.
    """
    own = table[table["kind"].isin(KINDS)]
    rows = own.assign(
        kind=own["kind"].map(KINDS), **{c: 100.0 * own[c] for c in ("forecast", "rate", "low", "high")}
    )
    nothing = rows["events"] == 0
    least = min(rows["forecast"].min(), rows.loc[~nothing, "low"].min())
    rows["rate"] = rows["rate"].mask(nothing)
    rows["low"] = rows["low"].mask(nothing, least)
    return rows[["kind", "group", "count", "events", "forecast", "rate", "low", "high"]]


def learning_points(table: pd.DataFrame) -> pd.DataFrame:
    """Return log skill of the logit by length of the past, with its 90 % interval."""
    own = table[
        (table["method"] == "logit")
        & table["scheme"].isin(PASTS)
        & (table["horizon"] == 1)
        & table["kind"].isin(KINDS)
    ]
    rows = own.assign(kind=own["kind"].map(KINDS), past=own["scheme"].map(PASTS))
    return rows[["kind", "past", "log_skill", "log_skill_low", "log_skill_high"]]


def calibration_chart(points: pd.DataFrame) -> alt.FacetChart:
    """Draw forecasts against outcomes on logarithmic axes; on the diagonal both are equal."""
    ends = [float(points["low"].min()), float(points[["high", "forecast"]].max().max())]
    scale = alt.Scale(type="log", domain=ends, nice=True)
    base = alt.Chart(points)
    x = alt.X("forecast:Q", scale=scale, title="forecast, % a year", axis=alt.Axis(tickCount=5))
    bars = base.mark_rule(color=GREY, strokeWidth=1.5).encode(
        x=x,
        y=alt.Y("low:Q", scale=scale, title="happened, % a year", axis=alt.Axis(tickCount=6)),
        y2="high:Q",
    )
    dots = base.transform_filter("isValid(datum.rate)").mark_point(filled=True, size=55, color=BLUE)
    line = base.mark_line(color=ORANGE, strokeDash=[5, 4]).encode(x=x, y=alt.Y("forecast:Q", scale=scale))
    layers = alt.layer(bars, line, dots.encode(x=x, y=alt.Y("rate:Q", scale=scale)), data=points)
    made: alt.FacetChart = layers.properties(width=230, height=230).facet(
        column=alt.Column("kind:N", sort=list(KINDS.values()), title=None)
    )
    return made


def learning_chart(points: pd.DataFrame) -> alt.FacetChart:
    """Draw skill against the length of the past; at zero the model is no better than the base rate."""
    order = list(PASTS.values())
    base = alt.Chart(points)
    x = alt.X("past:N", sort=order, title="past years used", axis=alt.Axis(labelAngle=0))
    bars = base.mark_rule(color=GREY, strokeWidth=1.5).encode(
        x=x, y=alt.Y("log_skill_low:Q", title="log skill over the base rate"), y2="log_skill_high:Q"
    )
    dots = base.mark_point(filled=True, size=60, color=BLUE).encode(x=x, y="log_skill:Q")
    zero = base.mark_rule(color=ORANGE, strokeDash=[5, 4]).encode(y=alt.datum(0))
    made: alt.FacetChart = (
        alt.layer(bars, zero, dots, data=points)
        .properties(width=190, height=200)
        .facet(column=alt.Column("kind:N", sort=list(KINDS.values()), title=None))
    )
    return made


def pictures() -> dict[str, bytes]:
    """Return both pictures by file name."""
    calibration = pd.read_csv(EVIDENCE / "alliance_calibration.csv")
    evaluation = pd.read_csv(EVIDENCE / "alliance_evaluation.csv")
    return {
        "alliance-calibration.svg": draw(
            calibration_chart(calibration_points(calibration)).to_dict(), ".svg"
        ),
        "alliance-learning.svg": draw(learning_chart(learning_points(evaluation)).to_dict(), ".svg"),
    }


def main() -> None:
    """Write the pictures."""
    for name, content in pictures().items():
        (IMAGES / name).write_bytes(content)


if __name__ == "__main__":
    main()
