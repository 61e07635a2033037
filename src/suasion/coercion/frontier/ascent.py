"""Climb to the best policy of one side: bounded quasi-Newton steps on exact gradients, then the corners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.frontier.policy_space import PolicySpace, Slope, flow_slope, real_flows, welfare_slope
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.batch.many import job_of, respond_many
from suasion.equilibrium.batch.patch import ground_of
from suasion.equilibrium.economy import certified, log_welfare
from suasion.equilibrium.solve import Solved
from suasion.errors import ConvergenceError, ShockError
from suasion.types import BoolArray, FloatArray

#: Accuracy of a climb: change of the objective relative to the trade at stake, and of the gradient by log wedges that
#: are measured in units of the flow that they bend.
PRECISE, FLAT = 1e-13, 1e-7
#: Smallest share of the trade at stake that a move is measured by: a flow that is all but gone has no curvature left.
LEAST = 1e-2
#: Gap of the transposed equations behind a gradient, relative; a hundredth of what ends a climb, and less.
EXACT = 1e-10
#: The same while the slope is steep: this share of the last one, and at most so much.
SHARE, LOOSE = 1e-3, 1e-6
#: Steps by slopes alone at the top of a climb, and along a curve of tops, where each begins near the last.
STEPS, NEAR = 5, 15
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

    Steps of a climb have no certificate; whatever is returned has.
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

    def stand(self, aim: Objective, policy: FloatArray, closed: BoolArray, *, step: bool = False) -> Policy:
        """Solve a policy and value it.

        step: whether it is one of a climb, which needs no certificate.
        Raises ShockError, ConvergenceError: It has no equilibrium.
        """
        last = self._stand
        if last is not None and np.array_equal(last.policy, policy) and np.array_equal(last.closed, closed):
            return self.revalued(aim, last if step else _certified(last))
        solved = self.solve(policy, closed)
        variation = self.board.variation(solved)
        self._stand = Policy(policy.copy(), closed.copy(), aim.value(variation, solved), variation, solved)
        return self._stand if step else _certified(self._stand)

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
        unit = self._units(real_flows(self.stand(aim, policy, closed, step=True).solved))[free]
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
            _, bend = _polish(search.loss, found.x, found.jac, bend, np.array(bounds), self.flat, STEPS)
            self._top = search, bend
        return _certified(search.best) if search.best is not None else self.stand(aim, policy, closed)

    def follow(self, aim: Objective, policy: FloatArray, closed: BoolArray, *, along: bool = False) -> Policy:
        """Find the best policy near the top of the last climb, by the curvature found there; climb where that fails.

        aim: what is wanted, with the same free moves as in the last climb.
        policy: (K,) to start from.
        closed: (K,) moves that are embargoes.
        along: whether the next one begins here: more steps are tried, and their curvature is kept.
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
        near, bend = _polish(search.loss, start, slope, bend, bounds.T, self.flat, NEAR if along else STEPS)
        if not near:
            return self.climb(aim, search.best.policy, closed)
        if along:
            self._top = search, bend
        return _certified(search.best)

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
        bar, places, seen = BETTER * self.scale, np.flatnonzero(aim.free & can_close(self.board)), 0
        while True:
            trials = [_turned(aim, stand, place) for place in places[seen:]]
            every = stand.closed.copy()
            every[places] = True
            values = self._values(aim, [*trials, (stand.policy, every)])
            better = np.flatnonzero(values > stand.value + bar)
            if not better.size:
                return stand
            first = int(better[0])
            if first == len(trials):
                return self.stand(aim, stand.policy, every)
            seen += first + 1
            stand = self.climb(aim, *trials[first])

    def _values(self, aim: Objective, trials: Sequence[tuple[FloatArray, BoolArray]]) -> FloatArray:
        """Objective of policies with embargoes, solved together; minus infinity where there is no equilibrium."""
        if aim.sales is not None:
            found = [self._try(aim, *trial) for trial in trials]
            return np.array([-np.inf if one is None else one.value for one in found])
        economy, self.solves = self.board.economy, self.solves + len(trials)
        ground = ground_of(economy.accounts, economy.parameters)
        shocks = [self.board.shock(policy, closed_flows(self.board, closed)) for policy, closed in trials]
        logs = respond_many(economy, [job_of(economy, shock, ground) for shock in shocks]).log_welfare
        values = (self.board.spending * np.expm1(logs)) @ aim.worth
        return np.where(np.isfinite(values), values, -np.inf)

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
            solved = self.board.solve(policy, cut, self._last, step=True)
        except ConvergenceError:
            solved = self.board.solve(policy, cut, step=True)
        self._last = solved.x
        return solved

    def slope(self, aim: Objective, stand: Policy, accuracy: float | None = None) -> FloatArray:
        """Derivative of the objective by every move at a stand, (K,).

        accuracy: of it; by default that of all.
        """
        self.gradients += 1
        accuracy = self.accuracy if accuracy is None else accuracy
        level = self.board.spending * np.exp(log_welfare(stand.solved))
        point = point_of(stand.solved)
        self._slopes = welfare_slope(self.board, point, aim.worth * level, accuracy, self._slopes)
        if aim.sales is None or not aim.weight:
            return self._slopes.by_move
        count = aim.sales.T[:, None, :].astype(float)
        self._sales = flow_slope(self.board, point, count, accuracy, self._sales)
        return np.asarray(self._slopes.by_move - aim.weight * self._sales.by_move)


@dataclass(slots=True)
class Search:
    """The objective of one climb as a function to be made small, and the best policy that it has seen.

    climber, aim, policy, closed: as for :meth:`Climber.climb`.
    free: places of the moves that are chosen.
    unit: log wedges that one unit of each stands for.
    best: the best so far.
    steep: largest entry of the last slope.
    """

    climber: Ascent
    aim: Objective
    policy: FloatArray
    closed: BoolArray
    free: NDArray[np.intp]
    unit: FloatArray
    best: Policy | None = None
    steep: float = np.inf

    def loss(self, values: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the objective and its slope, in units of the trade at stake."""
        trial, scale = self.policy.copy(), self.climber.scale
        trial[self.free] = self.unit * values
        try:
            found = self.climber.stand(self.aim, trial, self.closed, step=True)
            accuracy = max(self.climber.accuracy, min(LOOSE, SHARE * self.steep))
            slope = self._slope(found, accuracy)
            self.steep = float(np.abs(slope).max(initial=0.0))
            # Of a top says only an exact slope that it is one.
            if self.steep <= self.climber.flat and accuracy > self.climber.accuracy:
                slope = self._slope(found, self.climber.accuracy)
        except (ShockError, ConvergenceError):
            return 1e3, np.zeros(self.free.size)
        # Values carry the noise of the solver, slopes hardly any: at the top the flatter of two is the better.
        if self.best is None or found.value > self.best.value - NOISE * scale:
            self.best = found
        return -found.value / scale, slope

    def _slope(self, stand: Policy, accuracy: float) -> FloatArray:
        """Slope of minus the objective by free moves, in their units."""
        return np.asarray(
            -self.unit * self.climber.slope(self.aim, stand, accuracy)[self.free] / self.climber.scale
        )


def _polish(
    loss: Callable[[FloatArray], tuple[float, FloatArray]],
    top: FloatArray,
    slope: FloatArray,
    bend: FloatArray,
    bounds: FloatArray,
    flat: float,
    steps: int,
) -> tuple[bool, FloatArray]:
    """Step on by slopes alone where the noise of values stopped the climb; ``loss`` itself keeps what is better.

    ``bend`` is the inverse curvature, bent further by what each step shows. Returns whether the end is flat, and the
    curvature there.
    """
    for _ in range(steps):
        # At a bound only a slope that points inwards counts.
        steep = float(np.abs(top - np.clip(top - slope, *bounds.T)).max())
        if steep <= flat:
            return True, bend
        inside = (top > bounds[:, 0]) & (top < bounds[:, 1])
        new = np.clip(top - np.where(inside, bend @ np.where(inside, slope, 0.0), 0.0), *bounds.T)
        _, there = loss(new)
        if float(np.abs(there[inside]).max(initial=0.0)) >= steep:
            loss(top)
            return False, bend
        bend = _bent(bend, new - top, there - slope)
        top, slope = new, there
    return False, bend


def _certified(stand: Policy) -> Policy:
    return replace(stand, solved=certified(stand.solved))


def _turned(aim: Objective, stand: Policy, place: int) -> tuple[FloatArray, BoolArray]:
    """A policy with one move made an embargo, or where it was one, a tax at its bound."""
    closed, policy = stand.closed.copy(), stand.policy.copy()
    closed[place] = not closed[place]
    if not closed[place]:
        policy[place] = aim.high[place]
    return policy, closed


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
