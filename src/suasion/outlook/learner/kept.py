"""Fitted learners as the package keeps them: trees and bands of each horizon, in one file of arrays a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError
from suasion.files import shipped
from suasion.outlook.learner.record import read_at, with_shift
from suasion.types import FloatArray

TABLES = ("goods",)
"""Tables whose fitted learners ship."""
SHIFT, SHIFT_SD, SHIFT_FROM = 0.10, 0.8, 3
"""Probability of a break of the regime, its size in log odds, and the years ahead from which it counts. The probability
was chosen among 0, .05 and .10 on forecasts of 2020 to 2023 of newly sanctioned economies: a choice made in view."""
_PARTS = ("base", "feature", "limit", "left", "right", "value")


@dataclass(frozen=True, slots=True)
class Learner:
    """Fitted quantiles of one horizon.

    trees: one a raw quantile.
    bands: normal scores at which these are read, by class, (classes, 99).
    """

    trees: tuple[Trees, ...]
    bands: FloatArray

    def forecast(self, x: FloatArray, classes: NDArray[np.intp], start: FloatArray) -> FloatArray:
        """Log odds (R, 99)."""
        raw = np.sort(np.column_stack([one.predict(x) for one in self.trees]), axis=1)
        return start[:, None] + read_at(raw, self.bands[classes])


@dataclass(frozen=True, slots=True)
class Learnt:
    """Learners of a table by horizon.

    by_horizon: years ahead to a learner.
    tested: longest horizon that was scored at rolling origins.
    """

    by_horizon: Mapping[int, Learner]
    tested: int

    @property
    def horizons(self) -> tuple[int, ...]:
        """Years ahead, ascending."""
        return tuple(sorted(self.by_horizon))

    def forecast(
        self, horizon: int, x: FloatArray, classes: NDArray[np.intp], start: FloatArray
    ) -> FloatArray:
        """Log odds (R, 99), with a break of the regime from :data:`SHIFT_FROM` years on."""
        return shifted(self.by_horizon[horizon].forecast(x, classes, start), horizon)

    def write(self, file: Path) -> None:
        """Keep all as arrays."""
        held: dict[str, Any] = {"tested": np.array(self.tested)}
        for horizon, one in self.by_horizon.items():
            held[f"{horizon}/bands"] = one.bands.astype(np.float32)
            for k, trees in enumerate(one.trees):
                held |= {f"{horizon}/{k}/{name}": getattr(trees, name) for name in _PARTS}
        np.savez_compressed(file, **held)


def shifted(odds: FloatArray, horizon: int) -> FloatArray:
    """Mix in a break of the regime where the horizon is long enough."""
    return with_shift(odds, SHIFT if horizon >= SHIFT_FROM else 0.0, SHIFT_SD)


@cache
def learnt(table: str) -> Learnt:
    """Fitted learners that the package keeps.

    table: one of :data:`TABLES`.
    Raises InputError if there is no such table.
    Raises SourceFileError if the file is broken.
    """
    if table not in TABLES:
        raise InputError(f"There is no learner {table!r}; choose one of {', '.join(TABLES)}.")
    return shipped("suasion.outlook.learner", f"{table}.npz", _read)


def _read(file: IO[bytes]) -> Learnt:
    with np.load(file, allow_pickle=False) as held:
        names = {name.split("/")[0] for name in held.files if "/" in name}
        return Learnt({int(h): _learner(held, h) for h in names}, int(held["tested"]))


def _learner(held: Mapping[str, Any], horizon: str) -> Learner:
    count = sum(name.startswith(f"{horizon}/") and name.endswith("/base") for name in held)
    trees = tuple(
        Trees(float(held[f"{horizon}/{k}/base"]), *(held[f"{horizon}/{k}/{name}"] for name in _PARTS[1:]))
        for k in range(count)
    )
    return Learner(trees, np.asarray(held[f"{horizon}/bands"], dtype=float))


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of trees.

    base: what is added to all.
    feature: (T, nodes) column of the features; -1 in a leaf.
    limit: (T, nodes) a value not above it goes left.
    left, right: (T, nodes) places of the children.
    value: (T, nodes) of the leaves.
    """

    base: float
    feature: NDArray[np.int8]
    limit: NDArray[np.float32]
    left: NDArray[np.int8]
    right: NDArray[np.int8]
    value: NDArray[np.float32]

    def predict(self, x: FloatArray) -> FloatArray:
        """Sum of the leaves that rows (R, features) fall into: (R,)."""
        total = np.full(len(x), self.base)
        rows = np.arange(len(x))
        for tree in range(len(self.feature)):
            node = np.zeros(len(x), dtype=np.intp)
            while True:
                column = self.feature[tree][node]
                inner = column >= 0
                if not inner.any():
                    break
                goes_left = x[rows, column] <= self.limit[tree][node]
                node = np.where(
                    inner, np.where(goes_left, self.left[tree][node], self.right[tree][node]), node
                )
            total += self.value[tree][node]
        return total


@cache
def _kept() -> pd.DataFrame:
    return shipped("suasion.outlook.learner", "tried.csv", pd.read_csv)


def tried(table: str) -> pd.DataFrame:
    """Scores and coverage of a table's forecasts at rolling origins.

    table: ``goods`` or ``fuels``.
    Returns: ``horizon`` (years), ``part`` (``all``, or the size of the share), ``forecasts``, ``origins``,
      ``economies``; ``crps`` and that of the random walk, smoothing and the stack (points of share); how
      often bands held (``held_80`` to ``held_95``); for all, the part of each other score that is saved, with
      its 90 % interval.
    Raises SourceFileError if the file is missing or broken.
    """
    found = _kept()
    return found[found["table"] == table].drop(columns="table").reset_index(drop=True)
