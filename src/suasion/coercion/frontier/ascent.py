"""Climb to the best policy of one side: bounded quasi-Newton steps on exact gradients, then the corners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.frontier.policy_space import PolicySpace, Slope, flow_slope, real_flows, welfare_slope
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.solve import Solved
from suasion.errors import ConvergenceError, ShockError
from suasion.types import FloatArray

BoolArray = NDArray[np.bool_]

#: Accuracy of a climb: change of the objective relative to the trade at stake, and of the gradient by log wedges that
#: are measured in units of the flow that they bend.
PRECISE, FLAT = 1e-13, 1e-7
#: Smallest share of the trade at stake that a move is measured by: a flow that is all but gone has no curvature left.
LEAST = 1e-2
#: Gap of the transposed equations behind a gradient, relative; a hundredth of what ends a climb, and less.
EXACT = 1e-10
#: Steps by slopes alone at the top of a climb.
STEPS = 5
#: Noise of an objective relative to the trade at stake.
NOISE = 1e-10
#: A corner or restart counts as better from this much on, relative to the trade at stake.
BETTER = 1e-9


@dataclass(frozen=True, slots=True)
class Objective:
    """What a side wants, and what it moves.

    own: (N,) bool, countries whose equivalent variation it adds up.
    harmed: (N,) bool, countries whose equivalent variation it holds against them.
    weight: lambda, dollars of own loss accepted for a dollar of harm, >= 0.
    free: (K,) bool, moves that it chooses; the others stay.
    low, high: (K,) bounds of its moves.
    sales: (N, S) bool, producers whose sales it holds against those countries in place of their variation; or
      None.
    """

    own: BoolArray
    harmed: BoolArray
    weight: float
    free: BoolArray
    low: FloatArray
    high: FloatArray
    sales: BoolArray | None = None

    @property
    def worth(self) -> FloatArray:
        """(N,) worth of a dollar of equivalent variation in each country."""
        held = 0.0 if self.sales is not None else self.weight
        return np.asarray(self.own.astype(float) - held * self.harmed)

    def held(self, variation: FloatArray, solved: Solved) -> float:
        """Return what it wants low: change of the harmed countries' variation or of the sales, million USD.

        variation: (N,) equivalent variations, million USD.
        solved: the equilibrium.
        """
        if self.sales is None:
            return float(variation[self.harmed].sum())
        return float((solved.swept.receipts - solved.problem.base.output)[self.sales].sum())

    def value(self, variation: FloatArray, solved: Solved) -> float:
        """Return the objective, million USD.

        variation, solved: as for :meth:`held`.
        """
        if self.sales is None:
            return float(self.worth @ variation)
        return float(variation[self.own].sum()) - self.weight * self.held(variation, solved)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy and what comes of it.

    policy: (K,).
    closed: (K,) bool, moves whose flows are embargoed: exactly zero.
    value: objective, million USD.
    variation: (N,) equivalent variations, million USD.
    solved: the equilibrium.
    """

    policy: FloatArray
    closed: BoolArray
    value: float
    variation: FloatArray
    solved: Solved = field(repr=False)


@dataclass(slots=True)
class Ascent:
    """Repeated climbs on one board; keeps the last solution to start the next solve from.

    board: economy and moves.
    scale: million USD that objectives are divided by.
    flat: gradient at which a climb ends, see :data:`FLAT`.
    accuracy: of gradients, see :data:`EXACT`.
    solves, gradients: how many were needed.
    """

    board: PolicySpace
    scale: float
    flat: float = FLAT
    accuracy: float = EXACT
    solves: int = 0
    gradients: int = 0
    _last: FloatArray | None = None
    _stand: Policy | None = None
    _slopes: Slope | None = None
    _sales: Slope | None = None
    _top: tuple[Search, FloatArray] | None = None

    def stand(self, aim: Objective, policy: FloatArray, closed: BoolArray) -> Policy:
        """Solve a policy and value it.

        Raises ShockError, ConvergenceError: It has no equilibrium.
        """
        last = self._stand
        if last is not None and np.array_equal(last.policy, policy) and np.array_equal(last.closed, closed):
            return self.revalued(aim, last)
        solved = self.solve(policy, closed)
        variation = self.board.variation(solved)
        self._stand = Policy(policy.copy(), closed.copy(), aim.value(variation, solved), variation, solved)
        return self._stand

    def climb(self, aim: Objective, policy: FloatArray, closed: BoolArray) -> Policy:
        """Find the nearest best policy, embargoes kept as they are.

        aim: what is wanted.
        policy: (K,) to start from.
        closed: (K,) moves that are embargoes.
        """
        from scipy.optimize import minimize  # slow to import

        free = np.flatnonzero(aim.free & ~closed)
        if free.size == 0:
            return self.stand(aim, policy, closed)
        unit = self._units(real_flows(self.stand(aim, policy, closed).solved))[free]
        search = Search(self, aim, policy, closed, free, unit)
        bounds = list(zip(aim.low[free] / unit, aim.high[free] / unit, strict=True))
        start = np.clip(policy[free], aim.low[free], aim.high[free]) / unit
        found = minimize(
            search.loss,
            start,
            jac=True,
            bounds=bounds,
            method="L-BFGS-B",
            options={"ftol": PRECISE, "gtol": self.flat, "maxiter": 60, "maxfun": 90, "maxcor": 20},
        )
        if search.best is not None and np.isfinite(found.fun):
            bend = np.asarray(found.hess_inv.todense())
            _polish(search.loss, found.x, found.jac, bend, np.array(bounds), self.flat)
            self._top = search, bend
        return search.best if search.best is not None else self.stand(aim, policy, closed)

    def follow(self, aim: Objective, policy: FloatArray, closed: BoolArray) -> Policy:
        """Find the best policy near the top of the last climb, by the curvature found there; climb where that fails.

        aim: what is wanted, with the same free moves as in the last climb.
        policy: (K,) to start from.
        closed: (K,) moves that are embargoes.
        """
        if self._top is None:
            return self.climb(aim, policy, closed)
        last, bend = self._top
        search = Search(self, aim, policy, closed, last.free, last.unit)
        bounds = np.stack([aim.low[last.free], aim.high[last.free]]) / last.unit
        start = np.clip(policy[last.free] / last.unit, *bounds)
        _, slope = search.loss(start)
        if search.best is None:
            return self.climb(aim, policy, closed)
        near = _polish(search.loss, start, slope, bend, bounds.T, self.flat)
        return search.best if near else self.climb(aim, search.best.policy, closed)

    def _units(self, flows: FloatArray) -> FloatArray:
        """Log wedges that bend the objective alike, (K,): the curvature of a move grows with the flow that it taxes."""
        sigma = self.board.economy.parameters.local_sigma
        bend = np.array(
            [
                0.0 if move.kind == "transfer" else float((flows * move.where).sum((0, 1)) @ sigma)
                for move in self.board.moves
            ]
        )
        return np.asarray(1.0 / np.sqrt(np.maximum(bend / self.scale, LEAST)))

    def corners(self, aim: Objective, stand: Policy) -> Policy:
        """Turn each move into an exact embargo where that is better, and embargoes back where it is not.

        aim: what is wanted.
        stand: an interior best policy.
        Returns: At least as good; climbed again where a corner was taken.
        """
        bar = BETTER * self.scale
        for place in np.flatnonzero(aim.free & can_close(self.board)):
            closed, policy = stand.closed.copy(), stand.policy.copy()
            closed[place] = not closed[place]
            if not closed[place]:
                policy[place] = aim.high[place]
            trial = self._try(aim, policy, closed)
            if trial is not None and trial.value > stand.value + bar:
                stand = self.climb(aim, trial.policy, trial.closed)
        every = stand.closed | (aim.free & can_close(self.board))
        trial = self._try(aim, stand.policy, every)
        return trial if trial is not None and trial.value > stand.value + bar else stand

    def revalued(self, aim: Objective, stand: Policy) -> Policy:
        """Return the same policy at another aim; nothing is solved."""
        return replace(stand, value=aim.value(stand.variation, stand.solved))

    def _try(self, aim: Objective, policy: FloatArray, closed: BoolArray) -> Policy | None:
        try:
            return self.stand(aim, policy, closed)
        except (ShockError, ConvergenceError):
            return None

    def solve(self, policy: FloatArray, closed: BoolArray) -> Solved:
        """Solve a policy from the last solution on.

        policy: (K,).
        closed: (K,) moves that are embargoes.
        Raises ShockError, ConvergenceError: It has no equilibrium.
        """
        self.solves += 1
        cut = closed_flows(self.board, closed)
        try:
            solved = self.board.solve(policy, cut, self._last)
        except ConvergenceError:
            solved = self.board.solve(policy, cut)
        self._last = solved.x
        return solved

    def slope(self, aim: Objective, stand: Policy) -> FloatArray:
        """Derivative of the objective by every move at a stand, (K,)."""
        self.gradients += 1
        level = self.board.spending * np.exp(log_welfare(stand.solved))
        point = point_of(stand.solved)
        self._slopes = welfare_slope(self.board, point, aim.worth * level, self.accuracy, self._slopes)
        if aim.sales is None or not aim.weight:
            return self._slopes.by_move
        count = aim.sales.T[:, None, :].astype(float)
        self._sales = flow_slope(self.board, point, count, self.accuracy, self._sales)
        return np.asarray(self._slopes.by_move - aim.weight * self._sales.by_move)


@dataclass(slots=True)
class Search:
    """The objective of one climb as a function to be made small, and the best policy that it has seen.

    climber, aim, policy, closed: as for :meth:`Climber.climb`.
    free: places of the moves that are chosen.
    unit: log wedges that one unit of each stands for.
    best: the best so far.
    """

    climber: Ascent
    aim: Objective
    policy: FloatArray
    closed: BoolArray
    free: NDArray[np.intp]
    unit: FloatArray
    best: Policy | None = None

    def loss(self, values: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the objective and its slope, in units of the trade at stake."""
        trial, scale = self.policy.copy(), self.climber.scale
        trial[self.free] = self.unit * values
        try:
            found = self.climber.stand(self.aim, trial, self.closed)
            slope = self.climber.slope(self.aim, found)
        except (ShockError, ConvergenceError):
            return 1e3, np.zeros(self.free.size)
        # Values carry the noise of the solver, slopes hardly any: at the top the flatter of two is the better.
        if self.best is None or found.value > self.best.value - NOISE * scale:
            self.best = found
        return -found.value / scale, -self.unit * slope[self.free] / scale


def _polish(
    loss: Callable[[FloatArray], tuple[float, FloatArray]],
    top: FloatArray,
    slope: FloatArray,
    bend: FloatArray,
    bounds: FloatArray,
    flat: float,
) -> bool:
    """Step on by slopes alone where the noise of values stopped the climb; ``loss`` itself keeps what is better.

    ``bend`` is the inverse curvature, bent further by what each step shows. Returns whether the end is flat.
    """
    for _ in range(STEPS):
        # At a bound only a slope that points inwards counts.
        steep = float(np.abs(top - np.clip(top - slope, *bounds.T)).max())
        if steep <= flat:
            return True
        inside = (top > bounds[:, 0]) & (top < bounds[:, 1])
        new = np.clip(top - np.where(inside, bend @ np.where(inside, slope, 0.0), 0.0), *bounds.T)
        _, there = loss(new)
        if float(np.abs(there[inside]).max(initial=0.0)) >= steep:
            loss(top)
            return False
        bend = _bent(bend, new - top, there - slope)
        top, slope = new, there
    return False


def _bent(bend: FloatArray, step: FloatArray, turn: FloatArray) -> FloatArray:
    """Inverse curvature after a step and the turn of the slope along it (Broyden, Fletcher, Goldfarb, Shanno)."""
    along = float(step @ turn)
    if along <= 0.0:
        return bend
    left = np.eye(step.size) - np.outer(step, turn) / along
    return np.asarray(left @ bend @ left.T + np.outer(step, step) / along)


def can_close(board: PolicySpace) -> BoolArray:
    """Return whether a move's flows can be embargoed: taxes can, costs and transfers cannot, (K,)."""
    return np.array([move.kind in ("tariff", "export_tax") for move in board.moves])


def closed_flows(board: PolicySpace, closed: BoolArray) -> BoolArray | None:
    """Return the flows of the closed moves, bool (importer, exporter, sector), or None."""
    chosen = [
        np.asarray(move.where, dtype=bool) for move, shut in zip(board.moves, closed, strict=True) if shut
    ]
    return np.logical_or.reduce(chosen) if chosen else None
