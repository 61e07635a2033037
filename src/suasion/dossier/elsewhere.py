"""Who gains and who loses elsewhere: a map with dots for small states, and sorted bars beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say, template
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import Key, Spec, finish, records
from suasion.answers.table import Table
from suasion.dossier.context import Dossier
from suasion.dossier.figure import Figure, FigurePanel
from suasion.dossier.words import listing

Topology = Mapping[str, Any]
MOST_BARS = 12
DISPUTED = template("figure.elsewhere.disputed")
"""What the borders on the map are, and are not."""


def prepare_elsewhere(moved: Table, topology: Topology, dots: pd.DataFrame) -> pd.DataFrame:
    """One line per economy: change, and where it is drawn.

    moved: ``elsewhere`` of the question ``exit_cost``.
    topology: TopoJSON with alpha-3 ids in the object ``countries``.
    dots: columns country, longitude, latitude (degrees) of states too small for the outline.
    Returns: Columns id, name, change, label, usd, longitude, latitude, drawn ("shape", "dot" or "not drawn").
    """
    shapes = {shape.get("id") for shape in topology["objects"]["countries"]["geometries"]}
    codes, changes = (list(moved.cells(name)) for name in ("country", "change_percent"))
    places = dots.set_index("country").reindex([None if code in shapes else code for code in codes])
    small = places["longitude"].notna().to_numpy()
    kinds = [
        "shape" if code in shapes else "dot" if dot else "not drawn"
        for code, dot in zip(codes, small, strict=True)
    ]
    return pd.DataFrame(
        {
            "id": codes,
            "name": list(moved.words("country")),
            "change": changes,
            "label": list(map(n.signed_percent, changes)),  # type: ignore[arg-type]
            "usd": list(map(n.signed_usd, moved.cells("change_musd"))),  # type: ignore[arg-type]
            "longitude": places["longitude"].to_numpy(),
            "latitude": places["latitude"].to_numpy(),
            "drawn": kinds,
        }
    )


def draw_map(frame: pd.DataFrame) -> Spec:
    """Draw land in the no-data grey, economies with a value above it, and dots for small ones.

    The outline is the shared data set ``world`` of the page; it is not in the specification.
    """
    known = frame[frame["change"].notna()]
    colour = g.field("change:Q", scale=g.CHANGE_SCALE, legend=None)
    shapes = records(known.loc[known["drawn"] == "shape", ["id", "name", "change", "label", "usd"]])
    values = g.layer(
        shapes, "geoshape", {"color": colour, "tooltip": _TIP}, stroke=theme.PAPER, strokeWidth=0.4
    )
    lookup = {"data": OUTLINE, "key": "id", "fields": ["type", "geometry", "properties"]}
    values["transform"] = [{"lookup": "id", "from": lookup}, {"filter": "isValid(datum.geometry)"}]
    places = {"longitude": g.field("longitude:Q"), "latitude": g.field("latitude:Q")}
    small = g.layer(
        records(known[known["drawn"] == "dot"]),
        "circle",
        {**places, "color": colour, "tooltip": _TIP},
        size=46,
        opacity=1,
        stroke=theme.INK,
        strokeWidth=0.6,
    )
    return finish([_land(known), values, small], 720, 360, projection={"type": "equalEarth"})


def _land(known: pd.DataFrame) -> Spec:
    """All shapes without a value."""
    valued = json.dumps(sorted(known["id"]))
    return {
        "data": OUTLINE,
        "transform": [{"filter": f"indexof({valued}, datum.id) < 0"}],
        "mark": {
            "type": "geoshape",
            "fill": theme.NO_DATA,
            "stroke": theme.PAPER,
            "strokeWidth": 0.4,
            "aria": False,
        },
    }


OUTLINE = {"name": "world", "format": {"type": "topojson", "feature": "countries"}}
_TIP = g.tips(name="economy", label="change", usd="money")


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
    rows = [{**row, "row": row["name"]} for row in records(frame)]
    low, high = sorted((0.0, sign * 1.35 * reach))
    x = g.field(
        "change:Q",
        title=say("figure.elsewhere.axis"),
        scale=g.scale(low, high),
        axis={"tickCount": 3},
    )
    side = "left" if sign > 0 else "right"
    y = g.names(list(frame["name"]), domain=True, orient=side, limit=150)
    colour = g.field("change:Q", scale=g.CHANGE_SCALE, legend=None)
    bars = {"x": x, "y": y, "color": colour, "tooltip": _TIP}
    layers = [
        g.layer(rows, "bar", bars, height=13, stroke=theme.RULE, strokeWidth=0.5),
        g.words(rows, {"x": x, "y": y}, "label", align=side, dx=5 * sign),
    ]
    return finish(layers, 340, 22 * len(frame), slack=12)


def elsewhere_figure(dossier: Dossier, topology: Topology, dots: pd.DataFrame) -> Figure | None:
    """Draw changes by economy as a map and as sorted bars, which leave out the pair; None without any number.

    topology, dots: As in :func:`prepare_elsewhere`.
    """
    cost = dossier.answers.get("exit_cost")
    if cost is None or cost.absent:
        return None
    table = cost.table("elsewhere")
    frame = prepare_elsewhere(table, topology, dots)
    if not frame["change"].notna().any():
        return None
    pair = dossier.a.code, dossier.b.code
    land = len(topology["objects"]["countries"]["geometries"])
    dotted = int((frame["change"].notna() & (frame["drawn"] == "dot")).sum())
    absent = list(frame.loc[frame["drawn"] == "not drawn", "name"])
    notes = (say("figure.elsewhere.absent", names=listing(absent)),) if absent else ()
    return Figure(
        key="elsewhere",
        title=dossier.headline("exit_cost.elsewhere", say("figure.elsewhere.title")),
        subtitle=DEFAULT_LANGUAGE.say("table.elsewhere.title", table.values),
        alt=_alt(frame, pair),
        source=cost.sources[0].line(),
        panels=(
            FigurePanel("map", "", draw_map(frame), land + dotted, wide=True, ratio=0.5),
            *_bar_panels(frame, pair),
        ),
        frame=_table(table),
        legend=_legend(),
        notes=(*notes, DISPUTED),
    )


def _bar_panels(frame: pd.DataFrame, pair: Sequence[str]) -> list[FigurePanel]:
    sides = {sign: prepare_bars(frame, pair, sign) for sign in (-1, 1)}
    reach = max((float(bars["change"].abs().max()) for bars in sides.values() if len(bars)), default=1.0)
    out = say("figure.elsewhere.out", aside=say("figure.elsewhere.pair"))
    headings = {-1: say("figure.elsewhere.losses", out=out), 1: say("figure.elsewhere.gains", out=out)}
    return [
        FigurePanel(
            f"bars-{'gain' if sign > 0 else 'loss'}",
            headings[sign],
            draw_bars(bars, sign, reach),
            2 * len(bars),
        )
        for sign, bars in sides.items()
        if len(bars)
    ]


def _legend() -> tuple[Key, ...]:
    classes = tuple(Key(f"class-{index}", text) for index, text in enumerate(theme.change_classes()))
    return (*classes, Key("no-data", say("figure.elsewhere.no_data")))


def _alt(frame: pd.DataFrame, pair: Sequence[str]) -> str:
    out = say("figure.elsewhere.out", aside=say("figure.elsewhere.pair"))
    parts = {}
    for sign, word in ((-1, "losses"), (1, "gains")):
        bars = prepare_bars(frame, pair, sign).head(3)
        named = [f"{name} {label}" for name, label in zip(bars["name"], bars["label"], strict=True)]
        told = ", ".join(named) or say("figure.elsewhere.none")
        parts[word] = say(f"figure.elsewhere.alt_{word}", out=out, rows=told)
    return say("figure.elsewhere.alt", **parts)


def _table(moved: Table) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": moved.cells("country"),
            "name": list(moved.words("country")),
            "change, % of own real expenditure": moved.cells("change_percent"),
            "change, million USD": moved.cells("change_musd"),
        }
    )
