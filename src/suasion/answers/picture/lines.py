"""Lines over years with their bands, broken where a year is missing, a number at the end of each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import PAGE, Form, Look, Spec, ends_of, finish, reach, records, spread

WIDTH, HEIGHT = 340, 190


def lines(part: pd.DataFrame, whole: pd.DataFrame, head: str, look: Look = PAGE) -> Spec:
    """Draw one panel.

    part, whole: Rows of the panel, and those that share its axes; see
      :func:`suasion.answers.picture.spec.drawn`.
    head: title of the axis, with its unit.
    """
    low, high = reach(whole)
    first, last = int(whole["at"].min()), int(whole["at"].max())
    room = max(2.0, 0.22 * (last - first))
    ticks = sorted({first, last, *range(-(-first // 10) * 10, last - 3, 10)})
    x = g.field(
        "at:Q",
        title=None,
        scale=g.scale(first, last + room),
        axis={"format": "d", "grid": False, "values": ticks},
    )
    y = g.field("value:Q", title=head, scale=g.scale(low, 1.08 * high), axis={"tickCount": 4})
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=look.legend)
    rows = records(part)
    known = part[part["value"].notna()].sort_values("at")
    ends = known.groupby("side").tail(1)
    marked = pd.concat([ends, part[_lonely(part)]]).drop_duplicates()
    drawn = {"x": x, "y": y, "color": colour, "strokeDash": _dashes()}
    tip = g.tips(look.say, series="line", at="year", label="value")
    layers = [
        *g.band(rows, {"x": x, "y": y, "color": colour}),
        g.layer(rows, "line", drawn, strokeWidth=2.2, invalid="break-paths-show-domains"),
        g.dots(records(marked), {"x": x, "y": y, "color": colour, "tooltip": tip}, 40),
        *_end_labels(records(ends), x, y, (low, 1.08 * high)),
    ]
    return finish(layers, look.width or WIDTH, HEIGHT)


def _lonely(part: pd.DataFrame) -> pd.Series[bool]:
    """Points whose neighbours are missing: a line would not show them."""
    lonely = pd.Series(False, index=part.index)
    for _, one in part.sort_values("at").groupby("side"):
        known = one["value"].notna()
        before, after = known.shift(1, fill_value=False), known.shift(-1, fill_value=False)
        lonely.loc[one.index] = known & ~before & ~after
    return lonely


def _end_labels(ends: list[dict[str, Any]], x: Any, y: Any, span: tuple[float, float]) -> list[Spec]:
    """Numbers at the ends of the lines, none on top of another."""
    shifts = spread([row["value"] - span[0] for row in ends], span[1] - span[0], HEIGHT)
    return [
        g.words([row], {"x": x, "y": y}, "label", align="left", dx=7, dy=shift)
        for row, shift in zip(ends, shifts, strict=True)
    ]


def _dashes() -> dict[str, Any]:
    return g.field(
        "side:N", scale={"domain": list(theme.KEYS), "range": [[1, 0], [6, 3], [2, 2]]}, legend=None
    )


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    parts = []
    for name, (first, begin), (last, end) in ends_of(rows):
        parts.append(
            language.say(
                "figure.chapter.alt_line",
                {
                    "name": name,
                    "first": first,
                    "last": last,
                    "first_year": int(begin),
                    "last_year": int(end),
                },
            )
        )
    return language.say("figure.chapter.alt_lines", {"rows": "; ".join(parts)})


FORM = Form(lines, _alt)
