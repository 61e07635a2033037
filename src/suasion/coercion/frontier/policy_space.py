"""Moves of economic policy on a prepared economy: taxes, costs and transfers as a vector, with exact derivatives.

A move is a block of flows whose log wedge rises with one number. The board turns a vector of such numbers into a shock,
solves it, and differentiates any function of real expenditure by all moves at once, by one transposed solve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium import Economy, Shock, respond
from suasion.equilibrium.accounts import sector_last, wedge
from suasion.equilibrium.adjoint.backward import Seeds, cell_worth
from suasion.equilibrium.adjoint.point import Point, point_of
from suasion.equilibrium.adjoint.solve import Gradient, Scaling, gradient, scaling_of
from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.solve import Solved
from suasion.errors import InputError
from suasion.types import FloatArray

Kind = Literal["tariff", "export_tax", "trade_cost", "transfer"]


@dataclass(frozen=True, slots=True)
class Move:
    """One number of policy.

    name: for tables.
    kind: ``tariff`` (revenue to the importer), ``export_tax`` (to the exporter), ``trade_cost`` (to nobody)
      or ``transfer``.
    where: bool (importer, exporter, sector) flows whose log wedge moves; for a transfer (country,) million
      USD at one, summing to zero.
    size: log points of the wedge at one; a transfer ignores it.
    """

    name: str
    kind: Kind
    where: NDArray[np.bool_] | FloatArray
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class PolicySpace:
    """A prepared economy and the moves that can be made on it.

    economy: base and elasticities.
    moves: the policy vector has one number for each.
    scaling: of the transposed equations.
    cells: importer, exporter and sector of the flows of each move; nothing for a transfer.
    """

    economy: Economy
    moves: tuple[Move, ...]
    scaling: Scaling
    cells: tuple[tuple[NDArray[np.intp], ...], ...] = field(repr=False)

    @property
    def spending(self) -> FloatArray:
        """(N,) base real final expenditure, million USD."""
        return self.economy.accounts.income

    def shock(self, policy: FloatArray, closed: NDArray[np.bool_] | None = None) -> Shock:
        """Turn a policy into a shock.

        policy: (K,) one number a move.
        closed: (importer, exporter, sector) flows that are cut to exactly zero, whatever the policy.
        """
        # Taxes that nobody moves stay what they are: an economy without them is solved faster.
        used = {move.kind for move, value in zip(self.moves, policy, strict=True) if value}
        accounts = self.economy.accounts
        size = accounts.pi.shape
        logs: dict[str, FloatArray] = {
            kind: np.zeros((*size[1:], size[0])) for kind in get_args(Kind)[:3] if kind in used
        }
        given = np.zeros(size[1])
        for move, cells, value in zip(self.moves, self.cells, policy, strict=True):
            if move.kind == "transfer":
                given += value * move.where
            elif value:
                logs[move.kind][cells] += value * move.size
        rates = {kind: _rates(getattr(accounts, kind), logs[kind]) for kind in logs if kind != "trade_cost"}
        return Shock(
            cut=closed if closed is not None and closed.any() else None,
            trade_cost=np.exp(logs["trade_cost"]) if "trade_cost" in logs else None,
            tariff=rates.get("tariff"),
            export_tax=rates.get("export_tax"),
            transfer=given if given.any() else None,
        )

    def solve(
        self, policy: FloatArray, closed: NDArray[np.bool_] | None = None, start: FloatArray | None = None
    ) -> Solved:
        """Solve the economy under a policy.

        policy, closed: as in :meth:`shock`.
        start: unknowns of a neighbouring solution.
        Raises ShockError, ConvergenceError: The policy has no equilibrium.
        """
        return respond(self.economy, self.shock(policy, closed), start)[0]

    def variation(self, solved: Solved) -> FloatArray:
        """(N,) equivalent variation of every country, million USD at base prices; negative is a loss."""
        return np.asarray(self.spending * np.expm1(log_welfare(solved)))

    def slopes(self, solved: Solved, weight: FloatArray) -> FloatArray:
        """Derivative of ``weight @ log real expenditure`` by the policy.

        solved: the equilibrium.
        weight: (N,) derivative of the objective by each country's log real expenditure.
        Returns: array (K,).
        """
        point = point_of(solved)
        found = gradient(point, Seeds(weight / point.income, np.zeros_like(weight), -weight), self.scaling)
        return self.by_move(point, found)

    def by_move(self, point: Point, found: Gradient) -> FloatArray:
        """Read the derivative by each move off an adjoint solution, (K,)."""
        slopes = np.zeros(len(self.moves))
        for place, (move, cells) in enumerate(zip(self.moves, self.cells, strict=True)):
            if move.kind == "transfer":
                slopes[place] = float(found.back.transfer @ move.where)
            else:
                n, i, k = cells
                worth = getattr(cell_worth(point, found.back, (k, n, i)), move.kind)  # a board has no quotas
                slopes[place] = move.size * float(worth.sum())
        return slopes


def board_on(economy: Economy, moves: Sequence[Move]) -> PolicySpace:
    """Lay moves on a prepared economy.

    economy: base, elasticities and deficit rule.
    moves: at least one.
    Raises InputError: There is no move, or one names no flow.
    """
    if not moves:
        raise InputError("There is nothing to move: name an instrument and a group of sectors with trade.")
    for move in moves:
        if not np.any(move.where):
            raise InputError(f"{move.name} concerns no flow. Leave it out, or name other parties or sectors.")
    cells = tuple(
        () if move.kind == "transfer" else np.nonzero(np.asarray(move.where, dtype=bool)) for move in moves
    )
    return PolicySpace(economy, tuple(moves), scaling_of(economy.accounts, economy.parameters), cells)


def _rates(base: FloatArray | None, logs: FloatArray) -> FloatArray:
    """Tax rates (importer, exporter, sector) with further log wedges on those of the base."""
    before = 1.0 if base is None else sector_last(np.asarray(wedge(base)))
    return np.asarray(before * np.exp(logs) - 1.0)


def real_flows(solved: Solved) -> FloatArray:
    """Quantities shipped valued at base prices, (importer, exporter, sector), million USD."""
    price = np.exp(solved.swept.costs.unit).T[:, None, :]
    return sector_last(solved.swept.flows / price)
