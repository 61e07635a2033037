"""Whether the rungs of a ladder form a cumulative scale: Guttman errors and Loevinger's H.

On a perfect scale every pair of states that stands on a rung stands on all lower ones. H compares the errors that are
observed with those expected if the rungs were independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suasion.errors import InputError
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class ScaleFit:
    """Fit of a cumulative scale.

    h: Loevinger's H of the scale: 1 without any error, 0 under independence; NaN where no error is possible.
    items: names of the items.
    item_h: H of each item against all others.
    popularity: share of units that have the item, among those for which it is known.
    known: units for which each item is known.
    errors, expected: observed errors, and those expected under independence.
    """

    h: float
    items: tuple[str, ...]
    item_h: tuple[float, ...]
    popularity: tuple[float, ...]
    known: tuple[int, ...]
    errors: float
    expected: float

    @property
    def order(self) -> tuple[str, ...]:
        """Items from the most to the least common: the order in which errors are counted over all units."""
        ranked = sorted(
            zip(self.popularity, self.items, strict=True), key=lambda x: -x[0] if x[0] == x[0] else 2.0
        )
        return tuple(item for _, item in ranked)


def loevinger_h(scores: FloatArray, items: Sequence[str]) -> ScaleFit:
    """Return Loevinger's H of binary items.

    H = 1 - sum F_ij / sum E_ij over pairs of items i easier than j, F_ij the units with j but not i,
    E_ij = n (1 - p_i) p_j. Which of two items is easier is read from their popularity among the units for which
    both are known; units with an unknown item drop out of the pairs of that item only.

    Parameters
    ----------
    scores : (units, items): 1 has it, 0 has not, NaN unknown.
    items : names

    Returns
    -------
    ScaleFit

    Raises
    ------
    InputError
        If the array is not two-dimensional, names do not fit, there are fewer than two items, or a score is another
        number.

    Notes
    -----
    Loevinger (1948) and Mokken (1971), as cited by the R package mokken. For two items H is the covariance divided
    by the largest covariance that their popularities allow.
    """
    table = _checked(scores, items)
    count = table.shape[1]
    errors, expected = np.zeros((count, count)), np.zeros((count, count))
    for i in range(count):
        for j in range(i):
            errors[i, j], expected[i, j] = _pair(table[:, i], table[:, j])
            errors[j, i], expected[j, i] = errors[i, j], expected[i, j]
    known = np.isfinite(table)
    has = np.where(known, table, 0.0).sum(axis=0)
    units = known.sum(axis=0)
    return ScaleFit(
        h=_ratio(errors.sum(), expected.sum()),
        items=tuple(items),
        item_h=tuple(_ratio(e, x) for e, x in zip(errors.sum(axis=1), expected.sum(axis=1), strict=True)),
        popularity=tuple(float(a / b) if b else float("nan") for a, b in zip(has, units, strict=True)),
        known=tuple(int(n) for n in units),
        errors=float(errors.sum() / 2.0),
        expected=float(expected.sum() / 2.0),
    )


def _pair(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    both = np.isfinite(x) & np.isfinite(y)
    a, b = x[both], y[both]
    if not a.size:
        return 0.0, 0.0
    easy, hard = (a, b) if a.mean() >= b.mean() else (b, a)
    found = float(((easy == 0.0) & (hard == 1.0)).sum())
    return found, float(a.size * (1.0 - easy.mean()) * hard.mean())


def _ratio(errors: float, expected: float) -> float:
    return 1.0 - float(errors) / float(expected) if expected > 0.0 else float("nan")


def _checked(scores: FloatArray, items: Sequence[str]) -> FloatArray:
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(items) or len(items) < 2:
        raise InputError(
            "A scale needs an array (units, items) with a name for each of two or more items; it has "
            f"shape {table.shape} and {len(items)} names."
        )
    odd = table[np.isfinite(table) & (table != 0.0) & (table != 1.0)]
    if odd.size or np.isinf(table).any():
        raise InputError("Scores are 1 (has it), 0 (has not) or NaN (unknown); there is another number.")
    return table
