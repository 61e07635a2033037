"""Frozen shapes that the parts of the equilibrium room exchange: shocks, limits, parameters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from suasion.errors import SuasionWarning

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
LimitKind = Literal["quota", "price_cap"]
Rent = Literal["importer", "exporter"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One kind of upper bound on a set of cells, enforced by a complementarity row.

    Attributes
    ----------
    kind : {"quota", "price_cap"}
        A quota bounds each cell of its own: shipped quantity <= ``bound`` x base quantity. A price cap bounds
        the producer price of each (exporter, sector), relative to the numeraire (world factor income):
        price <= ``bound`` x base price, by one wedge common to all importers whose cells are marked.
    cells : bool array (importer, exporter, sector)
        Where the bound applies. An economy's trade with itself is never marked.
    bound : float
        Share of the base quantity or base price, >= 0.
    rent : {"importer", "exporter"}
        Whose income the wedge is.
    label : str
        The sentence that describes the instrument.
    """

    kind: LimitKind
    cells: BoolArray
    bound: float
    rent: Rent
    label: str


@dataclass(frozen=True, slots=True)
class Shock:
    """A scenario compiled for one world. None means "unchanged".

    Attributes
    ----------
    cut : bool array (importer, exporter, sector) or None
        True where the flow is exactly zero.
    trade_cost : float array (importer, exporter, sector) or None
        Iceberg factor, new over old; 1 is no change.
    tariff, export_tax : float array (importer, exporter, sector) or None
        New rates in levels (0.1 is 10 %); a tariff is on the border value, an export tax on the basic value.
    productivity : float array (country, sector) or None
        New over old.
    labour : float array (country,) or None
        Factor endowments, new over old.
    transfer : float array (country,) or None
        Added income, million USD in units of the numeraire; sums to zero.
    limits : tuple of Limit
        Quotas and price caps.
    labels : tuple of str
        One sentence an instrument, then one for each adjustment that was made (removed own-country pairs,
        ...).
    doubts : tuple of SuasionWarning
        What is allowed and rarely meant.
    """

    cut: BoolArray | None = None
    trade_cost: FloatArray | None = None
    tariff: FloatArray | None = None
    export_tax: FloatArray | None = None
    productivity: FloatArray | None = None
    labour: FloatArray | None = None
    transfer: FloatArray | None = None
    limits: tuple[Limit, ...] = ()
    labels: tuple[str, ...] = ()
    doubts: tuple[SuasionWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameters:
    """Elasticities resolved for one world: plain read-only arrays, ready for the equations.

    Attributes
    ----------
    sigma : (sector,)
        Substitution among origins of a good (Armington); the trade elasticity is ``sigma - 1``.
    theta, epsilon, eta : (country, sector)
        Substitution between value added and inputs, among inputs, and among factors.
    kappa : (country,)
        Substitution among goods in final demand.
    mobility : (factor,)
        1 / roy: 0 is freely mobile between sectors, 1 is specific to its sector, between is Roy-Frechet.
    horizon : str
        Label such as ``"long (10 years)"``.
    marks : tuple of str
        Notes on filled, defaulted and floored values; a dossier prints them.
    doubts : tuple of SuasionWarning
        Horizons for which the elasticities were not made.
    """

    sigma: FloatArray
    theta: FloatArray
    epsilon: FloatArray
    eta: FloatArray
    kappa: FloatArray
    mobility: FloatArray
    horizon: str = ""
    marks: tuple[str, ...] = ()
    doubts: tuple[SuasionWarning, ...] = ()

    def digest(self) -> bytes:
        """Return a hash of all that equations read: of every array, not of labels and notes."""
        arrays = (self.sigma, self.theta, self.epsilon, self.eta, self.kappa, self.mobility)
        found = hashlib.sha256()
        for array in arrays:
            found.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return found.digest()
