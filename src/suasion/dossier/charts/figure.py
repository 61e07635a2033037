"""A figure of the dossier: panels with a drawing each, and the words, table and file that go with them."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from suasion.dossier.charts import theme
from suasion.dossier.studio import drawings
from suasion.errors import ChartError

Spec = dict[str, Any]
LINE = 14
"""Height in pixels of a line of text in a chart."""
_LONG_DECIMAL = re.compile(r"(\d+\.\d)\d+")
_PLACES = re.compile(r' (?:d|transform)="[^"]*"')
"""Attributes in which decimals may be cut; never in text, where they are results."""
_UNUSED = re.compile(
    r' (?:aria-[a-z]+|role|pointer-events|stroke-miterlimit)="[^"]*"| (?:opacity|stroke-width)="1"'
    r'| font-family="[^"]*"| font-size="12px"'
)
"""What has no effect in a picture that is shown as one named image, or is said once at its root."""

_EMPTY = re.compile(r'<path class="(?:back|fore)ground" d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>')


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a figure's legend.

    Attributes
    ----------
    style : str
        CSS class of the swatch ("side-a", "class-0", "no-data", ...).
    text : str
        What it means.
    """

    style: str
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing.

    Attributes
    ----------
    key : str
        Identifier within the page.
    title : str
        Heading of the panel; empty where the figure has one panel.
    spec : dict
        Vega-Lite specification with its data inline.
    least_marks : int
        Number of marks that it draws at least.
    wide : bool
        Whether it takes the whole width.
    broad : bool
        Whether it needs more width than a phone has: there it is scrolled sideways, the page is not.
    ratio : float
        Height over width of a map, which is drawn on the outline of the world that the page has once; 0 for all else.
    """

    key: str
    title: str
    spec: Spec
    least_marks: int
    wide: bool = False
    broad: bool = False
    ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with everything that stands around it.

    Attributes
    ----------
    key : str
        Identifier within the page.
    title, subtitle, alt, source : str
        Finding; measure, unit, place, period; description of the picture; source line.
    panels : tuple of Panel
        The drawings.
    frame : DataFrame
        The rows drawn, with readable column names: the table, and the file to download.
    legend : tuple of Key
        What colours and shapes mean.
    notes : tuple of str
        Cautions, as sentences.
    brief : str
        Address of the full figure of which this one is a short form without a table; empty for a full one.
    """

    key: str
    title: str
    subtitle: str
    alt: str
    source: str
    panels: tuple[Panel, ...]
    frame: pd.DataFrame
    legend: tuple[Key, ...] = ()
    notes: tuple[str, ...] = ()
    brief: str = ""

    def csv(self) -> str:
        """Return the rows as CSV, missing cells empty, preceded by nothing."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.frame.columns)
        writer.writerows([["" if _missing(cell) else cell for cell in row] for row in plain_rows(self.frame)])
        return out.getvalue()


def _missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def plain_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Rows of a frame as Python objects, missing numbers as None."""
    return [
        [None if _missing(cell) else cell for cell in row] for row in frame.astype(object).to_numpy().tolist()
    ]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dictionaries for a specification: six digits, missing numbers as None."""
    return [dict(zip(frame.columns, map(_short, row), strict=True)) for row in plain_rows(frame)]


def _short(cell: Any) -> Any:
    return float(f"{cell:.6g}") if isinstance(cell, float) else cell


def finish(layers: Sequence[Spec], width: int, height: int, slack: int = 0, **extra: Any) -> Spec:
    """Put layers together to a specification of a given size with the house look.

    Parameters
    ----------
    layers : sequence of dict
        Layers with inline data.
    width, height : int
        Size in pixels: of the whole in width, of the inner part in height.
    slack : int
        Room in pixels left and right for labels in a wider font than the one measured with.
    **extra
        Further entries of the specification (a projection).
    """
    spec: Spec = {
        "layer": list(layers),
        "config": theme.config(),
        "width": width,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 5 + slack, "right": 5 + slack, "top": 5, "bottom": 5},
        **extra,
    }
    _share_data(spec)
    return spec


def _share_data(spec: Spec) -> None:
    """Keep rows that several layers use once, under a name."""
    names: dict[str, str] = {}
    for layer in spec.get("layer", []):
        values = layer.get("data", {}).get("values")
        if values is not None:
            text = json.dumps(values)
            names.setdefault(text, f"rows{len(names)}")
            layer["data"] = {"name": names[text]}
    spec["datasets"] = {
        **spec.get("datasets", {}),
        **{name: json.loads(text) for text, name in names.items()},
    }


def draw_svg(panel: Panel, shared: Mapping[str, Any] | None = None) -> str:
    """Draw a panel as SVG that follows the reader's light or dark setting; see :func:`draw_svgs`."""
    return draw_svgs((panel,), shared)[0]


def draw_svgs(panels: Sequence[Panel], shared: Mapping[str, Any] | None = None) -> list[str]:
    """Draw panels as SVG that follow the reader's light or dark setting.

    Parameters
    ----------
    panels : sequence of Panel
        Specifications, each with the number of marks expected.
    shared : mapping, optional
        Data sets kept once per page (the outline of the world); a panel gets those that it names.

    Raises
    ------
    ChartError
        If one draws fewer marks than it must.
    """
    pictures = drawings().all([_text(panel, shared or {}) for panel in panels])
    for panel, svg in zip(panels, pictures, strict=True):
        marks = count_marks(svg)
        if marks < panel.least_marks:
            raise ChartError(f"chart {panel.key!r} drew {marks} marks, expected at least {panel.least_marks}")
    return [_compact(svg) for svg in pictures]


def draw_ahead(panels: Sequence[Panel], shared: Mapping[str, Any] | None = None) -> None:
    """Start to draw panels, and return at once.

    Parameters
    ----------
    panels, shared
        As for :func:`draw_svgs`.
    """
    drawings().ahead([_text(panel, shared or {}) for panel in panels])


def _text(panel: Panel, shared: Mapping[str, Any]) -> str:
    """Specification as JSON, with the shared data sets that it names."""
    text = json.dumps(panel.spec)
    used = {name: data for name, data in shared.items() if f'"name": "{name}"' in text}
    spec = {**panel.spec, "datasets": {**panel.spec.get("datasets", {}), **used}}
    return json.dumps(spec) if used else text


def count_marks(svg: str) -> int:
    """Count drawn data marks (not axes or titles) of an SVG made by Vega."""
    root = ET.fromstring(svg)
    groups = [
        g for g in root.iter() if "role-mark" in g.get("class", "") and "mark-group" not in g.get("class", "")
    ]
    return sum(1 for group in groups for leaf in group.iter() if leaf is not group and _drawn(leaf))


def _drawn(leaf: ET.Element) -> bool:
    return bool(leaf.get("d") or leaf.tag.endswith("line") or (leaf.text or "").strip())


def _compact(svg: str) -> str:
    """Shorten long decimals and add the style sheet for the dark."""
    short = _UNUSED.sub("", _PLACES.sub(lambda found: _LONG_DECIMAL.sub(r"\1", found[0]), svg))
    short = _EMPTY.sub("", short)
    family = theme.FONT.replace("'", "")
    fonts = f'font-family="{family}" font-size="12"'
    return re.sub(
        r"<svg([^>]*)>", rf"<svg\1 {fonts}><style>{theme.dark_style(short)}</style>", short, count=1
    )


def ordered(values: Sequence[str]) -> list[str]:
    """Distinct values in order of first appearance, for the order of an axis."""
    return list(dict.fromkeys(values))


def spread(ends: Sequence[float], reach: float, height: int) -> list[int]:
    """Vertical shifts in pixels that keep labels at the ends of lines apart.

    Parameters
    ----------
    ends : sequence of float
        Values at the ends of the lines.
    reach : float
        Value at the top of the axis; its bottom is zero.
    height : int
        Height of the drawing in pixels.
    """
    heights = [end * height / reach for end in ends]
    if len(ends) == 2 and abs(heights[0] - heights[1]) <= LINE <= min(heights):
        return [-LINE // 2, LINE // 2] if ends[0] >= ends[1] else [LINE // 2, -LINE // 2]
    shifts, free = [0] * len(ends), LINE / 2  # no label on the axis
    for place in sorted(range(len(ends)), key=heights.__getitem__):
        free = max(heights[place], free)
        shifts[place] = -round(free - heights[place])
        free += LINE
    return shifts
