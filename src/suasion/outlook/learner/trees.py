"""Boosted trees as arrays: a fitted learner as it ships, read without the library that fitted it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.types import FloatArray


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
