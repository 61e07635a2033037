"""A solved economy laid out for its derivatives: new shares, flows, incomes, and who receives the taxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import FloatArray
from suasion.equilibrium.iteration import multiplier_targets
from suasion.equilibrium.problem import Problem
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import split


@dataclass(frozen=True, slots=True)
class Flows:
    """Sourcing shares of the solved economy and who receives each unit spent, (S, N importer, N exporter) each.

    Attributes
    ----------
    share : pi', of the exporter in the importer's purchases
    net : part of the purchase that the producer receives; ``share`` itself where there are no taxes
    duty, export_duty : parts that are the importer's and the exporter's revenue, or None
    """

    share: FloatArray
    net: FloatArray
    duty: FloatArray | None
    export_duty: FloatArray | None


@dataclass(frozen=True, slots=True)
class Point:
    """An equilibrium with all that its derivatives need; arrays (N, S) unless said otherwise.

    Attributes
    ----------
    problem : the counterfactual that was solved
    flows : shares and taxes
    expenditure, receipts : E' and Y', million USD
    uses : (N, S user, S input) purchases of inputs, million USD
    input_mix : (N, S user, S input) g', composition of input cost
    final_mix : alpha', composition of final use
    value_added, inputs : a' and 1 - a', shares of cost
    factor_mix : (N, S, F) phi'
    payment_share : (N, S, F) share of the cell in its country's payments to the factor
    earned : incomes of factors, (N, F) where all are mobile, else (N, S, F)
    income, transfer : (N,) I' and D'
    feedback : (N, N) inverse of the map from own income to spending, or None where there are no taxes
    made : whether the cell produces
    binding : (M,) one for each quota or cap that binds, else zero
    """

    problem: Problem
    flows: Flows
    expenditure: FloatArray
    receipts: FloatArray
    uses: FloatArray
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


def point_of(solved: Solved) -> Point:
    """Collect the shares of a solved economy.

    Parameters
    ----------
    solved : an equilibrium

    Returns
    -------
    Point
    """
    problem, swept = solved.problem, solved.swept
    base, parameters, costs = problem.base, problem.parameters, swept.costs
    unknowns = split(problem, solved.x)
    relative = unknowns.price[:, None, :] - costs.inputs[..., None]
    mix = base.input_share * np.exp((1.0 - parameters.epsilon)[..., None] * relative)
    output = np.where(problem.alive, base.output * np.exp(unknowns.output), 0.0)
    flows = _flows(solved)
    paid = swept.payments.sum(1)[:, None, :]
    return Point(
        problem=problem,
        flows=flows,
        expenditure=swept.expenditure,
        receipts=swept.receipts,
        uses=mix * (costs.input_share * output)[..., None],
        input_mix=mix,
        final_mix=swept.final_share,
        value_added=costs.value_added_share,
        inputs=costs.input_share,
        factor_mix=costs.factor_share,
        payment_share=swept.payments / np.where(paid > 0, paid, 1.0),
        earned=_earned(problem, unknowns.factor),
        income=swept.income,
        transfer=swept.transfer,
        feedback=_feedback(flows, swept.final_share),
        made=problem.alive & (swept.receipts > 0),
        binding=np.asarray(multiplier_targets(problem, swept, unknowns.multiplier) > 0, dtype=np.float64),
    )


def _flows(solved: Solved) -> Flows:
    swept = solved.swept
    weights, scale = swept.weights, swept.cost_power[:, None, :] * swept.inverse[..., None]
    share = weights.gross * scale
    return Flows(
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


def _feedback(flows: Flows, final_mix: FloatArray) -> FloatArray | None:
    """Inverse of one less the revenue that each country's final spending raises for every treasury, (N, N)."""
    if flows.duty is None and flows.export_duty is None:
        return None
    n = final_mix.shape[0]
    raised = np.zeros((n, n))
    if flows.duty is not None:
        raised[np.diag_indices(n)] = (flows.duty.sum(2) * final_mix.T).sum(0)
    if flows.export_duty is not None:
        raised += (flows.export_duty * final_mix.T[..., None]).sum(0).T
    return np.asarray(np.linalg.inv(np.eye(n) - raised))
