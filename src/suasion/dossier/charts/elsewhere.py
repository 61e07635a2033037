"""Who gains and who loses elsewhere: a map with dots for small states, and sorted bars beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from suasion.dossier import numbers as n
from suasion.dossier.charts import theme
from suasion.dossier.charts.figure import Figure, Key, Panel, Spec, finish, inline, records
from suasion.dossier.context import Dossier
from suasion.dossier.words import listing, plain_name

Topology = Mapping[str, Any]
MOST_BARS = 12
DISPUTED = (
    "Outlines: Natural Earth as arranged by Visionscarto, borders as most members of the United Nations see "
    "them; Crimea is drawn as part of Ukraine, Western Sahara and Taiwan as shapes of their own. A border on "
    "this map is no statement on its status."
)


def prepare_elsewhere(dossier: Dossier, topology: Topology, dots: pd.DataFrame) -> pd.DataFrame:
    """One line per economy: change, and where it is drawn.

    Parameters
    ----------
    dossier : Dossier
        The context.
    topology : mapping
        TopoJSON with alpha-3 ids in the object ``countries``.
    dots : DataFrame
        Columns country, longitude, latitude (degrees) of states too small for the outline.

    Returns
    -------
    DataFrame
        Columns id, name, change, label, usd, longitude, latitude, drawn ("shape", "dot" or "not drawn").
    """
    shapes = {shape.get("id") for shape in topology["objects"]["countries"]["geometries"]}
    places = {row.country: (row.longitude, row.latitude) for row in dots.itertuples()}
    lines = []
    for row in dossier.elsewhere.rows:
        drawn = "shape" if row.country in shapes else ("dot" if row.country in places else "not drawn")
        place = places.get(row.country, (None, None)) if drawn == "dot" else (None, None)
        lines.append(
            {
                "id": row.country,
                "name": plain_name(row.name),
                "change": row.change_percent,
                "label": n.signed_percent(row.change_percent),
                "usd": n.signed_usd(row.change_usd),
                "longitude": place[0],
                "latitude": place[1],
                "drawn": drawn,
            }
        )
    return pd.DataFrame(lines)


def draw_map(frame: pd.DataFrame) -> Spec:
    """Draw land in the no-data grey, economies with a value above it, and dots for small ones.

    The outline is the shared data set ``world`` of the page; it is not in the specification.
    """
    import altair as alt

    outline = alt.NamedData(name="world", format=alt.TopoDataFormat(feature="countries", type="topojson"))
    known = frame[frame["change"].notna()]
    valued = json.dumps(sorted(known["id"]))
    land = (
        alt.Chart(outline)
        .transform_filter(f"indexof({valued}, datum.id) < 0")
        .mark_geoshape(fill=theme.NO_DATA, stroke=theme.PAPER, strokeWidth=0.4, aria=False)
    )
    scale = alt.Scale(type="threshold", domain=list(theme.CHANGE_BOUNDS), range=list(theme.CHANGE_COLOURS))
    colour = alt.Color("change:Q", scale=scale, legend=None)
    tip = [
        alt.Tooltip("name:N"),
        alt.Tooltip("label:N", title="change"),
        alt.Tooltip("usd:N", title="in money"),
    ]
    shapes = records(known[known["drawn"] == "shape"][["id", "name", "change", "label", "usd"]])
    lookup = alt.LookupData(data=outline, key="id", fields=["type", "geometry", "properties"])
    values = (
        inline(shapes)
        .transform_lookup(lookup="id", from_=lookup)
        .transform_filter("isValid(datum.geometry)")
        .mark_geoshape(stroke=theme.PAPER, strokeWidth=0.4)
        .encode(color=colour, tooltip=tip)
    )
    points = inline(records(known[known["drawn"] == "dot"]))
    dots = points.mark_circle(size=46, opacity=1, stroke=theme.INK, strokeWidth=0.6).encode(
        longitude="longitude:Q", latitude="latitude:Q", color=colour, tooltip=tip
    )
    return finish(alt.layer(land, values, dots).project("equalEarth"), 720, 360)


def prepare_bars(frame: pd.DataFrame, pair: Sequence[str], sign: int) -> pd.DataFrame:
    """Largest losers (sign -1) or gainers (+1) outside the pair, largest first."""
    others = frame[~frame["id"].isin(pair) & frame["change"].notna()]
    moved = others[others["change"].astype(float) * sign >= n.TINY_PERCENT]
    order = moved.assign(size=moved["change"].astype(float).abs()).sort_values(
        ["size", "id"], ascending=[False, True]
    )
    return order.head(MOST_BARS)[["name", "change", "label", "usd"]].reset_index(drop=True)


def draw_bars(frame: pd.DataFrame, sign: int, reach: float) -> Spec:
    """Draw sorted bars; the axis runs from zero to ``sign * reach`` so that both panels share a scale."""
    import altair as alt

    base = inline(records(frame))
    ends = [0.0, 1.35 * reach] if sign > 0 else [-1.35 * reach, 0.0]
    scale = alt.Scale(domain=ends, nice=False)
    x = alt.X("change:Q", title="Change, % of own real expenditure", scale=scale, axis=alt.Axis(tickCount=3))
    side: Any = "left" if sign > 0 else "right"
    axis = alt.Axis(ticks=False, domain=True, orient=side, labelLimit=130)
    y = alt.Y("name:N", sort=list(frame["name"]), title=None, axis=axis)
    scale = alt.Scale(type="threshold", domain=list(theme.CHANGE_BOUNDS), range=list(theme.CHANGE_COLOURS))
    tip = [
        alt.Tooltip("name:N"),
        alt.Tooltip("label:N", title="change"),
        alt.Tooltip("usd:N", title="in money"),
    ]
    bars = base.mark_bar(height=13, stroke=theme.RULE, strokeWidth=0.5).encode(
        x=x, y=y, color=alt.Color("change:Q", scale=colours, legend=None), tooltip=tip
    )
    text = base.mark_text(align=side, dx=5 * sign, aria=False).encode(x=x, y=y, text="label:N")
    return finish(alt.layer(bars, text), 340, 22 * len(frame), slack=12)


def elsewhere_figure(dossier: Dossier, topology: Topology, dots: pd.DataFrame) -> Figure | None:
    """Draw the map and the bars; None where nothing could be computed."""
    frame = prepare_elsewhere(dossier, topology, dots) if dossier.elsewhere else pd.DataFrame()
    if not len(frame) or not frame["change"].notna().any():
        return None
    known = frame[frame["change"].notna()]
    land = len(topology["objects"]["countries"]["geometries"])
    dotted = int((known["drawn"] == "dot").sum())
    panels = [Panel("map", "", draw_map(frame), land + dotted, wide=True), *_bar_panels(dossier, frame)]
    absent = list(frame.loc[frame["drawn"] == "not drawn", "name"])
    notes = (f"Not on the map: {listing(absent)}.",) if absent else ()
    return Figure(
        key="elsewhere",
        title=dossier.headline("elsewhere", "Who gains and who loses elsewhere"),
        subtitle=_subtitle(dossier),
        alt=_alt(dossier, frame),
        source=dossier.elsewhere.source,
        panels=tuple(panels),
        frame=_table(dossier),
        legend=_legend(),
        notes=(*notes, *dossier.elsewhere.notes, DISPUTED),
    )


def _bar_panels(dossier: Dossier, frame: pd.DataFrame) -> list[Panel]:
    pair = (dossier.a.code, dossier.b.code)
    sides = {sign: prepare_bars(frame, pair, sign) for sign in (-1, 1)}
    reach = max((float(bars["change"].abs().max()) for bars in sides.values() if len(bars)), default=1.0)
    headings = {-1: "Largest losses outside the pair", 1: "Largest gains outside the pair"}
    return [
        Panel(
            f"bars-{'gain' if sign > 0 else 'loss'}",
            headings[sign],
            draw_bars(bars, sign, reach),
            2 * len(bars),
        )
        for sign, bars in sides.items()
        if len(bars)
    ]


def _subtitle(dossier: Dossier) -> str:
    return (
        f"Change in welfare, % of own real expenditure, if all trade between {dossier.a.name} and "
        f"{dossier.b.name} is cut; {dossier.elsewhere_horizon} run, {dossier.provenance.year or 'base'}"
    )


def _legend() -> tuple[Key, ...]:
    classes = tuple(Key(f"class-{index}", text) for index, text in enumerate(theme.CHANGE_CLASSES))
    return (*classes, Key("no-data", "no data (outside the table)"))


def _alt(dossier: Dossier, frame: pd.DataFrame) -> str:
    pair = (dossier.a.code, dossier.b.code)
    parts = []
    for sign, word in ((-1, "largest losses"), (1, "largest gains")):
        bars = prepare_bars(frame, pair, sign).head(3)
        named = [f"{name} {label}" for name, label in zip(bars["name"], bars["label"], strict=True)]
        parts.append(f"{word} outside the pair: {', '.join(named) or 'none'}")
    return f"World map of changes. {'; '.join(parts)}."


def _table(dossier: Dossier) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": row.country,
            "name": plain_name(row.name),
            "change, % of own real expenditure": row.change_percent,
            "change, million USD": row.change_usd,
        }
        for row in dossier.elsewhere.rows
    )
