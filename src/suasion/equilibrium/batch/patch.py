"""A shock as the few cells in which it differs from the base, so that many shocks can share the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts, FloatArray
from suasion.equilibrium.diagnose import check_collapse
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.types import Parameters, Shock
from suasion.errors import CollapseError

#: Below this share of a buyer's supply left by a cut, subtracting the lost weights costs too many digits.
_LEFT = 1e-4


@dataclass(frozen=True, slots=True)
class Patch:
    """Changed cells of the trade weights, and changes by country.

    Attributes
    ----------
    cells : (3, C) sector, importer, exporter
    gross, net : (C,) new weight, and the part of it that the producer receives; the rest is the importer's duty
    productivity : (N, S) log A, or None
    labour : (N,) log change of endowments, or None
    transfer : (N,) added transfers, or None
    """

    cells: NDArray[np.intp]
    gross: FloatArray
    net: FloatArray
    productivity: FloatArray | None = None
    labour: FloatArray | None = None
    transfer: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """A base seen once for all its patches.

    Attributes
    ----------
    base, parameters : accounts and elasticities
    flows : (N, N) number of goods that each importer buys from each exporter
    buyers : (S, N) number of countries that buy each good of each exporter
    """

    base: Accounts
    parameters: Parameters
    flows: NDArray[np.intp]
    buyers: NDArray[np.intp]


def ground_of(base: Accounts, parameters: Parameters) -> Ground:
    """Count flows and buyers of a base."""
    open_cells = base.pi > 0
    bought = open_cells & (base.expenditure.T > 0)[:, :, None]
    return Ground(base, parameters, open_cells.sum(0), bought.sum(1))


def patch_of(base: Accounts, parameters: Parameters, shock: Shock) -> Patch | None:
    """Return the shock as a patch, or None where it has a form that only the single solver treats.

    Export taxes, quotas and caps, and cuts that need a diagnosis (no supplier, no buyer, hardly any supply left, blocs
    that part, costs that may run away) are of that kind.
    """
    return patch_on(ground_of(base, parameters), shock)


def patch_on(ground: Ground, shock: Shock) -> Patch | None:
    """Return the shock as a patch of a base seen before; see :func:`patch_of`."""
    base = ground.base
    if shock.limits or shock.export_tax is not None or base.export_tax is not None:
        return None
    k, n, i = _touched(base, shock)
    weight = base.pi[k, n, i]
    power = 1.0 - ground.parameters.sigma[k]
    before = np.ones(k.size) if base.tariff is None else 1.0 + base.tariff[k, n, i]
    duty = before if shock.tariff is None else 1.0 + shock.tariff[n, i, k]
    cost = np.ones(k.size) if shock.trade_cost is None else shock.trade_cost[n, i, k]
    gross = weight * (cost * (duty / before)) ** power
    if shock.cut is not None:
        gross = np.where(shock.cut[n, i, k], 0.0, gross)
    patch = Patch(
        np.stack([k, n, i]),
        gross,
        gross / duty,
        None if shock.productivity is None else np.log(shock.productivity),
        None if shock.labour is None else np.log(shock.labour),
        shock.transfer,
    )
    return patch if plain(ground, patch) else None


def _touched(base: Accounts, shock: Shock) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Sector, importer and exporter of the flows that a shock changes."""
    touched = np.zeros(base.pi.shape, dtype=bool).transpose(1, 2, 0)
    rates = 0.0 if base.tariff is None else base.tariff.transpose(1, 2, 0)
    changes = ((shock.cut, False), (shock.trade_cost, 1.0), (shock.tariff, rates))
    for change, rest in changes:
        if change is not None:
            touched = touched | (change != rest)
    n, i, k = np.nonzero(touched)
    used = base.pi[k, n, i] > 0
    return k[used], n[used], i[used]


def cut_patch(ground: Ground, cells: NDArray[np.intp]) -> Patch | None:
    """Return the cut of some flows as a patch, without building trade-sized arrays.

    Parameters
    ----------
    ground : base
    cells : (3, C) sector, importer, exporter, each once
    """
    used = cells[:, ground.base.pi[tuple(cells)] > 0]
    zero = np.zeros(used.shape[1])
    patch = Patch(used, zero, zero)
    return patch if plain(ground, patch) else None


def tariff_patch(ground: Ground, cells: NDArray[np.intp], rate: float) -> Patch | None:
    """Return a tariff on some flows as a patch, without building trade-sized arrays.

    Parameters
    ----------
    ground : base
    cells : (3, C) sector, importer, exporter, each once
    rate : added to the base's rate; 0.1 is ten percentage points
    """
    base = ground.base
    used = cells[:, base.pi[tuple(cells)] > 0]
    before = np.ones(used.shape[1]) if base.tariff is None else 1.0 + base.tariff[tuple(used)]
    power = 1.0 - ground.parameters.sigma[used[0]]
    gross = base.pi[tuple(used)] * ((before + rate) / before) ** power
    patch = Patch(used, gross, gross / (before + rate))
    return patch if plain(ground, patch) else None


def plain(ground: Ground, patch: Patch) -> bool:
    """Whether a patch needs no diagnosis: suppliers and buyers remain, the world hangs together, costs stay finite."""
    base = ground.base
    k, n, i = patch.cells
    s, size, _ = base.pi.shape
    change = patch.gross - base.pi[k, n, i]
    row = k * size + n
    left = np.asarray(1.0 + np.bincount(row, change, minlength=s * size), dtype=np.float64)
    if (ground.parameters.sigma <= 1.0).any() or left[row].min(initial=1.0) < _LEFT:
        return False
    return (
        _hangs_together(ground, patch) and _has_buyers(ground, patch) and _stays_finite(ground, patch, left)
    )


def _hangs_together(ground: Ground, patch: Patch) -> bool:
    """Whether no bloc parts from the rest; a base that has parted already is not plain either."""
    from scipy.sparse.csgraph import connected_components

    _, n, i = patch.cells[:, patch.gross == 0]
    flows = ground.flows.copy()
    np.subtract.at(flows, (n, i), 1)
    return int(connected_components(flows > 0, directed=False, return_labels=False)) == 1


def _has_buyers(ground: Ground, patch: Patch) -> bool:
    base = ground.base
    k, n, i = patch.cells[:, patch.gross == 0]
    bought = base.expenditure[n, k] > 0
    left = ground.buyers.copy()
    np.subtract.at(left, (k[bought], i[bought]), 1)
    return not ((left[k, i] == 0) & (base.output[i, k] > 0)).any()


def _stays_finite(ground: Ground, patch: Patch, left: FloatArray) -> bool:
    """The first step of the test for collapse: with wages out of the way every cost falls."""
    base, theta = ground.base, ground.parameters.theta
    if theta.max() >= 1.0:
        return True
    price = np.log(left.reshape(base.pi.shape[:2]).T) / (1.0 - ground.parameters.sigma)
    rows = np.unique(patch.cells[1]) if patch.productivity is None else np.arange(base.pi.shape[1])
    highest = np.where(base.input_share[rows] > 0, price[rows][:, None, :], -np.inf).max(2)
    uses = base.va_share[rows] < 1.0
    share = np.log(np.where(uses, 1.0 - base.va_share[rows], 1.0)) / (1.0 - theta[rows])
    lower = 0.0 if patch.productivity is None else patch.productivity[rows]
    # The index over inputs is at most the dearest of them: a sufficient condition, cheap to test.
    if (np.where(uses, share + highest - lower, -1.0) < 0.0).all():
        return True
    return _passes_collapse(ground, patch)


def _passes_collapse(ground: Ground, patch: Patch) -> bool:
    """The test itself, on the patched weights."""
    weight = ground.base.pi.copy()
    weight[tuple(patch.cells)] = patch.gross
    problem = build_problem(ground.base, ground.parameters, Shock(), "world")
    lower = problem.productivity if patch.productivity is None else patch.productivity
    try:
        check_collapse(replace(problem, weight=weight, productivity=lower))
    except CollapseError:
        return False
    return True
