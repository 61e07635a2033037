"""Who gains and who loses elsewhere: a map with dots for small states, and ranked changes beside it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import partial

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say, template
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture import PicturePanel
from suasion.answers.picture.areas import keyed_map
from suasion.answers.picture.inline.canvas import Canvas
from suasion.answers.picture.inline.lollipop import RankedRow, draw_ranked
from suasion.answers.picture.inline.world_map import world_map
from suasion.answers.picture.rows import records
from suasion.answers.table import Table
from suasion.dossier.context import DossierContext
from suasion.dossier.figure import Figure
from suasion.dossier.words import listing
from suasion.sources.outline import dots, rings

MOST_BARS = 12
BOUNDS = (-1.0, -0.3, -0.1, -0.01, 0.01, 0.1, 0.3, 1.0)
"""Class bounds (per cent of own real expenditure) of every map of changes, fixed so that two maps compare."""
DISPUTED = template("figure.elsewhere.disputed")
"""What the borders on the map are, and are not."""


def changes_of(moved: Table) -> pd.DataFrame:
    """Return a line for each economy.

    moved: ``elsewhere`` of the question ``exit_cost``.
    Returns: Columns id, name, change (per cent), label, usd (both as printed), drawn (whether it has a place
      on the map).
    """
    codes, changes = (list(moved.cells(name)) for name in ("country", "change_percent"))
    places = {*rings(), *dots()["country"]}
    return pd.DataFrame(
        {
            "id": codes,
            "name": list(moved.words("country")),
            "change": changes,
            "label": list(map(n.signed_percent, changes)),  # type: ignore[arg-type]
            "usd": list(map(n.signed_usd, moved.cells("change_musd"))),  # type: ignore[arg-type]
            "drawn": [code in places for code in codes],
        }
    )


def class_words() -> tuple[str, ...]:
    """Return the names of the classes of change, in the order of their colours."""
    return tuple(say(f"figure.class.{place}") for place in range(len(BOUNDS) + 1))


def draw_changes(canvas: Canvas, frame: pd.DataFrame) -> float:
    """Draw the map with its classes, and return the height."""
    known = frame[frame["change"].notna()]
    said = {row["id"]: f"{row['name']}: {row['label']}, {row['usd']}" for row in records(known)}
    values = dict(zip(known["id"], known["change"].astype(float), strict=True))
    drawn = world_map(values, (), "", said, lambda value: f"change-{bisect_right(BOUNDS, value)}")
    return keyed_map(canvas, drawn, "change", class_words(), say("figure.elsewhere.no_data"))


def largest(frame: pd.DataFrame, pair: Sequence[str], sign: int) -> pd.DataFrame:
    """Largest losers (sign -1) or gainers (+1) outside the pair, largest first."""
    others = frame[~frame["id"].isin(pair) & frame["change"].notna()]
    moved = others[others["change"].astype(float) * sign >= n.TINY_PERCENT]
    order = moved.assign(size=moved["change"].astype(float).abs()).sort_values(
        ["size", "id"], ascending=[False, True]
    )
    return order.head(MOST_BARS)[["name", "change", "label", "usd"]].reset_index(drop=True)


def elsewhere_figure(dossier: DossierContext) -> Figure | None:
    """Draw changes by economy as a map and as ranked lines, which leave out the pair; None without any number."""
    cost = dossier.answers.get("exit_cost")
    if cost is None or cost.absent:
        return None
    table = cost.table("elsewhere")
    frame = changes_of(table)
    if not frame["change"].notna().any():
        return None
    pair = dossier.a.code, dossier.b.code
    absent = list(frame.loc[~frame["drawn"], "name"])
    notes = (say("figure.elsewhere.absent", names=listing(absent)),) if absent else ()
    subtitle = DEFAULT_LANGUAGE.say("table.elsewhere.title", table.values)
    return Figure(
        key="elsewhere",
        title=dossier.headline("exit_cost.elsewhere", say("figure.elsewhere.title")),
        subtitle=f"{subtitle} · {say('figure.elsewhere.axis')}",
        alt=_alt(frame, pair),
        source=cost.sources[0].line(),
        panels=(PicturePanel("", partial(draw_changes, frame=frame), half=False), *_ranked(frame, pair)),
        frame=_table(table),
        notes=(*notes, DISPUTED),
    )


def _ranked(frame: pd.DataFrame, pair: Sequence[str]) -> Iterator[PicturePanel]:
    """Losers and gainers, on axes as long as each other."""
    sides = {sign: largest(frame, pair, sign) for sign in (-1, 1)}
    reach = max((float(one["change"].abs().max()) for one in sides.values() if len(one)), default=1.0)
    out = say("figure.elsewhere.out", aside=say("figure.elsewhere.pair"))
    headings = {-1: say("figure.elsewhere.losses", out=out), 1: say("figure.elsewhere.gains", out=out)}
    for sign, found in sides.items():
        rows = [
            RankedRow(row["name"], float(row["change"]), row["label"], side="b" if sign < 0 else "a")
            for row in records(found)
        ]
        if rows:
            draw = partial(draw_ranked, items=rows, unit="%", also=(sign * reach,))
            yield PicturePanel(headings[sign], draw, half=True)


def _alt(frame: pd.DataFrame, pair: Sequence[str]) -> str:
    out = say("figure.elsewhere.out", aside=say("figure.elsewhere.pair"))
    parts = {}
    for sign, word in ((-1, "losses"), (1, "gains")):
        found = largest(frame, pair, sign).head(3)
        named = [f"{name} {label}" for name, label in zip(found["name"], found["label"], strict=True)]
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
