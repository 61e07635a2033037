"""Climb to the best policy of one side: bounded quasi-Newton steps on exact gradients, then the corners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.frontier_board import Board, real_flows
from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.solve import Solved
from suasion.errors import ConvergenceError, ShockError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Accuracy of a climb: change of the objective relative to the trade at stake, and of the gradient by log wedges that
#: are measured in units of the flow that they bend.
PRECISE, FLAT = 1e-13, 1e-7
#: Smallest share of the trade at stake that a move is measured by: a flow that is all but gone has no curvature left.
LEAST = 1e-2
#: Noise of an objective relative to the trade at stake.
NOISE = 1e-10
#: A corner or restart counts as better from this much on, relative to the trade at stake.
BETTER = 1e-9


@dataclass(frozen=True, slots=True)
class Aim:
    """What a side wants, and what it moves.

    Attributes
    ----------
    own : (N,) bool, countries whose equivalent variation it adds up
    harmed : (N,) bool, countries whose equivalent variation it holds against them
    weight : lambda, dollars of own loss accepted for a dollar of harm, >= 0
    free : (K,) bool, moves that it chooses; the others stay
    low, high : (K,) bounds of its moves
    """

    own: BoolArray
    harmed: BoolArray
    weight: float
    free: BoolArray
    low: FloatArray
    high: FloatArray

    @property
    def worth(self) -> FloatArray:
        """(N,) worth of a dollar in each country."""
        return np.asarray(self.own.astype(float) - self.weight * self.harmed)


@dataclass(frozen=True, slots=True)
class Stand:
    """A policy and what comes of it.

    Attributes
    ----------
    policy : (K,)
    closed : (K,) bool, moves whose flows are embargoed: exactly zero
    value : objective, million USD
    variation : (N,) equivalent variations, million USD
    solved : the equilibrium
    """

    policy: FloatArray
    closed: BoolArray
    value: float
    variation: FloatArray
    solved: Solved = field(repr=False)


@dataclass(slots=True)
class Climber:
    """Repeated climbs on one board; keeps the last solution to start the next solve from.

    Attributes
    ----------
    board : economy and moves
    scale : million USD that objectives are divided by
    solves, gradients : how many were needed
    """

    board: Board
    scale: float
    solves: int = 0
    gradients: int = 0
    _last: FloatArray | None = None

    def stand(self, aim: Aim, policy: FloatArray, closed: BoolArray) -> Stand:
        """Solve a policy and value it.

        Raises
        ------
        ShockError, ConvergenceError
            It has no equilibrium.
        """
        solved = self.solve(policy, closed)
        variation = self.board.variation(solved)
        return Stand(policy.copy(), closed.copy(), float(aim.worth @ variation), variation, solved)

    def climb(self, aim: Aim, policy: FloatArray, closed: BoolArray) -> Stand:
        """Find the nearest best policy, embargoes kept as they are.

        Parameters
        ----------
        aim : what is wanted
        policy : (K,) to start from
        closed : (K,) moves that are embargoes

        Returns
        -------
        Stand
        """
        from scipy.optimize import minimize  # slow to import

        free = np.flatnonzero(aim.free & ~closed)
        if free.size == 0:
            return self.stand(aim, policy, closed)
        best: Stand | None = None
        unit = self._units(real_flows(self.stand(aim, policy, closed).solved))[free]

        def loss(values: FloatArray) -> tuple[float, FloatArray]:
            nonlocal best
            trial = policy.copy()
            trial[free] = unit * values
            try:
                found = self.stand(aim, trial, closed)
                slope = self._slope(aim, found)
            except (ShockError, ConvergenceError):
                return 1e3, np.zeros(free.size)
            # Values carry the noise of the solver, slopes hardly any: at the top the flatter of two is the better.
            if best is None or found.value > best.value - NOISE * self.scale:
                best = found
            return -found.value / self.scale, -unit * slope[free] / self.scale

        bounds = list(zip(aim.low[free] / unit, aim.high[free] / unit, strict=True))
        start = np.clip(policy[free], aim.low[free], aim.high[free]) / unit
        options = {"ftol": PRECISE, "gtol": FLAT, "maxiter": 60, "maxfun": 90, "maxcor": 20}
        found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options=options)
        if best is not None and np.isfinite(found.fun):
            _polish(loss, found.x, found.jac, found.hess_inv, np.array(bounds))
        return best if best is not None else self.stand(aim, policy, closed)

    def _units(self, flows: FloatArray) -> FloatArray:
        """Log wedges that bend the objective alike, (K,): the curvature of a move grows with the flow that it taxes."""
        sigma = self.board.economy.parameters.sigma
        bend = np.array(
            [
                0.0 if move.kind == "transfer" else float((flows * move.where).sum((0, 1)) @ sigma)
                for move in self.board.moves
            ]
        )
        return np.asarray(1.0 / np.sqrt(np.maximum(bend / self.scale, LEAST)))

    def corners(self, aim: Aim, stand: Stand) -> Stand:
        """Turn each move into an exact embargo where that is better, and embargoes back where it is not.

        Parameters
        ----------
        aim : what is wanted
        stand : an interior best policy

        Returns
        -------
        Stand
            At least as good; climbed again where a corner was taken.
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

    def revalued(self, aim: Aim, stand: Stand) -> Stand:
        """Return the same policy at another aim; nothing is solved."""
        return replace(stand, value=float(aim.worth @ stand.variation))

    def _try(self, aim: Aim, policy: FloatArray, closed: BoolArray) -> Stand | None:
        try:
            return self.stand(aim, policy, closed)
        except (ShockError, ConvergenceError):
            return None

    def solve(self, policy: FloatArray, closed: BoolArray) -> Solved:
        """Solve a policy from the last solution on.

        Parameters
        ----------
        policy : (K,)
        closed : (K,) moves that are embargoes

        Returns
        -------
        Solved

        Raises
        ------
        ShockError, ConvergenceError
            It has no equilibrium.
        """
        self.solves += 1
        cut = closed_flows(self.board, closed)
        try:
            solved = self.board.solve(policy, cut, self._last)
        except ConvergenceError:
            solved = self.board.solve(policy, cut)
        self._last = solved.x
        return solved

    def _slope(self, aim: Aim, stand: Stand) -> FloatArray:
        self.gradients += 1
        level = self.board.spending * np.exp(log_welfare(stand.solved))
        return self.board.slopes(stand.solved, aim.worth * level)


def _polish(
    loss: Callable[[FloatArray], tuple[float, FloatArray]],
    top: FloatArray,
    slope: FloatArray,
    bend: Any,
    bounds: FloatArray,
) -> None:
    """Step on by slopes alone where the noise of values stopped the climb; ``loss`` itself keeps what is better."""
    for _ in range(4):
        inside = (top > bounds[:, 0]) & (top < bounds[:, 1])
        steep = float(np.abs(slope[inside]).max(initial=0.0))
        if steep <= FLAT:
            return
        new = np.clip(top - np.where(inside, bend @ np.where(inside, slope, 0.0), 0.0), *bounds.T)
        _, there = loss(new)
        if float(np.abs(there[inside]).max(initial=0.0)) >= steep:
            loss(top)
            return
        top, slope = new, there


def can_close(board: Board) -> BoolArray:
    """Return whether a move's flows can be embargoed: taxes can, costs and transfers cannot, (K,)."""
    return np.array([move.kind in ("tariff", "export_tax") for move in board.moves])


def closed_flows(board: Board, closed: BoolArray) -> BoolArray | None:
    """Return the flows of the closed moves, bool (importer, exporter, sector), or None."""
    chosen = [
        np.asarray(move.where, dtype=bool) for move, shut in zip(board.moves, closed, strict=True) if shut
    ]
    return np.logical_or.reduce(chosen) if chosen else None
