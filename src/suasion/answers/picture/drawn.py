"""Rows of a table as they are drawn: numbers in the axis's unit, labels as printed, a colour for each series."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.numbers import OPEN, Printer, Unit
from suasion.answers.picture import theme
from suasion.answers.picture.spec import ordered
from suasion.answers.table import Picture, Table
from suasion.answers.values import Value

MOST_ROWS = 16
"""Rows drawn in a panel of a long table; all of them stand in the table under it."""
SQUEEZED = 0.25
"""Part of the common axis under which a panel gets one of its own."""


def drawn(table: Table, picture: Picture, language: Language) -> pd.DataFrame:
    """Return the rows of an answer's table as they are drawn.

    Returns: Columns of :func:`prepared`; rows without the number are left out, but for the gaps of lines.
    """
    column = table.column(picture.value)
    band, bounds = table.band(picture.value), table.bounds(picture.value)
    ends = band if picture.form == "steps" else band or bounds
    blank: tuple[Value, ...] = (None,) * len(table.rows)
    low, high = (table.cells(end) for end in ends) if ends else (blank, blank)
    at = picture.y if picture.form == "ranges" else picture.x
    rows = range(len(table.rows))
    named = table.words(at, language) if picture.form == "ranges" else _scaled(table, at)
    return prepared(
        at=named,
        numbers=(table.cells(column.name), low, high),
        labels=[
            language.cell(cell, column.unit, column.name, column.draws) for cell in table.cells(column.name)
        ],
        series=table.words(picture.series, language) if picture.series else [""] * len(rows),
        panel=table.words(picture.panel, language) if picture.panel else [""] * len(rows),
        unit=column.unit,
        ranges=picture.form == "ranges",
        bounds=band is None,
        gaps=picture.form == "lines",
        steps=_named(table, picture, bounds) if picture.form in ("steps", "curve") else None,
        printer=language.numbers,
    )


def _named(table: Table, picture: Picture, bounds: tuple[str, str] | None) -> dict[str, Sequence[object]]:
    """Names of the steps, and the bounds of the number; of the points of a curve only their names, where it has any."""
    if picture.form == "curve":
        return {"name": table.words(picture.label)} if picture.label else {}
    least, most = (table.cells(name) for name in bounds) if bounds else [(None,) * len(table.rows)] * 2
    return {"name": table.words(picture.label), "least": least, "most": most}


def _scaled(table: Table, name: str) -> tuple[Value, ...]:
    """Cells of the axis across: probabilities in per cent, as on the axis upward."""
    cells = table.cells(name)
    if table.column(name).unit != "probability":
        return cells
    return tuple(100.0 * cell if isinstance(cell, float) else cell for cell in cells)


def prepared(
    *,
    at: Sequence[object],
    numbers: tuple[Sequence[object], Sequence[object], Sequence[object]],
    labels: Sequence[str],
    series: Sequence[str],
    panel: Sequence[object],
    unit: Unit,
    ranges: bool,
    bounds: bool = False,
    gaps: bool = False,
    steps: Mapping[str, Sequence[object]] | None = None,
    printer: Printer,
) -> pd.DataFrame:
    """Return rows as drawn.

    at: Years, or names of rows.
    numbers: values and the two ends of their bands, missing ones None.
    labels: values as printed.
    series, panel: what tells colours, and panels, apart.
    ranges: whether each row is a dot with its range: labels then have it too, and a long table is cut.
    bounds: whether the ends are what a number is at either end of a judgement's range, and no 90 % band of
      it.
    gaps: whether rows without the number stay, for a line breaks there.
    steps: names of steps (``name``), and the wider band around them (``least``, ``most``) as numbers 0 to 1;
      of a curve the names of its points.
    printer: of the ends of ranges.
    Returns: ``at``, ``value``, ``low``, ``high``, ``series``, ``side`` (key of its colour), ``panel``,
      ``label``.
    """
    letters = {name: theme.KEYS[place] for place, name in enumerate(ordered(series)[: len(theme.KEYS)])}
    value, low, high = (pd.Series(list(part), dtype=float) for part in numbers)
    frame = pd.DataFrame(
        {
            "at": at,
            "value": value,
            "low": low,
            "high": high,
            "series": series,
            "side": [letters.get(name) for name in series],
            "panel": panel,
            "label": [printer.shortened(label) for label in labels],
            **(steps or {}),
        }
    )
    if unit == "probability" and not bounds:
        frame.loc[high - low > OPEN, "label"] = printer.not_known
    if ranges:
        rows = zip(frame["label"], low, high, strict=True)
        frame["label"] = [_with_range(str(label), one, two, unit, printer) for label, one, two in rows]
    if unit == "probability":  # labels are in per cent, and so is the axis
        frame[["value", "low", "high", *(("least", "most") if steps and "least" in steps else ())]] *= 100.0
    known = frame[(frame["value"].notna() | gaps) & frame["side"].notna()]
    return (_first_names(known) if ranges else known).reset_index(drop=True)


def _first_names(known: pd.DataFrame) -> pd.DataFrame:
    """Rows of the first names of each panel."""
    names = known.groupby("panel", sort=False)["at"]
    place = names.transform(lambda part: pd.factorize(part.astype(str))[0])
    return known[place.astype(int) < MOST_ROWS]


def _with_range(label: str, low: float, high: float, unit: Unit, printer: Printer) -> str:
    """Number and range, as it stands at the right end of the range."""
    if math.isnan(low) or math.isnan(high):
        return label
    ends = [printer.shortened(printer.printed(end, unit)) for end in (low, high)]
    return label if ends[0] == ends[1] == label else printer.range_of(label, *ends)


def reach(frame: pd.DataFrame) -> tuple[float, float]:
    """Range of all values and bands that holds zero."""
    ends = pd.concat([frame["value"], frame["low"], frame["high"]]).dropna()
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    return (low, high) if high > low else (low, low + 1.0)


def squeezed(part: pd.DataFrame, whole: pd.DataFrame) -> bool:
    """Whether a panel would fill too little of an axis that all panels share, so that nothing in it could be told."""
    (low, high), (least, most) = reach(part), reach(whole)
    return high - low < SQUEEZED * (most - least)
