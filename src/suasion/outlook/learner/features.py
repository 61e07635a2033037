"""Features of a share at an origin: its own past, its partner, and the sizes of both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from suasion.outlook.learner.record import ShareRecord, shares_of
from suasion.types import FloatArray

WINDOW, SHORTEST = 10, 6
"""Years of the past that are looked at, at most and at least."""
STEPS = (1, 2, 3, 5)
LEAST = 0.01
"""Mean share over the window that makes a pair one with enough trade: the rule of the hindcasts."""


def able(record: ShareRecord, at: int) -> NDArray[np.intp]:
    """Positions of the pairs that can be forecast from an origin.

    at: position of the origin among the years.
    """
    first = max(0, at + 1 - WINDOW)
    seen = record.panel.shares[:, first : at + 1]
    mean = np.nan_to_num(seen).sum(1) / np.maximum(np.isfinite(seen).sum(1), 1)
    whole = np.isfinite(record.odds[:, first : at + 1]).all(1)
    traded = ((seen > 0) & (seen < 1)).all(1) if record.steady else True
    return np.flatnonzero(whole & traded & (mean >= LEAST))


def features(record: ShareRecord, rows: NDArray[np.intp], at: int) -> FloatArray:
    """Features of pairs at an origin.

    rows: (R,) positions in the panel.
    at: position of the origin among the years, from :data:`SHORTEST` - 1.
    Returns: (R, features) float.
    """
    first = max(0, at + 1 - WINDOW)
    odds = record.odds[rows, first : at + 1]
    last, moves = odds[:, -1], np.abs(np.diff(odds, axis=1))
    own, other = record.own[rows, first : at + 1], record.other[rows, first : at + 1]
    columns = [
        last,
        *(last - odds[:, -1 - step] for step in STEPS),
        odds.mean(1) - last,
        odds.max(1) - last,
        odds.min(1) - last,
        moves.mean(1),
        moves.std(1),
        moves[:, -3:].mean(1),
        own[:, -1],
        other[:, -1],
        *(part[:, -1] - part[:, -1 - step] for part in (own, other) for step in (1, 5)),
        record.spread[rows, at],
        last - other[:, -1],
        record.mirror[rows, at],
        record.mirror[rows, at] - record.mirror[rows, at - 3],
    ]
    return np.asarray(np.nan_to_num(np.column_stack(columns)))


def size_class(record: ShareRecord, rows: NDArray[np.intp], at: int) -> NDArray[np.intp]:
    """Class of each pair (R,), 0 to 8: three sizes of the share by three sizes of its usual yearly move."""
    first = max(0, at + 1 - WINDOW)
    odds = record.odds[rows, first : at + 1]
    share = shares_of(odds[:, -1])
    move = np.abs(np.diff(odds, axis=1)).mean(1)
    return np.asarray(3 * np.digitize(share, SIZES) + np.digitize(move, MOVES))


SIZES, MOVES = (0.03, 0.12), (0.15, 0.35)
"""Limits between the classes of share, and of its mean yearly move in log odds."""
