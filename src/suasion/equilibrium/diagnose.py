"""Recognise a shock that breaks the world before iterating, and say what breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.problem import Problem
from suasion.errors import CollapseError, ElasticityError, NoSupplierError
from suasion.remarks import Remark, Topic
from suasion.types import FloatArray

#: How many offenders a message lists.
_SHOWN = 5
#: Nearer to one than this, 1 / (1 - sigma) loses the digits that the residual needs.
_UNIT_GAP = 1e-4
#: Log cost of a cell that needs no inputs, in the test for collapse.
_FLOOR = -100.0
#: Log cost beyond which no doubt is left.
_CEILING = 500.0


def check(problem: Problem) -> tuple[Remark, ...]:
    """Raise if the shock has no equilibrium; otherwise return remarks on how it was read.

    Raises ElasticityError: sigma at one, or at most one where a flow is cut or bounded at zero.
    Raises NoSupplierError: A good is bought but every supplier is cut off.
    Raises CollapseError: Inputs are too essential for what is left: no finite prices exist.
    """
    check_sigma(problem)
    check_suppliers(problem)
    check_collapse(problem)
    return _blocs(problem)


def _cells(problem: Problem, mask: NDArray[np.bool_]) -> str:
    """Name the first True cells of a (country, sector) mask."""
    base = problem.base
    return shown_some([f"{base.countries[n]} {base.sectors[k]}" for n, k in np.argwhere(mask)])


def shown_some(names: Sequence[str]) -> str:
    """Join the first of some names, and say how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def check_unit_sigma(sigma: FloatArray, sectors: Sequence[str]) -> None:
    """Refuse sigma of one."""
    near = np.abs(sigma - 1.0) < _UNIT_GAP
    if near.any():
        names = shown_some([sectors[k] for k in np.flatnonzero(near).tolist()])
        raise ElasticityError(
            f"sigma is 1 in {names}: sourcing shares would never react. Use a value at least {_UNIT_GAP} away."
        )


def check_sigma(problem: Problem) -> None:
    """Refuse sigma of one, and sigma up to one where flows are cut: the loss would be infinite."""
    base, modes = problem.base, problem.modes
    names = [base.sectors[k] for k in modes.good]
    check_unit_sigma(modes.sigma, names)
    if modes.sigma.min() > 1.0:
        return
    lost = ((base.pi > 0) & (problem.links == 0)).any((1, 2))
    if problem.left is not None:
        lost |= (problem.left < 1.0).any((1, 2))
    if problem.limits is not None:
        zero = problem.limits.bound[problem.limits.constraint] <= 0
        lost[problem.limits.cells[0, zero]] = True
    check_cut_sigma(modes.sigma, names, modes.pages(lost))


def check_cut_sigma(sigma: FloatArray, sectors: Sequence[str], cut: NDArray[np.bool_]) -> None:
    """Refuse sigma (K,) of at most one where flows of a good (K,) are cut.

    The price of a good that loses a share w of its supply rises by (1 - w) ** (-1 / (sigma - 1)), without end at one.
    """
    broken = cut & (sigma <= 1.0)
    if not broken.any():
        return
    found = shown_some([f"{sectors[k]} ({sigma[k]:g})" for k in np.flatnonzero(broken).tolist()])
    raise ElasticityError(
        f"An embargo needs sigma > 1, but sigma is at most 1 in {found}: without the lost origin the good would be "
        "infinitely dear. Give a sigma above 1; or, in a scenario, a quota or a finite TradeCost."
    )


def check_suppliers(problem: Problem) -> None:
    """Refuse a cut that leaves a buyer without any origin of a good that it buys."""
    orphan = (problem.base.expenditure > 0) & ~(problem.links > 0).any(2).T
    if not orphan.any():
        return
    cut = False if problem.cut is None else problem.cut
    parted = orphan & ((problem.base.pi > 0) & ~np.asarray(cut)).any(2).T
    if parted.any():
        raise NoSupplierError(
            f"Nobody forbids to supply {_cells(problem, parted)}, but that country can earn nothing abroad any more: "
            "it can buy nothing there, and does not make this itself. Let it sell something, or use a finite TradeCost."
        )
    raise NoSupplierError(
        f"The cut leaves no supplier at all to {_cells(problem, orphan)}. Exempt these sectors with `sectors=`, "
        "or use a finite TradeCost instead of an embargo."
    )


def check_collapse(problem: Problem, sweeps: int = 400) -> None:
    """Refuse a shock after which no finite prices exist.

    With zeta < 1, far above its base level a cost rises in proportion to the prices of inputs only: the price
    equations become homogeneous of degree one. If repeating them makes costs grow for ever, wages cannot stop
    the rise. With all elasticities equal this is the spectral radius of Omega H reaching one, equation (2.33).
    """
    if problem.parameters.zeta.min() >= 1.0 or not _supply_reduced(problem):
        return
    step = _recession_map(problem)
    cost = halfway = growth = np.zeros_like(problem.base.output)
    for sweep in range(1, sweeps + 1):
        before, growth = growth, step(cost) - cost
        if growth.max() <= 1e-9:  # cells that only use inputs of cells without inputs stand still
            return
        cost = cost + growth
        halfway = cost if sweep == sweeps // 2 else halfway
        if cost.max() > _CEILING or np.abs(growth - before).max() < 1e-9:
            break
    else:
        growth = (cost - halfway) / (sweeps - sweeps // 2)
    if growth.max() > 0.0 and cost.max() > 0.0:
        raise CollapseError(
            f"The production of {_cells(problem, growth >= 0.5 * growth.max())} has no finite cost after this "
            "shock: its inputs are too hard to replace (spectral radius at or above one). Cut less, or raise zeta, "
            "epsilon or sigma."
        )


def _supply_reduced(problem: Problem) -> bool:
    """Whether some weight or productivity fell: only then can prices run away."""
    return bool((problem.weight < problem.pi).any() or (problem.productivity < 0).any())


def _recession_map(problem: Problem) -> Callable[[FloatArray], FloatArray]:
    """Return the map of log costs when wages no longer matter.

    Cells without inputs, and those that can do without them (zeta > 1), sit at the floor.
    """
    base, parameters, modes = problem.base, problem.parameters, problem.modes
    power = (1.0 - modes.sigma)[:, None]
    slack = 1.0 - parameters.zeta
    inputs_share = 1.0 - base.va_share
    buys = (base.input_share > 0.0).any(
        -1
    )  # not by the share alone: rounding leaves 1e-16 of it where nothing is bought
    uses = buys & (inputs_share > 0.0) & problem.alive & (slack >= 0.0)
    geometric = slack == 0.0
    rigid = uses & ~geometric
    constant = np.where(rigid, np.log(np.where(rigid, inputs_share, 1.0)) / np.where(rigid, slack, 1.0), 0.0)
    slope = np.where(geometric, inputs_share, 1.0)
    bought = problem.bought

    def step(cost: FloatArray) -> FloatArray:
        total = _log_total(problem.weight, power * modes.pages(cost.T))
        price = modes.blend(np.where(bought, np.where(bought, total, 0.0) / power, 0.0))[0].T
        inputs = _log_mean(base.input_share, price, parameters.epsilon)
        return np.asarray(np.where(uses, constant + slope * inputs, _FLOOR) - problem.productivity)

    return step


def _log_total(weight: FloatArray, logs: FloatArray) -> FloatArray:
    """Log of the sum over exporters of weight times exp(logs), (K, N); exact also where exp would overflow."""
    if np.abs(logs).max() < 600.0:
        total = np.matmul(weight, np.exp(logs)[..., None])[..., 0]
        return np.asarray(np.log(np.maximum(total, 1e-300)))
    live = np.where(weight > 0, logs[:, None, :], -np.inf)
    top = np.where((weight > 0).any(2), live.max(2), 0.0)
    total = (weight * np.exp(live - top[..., None])).sum(2)
    return np.asarray(np.log(np.maximum(total, 1e-300)) + top)


def _log_mean(shares: FloatArray, price: FloatArray, epsilon: FloatArray) -> FloatArray:
    """CES index of log prices that may be far from zero, without cancellation near minus one."""
    common = 1.0 - float(epsilon.flat[0])
    if common and np.ptp(epsilon) == 0.0 and np.abs(common * price).max() < 600.0:
        total = np.matmul(shares, np.exp(common * price)[..., None])[..., 0]
        return np.asarray(np.log(np.maximum(total, 1e-300)) / common)
    power = 1.0 - epsilon[..., None]
    unit = power[..., 0] == 0.0
    logs = power * price[:, None, :]
    top = np.where(shares > 0, logs, -np.inf).max(-1)
    top = np.where(np.isfinite(top), top, 0.0)
    total = (shares * np.exp(np.minimum(logs - top[..., None], 0.0))).sum(-1)
    general = (np.log(np.maximum(total, 1e-300)) + top) / np.where(unit, 1.0, power[..., 0])
    return np.asarray(np.where(unit, (shares * price[:, None, :]).sum(-1), general))


def _blocs(problem: Problem) -> tuple[Remark, ...]:
    count = int(problem.bloc.max()) + 1
    if count == 1:
        return ()
    sizes = np.bincount(problem.bloc)
    parts = []
    for bloc in np.argsort(sizes):
        members = [problem.base.countries[n] for n in np.flatnonzero(problem.bloc == bloc)]
        parts.append(", ".join(members) if len(members) <= _SHOWN else f"{len(members)} countries")
    stopped = (problem.base.pi > 0) & (problem.links == 0)
    one_way = stopped if problem.cut is None else stopped & ~problem.cut
    more = [Topic.BLOCS_ONE_WAY] * bool(one_way.any()) + [Topic.BLOCS_NO_TRANSFER] * bool(problem.owing)
    values = {"count": count, "blocs": "; ".join(parts)}
    return (Remark(Topic.BLOCS, values, tuple(Remark(topic, {}) for topic in more)),)
