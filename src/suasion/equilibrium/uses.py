"""Goods that are bought on one set of terms for inputs and on another for final use.

An instrument of one use breaks the good in two: what users of inputs buy, and what final users do, each with sourcing
shares, taxes and a price of its own. The producers stay what they are. In the accounts such a good takes three places:
the *factory*, which produces as before and sells at its own gate only, and two *counters*, which every country that
produces it has: they add nothing to what they take from the factory, and sell it, one to users of inputs, one to final
users. Equations, batches, derivatives and certificate hold as they are, with more sectors; nothing is approximated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.modes import ModeShares
from suasion.equilibrium.types import FLOWS, Limit, Parameters, Shock, Switching, Use
from suasion.quotient import over
from suasion.types import FloatArray
from suasion.world.prepared import Prepared

Array = NDArray[Any]

#: Accounts with some goods apart, some 10 MB each at 80 x 50 where all are.
_APART: Prepared[Accounts] = Prepared(4)


@dataclass(frozen=True, slots=True)
class UseSplit:
    """Which goods have counters, and the accounts without them.

    whole: accounts in which every good is one.
    goods: (U,) sectors that are apart; the counters for inputs follow after all S sectors, then those for
      final use.
    """

    whole: Accounts
    goods: NDArray[np.intp]

    @property
    def sectors(self) -> int:
        """S, without counters."""
        return len(self.whole.sectors)

    @property
    def inputs(self) -> slice:
        """Places of the counters for inputs."""
        return slice(self.sectors, self.sectors + self.goods.size)

    @property
    def final(self) -> slice:
        """Places of the counters for final use."""
        return slice(self.sectors + self.goods.size, self.sectors + 2 * self.goods.size)

    def gathered(self, array: Array) -> Array:
        """Flows of whole goods (S, ...) from those of all sectors (S', ...): the counters' sums."""
        total = array[: self.sectors].copy()
        total[self.goods] = array[self.inputs] + array[self.final]
        return total

    def of_use(self, array: Array, use: Use) -> Array:
        """Flows of whole goods (S, ...) for one use from those of all sectors (S', ...)."""
        total = np.zeros_like(array[: self.sectors])
        total[self.goods] = array[self.inputs if use == "inputs" else self.final]
        return total

    def mean(self, array: Array) -> Array:
        """Means (N, S) of a quantity (N, S') over both uses, weighted with base expenditure."""
        weight = self.whole.expenditure[:, self.goods]
        inputs = _spent_on_inputs(self.whole)[:, self.goods]
        share = over(inputs, weight)
        total = array[:, : self.sectors].copy()
        total[:, self.goods] = share * array[:, self.inputs] + (1.0 - share) * array[:, self.final]
        return total

    def spread(self, first: Array, second: Array, rest: float | bool) -> Array:
        """Terms of trade (importer, exporter, S') of inputs and of final use; the factory keeps ``rest``."""
        whole = np.array(first)
        whole[..., self.goods] = rest
        return np.concatenate([whole, first[..., self.goods], second[..., self.goods]], axis=-1)

    def fit(self, shock: Shock) -> Shock:
        """Return a compiled scenario on the accounts with counters."""
        if not shock.by_use:
            return shock
        final = shock.final or shock
        arrays: dict[str, Any] = {
            name: self._pair(getattr(shock, name), getattr(final, name), rest) for name, rest in FLOWS.items()
        }
        pattern = shock.productivity
        return replace(
            shock,
            **arrays,
            productivity=None if pattern is None else _padded(pattern, 2 * self.goods.size, 1.0),
            limits=tuple(map(self._limit, shock.limits)),
            final=None,
        )

    def _pair(self, first: Array | None, second: Array | None, rest: float | bool) -> Array | None:
        some = first if first is not None else second
        if some is None:
            return None
        none = np.full_like(some, rest)
        return self.spread(none if first is None else first, none if second is None else second, rest)

    def _limit(self, limit: Limit) -> Limit:
        none = np.zeros_like(limit.cells)
        first, second = (limit.cells if limit.use in (use, None) else none for use in ("inputs", "final"))
        cells = self.spread(first, second, rest=False)
        return replace(limit, cells=cells, use=None)


def touched(shock: Shock) -> NDArray[np.intp]:
    """Sectors (U,) whose terms differ by use after a shock."""
    final = shock.final or shock
    found: list[Array] = []
    for name, rest in FLOWS.items():
        first, second = getattr(shock, name), getattr(final, name)
        if first is not second:
            differs = (rest if first is None else first) != (rest if second is None else second)
            found.append(np.asarray(np.asarray(differs).any((0, 1))))
    found += [np.asarray(limit.cells.any((0, 1))) for limit in shock.limits if limit.use is not None]
    return np.flatnonzero(np.any(found, axis=0))


def fitted(base: Accounts, shock: Shock) -> Shock:
    """Return a shock as the accounts need it: with counters where they have some."""
    return shock if base.split is None else base.split.fit(shock)


def apart(base: Accounts, goods: NDArray[np.intp]) -> Accounts:
    """Return accounts in which some goods have counters, built once for a base.

    base: accounts without counters.
    goods: (U,) sectors.
    """
    return _APART.get(base, goods.tobytes(), lambda: _apart(base, goods))


def _apart(base: Accounts, goods: NDArray[np.intp]) -> Accounts:
    split = UseSplit(replace(base), goods)  # a copy: what is kept for the base must not hold it
    bought = [
        np.maximum(part[:, goods], 0.0)  # what rounding leaves of nothing may be below it
        for part in (_spent_on_inputs(base), base.final_share * base.income[:, None])
    ]
    pi = [np.where(part.T[..., None] > 0.0, base.pi[goods], 0.0) for part in bought]
    net = base.tax_wedge if isinstance(base.tax_wedge, float) else base.tax_wedge[goods]
    sold = [(share * part.T[..., None] / net).sum(1).T for share, part in zip(pi, bought, strict=True)]
    home = base.output[:, goods] > 0.0
    gate = np.array(base.pi)
    gate[goods] = np.eye(base.transfer.size) * home.T[..., None]
    spent, final = base.expenditure.copy(), base.final_share.copy()
    spent[:, goods], final[:, goods] = base.output[:, goods], 0.0
    nothing = np.zeros_like(base.final_share[:, goods])
    idle = [np.where(part > 0.0, 0.0, 1.0) for part in sold]
    phi = base.factor_share[:, goods]
    return replace(
        base,
        sectors=(*base.sectors, *_labels(base, goods, "inputs"), *_labels(base, goods, "final")),
        pi=np.concatenate([gate, *pi]),
        expenditure=np.concatenate([spent, *bought], axis=1),
        output=np.concatenate([base.output, *sold], axis=1),
        va_share=np.concatenate([base.va_share, *idle], axis=1),
        input_share=_uses(base, split, sold),
        final_share=np.concatenate([final, nothing, base.final_share[:, goods]], axis=1),
        factor_share=np.concatenate([base.factor_share, phi, phi], axis=1),
        tariff=_rates(base.tariff, goods),
        export_tax=_rates(base.export_tax, goods),
        modes=None if base.modes is None else _modes(base.modes, split, gate),
        split=split,
    )


def _labels(base: Accounts, goods: NDArray[np.intp], use: str) -> list[str]:
    return [f"{base.sectors[k]} ({use})" for k in goods]


def _spent_on_inputs(base: Accounts) -> FloatArray:
    """Purchases of inputs (N, S)."""
    uses = (1.0 - base.va_share) * base.output
    return np.asarray(np.matmul(uses[:, None, :], base.input_share)[:, 0])


def _uses(base: Accounts, split: UseSplit, sold: list[FloatArray]) -> FloatArray:
    """Composition of input cost (N, S', S'): users buy at the counters for inputs, counters at the factory."""
    n, s = base.output.shape
    size = s + 2 * split.goods.size
    mix = np.zeros((n, size, size))
    mix[:, :s, :s] = base.input_share
    mix[:, :s, split.goods] = 0.0
    mix[:, :s, split.inputs] = base.input_share[:, :, split.goods]
    for place, part in zip((split.inputs, split.final), sold, strict=True):
        mix[:, np.arange(size)[place], split.goods] = part > 0.0
    return mix


def _rates(rates: FloatArray | None, goods: NDArray[np.intp]) -> FloatArray | None:
    if rates is None:
        return None
    gate = np.array(rates)
    gate[goods] = 0.0
    return np.concatenate([gate, rates[goods], rates[goods]])


def _padded(array: FloatArray, size: int, value: float) -> FloatArray:
    """More columns (N, S + size), of one value."""
    return np.concatenate([array, np.full((array.shape[0], size), value)], axis=1)


def _modes(modes: ModeShares, split: UseSplit, gate: FloatArray) -> ModeShares:
    """Shares of locked and switching buyers at the counters; at the factory there is nothing to choose."""
    s, size = split.sectors, split.goods.size
    place = np.full(s, -1)
    place[split.goods] = np.arange(size)
    first, second = modes.pi[:s].copy(), modes.pi[s:]
    first[split.goods] = gate[split.goods]
    kept = place[modes.dual] < 0
    at = place[modes.dual[~kept]]
    counters = modes.pi[split.goods]
    return ModeShares(
        np.concatenate([modes.dual[kept], s + at, s + size + at]),
        np.concatenate([first, counters, counters, second[kept], second[~kept], second[~kept]]),
        np.concatenate([modes.switching[kept], modes.switching[~kept], modes.switching[~kept]]),
    )


def apart_parameters(parameters: Parameters, goods: NDArray[np.intp]) -> Parameters:
    """Elasticities on accounts with counters: those of the good at both.

    parameters: on accounts without.
    goods: (U,) sectors.
    """

    def cells(array: FloatArray) -> FloatArray:
        return np.concatenate([array, array[..., goods], array[..., goods]], axis=-1)

    switching = parameters.switching
    if switching is not None:
        share = cells(switching.share)
        share[goods] = 0.0
        switching = Switching(cells(switching.sigma), share, cells(switching.mu))
    names = ("sigma", "zeta", "epsilon", "eta")
    arrays: dict[str, Any] = {name: cells(getattr(parameters, name)) for name in names}
    return replace(parameters, switching=switching, **arrays)
