"""The world in six fixed classes of loss, equal in area; the holder in ink, what has no number hatched."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from suasion.answers.numbers import signs
from suasion.sources.outline import dots, rings

CLASSES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Bounds of the classes of losses, per cent."""
WIDTH, HEIGHT = 720, 345
SOUTH, NORTH = -56.0, 84.0
"""Latitudes that are drawn."""
FIRST, SECOND, SEVENTH, NINTH = 1.340264, -0.081106, 0.000893, 0.003796
"""Coefficients of the Equal Earth projection; that areas are equal is tested."""
MIDDLE = 11.6
"""Meridian in the middle: its edge passes between Alaska and St Lawrence Island, and crosses no land."""
SMALL = 4.0
"""Pixels: radius of the dot of an economy without a shape."""
WITHIN = {"XKX": "SRB", "SOL": "SOM"}
"""Shapes of the outline without customs of their own, and in whose they are: they have its colour and its words."""
Points = npt.NDArray[np.float64]


def class_of(value: float) -> int:
    """Return the class of a loss, per cent: 0 to 5; a gain is in the first."""
    return bisect_right(CLASSES, value)


def class_words() -> tuple[str, ...]:
    """Return the classes as a key says them, per cent, the least first."""
    ends = [signs(f"{end:g}") for end in CLASSES]
    return (f"<{ends[0]}", *(f"{low}–{high}" for low, high in pairwise(ends)), f"{ends[-1]}+")


def projected(points: Points) -> Points:
    """Return places of an equal-area drawing of the world, one unit a radian at the equator.

    points: (N, 2) degrees of longitude and latitude.
    Returns: (N, 2) array.
    """
    turned = (points[:, 0] - MIDDLE + 180.0) % 360.0 - 180.0
    longitude, latitude = np.radians(turned), np.radians(points[:, 1])
    angle = np.arcsin(np.sqrt(3.0) / 2.0 * np.sin(latitude))
    square = angle**2
    sixth = square**3
    slope = 9 * NINTH * sixth * square + 7 * SEVENTH * sixth + 3 * SECOND * square + FIRST
    x = 2.0 * np.sqrt(3.0) * longitude * np.cos(angle) / (3.0 * slope)
    y = angle * (NINTH * sixth * square + SEVENTH * sixth + SECOND * square + FIRST)
    return np.column_stack([x, y])


@cache
def _frame() -> tuple[float, float, float]:
    """Scale, middle and top of the drawing."""
    edge = projected(np.array([[MIDDLE + 179.999, 0.0], [0.0, NORTH], [0.0, SOUTH]]))
    scale = min(WIDTH / (2 * edge[0, 0]), HEIGHT / (edge[1, 1] - edge[2, 1]))
    return float(scale), WIDTH / 2, float(edge[1, 1])


def _placed(points: Points) -> Points:
    scale, middle, top = _frame()
    x, y = projected(points).T
    return np.column_stack([middle + scale * x, scale * (top - y)])


@cache
def paths() -> Mapping[str, str]:
    """Return the outline of every shape as the data of a path, in tenths of a pixel."""
    return {code: "".join(map(_path, parts)) for code, parts in rings().items()}


def _path(ring: Points) -> str:
    places = np.round(_placed(ring) * 10).astype(int)
    steps = np.diff(places, axis=0)
    moved = steps[(steps != 0).any(axis=1)]
    return f"M{places[0, 0]} {places[0, 1]}l" + " ".join(f"{x} {y}" for x, y in moved.tolist()) + "z"


def world_map(
    values: Mapping[str, float],
    holder: Sequence[str],
    label: str,
    names: Mapping[str, str] | None = None,
    colour: Callable[[float], str] = lambda value: f"map-{class_of(value)}",
) -> str:
    """Draw losses by country.

    values: code to loss, per cent; what is not in it has no data.
    holder: codes in ink.
    label: a sentence that says what is seen.
    names: code to what is said of it under the pointer.
    colour: number to the name of its colour.
    """
    said = dict(names or {})
    fills = {code: "ink" if code in holder else colour(values[code]) for code in (*values, *holder)}
    for whose in (fills, said):
        whose |= {
            code: whose[other] for code, other in WITHIN.items() if other in whose and code not in whose
        }
    parts = []
    for code, path in paths().items():
        fill = f"var(--{fills[code]})" if code in fills else "url(#hatch)"
        parts.append(f'<path d="{path}" fill="{fill}">{_title(code, said)}</path>')
    for code, x, y in dots().itertuples(index=False):
        at = np.round(_placed(np.array([[x, y]]))[0] * 10).astype(int)
        place = f'cx="{at[0]}" cy="{at[1]}" r="{10 * SMALL:.0f}"'
        fill = f"var(--{fills[code]})" if code in fills else "url(#hatch)"
        parts.append(f'<circle {place} fill="{fill}" stroke="var(--ink)">{_title(code, said)}</circle>')
    hatch = (
        '<defs><pattern id="hatch" width="60" height="60" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="60" height="60" fill="var(--paper)"/><path d="M0 0V60" stroke="var(--rule)" stroke-width="20"/>'
        "</pattern></defs>"
    )
    said_as = (
        f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    )  # inside a named picture
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {10 * WIDTH} {10 * HEIGHT}" '
        f'{said_as}><g stroke="var(--paper)" stroke-width="4">{hatch}{"".join(parts)}</g></svg>'
    )


def _title(code: str, said: Mapping[str, str]) -> str:
    return f"<title>{escape(said[code])}</title>" if code in said else ""


def hatched(x: float, y: float, side: float) -> str:
    """Return the stripes of a square around a place, as land without a number has them."""
    half = side / 2
    steps = "".join(
        f"M{x - half + max(0.0, part):.1f} {y + half + min(0.0, part):.1f}"
        f"L{x + half + min(0.0, part):.1f} {y - half + max(0.0, part):.1f}"
        for part in (-side / 2, 0.0, side / 2)
    )
    return f'<path d="{steps}" stroke="var(--rule)" stroke-width="1.8" fill="none"/>'
