"""Where on the map the names of places go: beside their points, none over another or over a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

PIXELS_WIDE, PIXELS_HIGH = 760, 340
LETTER, LINE = 5.8, 13.0
"""Pixels that a letter of a label takes on average, and the height of its line, with room for a map drawn smaller."""
GAP = 8.0
"""Pixels between a point and its label."""
POINT = 5.0
"""Half the width of a point in pixels."""

SIDES = {"right": (1, 0), "left": (-1, 0), "above": (0, 1), "below": (0, -1)}
"""Where a label can stand, the best side first: steps east and north of its point."""

Box = tuple[float, float, float, float]
"""West, south, east and north of something drawn, in pixels from the middle of the map."""


@dataclass(frozen=True, slots=True)
class Window:
    """Part of the world that a plate carree shows.

    longitude, latitude: its middle in degrees.
    wide: Degrees from its western to its eastern edge.
    """

    longitude: float
    latitude: float
    wide: float

    @property
    def scale(self) -> float:
        """Pixels a degree, where the map is :data:`PIXELS_WIDE` wide."""
        return PIXELS_WIDE / self.wide

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixels east and north of the middle."""
        east = (longitude - self.longitude + 180.0) % 360.0 - 180.0
        return east * self.scale, (latitude - self.latitude) * self.scale

    def shows(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies inside."""
        x, y = self.place(longitude, latitude)
        return abs(x) <= PIXELS_WIDE / 2 and abs(y) <= PIXELS_HIGH / 2


EURASIA = Window(90.0, 33.0, 210.0)
"""From the Atlantic to the Bering Sea, cut at 165 degrees west."""
WORLD = Window(150.0, 10.0, 360.0)
"""All of it, cut in the Atlantic at 30 degrees west."""


def window_of(frame: pd.DataFrame) -> Window:
    """Smallest window that shows all events.

    frame: ``longitude``, ``latitude``.
    """
    places = zip(frame["longitude"], frame["latitude"], strict=True)
    return EURASIA if all(EURASIA.shows(float(x), float(y)) for x, y in places) else WORLD


def labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Places whose name and years are written on the map: those of most events first, none over a label or a point.

    frame: of :func:`suasion.answers.picture.map.map_rows`.
    Returns: ``longitude``, ``latitude`` (of the event beside which the label stands), ``label`` (place and
      years), ``side`` (of :data:`SIDES`). A place without room has no row.
    """
    window = window_of(frame)
    rows = frame.sort_values(["year", "start"], ascending=False)
    points = [
        window.place(float(x), float(y)) for x, y in zip(rows["longitude"], rows["latitude"], strict=True)
    ]
    taken = [(x - POINT, y - POINT, x + POINT, y + POINT) for x, y in points]
    groups = rows.assign(point=pd.Series(points, index=rows.index, dtype=object)).groupby("short", sort=False)
    kept = []
    for name, group in sorted(groups, key=lambda pair: -len(pair[1])):
        label = f"{name} {_years(sorted(set(group['year'])))}"
        free = _free(group, len(label) * LETTER, taken)
        if free is not None:
            row, side, box = free
            taken.append(box)
            kept.append((group["longitude"].iloc[row], group["latitude"].iloc[row], label, side))
    return pd.DataFrame(kept, columns=["longitude", "latitude", "label", "side"])


def _years(years: Sequence[int]) -> str:
    """One or two years named, more as their span."""
    return f"{years[0]}-{years[-1]}" if len(years) > 2 else ", ".join(map(str, years))


def _free(group: pd.DataFrame, width: float, taken: Sequence[Box]) -> tuple[int, str, Box] | None:
    """First side of the first point at which a label has room."""
    for row, point in enumerate(group["point"]):
        for side in SIDES:
            box = _box(point, side, width)
            inside = max(-box[0], box[2]) <= PIXELS_WIDE / 2
            if inside and not any(_meet(box, other) for other in taken):
                return row, side, box
    return None


def _box(point: tuple[float, float], side: str, width: float) -> Box:
    """Box of a label beside a point."""
    east, north = SIDES[side]
    x = point[0] + east * (GAP + width / 2)
    y = point[1] + north * (GAP + LINE / 2)
    return x - width / 2, y - LINE / 2, x + width / 2, y + LINE / 2


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
