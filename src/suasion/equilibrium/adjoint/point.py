"""A solved economy laid out for its derivatives: new shares, flows, incomes, and who receives the taxes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.iteration import multiplier_targets
from suasion.equilibrium.problem import Problem
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import Sweep, split
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class SourcingShares:
    """Sourcing shares of the solved economy and who receives each unit spent, (K, N importer, N exporter) each.

    There is a page for each mode of buying a good; its shares are those within the mode.

    share: pi', of the exporter in the importer's purchases.
    net: part of the purchase that the producer receives; ``share`` itself where there are no taxes.
    duty, export_duty: parts that are the importer's and the exporter's revenue, or None.
    """

    share: FloatArray
    net: FloatArray
    duty: FloatArray | None
    export_duty: FloatArray | None


@dataclass(frozen=True, slots=True)
class Limited:
    """Cells under quotas and caps, one for each mode of buying: first those of the limits, then switching ones.

    cells: (3, C') page, importer, exporter.
    which: (C',) cell of the limits that each belongs to.
    weight: (C',) share of the mode in the flow.
    """

    cells: NDArray[np.intp]
    which: NDArray[np.intp]
    weight: FloatArray


@dataclass(frozen=True, slots=True)
class Point:
    """An equilibrium with all that its derivatives need; arrays (N, S) unless said otherwise.

    problem: the counterfactual that was solved.
    flows: shares and taxes.
    weight: (N, K) share of each mode in the purchases of its good.
    sold: (N exporter, K) receipts from buyers in each mode, million USD.
    limited: flows under quotas and caps in every mode.
    expenditure, receipts: E' and Y', million USD.
    uses: (N, S user, S input) purchases of inputs, million USD.
    bent_uses: (N, S input) the same of all users, each by one less its epsilon.
    paid_duty: (N, K) part of the purchases of each good in each mode that is the importer's revenue, or None.
    input_mix: (N, S user, S input) g', composition of input cost.
    final_mix: alpha', composition of final use.
    value_added, inputs: a' and 1 - a', shares of cost.
    factor_mix: (N, S, F) phi'.
    payment_share: (N, S, F) share of the cell in its country's payments to the factor.
    earned: incomes of factors, (N, F) where all are mobile, else (N, S, F).
    income, transfer: (N,) I' and D'.
    feedback: (N, N) inverse of the map from own income to spending, or None where there are no taxes.
    made: whether the cell produces.
    binding: (M,) one for each quota or cap that binds, else zero.
    """

    problem: Problem
    flows: SourcingShares
    weight: FloatArray
    sold: FloatArray
    limited: Limited | None
    expenditure: FloatArray
    receipts: FloatArray
    uses: FloatArray
    bent_uses: FloatArray
    paid_duty: FloatArray | None
    input_mix: FloatArray
    final_mix: FloatArray
    value_added: FloatArray
    inputs: FloatArray
    factor_mix: FloatArray
    payment_share: FloatArray
    earned: FloatArray
    income: FloatArray
    transfer: FloatArray
    feedback: FloatArray | None
    made: NDArray[np.bool_]
    binding: FloatArray

    @property
    def spending(self) -> FloatArray:
        """(N, K) purchases in each mode, million USD."""
        return np.asarray(self.problem.modes.pages(self.expenditure.T).T * self.weight)

    @property
    def share(self) -> FloatArray:
        """(S, N, N) sourcing shares of all modes and uses together."""
        share = np.asarray(self.problem.modes.gathered(self.flows.share * self.weight.T[:, :, None]))
        base = self.problem.base
        if base.split is None:
            return share
        bought = base.gathered(share * self.expenditure.T[:, :, None])
        total = bought.sum(2, keepdims=True)
        return np.asarray(bought / np.where(total > 0.0, total, 1.0))

    def counted(self, count: FloatArray) -> Point:
        """Return the point with receipts of flows counted as told, (S, N, N) or of one page for all goods."""
        each = count if count.shape[0] == 1 else self.problem.modes.pages(count)
        net = self.flows.net * each
        sold = (net * self.spending.T[:, :, None]).sum(1).T
        received = self.problem.modes.gathered(sold.T).T
        return replace(
            self,
            flows=replace(self.flows, net=net),
            sold=sold,
            receipts=received,
            made=received != 0.0,
        )

    @property
    def receipts_by_flow(self) -> FloatArray:
        """(S, N, N) what producers receive for each flow, million USD."""
        flows = self.problem.modes.gathered(self.flows.net * self.spending.T[:, :, None])
        return np.asarray(self.problem.base.gathered(flows))


def point_of(solved: Solved) -> Point:
    """Collect the shares of a solved economy.

    solved: an equilibrium.
    """
    problem, swept = solved.problem, solved.swept
    base, parameters, costs = problem.base, problem.parameters, swept.costs
    unknowns = split(problem, solved.x)
    relative = unknowns.price[:, None, :] - costs.inputs[..., None]
    mix = base.input_share * np.exp((1.0 - parameters.epsilon)[..., None] * relative)
    output = np.where(problem.alive, base.output * np.exp(unknowns.output), 0.0)
    weight = np.ones_like(swept.inverse).T if swept.share is None else swept.share.T
    flows = _flows(solved, weight)
    paid = swept.payments.sum(1)[:, None, :]
    uses = mix * (costs.input_share * output)[..., None]
    duty = None if flows.duty is None else np.ascontiguousarray(flows.duty.sum(2).T)
    return Point(
        problem=problem,
        flows=flows,
        weight=weight,
        sold=problem.modes.pages(swept.receipts.T).T
        if swept.share is None
        else np.matmul(_spent(problem, swept, weight).T[:, None, :], flows.net)[:, 0].T,
        limited=_limited(problem, swept),
        expenditure=swept.expenditure,
        receipts=swept.receipts,
        uses=uses,
        bent_uses=np.matmul((1.0 - parameters.epsilon)[:, None, :], uses)[:, 0],
        paid_duty=duty,
        input_mix=mix,
        final_mix=swept.final_share,
        value_added=costs.value_added_share,
        inputs=costs.input_share,
        factor_mix=costs.factor_share,
        payment_share=swept.payments / np.where(paid > 0, paid, 1.0),
        earned=_earned(problem, unknowns.factor),
        income=swept.income,
        transfer=swept.transfer,
        feedback=_feedback(flows, duty, problem.modes.pages(swept.final_share.T).T * weight),
        made=problem.alive & (swept.receipts > 0),
        binding=np.asarray(multiplier_targets(problem, swept, unknowns.multiplier) > 0, dtype=np.float64),
    )


def _spent(problem: Problem, swept: Sweep, weight: FloatArray) -> FloatArray:
    return np.asarray(problem.modes.pages(swept.expenditure.T).T * weight)


def _limited(problem: Problem, swept: Sweep) -> Limited | None:
    limits, modes = problem.limits, problem.modes
    if limits is None:
        return None
    second, which = modes.switched(limits.cells)
    cells = np.concatenate([limits.cells, second], axis=1)
    which = np.concatenate([np.arange(limits.cells.shape[1]), which])
    k, n, i = cells
    flow = swept.weights.net[k, n, i] * swept.cost_power[k, i] * swept.inverse[k, n]
    whole = np.bincount(which, flow)[which]
    return Limited(cells, which, flow / np.where(whole > 0.0, whole, 1.0))


def _flows(solved: Solved, weight: FloatArray) -> SourcingShares:
    swept = solved.swept
    within = swept.inverse / np.where(weight > 0.0, weight, 1.0).T
    weights, scale = swept.weights, swept.cost_power[:, None, :] * within[..., None]
    share = weights.gross * scale
    return SourcingShares(
        share=share,
        net=share if weights.net is weights.gross else weights.net * scale,
        duty=None if weights.duty is None else weights.duty * scale,
        export_duty=None if weights.export_duty is None else weights.export_duty * scale,
    )


def _earned(problem: Problem, factor: FloatArray) -> FloatArray:
    base = problem.base.factor_income
    if problem.pooled:
        return np.asarray(base.sum(1) * np.exp(factor))
    return np.where(problem.alive[..., None], base * np.exp(factor), 0.0)


def _feedback(flows: SourcingShares, duty: FloatArray | None, final_mix: FloatArray) -> FloatArray | None:
    """Inverse of one less the revenue that each country's final spending raises for every treasury, (N, N)."""
    if duty is None and flows.export_duty is None:
        return None
    n = final_mix.shape[0]
    raised = np.zeros((n, n))
    if duty is not None:
        raised[np.diag_indices(n)] = (duty * final_mix).sum(1)
    if flows.export_duty is not None:
        raised += (flows.export_duty * final_mix.T[..., None]).sum(0).T
    return np.asarray(np.linalg.inv(np.eye(n) - raised))
