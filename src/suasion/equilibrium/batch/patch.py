"""A shock as the few cells in which it differs from the base, so that many shocks can share the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts, places
from suasion.equilibrium.modes import Modes
from suasion.equilibrium.problem import reachable
from suasion.equilibrium.types import Parameters, Shock
from suasion.equilibrium.uses import fitted
from suasion.types import FloatArray

#: Below this share of a buyer's supply left by a cut, subtracting the lost weights costs too many digits.
_LEFT = 1e-4


@dataclass(frozen=True, slots=True)
class Patch:
    """Changed cells of the trade weights, and changes by country.

    cells: (3, C) mode of buying a good, importer, exporter.
    gross, net: (C,) new weight, and the part of it that the producer receives; the rest is the importer's
      duty.
    gone: (C,) share of the flow that is cut or removed.
    productivity: (N, S) log A, or None.
    endowments: (N,) log change of endowments, or None.
    transfer: (N,) added transfers, or None.
    """

    cells: NDArray[np.intp]
    gross: FloatArray
    net: FloatArray
    gone: FloatArray
    productivity: FloatArray | None = None
    endowments: FloatArray | None = None
    transfer: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """A base seen once for all its patches.

    base, parameters: accounts and elasticities.
    modes: ways of buying each good.
    pi: (K, N, N) shares in each mode.
    flows: (N, N) number of goods that each importer buys from each exporter.
    buyers: (S, N) number of countries that buy each good of each exporter.
    hub: the country with the most partners.
    """

    base: Accounts
    parameters: Parameters
    modes: Modes
    pi: FloatArray
    flows: NDArray[np.intp]
    buyers: NDArray[np.intp]
    hub: int


def ground_of(base: Accounts, parameters: Parameters) -> Ground:
    """Count flows and buyers of a base."""
    open_cells = base.pi > 0
    bought = open_cells & (base.expenditure.T > 0)[:, :, None]
    flows = open_cells.sum(0)
    partners = ((flows > 0) | (flows.T > 0)).sum(0)
    modes = parameters.drawn_modes.on(base.modes)
    pi = modes.shares(base.pi, base.modes)
    return Ground(base, parameters, modes, pi, flows, bought.sum(1), int(partners.argmax()))


def patch_on(ground: Ground, shock: Shock) -> Patch | None:
    """Return the shock as a patch, or None where it has a form that only the single solver treats.

    Export taxes, quotas and caps, and cuts that need a diagnosis (no supplier, no buyer, hardly any supply left, blocs
    that part) are of that kind.
    """
    shock = fitted(ground.base, shock)
    if shock.by_use or shock.limits or shock.export_tax is not None or ground.base.export_tax is not None:
        return None
    patch = _weighted(ground, shock, _touched(ground.base, shock))
    return patch if plain(ground, patch) else None


def patches_of_draws(
    base: Accounts, central: Parameters, shock: Shock, sets: Sequence[Parameters]
) -> list[Patch | None]:
    """Return one shock as a patch for each set of elasticities; they differ in the weights of dearer flows only.

    base: accounts.
    central: elasticities of which the sets are draws: a shock that is no patch with these is none with a
      draw.
    shock: compiled scenario.
    sets: elasticities.
    """
    ground, shock = ground_of(base, central), fitted(base, shock)
    if patch_on(ground, shock) is None:
        return [None] * len(sets)
    touched, found = _touched(base, shock), []
    for parameters in sets:
        modes = parameters.drawn_modes.on(base.modes)
        drawn = replace(ground, parameters=parameters, modes=modes, pi=modes.shares(base.pi, base.modes))
        patch = _weighted(drawn, shock, touched)
        found.append(patch if _enough_left(drawn, patch) else None)
    return found


def _weighted(ground: Ground, shock: Shock, touched: NDArray[np.intp]) -> Patch:
    """The patch of a shock that touches some cells (3, C) of sectors."""
    base, modes = ground.base, ground.modes
    cells = modes.cells(touched)
    page, n, i = cells
    k = modes.good[page]
    weight = ground.pi[page, n, i]
    power = 1.0 - modes.sigma[page]
    before = np.ones(k.size) if base.tariff is None else 1.0 + base.tariff[k, n, i]
    duty = before if shock.tariff is None else 1.0 + shock.tariff[n, i, k]
    cost = np.ones(k.size) if shock.trade_cost is None else shock.trade_cost[n, i, k]
    gross = weight * (cost * (duty / before)) ** power
    gone = np.zeros(k.size)
    if shock.left is not None:
        gross *= shock.left[n, i, k]
        gone = 1.0 - np.minimum(shock.left[n, i, k], 1.0)
    if shock.cut is not None:
        gross = np.where(shock.cut[n, i, k], 0.0, gross)
        gone = np.where(shock.cut[n, i, k], 1.0, gone)
    return Patch(
        cells,
        gross,
        gross / duty,
        gone,
        None if shock.productivity is None else np.log(shock.productivity),
        None if shock.endowments is None else np.log(shock.endowments),
        shock.transfer,
    )


def _touched(base: Accounts, shock: Shock) -> NDArray[np.intp]:
    """Sector, importer and exporter (3, C) of the flows that a shock changes."""
    touched = np.zeros(base.pi.shape, dtype=bool).transpose(1, 2, 0)
    rates = 0.0 if base.tariff is None else base.tariff.transpose(1, 2, 0)
    changes = ((shock.cut, False), (shock.trade_cost, 1.0), (shock.left, 1.0), (shock.tariff, rates))
    for change, rest in changes:
        if change is not None:
            touched = touched | (change != rest)
    n, i, k = places(touched)
    cells = np.stack([k, n, i])
    return cells[:, base.pi[k, n, i] > 0]


def cut_patch(ground: Ground, cells: NDArray[np.intp]) -> Patch | None:
    """Return the cut of some flows as a patch, without building trade-sized arrays.

    ground: base.
    cells: (3, C) sector, importer, exporter, each once.
    """
    used = ground.modes.cells(cells[:, ground.base.pi[tuple(cells)] > 0])
    zero = np.zeros(used.shape[1])
    patch = Patch(used, zero, zero, np.ones(zero.size))
    return patch if plain(ground, patch) else None


def tariff_patch(ground: Ground, cells: NDArray[np.intp], rate: float) -> Patch | None:
    """Return a tariff on some flows as a patch, without building trade-sized arrays.

    ground: base.
    cells: (3, C) sector, importer, exporter, each once.
    rate: added to the base's rate; 0.1 is ten percentage points.
    """
    base, modes = ground.base, ground.modes
    used = modes.cells(cells[:, base.pi[tuple(cells)] > 0])
    k, n, i = used
    before = np.ones(k.size) if base.tariff is None else 1.0 + base.tariff[modes.good[k], n, i]
    gross = ground.pi[k, n, i] * ((before + rate) / before) ** (1.0 - modes.sigma[k])
    patch = Patch(used, gross, gross / (before + rate), np.zeros(k.size))
    return patch if plain(ground, patch) else None


def lost_in(base: Accounts, patch: Patch) -> FloatArray:
    """Share of its supply that each good loses where flows are cut or removed, (N, S)."""
    s, n = base.pi.shape[:2]
    page, importer, exporter = patch.cells[:, patch.cells[0] < s]
    gone = base.pi[page, importer, exporter] * patch.gone[patch.cells[0] < s]
    return np.asarray(np.bincount(importer * s + page, gone, minlength=n * s), dtype=float).reshape(n, s)


def plain(ground: Ground, patch: Patch) -> bool:
    """Whether a patch needs no diagnosis: suppliers and buyers remain, and the world hangs together.

    Whether costs stay finite is left to the iteration: where they cannot, no solution exists that it could find.
    """
    return _enough_left(ground, patch) and _has_buyers(ground, patch) and _hangs_together(ground, patch)


def _enough_left(ground: Ground, patch: Patch) -> bool:
    """Whether every buyer keeps a part of its supply that can be told from nothing."""
    k, n, i = patch.cells
    size = ground.pi.shape[1]
    row = k * size + n
    left = 1.0 + np.bincount(row, patch.gross - ground.pi[k, n, i])
    return bool((ground.modes.sigma > 1.0).all() and left[row].min(initial=1.0) >= _LEFT)


def _hangs_together(ground: Ground, patch: Patch) -> bool:
    """Whether no bloc parts from the rest; a base that has parted already is not plain either."""
    _, n, i = _cut(ground, patch)
    flows = ground.flows.copy()
    np.subtract.at(flows, (n, i), 1)
    linked = (flows > 0) | (flows.T > 0)
    # Everybody trades with the largest hub as a rule; only where the cut ends that is a search needed.
    return bool(linked[ground.hub].all() or reachable(linked).all())


def _cut(ground: Ground, patch: Patch) -> NDArray[np.intp]:
    """Sector, importer and exporter (3, C) of the flows that end, in all modes."""
    return patch.cells[:, (patch.gross == 0) & (patch.cells[0] < ground.modes.sectors)]


def _has_buyers(ground: Ground, patch: Patch) -> bool:
    base = ground.base
    k, n, i = _cut(ground, patch)
    bought = base.expenditure[n, k] > 0
    left = ground.buyers.copy()
    np.subtract.at(left, (k[bought], i[bought]), 1)
    return not ((left[k, i] == 0) & (base.output[i, k] > 0)).any()
