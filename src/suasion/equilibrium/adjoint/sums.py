"""Sums over partners, industries and modes of values of several outcomes, which lie on leading axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.modes import Modes
from suasion.types import FloatArray


def over_sellers(matrix: FloatArray, values: FloatArray) -> FloatArray:
    """Sum over exporters: (S, importer, exporter) with values (..., N exporter, S) gives (..., N importer, S)."""
    every = np.matmul(matrix, values.reshape(-1, *values.shape[-2:]).transpose(2, 1, 0))
    return np.asarray(every.transpose(2, 1, 0).reshape(values.shape))


def over_buyers(matrix: FloatArray, values: FloatArray) -> FloatArray:
    """Sum over importers: (S, importer, exporter) with values (..., N importer, S) gives (..., N exporter, S)."""
    every = np.matmul(values.reshape(-1, *values.shape[-2:]).transpose(2, 0, 1), matrix)
    return np.asarray(every.transpose(1, 2, 0).reshape(values.shape))


def over_inputs(matrix: FloatArray, values: FloatArray) -> FloatArray:
    """Sum over inputs: (N, S user, S input) with values (..., N, S input) gives (..., N, S user)."""
    every = np.matmul(matrix, values.reshape(-1, *values.shape[-2:]).transpose(1, 2, 0))
    return np.asarray(every.transpose(2, 0, 1).reshape(values.shape))


def over_users(matrix: FloatArray, values: FloatArray) -> FloatArray:
    """Sum over users: (N, S user, S input) with values (..., N, S user) gives (..., N, S input)."""
    every = np.matmul(values.reshape(-1, *values.shape[-2:]).transpose(1, 0, 2), matrix)
    return np.asarray(every.transpose(1, 0, 2).reshape(values.shape))


def in_modes(modes: Modes, values: FloatArray) -> FloatArray:
    """Repeat (..., S) for every mode, (..., K)."""
    return values[..., modes.good] if modes.dual.size else values


def over_modes(modes: Modes, values: FloatArray) -> FloatArray:
    """Sum (..., K) over the modes of each sector, (..., S)."""
    if not modes.dual.size:
        return values
    total = values[..., : modes.sectors].copy()
    total[..., modes.dual] += values[..., modes.sectors :]
    return total


def add_at(total: FloatArray, cells: Sequence[NDArray[np.intp]], values: FloatArray) -> None:
    """Add values (..., C) to cells of the last axes, as often as each is named."""
    place: Any = (..., *cells)
    np.add.at(total, place, values)
