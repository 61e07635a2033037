"""One look for all charts: two colours for two sides, grey for the rest, and the same in the dark.

Colour never stands alone: sign, order, label or shape says the same. Each light colour has one dark
counterpart, so that one drawing serves both: a style sheet inside the SVG, or a replacement in the spec.
"""

from __future__ import annotations

from typing import Any

from suasion.answers.catalogue import catalogue, say

BLUE = "#0E5A8A"
ORANGE = "#B4460A"
PLUM = "#801650"
INK = "#1b1b1b"
MUTED = "#3D3D3D"
RULE = "#8a8f96"
GRID = "#e4e5e7"
PAPER = "#ffffff"
NO_DATA = "#d4d7db"
NEAR_ZERO = "#f6ecd6"
SIDES = (BLUE, ORANGE)
THREE = (BLUE, ORANGE, PLUM)
SHAPES = ("circle", "diamond", "square")
KEYS = ("a", "b", "c")

CHANGE_BOUNDS = (-1.0, -0.3, -0.1, -0.01, 0.01, 0.1, 0.3, 1.0)
"""Class bounds (per cent of own real expenditure) of every map, fixed so that two maps compare."""
CHANGE_COLOURS = (
    "#7f3b08",
    "#b35806",
    "#e08214",
    "#fdb863",
    NEAR_ZERO,
    "#b2abd2",
    "#8073ac",
    "#542788",
    "#2d004b",
)


def change_classes() -> tuple[str, ...]:
    """Return the names of the classes of change, in the order of their colours."""
    return tuple(say(f"figure.class.{place}") for place in range(len(CHANGE_COLOURS)))


DARK = {
    BLUE: "#7FC1EE",
    ORANGE: "#F5A261",
    PLUM: "#e58ab8",
    INK: "#f1f1ee",
    MUTED: "#c9ccd1",
    RULE: "#868c94",
    GRID: "#33383f",
    PAPER: "#15181c",
    NO_DATA: "#2f343b",
    NEAR_ZERO: "#5b5340",
    "#7f3b08": "#ffd3a3",
    "#b35806": "#ffae5e",
    "#e08214": "#e08a2a",
    "#fdb863": "#a0672a",
    "#b2abd2": "#5d5590",
    "#8073ac": "#877bc0",
    "#542788": "#b3a9e6",
    "#2d004b": "#ddd7ff",
}

FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
"""Fonts of one width; a reader without any of them gets a wider one, for which `finish` leaves room."""


def config() -> dict[str, Any]:
    """Vega-Lite configuration shared by all charts."""
    axis = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": RULE,
        "tickColor": RULE,
        "labelLimit": 0,
    }
    signs = {name: catalogue()[f"number.{name}"] for name in ("decimal", "thousands")}
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"tickCount": 5},
        "text": {"color": INK, "fontSize": 12},
        "legend": {"disable": True},
        "locale": {"number": {**signs, "grouping": [3], "currency": ["", ""]}},
    }


def dark_style(svg: str) -> str:
    """Style sheet that turns the colours of a drawing into their dark counterparts."""
    rules = [
        f'[{attribute}="{light}" i]{{{attribute}:{dark}}}'
        for light, dark in DARK.items()
        for attribute in ("fill", "stroke")
        if f'{attribute}="{light}"'.lower() in svg.lower()
    ]
    return f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}"
