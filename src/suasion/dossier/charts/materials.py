"""Raw materials from one side to the other over the years: a small panel per commodity group."""

from __future__ import annotations

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture import grammar as g
from suasion.answers.picture.spec import Key, Spec, finish, records, spread
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.context import Dossier
from suasion.dossier.rows import MaterialRow
from suasion.dossier.words import listing, plain_name, possessive

HEIGHT = 150
MOST_PANELS = 6
"""Panels per direction; smaller groups stand in the table and are named under the chart."""


def prepare_materials(rows: list[MaterialRow], seller_side: str) -> pd.DataFrame:
    """Lines of one panel: share in the seller's exports and in the buyer's imports, by year.

    Parameters
    ----------
    rows : list of MaterialRow
        One direction and one group.
    seller_side : {"a", "b"}
        Whose dependence the seller's line shows.
    """
    buyer_side = "b" if seller_side == "a" else "a"
    lines = [
        {"year": row.year, "side": side, "value": value}
        for row in sorted(rows, key=lambda row: row.year)
        for side, value in ((seller_side, row.export_share_percent), (buyer_side, row.import_share_percent))
    ]
    frame = pd.DataFrame(lines)
    frame["lonely"] = _lonely(frame)
    return frame


def prepare_ends(frame: pd.DataFrame, top: float) -> pd.DataFrame:
    """Last known point of each line with its label, shifted so that two labels stay apart.

    Parameters
    ----------
    frame : DataFrame
        As :func:`prepare_materials` returns it.
    top : float
        Top of the y-axis, per cent.
    """
    known = frame[frame["value"].notna()]
    ends = known.groupby("side").tail(1)[["year", "side", "value"]].reset_index(drop=True)
    ends["label"] = [n.short_share(value) for value in ends["value"]]
    ends["shift"] = spread([float(value) for value in ends["value"]], top, HEIGHT)
    return ends


def _lonely(frame: pd.DataFrame) -> pd.Series[bool]:
    """Points whose neighbours are missing: a line would not show them."""
    lonely = pd.Series(False, index=frame.index)
    for _, part in frame.groupby("side"):
        known = part["value"].notna()
        before, after = known.shift(1, fill_value=False), known.shift(-1, fill_value=False)
        lonely.loc[part.index] = known & ~before & ~after
    return lonely


def draw_materials(frame: pd.DataFrame, top: float, years: tuple[int, int]) -> Spec:
    """Draw two lines, broken where data are missing, with the last value written at their ends."""
    first, last = years
    axis = {"format": "d", "grid": False, "values": [*range(first, last - 4, 10), last]}
    x = g.field("year:Q", title=None, scale=g.scale(first, last + 6), axis=axis)
    y = g.field("value:Q", title=None, scale=g.scale(0, top), axis={"tickCount": 4})
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=None)
    dash = g.field("side:N", scale=g.SIDE_DASHES, legend=None)
    lines = records(frame[["year", "side", "value"]])
    ends = prepare_ends(frame, top)
    alone = frame.loc[frame["lonely"], ["year", "side", "value"]].assign(shift=0)
    alone["label"] = [n.short_share(value) for value in alone["value"]]
    marks = records(pd.concat([ends, alone]))
    tip = g.tips(year="year", label="share")
    layers = [
        g.layer(
            lines,
            "line",
            {"x": x, "y": y, "color": colour, "strokeDash": dash},
            strokeWidth=2.2,
            invalid="break-paths-show-domains",
        ),
        g.dots(marks, {"x": x, "y": y, "color": colour, "tooltip": tip}, 36),
        *(
            g.words([row], {"x": x, "y": y}, "label", align="left", dx=6, dy=row["shift"])
            for row in records(ends)
        ),
    ]
    return finish(layers, 300, HEIGHT)


def material_figures(dossier: Dossier) -> tuple[Figure, ...]:
    """Draw a figure for each direction that has any trade in raw materials."""
    made = [
        _direction(dossier, dossier.a.code, dossier.b.code),
        _direction(dossier, dossier.b.code, dossier.a.code),
    ]
    return tuple(figure for figure in made if figure is not None)


def _direction(dossier: Dossier, seller: str, buyer: str) -> Figure | None:
    rows = [row for row in dossier.materials.rows if (row.seller, row.buyer) == (seller, buyer)]
    shown, small = _groups(rows)
    if not shown:
        return None
    side = "a" if seller == dossier.a.code else "b"
    panels = _panels(rows, shown, side)
    s, b = dossier.name(seller), dossier.name(buyer)
    keys = (
        Key(
            f"side-{side} {_line(side)}",
            say("figure.materials.exports", buyer=plain_name(b), sellers=possessive(s)),
        ),
        Key(
            f"side-{_other(side)} {_line(_other(side))}",
            say("figure.materials.imports", seller=plain_name(s), buyers=possessive(b)),
        ),
    )
    notes = (say("figure.materials.left", groups=listing(small)),) if small else ()
    return Figure(
        key=f"materials-{side}",
        title=say("figure.materials.title", seller=s, buyer=b),
        subtitle=say("figure.materials.subtitle", first=_years(rows)[0], last=_years(rows)[1]),
        alt=_alt(dossier, rows, shown),
        source=dossier.materials.source,
        panels=panels,
        frame=_table([row for row in rows if row.group in shown]),
        legend=keys,
        notes=(*notes, *dossier.materials.notes),
    )


def _line(side: str) -> str:
    return "solid" if side == "a" else "dashed"


def _other(side: str) -> str:
    return "b" if side == "a" else "a"


def _panels(rows: list[MaterialRow], shown: list[str], side: str) -> tuple[Panel, ...]:
    drawn = [row for row in rows if row.group in shown]
    shares = [
        s for row in drawn for s in (row.export_share_percent, row.import_share_percent) if s is not None
    ]
    top = min(100.0, 1.15 * max(shares)) or 1.0
    panels = []
    for index, group in enumerate(shown):
        frame = prepare_materials([row for row in rows if row.group == group], side)
        least = 2 * len(prepare_ends(frame, top))
        spec = draw_materials(frame, top, _years(rows))
        panels.append(Panel(f"materials-{side}-{index}", group, spec, least))
    return tuple(panels)


def _years(rows: list[MaterialRow]) -> tuple[int, int]:
    return min(row.year for row in rows), max(row.year for row in rows)


def _groups(rows: list[MaterialRow]) -> tuple[list[str], list[str]]:
    """Return the groups drawn, in their given order, and the other groups."""
    flow: dict[str, float] = {}
    for row in rows:
        flow[row.group] = flow.get(row.group, 0.0) + (row.value_musd or 0.0)
    traded = [group for group, value in flow.items() if value > 0]
    largest = set(sorted(traded, key=lambda group: -flow[group])[:MOST_PANELS])
    return [g for g in flow if g in largest], [g for g in flow if g not in largest]


def _alt(dossier: Dossier, rows: list[MaterialRow], shown: list[str]) -> str:
    parts = []
    for group in shown:
        known = [row for row in rows if row.group == group and row.export_share_percent is not None]
        if known:
            first, last = min(known, key=lambda row: row.year), max(known, key=lambda row: row.year)
            ends = {"first": n.share(first.export_share_percent), "first_year": first.year}
            ends |= {"last": n.share(last.export_share_percent), "last_year": last.year}
            parts.append(say("figure.materials.alt_row", group=group, **ends))
    rows_told = "; ".join(parts) or say("figure.materials.alt_none")
    return say("figure.materials.alt", rows=rows_told)


def _table(rows: list[MaterialRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "seller": row.seller,
            "buyer": row.buyer,
            "group": row.group,
            "year": row.year,
            "share of seller's exports, %": row.export_share_percent,
            "share of buyer's imports, %": row.import_share_percent,
            "value, million USD": row.value_musd,
        }
        for row in rows
    )
