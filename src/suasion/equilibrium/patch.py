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


def patch_of(base: Accounts, parameters: Parameters, shock: Shock) -> Patch | None:
    """Return the shock as a patch, or None where it has a form that only the single solver treats.

    Export taxes, quotas and caps, base taxes, and cuts that need a diagnosis (no supplier, no buyer, hardly any
    supply left, blocs that part, costs that may run away) are of that kind.
    """
    if shock.limits or shock.export_tax is not None or base.tariff is not None or base.export_tax is not None:
        return None
    touched = np.zeros(base.pi.shape, dtype=bool).transpose(1, 2, 0)
    for change, rest in ((shock.cut, False), (shock.trade_cost, 1.0), (shock.tariff, 0.0)):
        if change is not None:
            touched = touched | (change != rest)
    n, i, k = np.nonzero(touched)
    weight = base.pi[k, n, i]
    used = weight > 0
    k, n, i, weight = k[used], n[used], i[used], weight[used]
    power = 1.0 - parameters.sigma[k]
    duty = np.ones(k.size) if shock.tariff is None else 1.0 + shock.tariff[n, i, k]
    cost = np.ones(k.size) if shock.trade_cost is None else shock.trade_cost[n, i, k]
    gross = weight * (cost * duty) ** power
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
    return patch if plain(base, parameters, patch) else None


def cut_patch(base: Accounts, parameters: Parameters, first: int, second: int) -> Patch | None:
    """Return the full cut of all trade between two countries as a patch, without building trade-sized arrays."""
    s = len(base.sectors)
    k = np.tile(np.arange(s), 2)
    n = np.repeat([first, second], s)
    i = np.repeat([second, first], s)
    used = base.pi[k, n, i] > 0
    cells = np.stack([k, n, i])[:, used]
    zero = np.zeros(cells.shape[1])
    patch = Patch(cells, zero, zero)
    return patch if plain(base, parameters, patch) else None


def plain(base: Accounts, parameters: Parameters, patch: Patch) -> bool:
    """Whether a patch needs no diagnosis: suppliers and buyers remain, the world hangs together, costs stay finite."""
    k, n, i = patch.cells
    s, size, _ = base.pi.shape
    change = patch.gross - base.pi[k, n, i]
    row = k * size + n
    left = np.asarray(1.0 + np.bincount(row, change, minlength=s * size), dtype=np.float64)
    if (parameters.sigma <= 1.0).any() or left[np.unique(row)].min(initial=1.0) < _LEFT:
        return False
    return (
        _hangs_together(base, patch)
        and _has_buyers(base, patch)
        and _stays_finite(base, parameters, patch, left)
    )


def _hangs_together(base: Accounts, patch: Patch) -> bool:
    lost = patch.gross == 0
    if not lost.any():
        return True
    from scipy.sparse.csgraph import connected_components

    _, n, i = patch.cells[:, lost]
    open_cells = (base.pi > 0).sum(0)
    np.subtract.at(open_cells, (n, i), 1)
    return int(connected_components(open_cells > 0, directed=False, return_labels=False)) == 1


def _has_buyers(base: Accounts, patch: Patch) -> bool:
    lost = patch.gross == 0
    k, _, i = patch.cells[:, lost]
    sold = base.pi * (base.expenditure.T > 0)[:, :, None]
    buyers = np.zeros(sold[:, 0].shape)
    sellers = np.unique(np.stack([k, i]), axis=1) if lost.any() else np.empty((2, 0), dtype=np.intp)
    buyers[sellers[0], sellers[1]] = (sold[sellers[0], :, sellers[1]] > 0).sum(1)
    np.subtract.at(buyers, (k, i), 1)
    produced = base.output.T[sellers[0], sellers[1]] > 0
    return bool((buyers[sellers[0], sellers[1]][produced] > 0).all())


def _stays_finite(base: Accounts, parameters: Parameters, patch: Patch, left: FloatArray) -> bool:
    """The first step of the test for collapse: with wages out of the way every cost falls."""
    theta = parameters.theta
    if theta.max() >= 1.0:
        return True
    price = np.log(left.reshape(base.pi.shape[:2]).T) / (1.0 - parameters.sigma)
    rows = np.unique(patch.cells[1]) if patch.productivity is None else np.arange(base.pi.shape[1])
    highest = np.where(base.input_share[rows] > 0, price[rows][:, None, :], -np.inf).max(2)
    uses = base.va_share[rows] < 1.0
    share = np.log(np.where(uses, 1.0 - base.va_share[rows], 1.0)) / (1.0 - theta[rows])
    lower = 0.0 if patch.productivity is None else patch.productivity[rows]
    # The index over inputs is at most the dearest of them: a sufficient condition, cheap to test.
    if (np.where(uses, share + highest - lower, -1.0) < 0.0).all():
        return True
    return _passes_collapse(base, parameters, patch)


def _passes_collapse(base: Accounts, parameters: Parameters, patch: Patch) -> bool:
    """The test itself, on the patched weights."""
    weight = base.pi.copy()
    weight[tuple(patch.cells)] = patch.gross
    problem = build_problem(base, parameters, Shock(), "world")
    lower = problem.productivity if patch.productivity is None else patch.productivity
    try:
        check_collapse(replace(problem, weight=weight, productivity=lower))
    except CollapseError:
        return False
    return True
