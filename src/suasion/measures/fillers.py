"""Who fills the gap that a lost supplier leaves: the buyer's present suppliers in their old proportions, and newcomers.

Of the rules that were tried on sudden stops in raw materials before 2018 none was better, on later stops neither
(``docs/evidence/trial_stops.csv``). The proportions of the world's exports are far worse; they stand in where a buyer
has no other supplier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.quotient import over
from suasion.types import FloatArray

PRESENT = 0.01
"""Share of what a buyer takes from others than the lost supplier, from which one of them is a present supplier."""
NEWCOMERS = 0.3
"""Part of the gap that others than present suppliers fill: mean of stops before 2018 (a fifth where nothing stops)."""
AT = (0.025, 0.075, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95)
MOST = (0.12, 0.25, 0.39, 0.55, 0.62, 0.73, 0.84, 0.91, 0.92, 0.98, 1.0)
"""Part of the gap that a supplier filled at most in nine of ten stops before 2018, by its part in proportion, at AT."""


@dataclass(frozen=True, slots=True)
class GapFillers:
    """Parts of a gap, (C, P).

    present: whether a present supplier; where a buyer has none, every exporter.
    part: of the gap, 0 to 1; of present suppliers they add up to one less the newcomers' part.
    most: no more than this in nine of ten stops, and at least nothing.
    """

    present: np.ndarray
    part: FloatArray
    most: FloatArray


def gap_fillers(bought: FloatArray, elsewhere: FloatArray) -> GapFillers:
    """Say who fills the gap that a lost supplier leaves.

    bought: (C, P) what the buyer takes from each other economy; nought for the lost supplier.
    elsewhere: (C, P) what each sells to all others; nought for the lost supplier and the buyer.
    """
    held = np.where(bought >= PRESENT * bought.sum(axis=0), bought, 0.0)
    known = held.sum(axis=0) > 0
    weight = np.where(known, held, elsewhere)
    plain = over(weight, weight.sum(axis=0))
    part = np.where(known, (1.0 - NEWCOMERS) * plain, plain)
    most = np.where(plain > 0, np.maximum(np.interp(plain, AT, MOST), part), 0.0)
    return GapFillers(weight > 0, part, most)
