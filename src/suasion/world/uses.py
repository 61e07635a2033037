"""The full use matrix: who uses whose product for what; loaded only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from suasion.errors import AlignmentError, UnbalancedTableError
from suasion.types import FloatArray

UseKind = Literal["observed", "moved", "proportional"]

USE_TOLERANCE = 1e-9
"""Largest gap of the pooled matrix to ``intermediate``, relative to the buyer's total of that input."""


@dataclass(frozen=True, slots=True)
class UseMatrix:
    """A use matrix (exporter, input, importer, user) at basic prices, million USD, not yet loaded.

    Parameters
    ----------
    kind
        ``"observed"``: the table tells the origin of inputs user by user. ``"moved"``: so did that of an earlier
        year, scaled to this one. ``"proportional"``: it was
        filled with the same mix of origins for all users of an input in a country.
    loader
        Function without arguments that returns the array.
    """

    kind: UseKind
    loader: Callable[[], FloatArray]

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with a function that is known by name; in place of any other, with the array it returns."""
        named = "<" not in getattr(self.loader, "__qualname__", "<")
        return UseMatrix, (self.kind, self.loader if named else partial(np.asarray, self.loader()))


def load_use(
    matrix: UseMatrix, intermediate: FloatArray, countries: Sequence[str], sectors: Sequence[str]
) -> FloatArray:
    """Load a use matrix, check it against the flows of a world, and return it read-only."""
    values = np.asarray(matrix.loader(), dtype=np.float64)
    check_use(values, intermediate, countries, sectors)
    view = values.view()
    view.flags.writeable = False
    return view


def check_use(
    use: FloatArray, intermediate: FloatArray, countries: Sequence[str], sectors: Sequence[str]
) -> None:
    """Raise unless ``use`` summed over users gives ``intermediate``.

    Raises AlignmentError if the shape does not fit the world's labels.
    Raises UnbalancedTableError if a sum over users differs from ``intermediate``.
    """
    n, s = len(countries), len(sectors)
    if use.shape != (n, s, n, s):
        raise AlignmentError(
            f"`use` has shape {use.shape}; (exporter, input, importer, user) needs {(n, s, n, s)}."
        )
    pooled = pool_origins(use)
    total = np.maximum(intermediate, pooled).sum(axis=1, keepdims=True)
    gap = np.abs(pooled - intermediate) / np.where(total > 0, total, 1.0)
    if gap.max() > USE_TOLERANCE:
        a, b, k = map(int, np.unravel_index(int(gap.argmax()), gap.shape))
        cell = f"({countries[a]}, {countries[b]}, {sectors[k]})"
        raise UnbalancedTableError(
            f"`use` summed over users differs from `intermediate`, worst at {cell} by {100 * gap.max():.3g} "
            "% of all purchases of that input. Derive `intermediate` from `use` with `pool_origins`."
        )


def pool_origins(use: FloatArray) -> FloatArray:
    """Sum over users: (exporter, input, importer, user) to (importer, exporter, sector)."""
    return np.ascontiguousarray(use.sum(axis=3).transpose(2, 0, 1))


def pool_users(use: FloatArray) -> FloatArray:
    """Sum over origins: (exporter, input, importer, user) to (country, user, input)."""
    return np.ascontiguousarray(use.sum(axis=0).transpose(1, 2, 0))
