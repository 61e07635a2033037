"""Heat map of a leverage matrix: who loses how much when cut off from whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from suasion.coercion.exit_cost import AS_IT_IS
from suasion.coercion.outcomes import FloatArray
from suasion.pictures import LIVE, check_ending, draw
from suasion.sources.countries import country_name

if TYPE_CHECKING:
    from suasion.coercion.leverage.matrix import LeverageMatrix

Spec = dict[str, Any]

#: Upper bounds of all classes but the last, per cent of own real expenditure, fixed so that two maps compare.
BOUNDS = (-0.01, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
CLASSES = (
    "gains", "within ±0.01", "0.01 to 0.03", "0.03 to 0.1", "0.1 to 0.3", "0.3 to 1", "1 to 3", "3 to 10", "over 10",
    "no number",
)  # fmt: skip
#: Gains in purple, near zero in cream, losses from pale orange to dark brown: lightness alone tells losses apart.
COLOURS = (
    "#8073ac", "#f6ecd6", "#fee0b6", "#fdc57f", "#fba24a", "#e67c1c", "#c25a07", "#8f3d06", "#4f1f03", "#d4d7db",
)  # fmt: skip
INK, MUTED = "#1b1b1b", "#3D3D3D"
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
#: Side of a cell in pixels where there are many, side of the whole map where there are few.
CELL, LEAST = 11, 260


def neighbours(matrix: LeverageMatrix) -> list[str]:
    """Order sides so that those that can hurt each other most stand side by side.

    Parameters
    ----------
    matrix : LeverageMatrix

    Returns
    -------
    list of str
        Leaves of an average-linkage tree of mutual losses, in the order in which neighbours differ least.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    names = [str(name) for name in matrix.loss_percent["country"].values]
    if len(names) < 3:
        return names
    distance = _distance(matrix.damage_percent.values)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return [names[j] for j in leaves_list(tree)]


def _distance(damage: FloatArray) -> FloatArray:
    """Distance of two sides: falls with the log of the larger loss of the two, pairs without one are far apart."""
    loss = np.nan_to_num(np.maximum(damage, 0.0))
    closeness = np.log10(np.maximum(loss, loss.T) + 1e-4)
    distance = closeness.max() - closeness
    np.fill_diagonal(distance, 0.0)
    return np.asarray(distance)


def leverage_spec(matrix: LeverageMatrix) -> Spec:
    """Return the heat map as a Vega-Lite specification with its data inline.

    Parameters
    ----------
    matrix : LeverageMatrix

    Returns
    -------
    dict
        Rows lose, columns act. Title, unit and source stand in the picture.
    """
    order = neighbours(matrix)
    cell = max(CELL, LEAST // len(order))
    size = min(cell - 1, 12)
    mark = {"type": "rect", "aria": False}
    tips = [_field(name, title=title) for name, title in _TIPS.items()]
    cells = {
        "x": _field("acts", sort=order, title=None, axis=_axis(size, orient="top", labelAngle=-90)),
        "y": _field("loses", sort=order, title=None, axis=_axis(size)),
        "color": _field("class", title="Loss, %", scale={"domain": list(CLASSES), "range": list(COLOURS)}),
        "tooltip": tips,
    }
    note = {
        "type": "text",
        "align": "left",
        "baseline": "top",
        "dy": 8,
        "text": _source(matrix),
        "color": MUTED,
    }
    corner = {"x": {"value": 0}, "y": {"value": "height"}}
    return {
        "title": _title(matrix),
        "layer": [
            {"data": {"values": _rows(matrix)}, "mark": mark, "encoding": cells},
            {"data": {"values": [{}]}, "mark": {**note, "limit": 0, "fontSize": 11}, "encoding": corner},
        ],
        "width": {"step": cell},
        "height": {"step": cell},
        "config": {
            "font": FONT,
            "background": "#ffffff",
            "view": {"stroke": None},
            "axis": {"labelColor": MUTED},
            "legend": {"labelColor": MUTED, "titleColor": MUTED, "symbolStrokeWidth": 0},
        },
    }


_TIPS = {"losing": "loses", "acting": "acts", "percent": "% of own real expenditure", "usd": "million USD"}


def _field(name: str, **options: Any) -> dict[str, Any]:
    return {"field": name, "type": "nominal", **options}


def _axis(size: int, **options: Any) -> dict[str, Any]:
    return {
        "labelFontSize": size,
        "ticks": False,
        "domain": False,
        "labelPadding": 2,
        "labelLimit": 140,
        **options,
    }


def _title(matrix: LeverageMatrix) -> dict[str, Any]:
    """Say what is drawn, in which unit and in which world."""
    act = (
        "is cut off from another"
        if matrix.instrument == "embargo"
        else f"meets another's {matrix.instrument}"
    )
    second = "Rows lose, columns act. Per cent of own real expenditure; those that hurt each other most stand together"
    lines = (
        [second]
        if matrix.given == AS_IT_IS
        else [second, f"Further losses in a world with {matrix.given!r} in force"]
    )
    return {
        "text": f"What a state loses when it {act}, {matrix.horizon}",
        "subtitle": lines,
        "anchor": "start",
        "color": INK,
        "subtitleColor": MUTED,
        "fontSize": 16,
        "subtitleFontSize": 12,
    }


def _source(matrix: LeverageMatrix) -> list[str]:
    return [
        f"Source: {matrix.source}; Suasion, deficits: {matrix.deficits}. Names imply no view on any status."
    ]


def _rows(matrix: LeverageMatrix) -> list[dict[str, Any]]:
    """One row a cell off the diagonal."""
    names = [str(name) for name in matrix.loss_percent["country"].values]
    percent, usd = matrix.damage_percent.values, matrix.damage_usd.values
    return [
        {
            "acts": names[a],
            "loses": names[b],
            "acting": country_name(names[a]),
            "losing": country_name(names[b]),
            "class": _class(percent[a, b]),
            "percent": "no number" if np.isnan(percent[a, b]) else f"{percent[a, b]:.3g}",
            "usd": "no number" if np.isnan(usd[a, b]) else f"{usd[a, b]:,.0f}",
        }
        for a in range(len(names))
        for b in range(len(names))
        if a != b
    ]


def _class(loss: float) -> str:
    return CLASSES[-1] if np.isnan(loss) else CLASSES[int(np.searchsorted(BOUNDS, loss))]


def leverage_picture(matrix: LeverageMatrix, ending: str) -> bytes:
    """Draw the heat map.

    Parameters
    ----------
    matrix : LeverageMatrix
    ending : ``.svg``, ``.png``, or ``.html``: a page of its own with the numbers under the pointer

    Returns
    -------
    bytes
        Content of the file.

    Raises
    ------
    InputError
        Another ending.
    """
    check_ending(ending, LIVE)
    return draw(leverage_spec(matrix), ending, LIVE)
