"""Frozen shapes that the parts of the equilibrium room exchange: shocks, limits, parameters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.modes import Modes
from suasion.errors import SuasionWarning
from suasion.remarks import Remark
from suasion.types import BoolArray, FloatArray

LimitKind = Literal["quota", "price_cap"]
Use = Literal["inputs", "final"]
Rent = Literal["importer", "exporter"]

FLOWS: dict[str, float | bool] = {
    "cut": False,
    "trade_cost": 1.0,
    "left": 1.0,
    "tariff": 0.0,
    "export_tax": 0.0,
}
"""Arrays of a shock that change flows, and the value that stands where nothing is changed or taxed."""


@dataclass(frozen=True, slots=True)
class FlowTerms:
    """What a scenario makes of flows of one use, (importer, exporter, sector) each, as in :class:`Shock`.

    cut, trade_cost, left, tariff, export_tax: None means "unchanged".
    """

    cut: BoolArray | None = None
    trade_cost: FloatArray | None = None
    left: FloatArray | None = None
    tariff: FloatArray | None = None
    export_tax: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """One kind of upper bound on a set of cells, enforced by a complementarity row.

    Attributes
    ----------
    kind : {"quota", "price_cap"}
        A quota bounds each cell of its own: shipped quantity <= ``bound`` x base quantity. A price cap bounds
        the producer price of each (exporter, sector), relative to the numeraire (world factor income):
        price <= ``bound`` x base price, by one wedge common to all importers whose cells are marked.
    cells : (importer, exporter, sector) where the bound applies. An economy's trade with itself is never marked.
    bound : share of the base quantity or base price, >= 0
    rent : {"importer", "exporter"}
        Whose income the wedge is.
    label : the sentence that describes the instrument
    use : {"inputs", "final"} or None
        Purchases that it binds; None is all of them.
    """

    kind: LimitKind
    cells: BoolArray
    bound: float
    rent: Rent
    label: Remark
    use: Use | None = None


@dataclass(frozen=True, slots=True)
class Shock:
    """A scenario compiled for one world. None means "unchanged".

    Attributes
    ----------
    cut : (importer, exporter, sector) true where the flow is exactly zero
    trade_cost : (importer, exporter, sector) iceberg factor, new over old; 1 is no change
    left : (importer, exporter, sector) what is left of the weight of a flow among those of its buyer: 0.4 where a
        strait takes 60 % of it.
    tariff, export_tax : (importer, exporter, sector) new rates in levels (0.1 is 10 %); a tariff is on the border
        value, an export tax on the basic value
    productivity : (country, sector) new over old
    endowments : (country,) factor endowments, new over old
    transfer : (country,) added income, million USD in units of the numeraire; sums to zero
    limits : quotas and price caps
    labels : one sentence an instrument, then one for each adjustment that was made (removed own-country pairs, ...)
    doubts : what is allowed and rarely meant
    final : FlowTerms of what is bought for final use, where they differ: those of the shock itself are then of inputs
        only.
    """

    cut: BoolArray | None = None
    trade_cost: FloatArray | None = None
    left: FloatArray | None = None
    tariff: FloatArray | None = None
    export_tax: FloatArray | None = None
    productivity: FloatArray | None = None
    endowments: FloatArray | None = None
    transfer: FloatArray | None = None
    limits: tuple[Limit, ...] = ()
    labels: tuple[Remark, ...] = ()
    doubts: tuple[SuasionWarning, ...] = ()
    final: FlowTerms | None = None

    @property
    def by_use(self) -> bool:
        """Whether anything differs between inputs and final use."""
        return self.final is not None or any(limit.use is not None for limit in self.limits)

    def cutting(self, cells: BoolArray) -> Shock:
        """Return the shock with more flows cut, for every use."""
        own, final = self.cut, self.final
        if final is not None:
            final = replace(final, cut=cells if final.cut is None else final.cut | cells)
        return replace(self, cut=cells if own is None else own | cells, final=final)


@dataclass(frozen=True, slots=True)
class Switching:
    """How buyers change their suppliers within the period, equation (M2.1); arrays (sector,).

    sigma: substitution among origins where a buyer switches.
    share: b, of the purchases that are free to switch in the base, from 0 to 1.
    mu: substitution between buying from suppliers one has and switching, above 1.
    """

    sigma: FloatArray
    share: FloatArray
    mu: FloatArray


@dataclass(frozen=True, slots=True)
class Parameters:
    """Elasticities resolved for one world: plain read-only arrays, ready for the equations.

    Attributes
    ----------
    sigma : (sector,) substitution among origins of a good (Armington); the trade elasticity is ``sigma - 1``. Where
        some buyers can switch, that of the others.
    zeta, epsilon, eta : (country, sector) substitution between value added and inputs, among inputs, and among
        factors
    kappa : (country,) substitution among goods in final demand
    mobility : (factor,) 1 / roy: 0 is freely mobile between sectors, 1 is specific to its sector, between is
        Roy-Frechet.
    horizon : label such as ``"long (10 years)"``
    marks : notes on filled, defaulted and floored values; a dossier prints them
    switching : buyers who change their suppliers within the period; None for nobody
    years : years since the shock that they stand for
    doubts : horizons for which the elasticities were not made
    capital : (country,) share of capital in value added where the stock adjusts, (M2.7); None where it does not
    """

    sigma: FloatArray
    zeta: FloatArray
    epsilon: FloatArray
    eta: FloatArray
    kappa: FloatArray
    mobility: FloatArray
    horizon: str = ""
    marks: tuple[Remark, ...] = ()
    switching: Switching | None = None
    years: float | None = None
    doubts: tuple[SuasionWarning, ...] = ()
    capital: FloatArray | None = None

    @property
    def modes(self) -> Modes:
        """Modes of buying each good: two where some buyers, but not all, are free to switch to better substitutes."""
        return self._modes(self.switching is not None and (self.switching.sigma != self.sigma))

    @property
    def drawn_modes(self) -> Modes:
        """The same, also where the modes happen to be alike: all draws at a horizon have modes of the same sectors."""
        return self._modes(np.ones_like(self.sigma, dtype=np.bool_))

    def _modes(self, matters: BoolArray | bool) -> Modes:
        s, given = self.sigma.size, self.switching
        if given is None:
            return Modes(s, *_none(s), self.sigma, np.zeros((0, 1)), np.zeros(0))
        main = np.where(given.share < 1.0, self.sigma, given.sigma)
        dual = np.flatnonzero((given.share > 0.0) & (given.share < 1.0) & matters)
        good = np.concatenate([np.arange(s), dual])
        sigma = np.concatenate([main, given.sigma[dual]])
        return Modes(s, dual, good, sigma, given.share[dual, None], given.mu[dual])

    @property
    def local_sigma(self) -> FloatArray:
        """(sector,) substitution among origins for small changes: sigma averaged over the modes with their shares."""
        modes = self.modes
        mean = modes.sigma[: modes.sectors].copy()
        b = modes.switching[:, 0]
        mean[modes.dual] = (1.0 - b) * mean[modes.dual] + b * modes.sigma[modes.sectors :]
        return mean

    def digest(self) -> bytes:
        """Return a hash of all that equations read: of every array, not of labels and notes."""
        arrays = [self.sigma, self.zeta, self.epsilon, self.eta, self.kappa, self.mobility]
        if self.switching is not None:
            arrays += [self.switching.sigma, self.switching.share, self.switching.mu]
        arrays += [] if self.capital is None else [self.capital]
        found = hashlib.sha256()
        for array in arrays:
            found.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return found.digest()


def _none(sectors: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Sectors with two modes where there are none, and the sector of each mode."""
    return np.zeros(0, dtype=np.intp), np.arange(sectors)
