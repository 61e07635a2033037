"""Where final sales go: a biproportional (RAS) split of sellers' totals over buying economies.

The embedded table says what each seller sells for final use, not to whom. The split is therefore an
estimate: start from a seed, then scale rows and columns in turn until sellers' totals and buyers'
absorption both hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.errors import ConvergenceError, DataError
from suasion.quotient import over
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class Split:
    """A split of final sales and how well its margins hold.

    final: ndarray, shape (importer, exporter, sector). Million USD; sums over importers equal the sellers'
      totals.
    rounds: row-and-column rounds used.
    gap: largest relative miss of a buyer's absorption.
    """

    final: FloatArray
    rounds: int
    gap: float


def seed_from_intermediate(intermediate: FloatArray) -> FloatArray:
    """Seed of the split: the importers' shares in the same seller's intermediate sales.

    intermediate: ndarray, shape (importer, exporter, sector). Million USD.
    Returns: ndarray, shape (importer, exporter, sector). Shares over importers. A seller without intermediate
      sales sells at home only.
    """
    size = intermediate.shape[0]
    home = np.arange(size)
    seed = intermediate.copy()
    totals = seed.sum(axis=0)
    seed[home, home] += (totals == 0.0).astype(float)
    return seed / np.where(totals == 0.0, 1.0, totals)


def ras(
    seed: FloatArray,
    rows: FloatArray,
    columns: FloatArray,
    tolerance: float = 1e-12,
    max_rounds: int = 20_000,
) -> Split:
    """Scale ``seed`` until sellers' totals and buyers' absorption both hold.

    seed: ndarray, shape (importer, exporter, sector). Non-negative; positive somewhere for every seller with
      a total.
    rows: ndarray, shape (exporter, sector). Sellers' totals, million USD. They hold exactly in the result.
    columns: ndarray, shape (importer,). Buyers' absorption, million USD; same sum as ``rows``.
    tolerance: largest relative miss of a column.
    max_rounds: rounds before giving up.
    Raises DataError if the margins have different sums, or a seller with a total has an empty seed.
    Raises ConvergenceError if the columns do not hold after ``max_rounds``.
    """
    check_margins(seed, rows, columns)
    flat = seed.reshape(seed.shape[0], -1)
    goal = rows.reshape(-1)
    buyers = np.ones(seed.shape[0])
    sellers = np.zeros(goal.size)
    gap = np.inf
    for turn in range(1, max_rounds + 1):
        reach = buyers @ flat
        sellers = over(goal, reach)
        bought = buyers * (flat @ sellers)
        gap = float(np.abs(bought / columns - 1.0).max())
        if gap <= tolerance:
            final = buyers[:, None] * flat * sellers[None, :]
            return Split(final.reshape(seed.shape), turn, gap)
        buyers = buyers * columns / bought
    raise ConvergenceError(
        f"the split of final sales misses a buyer's absorption by {gap:.1e} after {max_rounds} rounds; "
        "use a seed with fewer zeros, or a larger max_rounds"
    )


def check_margins(seed: FloatArray, rows: FloatArray, columns: FloatArray) -> None:
    """Raise :class:`~suasion.errors.DataError` if the margins cannot be met by any scaling of the seed."""
    if abs(rows.sum() - columns.sum()) > 1e-9 * rows.sum():
        raise DataError(
            f"sellers' totals sum to {rows.sum():.6g} and buyers' absorption to {columns.sum():.6g}; "
            "scale the absorption by one common factor first"
        )
    empty = np.argwhere((seed.sum(axis=0) == 0.0) & (rows > 0.0))
    if empty.size:
        raise DataError(
            f"{len(empty)} sellers have a total but an empty seed, first {empty[0].tolist()}; "
            "give them a home sale"
        )
    if (columns <= 0.0).any():
        raise DataError(
            f"absorption is not positive at positions {np.flatnonzero(columns <= 0.0)[:5].tolist()}; "
            "mend net exports"
        )
