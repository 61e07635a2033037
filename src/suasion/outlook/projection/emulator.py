"""An emulator: what thousands of draws would give, learned from some hundreds that were solved.

A Gaussian process with a quadratic kernel, ``(1 + x' L x)^2``, on the inputs that draws differ in: it holds every
linear and quadratic function of them, and its prior shrinks what the solved draws cannot tell. ``L`` has one scale
for each group of inputs; scales and noise minimise the leave-one-out error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.errors import InputError
from suasion.types import FloatArray

SCALES = (0.0, 0.03, 0.1, 0.3, 1.0)
NOISES = (1e-8, 1e-6, 1e-4, 1e-2)
PASSES = 2


@dataclass(frozen=True, slots=True)
class Inputs:
    """What draws differ in.

    values: (D, K) numbers.
    groups: (K,) group of each: inputs of a group share a scale.
    """

    values: FloatArray
    groups: NDArray[np.intp]

    def products(self) -> list[FloatArray]:
        """Inner products of all draws by group, (D, D) each, of inputs with mean zero and unit mean square."""
        centred = self.values - self.values.mean(0)
        size = np.sqrt((centred**2).mean(0))
        scaled = np.divide(centred, size, out=np.zeros_like(centred), where=size > 1e-12)
        made = []
        for g in range(int(self.groups.max()) + 1):
            part = scaled[:, self.groups == g]
            made.append(part @ part.T / max(part.shape[1], 1))
        return made


def emulate(products: Sequence[FloatArray], known: FloatArray, learn: NDArray[np.intp]) -> FloatArray:
    """Learn one outcome and predict it for all draws (D,); those that it learned from keep their value.

    products: of :meth:`Inputs.products`.
    known: (D,) outcome where solved, NaN elsewhere.
    learn: draws to learn from.
    Raises InputError if fewer than ten draws are there to learn from.
    """
    learn = learn[np.isfinite(known[learn])]
    if learn.size < 10:
        raise InputError(f"An emulator needs at least ten solved draws to learn from; got {learn.size}.")
    y = known[learn]
    centre, size = float(y.mean()), float(y.std())
    if size < 1e-12:
        values = np.full(known.size, centre)
    else:
        own = [p[np.ix_(learn, learn)] for p in products]
        scales, noise = _tuned(own, (y - centre) / size)
        weights = np.linalg.solve(_kernel(own, scales) + noise * np.eye(learn.size), (y - centre) / size)
        values = centre + size * (_kernel([p[:, learn] for p in products], scales) @ weights)
    values[learn] = y
    return values


def _kernel(products: Sequence[FloatArray], scales: Sequence[float]) -> FloatArray:
    inner = sum(s * p for s, p in zip(scales, products, strict=True))
    return np.asarray((1.0 + inner) ** 2)


def _tuned(products: Sequence[FloatArray], y: FloatArray) -> tuple[list[float], float]:
    """Scales by group and noise with the least leave-one-out error, one after the other."""
    scales, noise = [0.1] * len(products), NOISES[1]
    best = _left_out(_kernel(products, scales), noise, y)
    for _ in range(PASSES):
        for g in range(len(scales)):
            for value in SCALES:
                trial = [*scales[:g], value, *scales[g + 1 :]]
                score = _left_out(_kernel(products, trial), noise, y)
                if score < best:
                    best, scales = score, trial
        kernel = _kernel(products, scales)
        for value in NOISES:
            score = _left_out(kernel, value, y)
            if score < best:
                best, noise = score, value
    return scales, noise


def _left_out(kernel: FloatArray, noise: float, y: FloatArray) -> float:
    """Mean square of leave-one-out errors, in closed form."""
    inverse = np.linalg.inv(kernel + noise * np.eye(y.size))
    return float(((inverse @ y / np.diag(inverse)) ** 2).mean())
