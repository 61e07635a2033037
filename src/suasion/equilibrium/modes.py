"""Ways of buying a good: from the suppliers one has, or from whoever is cheapest, equation (M2.1).

Every purchase of a good that is not traded on exchanges has two modes with the same base shares. In the *locked* one
suppliers are replaced as little as in the short run, in the *switching* one as easily as in the long run; an outer
nest chooses between the modes. Trade arrays of the core have one page for each mode: first those of all sectors,
locked, then the switching ones of the sectors that have two. Where no sector has two, pages are sectors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.types import FloatArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class ModeShares:
    """Shares of the modes in accounts that follow a shock, where they are no longer those of the whole.

    dual: (T,) sectors with two modes.
    pi: (K, N importer, N exporter) share of the exporter in what the importer buys in each mode.
    switching: (T, N) share of the switching mode in purchases.
    """

    dual: NDArray[np.intp]
    pi: FloatArray
    switching: FloatArray


@dataclass(frozen=True, slots=True)
class Modes:
    """Modes of all sectors, side by side.

    dual: (T,) sectors with two modes.
    good: (K,) sector of each mode, K = S + T.
    sigma: (K,) substitution among origins.
    switching: (T, 1 or N) base share of the switching mode.
    mu: (T,) substitution between the modes.
    """

    sectors: int
    dual: NDArray[np.intp]
    good: NDArray[np.intp]
    sigma: FloatArray
    switching: FloatArray
    mu: FloatArray

    def on(self, shares: ModeShares | None) -> Modes:
        """Return the modes on accounts: those that follow a shock know how much was switched."""
        if shares is None:
            return self
        _, ours, theirs = np.intersect1d(self.dual, shares.dual, return_indices=True)
        switching = np.repeat(self.switching, shares.switching.shape[1], axis=1)
        switching[ours] = shares.switching[theirs]
        return replace(self, switching=switching)

    def shares(self, pi: FloatArray, shares: ModeShares | None) -> FloatArray:
        """Base shares (K, N, N) of every mode from those of the accounts (S, N, N)."""
        pages = self.pages(pi)
        if shares is None or not self.dual.size:
            return pages
        both, ours, theirs = np.intersect1d(self.dual, shares.dual, return_indices=True)
        pages[both], pages[self.sectors + ours] = shares.pi[both], shares.pi[self.sectors + theirs]
        return pages

    def pages(self, array: Array) -> Array:
        """Repeat an array (S, ...) for every mode."""
        return array[self.good] if self.dual.size else array

    def gathered(self, array: Array) -> Array:
        """Sum an array (K, ...) over the modes of each sector."""
        if not self.dual.size:
            return array
        total = array[: self.sectors].copy()
        total[self.dual] += array[self.sectors :]
        return total

    def cells(self, cells: NDArray[np.intp]) -> NDArray[np.intp]:
        """Cells (3, C) of a trade array, sector first, and then those of their switching modes."""
        if not self.dual.size:
            return cells
        return np.concatenate([cells, self.switched(cells)[0]], axis=1)

    def switched(self, cells: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Cells of switching modes (3, C2), and which of the cells given each belongs to."""
        page = np.full(self.sectors, -1)
        page[self.dual] = self.sectors + np.arange(self.dual.size)
        which = np.flatnonzero(page[cells[0]] >= 0)
        return np.stack([page[cells[0, which]], cells[1, which], cells[2, which]]), which

    def blend(self, log_price: Array) -> tuple[Array, Array | None]:
        """Log price of each good (S, ...) from those of its modes (K, ...), and the modes' shares (K, ...).

        The sum is taken relative to the switching mode, which is the cheaper one: the other may be infinitely dear.
        Shares are None where every sector has one mode.
        """
        if not self.dual.size:
            return log_price, None
        locked, switching = log_price[self.dual], log_price[self.sectors :]
        price, shares = log_price[: self.sectors].copy(), np.ones_like(log_price)
        rest = [1] * (log_price.ndim - 2)
        b = self.switching.reshape(*self.switching.shape, *rest)
        power = (1.0 - self.mu).reshape(-1, 1, *rest)
        apart = power * (locked - switching)
        change = (1.0 - b) * np.expm1(apart)
        price[self.dual] = switching + np.log1p(change) / power
        shares[self.sectors :] = b / (1.0 + change)
        shares[self.dual] = (1.0 - b) * np.exp(apart) / (1.0 + change)
        return price, shares

    def mean(self, array: Array, shares: Array | None) -> Array:
        """Average of an array (K, ...) over the modes of each sector."""
        return array if shares is None else self.gathered(shares * array)

    def lost(self, share: FloatArray) -> FloatArray:
        """Log rise of the price of each good (S, ...) that loses a share of its supply, at given costs of the rest.

        It is very large, but finite, where nothing is left.
        """
        power = (self.sigma - 1.0).reshape(-1, *([1] * (share.ndim - 1)))
        left = -np.log(np.maximum(1.0 - self.pages(share), 1e-300)) / power
        columns = left if left.ndim > 1 else left[:, None]
        return np.asarray(self.blend(columns)[0]).reshape(share.shape)
