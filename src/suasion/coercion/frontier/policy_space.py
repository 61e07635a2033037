"""Moves of economic policy on a prepared economy: taxes, costs and transfers as a vector, with exact derivatives.

A move is a block of flows whose log wedge rises with one number. The board turns a vector of such numbers into a shock,
solves it, and differentiates any function of real expenditure by all moves at once, by one transposed solve.
Groups of sectors say which flows one sanction covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.outcomes import Side, members
from suasion.equilibrium import Economy, Shock, respond
from suasion.equilibrium.accounts import sector_last, wedge
from suasion.equilibrium.adjoint.backward import Backward, Seeds, cell_worth, pull
from suasion.equilibrium.adjoint.point import Point
from suasion.equilibrium.adjoint.solve import Gradient, Scaling, scaling_of, solve_transposed
from suasion.equilibrium.economy import log_welfare, solved_on
from suasion.equilibrium.scenario.places import sector_mask
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import Unknowns, split
from suasion.errors import ConvergenceError, InputError
from suasion.types import FloatArray
from suasion.world import World

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
        self,
        policy: FloatArray,
        closed: NDArray[np.bool_] | None = None,
        start: FloatArray | None = None,
        *,
        step: bool = False,
    ) -> Solved:
        """Solve the economy under a policy.

        policy, closed: as in :meth:`shock`.
        start: unknowns of a neighbouring solution.
        step: whether this is a step of a search, which needs no certificate.
        Raises ShockError, ConvergenceError: The policy has no equilibrium.
        """
        return (solved_on if step else respond)(self.economy, self.shock(policy, closed), start)[0]

    def variation(self, solved: Solved) -> FloatArray:
        """(N,) equivalent variation of every country, million USD at base prices; negative is a loss."""
        return np.asarray(self.spending * np.expm1(log_welfare(solved)))

    def by_move(self, point: Point, found: Gradient) -> FloatArray:
        """Read the derivative by each move off an adjoint solution, (K,)."""
        taxed = [cells for cells in self.cells if cells]
        worth = None
        if taxed:
            n, i, k = (np.concatenate(part) for part in zip(*taxed, strict=True))
            worth = cell_worth(point, found.back, (k, n, i))  # a board has no quotas
        slopes, end = np.zeros(len(self.moves)), 0
        for place, (move, cells) in enumerate(zip(self.moves, self.cells, strict=True)):
            if move.kind == "transfer":
                slopes[place] = float(found.back.transfer @ move.where)
            else:
                end, begin = end + cells[0].size, end
                slopes[place] = move.size * float(getattr(worth, move.kind)[begin:end].sum())
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


#: Gap of the transposed equations relative to the largest entry of the right-hand side: for plans, and for draws,
#: of which only signs and bands are read. Slopes are then good to about as many digits.
CLOSE, ROUGH = 1e-6, 1e-4


@dataclass(frozen=True, slots=True)
class Slope:
    """Derivative of one reading by the moves of a board.

    by_move: (K,).
    worth: solution of the transposed system, to start a neighbour from.
    """

    by_move: FloatArray
    worth: FloatArray


def welfare_slope(
    board: PolicySpace, point: Point, weight: FloatArray, accuracy: float = CLOSE, near: Slope | None = None
) -> Slope:
    """Differentiate ``weight @ log real expenditure`` by every move.

    board: moves.
    point: the equilibrium.
    weight: (N,).
    accuracy: of the transposed equations.
    near: of a neighbouring point.
    """
    seeds = Seeds(weight / point.income, np.zeros_like(weight), -weight)
    worth = _answer(point, pull(point, seeds, _zero(point)), board.scaling, accuracy, near)
    whole = pull(point, seeds, split(point.problem, worth))
    return Slope(board.by_move(point, Gradient(point, whole, accuracy, 0)), worth)


def flow_slope(
    board: PolicySpace, point: Point, count: FloatArray, accuracy: float = CLOSE, near: Slope | None = None
) -> Slope:
    """Differentiate a weighted sum of flows by every move.

    board: moves.
    point: the equilibrium.
    count: (S, importer, exporter) what a million USD received by each producer from each buyer counts;
      broadcast.
    accuracy, near: as for :func:`welfare_slope`.
    """
    counted = point.counted(count)
    first = pull(counted, None, replace(_zero(point), output=counted.receipts))
    worth = _answer(point, first, board.scaling, accuracy, near)
    back = pull(point, None, split(point.problem, worth))
    direct = board.by_move(counted, Gradient(counted, first, 0.0, 0))
    return Slope(direct + board.by_move(point, Gradient(point, back, accuracy, 0)), worth)


def _zero(point: Point) -> Unknowns:
    size = 2 * point.expenditure.size + point.earned.size + point.binding.size
    return split(point.problem, np.zeros(size))


def _answer(
    point: Point, first: Backward, scaling: Scaling, accuracy: float, near: Slope | None
) -> FloatArray:
    """Solve the transposed system whose right-hand side is the first sweep."""
    right = Unknowns(first.price, first.output, first.factor, first.multiplier).joined()
    found = solve_transposed(point, right, scaling, accuracy, None if near is None else near.worth)
    if not found.met:
        raise ConvergenceError(
            f"The derivatives could not be computed to {accuracy:.0e}. The economy may be close to a collapse; take "
            "smaller levers."
        )
    return found.worth


#: Ten groups of the industries of inter-country tables, by the first letters of their codes.
TEN: Mapping[str, tuple[str, ...]] = {
    "agriculture": ("A",),
    "energy_mining": ("B05", "B06"),
    "other_mining": ("B07", "B08", "B09"),
    "food_textiles_wood_paper": ("C10", "C13", "C16", "C17", "C31"),
    "refined_petroleum": ("C19",),
    "chemicals_plastics_minerals": ("C20", "C21", "C22", "C23"),
    "metals": ("C24", "C25"),
    "electronics_and_electrical": ("C26", "C27"),
    "machinery_and_vehicles": ("C28", "C29", "C30"),
    "services_and_utilities": tuple("DEFGHIJKLMNOPQRST"),
}


def sector_groups(
    world: World, groups: Mapping[str, Sequence[str]] | None = None
) -> dict[str, NDArray[np.bool_]]:
    """Return the sectors of each group.

    groups: name to sector codes, names or sections; by default ten groups of industries where the world's
      sectors have. ISIC codes, else every sector for itself.
    Returns: Name to bool (sector,); empty groups are left out.
    Raises InputError: Two groups share a sector, or none is given.
    Raises NotInWorldError: A sector is unknown.
    """
    if groups is None:
        return _default(world)
    found = {str(name): sector_mask(tuple(sectors), world) for name, sectors in groups.items()}
    if not found:
        raise InputError("groups is empty; give at least one name with its sectors, or leave it out.")
    count = np.sum(list(found.values()), axis=0)
    if (count > 1).any():
        twice = [code for code, times in zip(world.sectors, count, strict=True) if times > 1]
        raise InputError(f"{', '.join(twice)} stands in two groups of sectors. Keep each sector in one.")
    return found


def chosen_groups(world: World, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the default groups of that name with their sectors.

    names: of default groups.
    Returns: Name to sector codes.
    Raises InputError: There is no such group; the message lists them.
    """
    known = {
        name: tuple(code for code, inside in zip(world.sectors, mask, strict=True) if inside)
        for name, mask in _default(world).items()
    }
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(f"There is no group of sectors {unknown[0]!r}. Groups are {', '.join(known)}.")
    return {name: known[name] for name in names}


def _default(world: World) -> dict[str, NDArray[np.bool_]]:
    codes = np.array(world.sectors)
    parts = {name: np.array([code.startswith(starts) for code in codes]) for name, starts in TEN.items()}
    if np.sum(list(parts.values()), axis=0).min() < 1 or len(codes) <= len(TEN):
        return {str(world.sector_names.get(code, code)): codes == code for code in codes}
    return {name: mask for name, mask in parts.items() if mask.any()}


def country_mask(world: World, side: Side) -> NDArray[np.bool_]:
    """Return the countries of a side, bool (country,).

    Raises NotInWorldError: None of them is in the world.
    """
    return np.isin(world.countries, members(world, side))


def flows_between(
    buyers: NDArray[np.bool_], sellers: NDArray[np.bool_], sectors: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return the flows of some sectors from sellers to buyers, bool (importer, exporter, sector); none at home."""
    pairs = buyers[:, None] & sellers
    np.fill_diagonal(pairs, False)
    return np.asarray(pairs[:, :, None] & sectors)
