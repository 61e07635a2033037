"""One counterfactual as arrays: base accounts, parameters and shock, ready to be solved.

Everything that does not change during the iteration is computed here, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts, places, sector_first, wedge
from suasion.equilibrium.modes import Modes
from suasion.equilibrium.types import Parameters, Shock
from suasion.errors import InputError
from suasion.types import DeficitRule, FloatArray


@dataclass(frozen=True, slots=True)
class Wedges:
    """Quotas and price caps as cells of the trade array, each governed by one multiplier.

    cells: (3, C) sector, importer, exporter of every cell.
    constraint: (C,) index of the multiplier of the cell.
    to_importer: (C,) whether the rent of the cell goes to the importer.
    is_cap: (M,) price cap (else quota), per constraint.
    bound: (M,) allowed fraction of the base quantity or price.
    first: (M,) a cell of the constraint: its quantity (quota) or exporter and sector (cap) are tested.
    """

    cells: NDArray[np.intp]
    constraint: NDArray[np.intp]
    to_importer: NDArray[np.bool_]
    is_cap: NDArray[np.bool_]
    bound: FloatArray
    first: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Weights:
    """Trade weights and the splits of a purchase into receipts and taxes, (K, N, N) each, a page for each mode.

    gross: q, so that pi' = q c^(1-sigma) / sum.
    net: q / ((1+t')(1+e')), what the producer receives.
    duty: q t' / (1+t'), the importer's revenue, or None.
    export_duty: q e' / ((1+t')(1+e')), the exporter's revenue, or None.
    taxed: number of pages, from the first, beyond which ``duty`` is nought and need not be read, as of services.
    """

    gross: Any
    net: Any
    duty: Any
    export_duty: Any
    taxed: int | None = None


def split_weights(
    modes: Modes,
    gross: FloatArray,
    tariff: FloatArray | None,
    export_tax: FloatArray | None,
    limits: Wedges | None,
) -> Weights:
    """Split weights into receipts and taxes; quotas and caps may add taxes anywhere."""
    apart = limits is not None
    border, taxed = gross, None
    if tariff is not None:
        taxed = _taxed(modes, tariff)
        border = gross.copy()
        for page, k in zip(
            border[:taxed], modes.good, strict=False
        ):  # in the cache, without large arrays between
            page /= 1.0 + tariff[k]
    net = border if export_tax is None else border / modes.pages(1.0 + export_tax)
    duty = None
    if tariff is not None or apart:
        duty = np.zeros_like(gross)
        np.subtract(gross[:taxed], border[:taxed], out=duty[:taxed])
    return Weights(
        gross,
        net,
        duty,
        None if export_tax is None and not apart else border - net,
        None if apart else taxed,
    )


def _taxed(modes: Modes, tariff: FloatArray) -> int | None:
    """Number of pages up to the last that bears a tariff; all, None, where some sectors have a second page."""
    if modes.dual.size:
        return None
    return int(np.flatnonzero(tariff.any(axis=(1, 2))).max(initial=-1)) + 1


@dataclass(frozen=True)
class Problem:
    """Arrays of one counterfactual.

    base: accounts before the shock.
    parameters: elasticities and mobility.
    modes: ways of buying each good, K in all.
    weights: pi times the iceberg and tax changes to the power 1 - sigma, zero where cut, before quotas and
      caps.
    trade_cost: (S, N, N) change of the iceberg factor, 1 where cut, or None.
    left: (S, N, N) what is left of the weight of each flow, 1 where cut, or None.
    cut: (S, N, N) flows that are exactly zero, or None.
    tariff, export_tax: (S, N, N) new rates, or None where all are zero.
    productivity: (N, S) log A.
    endowments: (N,) log change of the endowment of every factor.
    transfer: (N,) part of D that is fixed in units of world factor income.
    geared: (N,) part of D that moves with own factor income, per unit of it.
    transfer_rule: what D was kept by, for messages.
    bloc: (N,) index of the connected component of each country.
    alive: (N, S) cells that still have a buyer.
    limits: quotas and caps, or None.
    """

    base: Accounts
    parameters: Parameters
    modes: Modes
    weights: Weights
    trade_cost: FloatArray | None
    left: FloatArray | None
    cut: NDArray[np.bool_] | None
    tariff: FloatArray | None
    export_tax: FloatArray | None
    productivity: FloatArray
    endowments: FloatArray
    transfer: FloatArray
    geared: FloatArray
    transfer_rule: DeficitRule
    bloc: NDArray[np.intp]
    alive: NDArray[np.bool_]
    limits: Wedges | None

    @property
    def weight(self) -> FloatArray:
        """(K, N, N) weights of all flows in each mode."""
        return np.asarray(self.weights.gross)

    @cached_property
    def pi(self) -> FloatArray:
        """(K, N, N) base shares in each mode."""
        return self.modes.shares(self.base.pi, self.base.modes)

    @cached_property
    def bought(self) -> NDArray[np.bool_]:
        """(K, N) goods that are bought at all, in each mode."""
        return self.modes.pages(self.base.expenditure.T > 0)

    @cached_property
    def epsilon(self) -> float | None:
        """Substitution among inputs where it is the same in every cell, else None."""
        values = self.parameters.epsilon
        return float(values.flat[0]) if np.ptp(values) == 0.0 else None

    @property
    def links(self) -> FloatArray:
        """(S, N, N) weights of the first mode of each sector: zero where a flow is cut, in all modes."""
        return self.weight[: self.modes.sectors]

    @property
    def pooled(self) -> bool:
        """Whether every factor moves freely between sectors, so that a wage per country is enough."""
        return not np.any(self.parameters.mobility)

    @property
    def owing(self) -> bool:
        """Whether anybody spends more or less than is earned there."""
        return bool(self.transfer.any() or self.geared.any())


def _rates(new: FloatArray | None, base: FloatArray | None) -> FloatArray | None:
    if new is None:
        return base
    return sector_first(new) if new.any() else None


def _of_live(
    new: FloatArray | None, base: FloatArray | None, stopped: NDArray[np.bool_]
) -> FloatArray | None:
    """New rates, except that flows that stop keep the old one: it taxes nothing, and their path stays simple."""
    if new is base or not stopped.any():
        return new
    rates = np.where(stopped, wedge(base), wedge(new)) - 1.0
    return rates if rates.any() else None


def _weights(
    base: Accounts,
    shock: Shock,
    cut: NDArray[np.bool_] | None,
    modes: Modes,
    tariff: FloatArray | None,
    export_tax: FloatArray | None,
) -> FloatArray:
    same = tariff is base.tariff and export_tax is base.export_tax
    relative = 1.0 if same else wedge(tariff) * wedge(export_tax) / base.tax_wedge
    if shock.trade_cost is not None:
        relative = relative * sector_first(shock.trade_cost)
    weight = modes.shares(base.pi, base.modes)
    weight = weight.copy() if weight is base.pi else weight
    if isinstance(relative, np.ndarray):
        k, n, i = modes.cells(places(np.asarray(relative != 1.0)))
        weight[k, n, i] *= relative[modes.good[k], n, i] ** (1.0 - modes.sigma)[k]
    if shock.left is not None:
        weight *= modes.pages(shock.left.transpose(2, 0, 1))
    if cut is not None:
        weight[tuple(modes.cells(places(cut)))] = 0.0
    return weight


def _wedges(shock: Shock, live: NDArray[np.bool_]) -> Wedges | None:
    """Give each constraint its number: a quota has one per cell, a cap one per exporter and sector.

    ``live`` (S, N, N) tells which flows there are.
    """
    cells, constraint, to_importer, is_cap, bound, first = [], [], [], [], [], []
    count = offset = 0
    for limit in shock.limits:
        k, n, i = np.nonzero(limit.cells.transpose(2, 0, 1) & live)
        if limit.kind == "quota":
            index, position = np.arange(k.size), np.arange(k.size)
        else:
            _, position, index = np.unique(k * live.shape[2] + i, return_index=True, return_inverse=True)
        cells.append(np.stack([k, n, i]))
        constraint.append(index + count)
        to_importer.append(np.full(k.size, limit.rent == "importer"))
        is_cap.append(np.full(position.size, limit.kind != "quota"))
        bound.append(np.full(position.size, float(limit.bound)))
        first.append(position + offset)
        count, offset = count + position.size, offset + k.size
    if not offset:
        return None
    return Wedges(
        np.concatenate(cells, axis=1),
        *(np.concatenate(parts) for parts in (constraint, to_importer, is_cap, bound, first)),
    )


def trading(live: NDArray[np.bool_], expenditure: FloatArray) -> NDArray[np.bool_]:
    """Whether anything is bought, (importer, exporter), where flows (S, N, N) are live."""
    return np.asarray((live & (expenditure.T[:, :, None] > 0)).any(0))


def components(trades: NDArray[np.bool_], strong: bool = False) -> NDArray[np.intp]:
    """Label the blocs of countries that trade, directly or not; ``strong`` asks for ways there and back."""
    ways = reachable(trades if strong else trades | trades.T)
    return np.unique((ways & ways.T).argmax(1), return_inverse=True)[1]


def reachable(links: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a way of links leads from each row to each column, (N, N); from each to itself it always does."""
    ways = links | np.eye(len(links), dtype=bool)
    while True:
        farther = ways.astype(np.float32) @ ways > 0.0
        if np.array_equal(farther, ways):
            return ways
        ways = farther


def _without_dead_ends(
    base: Accounts, weight: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """Set to zero what a bloc still may sell where it can no longer buy, not even indirectly.

    Its sales would earn money with nothing to spend it on. Trade balances only in the limit where its
    goods are infinitely dear abroad and those flows are zero.

    Returns: weights (K, N, N), which of their flows (S, N, N) are live, and who buys from whom (N, N).
    """
    live = weight[: base.pi.shape[0]] > 0
    trades = trading(live, base.expenditure)
    after = components(trades, strong=True)
    if after.any():
        before = components(trading(base.pi > 0, base.expenditure), strong=True)
        parted = (after[:, None] != after) & (before[:, None] == before)
        if parted.any():
            return np.where(parted, 0.0, weight), live & ~parted, trades & ~parted
    return weight, live, trades


def build_problem(base: Accounts, parameters: Parameters, shock: Shock, rule: DeficitRule) -> Problem:
    """Put accounts, parameters and a shock together.

    base: accounts before the shock.
    parameters: elasticities and mobility.
    shock: compiled scenario, arrays in (importer, exporter, sector) order.
    rule: deficit rule; ``balance`` expects a base whose transfers are already zero.
    """
    n, s = base.output.shape
    if shock.by_use:
        raise InputError(
            "A measure of one use only cannot be taken as given here. Give it and what follows in one scenario."
        )
    tariff, export_tax = _rates(shock.tariff, base.tariff), _rates(shock.export_tax, base.export_tax)
    modes = parameters.modes.on(base.modes)
    cut = None if shock.cut is None else sector_first(shock.cut)
    weight, live, trades = _without_dead_ends(base, _weights(base, shock, cut, modes, tariff, export_tax))
    stopped = (base.pi > 0) & ~live
    tariff = _of_live(tariff, base.tariff, stopped)
    export_tax = _of_live(export_tax, base.export_tax, stopped)
    limits = _wedges(shock, live)
    none = np.zeros(n)
    given = none if shock.transfer is None else shock.transfer
    return Problem(
        base=base,
        parameters=parameters,
        modes=modes,
        weights=split_weights(modes, weight, tariff, export_tax, limits),
        trade_cost=None
        if shock.trade_cost is None
        else np.where(stopped, 1.0, sector_first(shock.trade_cost)),
        left=None if shock.left is None else np.where(stopped, 1.0, sector_first(shock.left)),
        cut=cut,
        tariff=tariff,
        export_tax=export_tax,
        productivity=np.zeros((n, s)) if shock.productivity is None else np.log(shock.productivity),
        endowments=np.zeros(n) if shock.endowments is None else np.log(shock.endowments),
        transfer=given + (base.transfer if rule == "world" else none),
        geared=base.transfer / base.factor_income.sum((1, 2)) if rule == "gdp" else none,
        transfer_rule=rule,
        bloc=components(trades),
        alive=alive_cells(base, live),
        limits=limits,
    )


def alive_cells(base: Accounts, live: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the (N, S) cells that still produce: those with a buyer that itself still buys; live flows (S, N, N).

    A cut can strand a seller, whose suppliers may then be stranded in turn; the loop follows that chain.
    Stranded cells leave the system, because the log of their output would fall to minus infinity.
    """
    alive, uses = base.output > 0, base.uses > 0
    while True:
        bought = (base.final_share > 0) | (uses & alive[..., None]).any(1)
        sold = (live & bought.T[:, :, None]).any(1).T
        if np.array_equal(alive & sold, alive):
            return alive
        alive &= sold
