"""What levers do to a tie: outcomes at a plan, a pact's chance among them, and their derivatives by every lever."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.frontier.policy_space import (
    CLOSE,
    PolicySpace,
    Slope,
    flow_slope,
    flows_between,
    welfare_slope,
)
from suasion.coercion.levers.columns import Parties
from suasion.coercion.sensitivity.outcomes import Loss, WelfareChanges
from suasion.equilibrium.adjoint.point import Point, point_of
from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.solve import Solved
from suasion.errors import InputError
from suasion.types import FloatArray

#: Draws of the coefficients for each draw of the elasticities.
COEFFICIENTS = 64


@dataclass(frozen=True, slots=True)
class PactChance:
    """Chance of a pact within some years, as a function of the two's dependence on each other.

    years: from now on.
    log_odds, log_odds_sd: (E,) of each kind of event a year, and its standard error.
    slopes, slopes_sd: (E,) change of the log odds for a change by one of ``ln(1 + 1000 d)``, d the share of
      the two's trade in all trade of the one that depends less.
    ends: whether the events end a pact that stands; else they make one.
    base_percent: what the base rate of all pairs says instead, per cent.
    closes: year by whose end it is asked.
    """

    years: int
    log_odds: FloatArray
    log_odds_sd: FloatArray
    slopes: FloatArray
    slopes_sd: FloatArray
    ends: bool
    base_percent: float
    closes: int

    def chance(self, moved: float) -> float:
        """Chance that they have a pact, per cent, when the covariate has moved."""
        stay = float(np.prod(1.0 - self._hazard(moved)) ** self.years)
        return 100.0 * (stay if self.ends else 1.0 - stay)

    def rate(self, moved: float) -> float:
        """Derivative of the chance by the covariate, percentage points."""
        hazard = self._hazard(moved)
        stay = float(np.prod(1.0 - hazard) ** self.years)
        lost = 100.0 * self.years * stay * float(hazard @ self.slopes)
        return -lost if self.ends else lost

    def drawn(self, count: int, seed: int) -> tuple[PactChance, ...]:
        """Draw log odds and slopes, each normal and alone.

        count, seed: how many, and the seed.
        """
        noise = np.random.default_rng(seed).standard_normal((count, 2, self.slopes.size))
        return tuple(
            replace(
                self,
                log_odds=self.log_odds + self.log_odds_sd * one[0],
                slopes=self.slopes + self.slopes_sd * one[1],
            )
            for one in noise
        )

    def _hazard(self, moved: float) -> FloatArray:
        return np.asarray(1.0 / (1.0 + np.exp(-(self.log_odds + self.slopes * moved))))


def closeness(shares: tuple[float, float]) -> float:
    """Return ``ln(1 + 1000 d)`` from the shares of each in the other's trade, per cent."""
    return float(np.log1p(10.0 * min(shares)))


def closeness_slope(share: float) -> float:
    """Derivative of :func:`closeness` by the lesser share, per percentage point."""
    return 10.0 / (1.0 + 10.0 * share)


OutcomeName = Literal["exit_cost_a", "exit_cost_b", "leverage", "share", "share_later", "pact"]
OUTCOMES: tuple[OutcomeName, ...] = ("exit_cost_a", "exit_cost_b", "leverage", "share")
World = Literal["tied", "cut", "later"]


@dataclass(frozen=True, slots=True)
class LeverTarget:
    """The tie on a board of levers.

    parties: who acts on whose tie.
    board: economy and moves.
    later: the same moves on the economy of a later year, or None.
    pact: how the chance of a pact moves with trade, or None.
    accuracy: of derivatives, relative.
    """

    parties: Parties
    board: PolicySpace
    later: PolicySpace | None = None
    pact: PactChance | None = None
    accuracy: float = CLOSE

    def at(
        self,
        plan: FloatArray,
        near: Position | None = None,
        solved: Solved | None = None,
        later: Solved | None = None,
    ) -> Position:
        """Return a plan, whose worlds are solved when they are first looked at.

        plan: (K,).
        near: where to start from.
        solved, later: the world with the tie, and the later one, where they are known already.
        """
        position = Position(self, np.array(plan, dtype=float), near)
        if solved is not None:
            position._solved["tied"] = solved
        if later is not None:
            position._solved["later"] = later
        return position

    def tie(self) -> NDArray[np.bool_]:
        """Flows of the pair, bool (importer, exporter, sector)."""
        a, b = self.parties.pair
        every = np.ones(self.board.economy.parameters.sigma.size, dtype=bool)
        return flows_between(a, b, every) | flows_between(b, a, every)

    @property
    def everything(self) -> tuple[OutcomeName, ...]:
        """Outcomes that can be asked for here."""
        more: list[OutcomeName] = ["share_later"] if self.later is not None else []
        return (*OUTCOMES, *more, *(["pact"] if self.pact is not None else []))  # type: ignore[arg-type]


@dataclass(slots=True)
class Position:
    """A plan: the world under it, that world with the tie cut, and a later one; each is solved once, when asked for.

    question: tie and levers.
    plan: (K,) use of every move of the board.
    near: a position to start solving from.
    """

    question: LeverTarget
    plan: FloatArray
    near: Position | None = field(default=None, repr=False)
    _starts: dict[World, FloatArray] = field(default_factory=dict, repr=False)
    _solved: dict[World, Solved] = field(default_factory=dict, repr=False)
    _points: dict[World, Point] = field(default_factory=dict, repr=False)
    _slopes: dict[str, Slope] = field(default_factory=dict, repr=False)
    _values: dict[OutcomeName, float] = field(default_factory=dict, repr=False)
    _variation: FloatArray | None = field(default=None, repr=False)

    def solved(self, which: World) -> Solved:
        """Solve the plan with the tie, without it, or in the later world.

        Raises ShockError, ConvergenceError: It has no equilibrium there.
        """
        if which not in self._solved:
            question = self.question
            board = question.board if which != "later" else question.later
            if board is None:
                raise InputError("There is no world of a later year; give one.")
            cut = question.tie() if which == "cut" else None
            self._solved[which] = board.solve(self.plan, cut, self._start(which))
            self._starts[which] = self._solved[which].x
        return self._solved[which]

    def _start(self, which: World) -> FloatArray | None:
        if which in self._starts or self.near is None:
            return self._starts.get(which)
        return self.near._starts.get(which)

    def rest(self) -> None:
        """Let go of the solved worlds; whoever looks at them again solves them again, from where they were."""
        self._solved.clear()
        self._points.clear()

    def usd(self, mask: NDArray[np.bool_]) -> float:
        """Equivalent variation of some countries, million USD; negative is a loss."""
        if self._variation is None:
            self._variation = self.question.board.variation(self.solved("tied"))
        return float(self._variation[mask].sum())

    @property
    def audience_usd(self) -> float:
        """Equivalent variation of the audience, million USD."""
        return self.usd(self.question.parties.whole)

    def value(self, outcome: OutcomeName) -> float:
        """Return an outcome.

        outcome: exit costs in per cent of own real expenditure, ``leverage`` (loss of a over loss of b, both
          in per cent; NaN where a cut costs one of them nothing), ``share`` of b in the trade of a now,
          ``share_later`` in the later world, ``pact``: chance of a pact, all in per cent.
        """
        if outcome not in self._values:
            self._values[outcome] = self._value(outcome)
        return self._values[outcome]

    def _value(self, outcome: OutcomeName) -> float:
        parties = self.question.parties
        if outcome == "exit_cost_a":
            return Loss(parties.a).value(self._state())
        if outcome == "exit_cost_b":
            return Loss(parties.b).value(self._state())
        if outcome == "leverage":
            loss_a, loss_b = self.value("exit_cost_a"), self.value("exit_cost_b")
            return loss_a / loss_b if min(loss_a, loss_b) > 0.0 else float("nan")
        if outcome == "pact":
            return self._pact().chance(closeness(self._shares()) - self._origin())
        return self._share("later" if outcome == "share_later" else "tied", *parties.pair)

    def slopes(self, outcome: OutcomeName) -> FloatArray:
        """Derivative of an outcome by every move, (K,).

        Raises ConvergenceError: The transposed equations could not be solved.
        """
        parties = self.question.parties
        if outcome in ("exit_cost_a", "exit_cost_b"):
            return self._loss_slopes(0 if outcome == "exit_cost_a" else 1)
        if outcome == "leverage":
            ratio, loss_b = self.value("leverage"), self.value("exit_cost_b")
            return (self.slopes("exit_cost_a") - ratio * self.slopes("exit_cost_b")) / loss_b
        if outcome == "pact":
            shares = self._shares()
            rate = self._pact().rate(closeness(shares) - self._origin())
            return np.asarray(rate * self.closeness_slopes())
        return self._share_slopes("later" if outcome == "share_later" else "tied", *parties.pair)

    def closeness_slopes(self) -> FloatArray:
        """Derivative of the covariate of the forecast of pacts that levers reach, (K,)."""
        a, b = self.question.parties.pair
        one, two = self._shares()
        mine = (a, b) if one <= two else (b, a)
        return np.asarray(closeness_slope(min(one, two)) * self._share_slopes("tied", *mine))

    def own_slopes(self) -> FloatArray:
        """Derivative of the audience's equivalent variation by every move, million USD, (K,)."""
        return self._welfare("audience", "tied", self.question.parties.whole)

    def _pact(self) -> PactChance:
        if self.question.pact is None:
            raise InputError("The chance of a pact is not known here; give a model of it.")
        return self.question.pact

    def _origin(self) -> float:
        """Covariate of the world as it is."""
        trade = self.question.board.economy.accounts.receipts.sum(0)
        turnover, (a, b) = trade + trade.T, self.question.parties.pair
        both = 100.0 * float(turnover[a][:, b].sum())
        return closeness((both / float(turnover[a][:, ~a].sum()), both / float(turnover[b][:, ~b].sum())))

    def _shares(self) -> tuple[float, float]:
        """Share of b in the trade of a, and of a in that of b, per cent."""
        a, b = self.question.parties.pair
        return self._share("tied", a, b), self._share("tied", b, a)

    def _state(self) -> WelfareChanges:
        logs = (log_welfare(self.solved(which)) for which in ("tied", "cut"))
        return WelfareChanges(self.question.parties.world, self.question.board.spending, *logs)

    def _point(self, which: World) -> Point:
        if which not in self._points:
            self._points[which] = point_of(self.solved(which))
        return self._points[which]

    def _loss_slopes(self, side: int) -> FloatArray:
        mask, state = self.question.parties.pair[side], self._state()
        base = float((state.spending * np.exp(state.before))[mask].sum())
        left = float((state.spending * np.exp(state.after))[mask].sum()) / base
        with_tie, without = (self._welfare(f"side {side}", which, mask) for which in ("tied", "cut"))
        return np.asarray(100.0 * (left * with_tie - without) / base)

    def _welfare(self, who: str, which: World, mask: NDArray[np.bool_]) -> FloatArray:
        """Derivative of real expenditure of some countries, million USD, by every move, (K,)."""
        key = f"{who}, {which}"
        if key not in self._slopes:
            board, level = self.question.board, np.exp(log_welfare(self.solved(which)))
            weight = board.spending * level * mask
            self._slopes[key] = welfare_slope(
                board, self._point(which), weight, self.question.accuracy, self._near(key)
            )
        return self._slopes[key].by_move

    def _near(self, key: str) -> Slope | None:
        return None if self.near is None else self.near._slopes.get(key)

    def _share(self, which: World, own: NDArray[np.bool_], partner: NDArray[np.bool_]) -> float:
        """Share of a partner in all foreign trade of a side, current prices, per cent."""
        both, foreign = self._trade(which, own, partner)
        return 100.0 * both / foreign if foreign > 0.0 else float("nan")

    def _trade(self, which: World, own: NDArray[np.bool_], partner: NDArray[np.bool_]) -> tuple[float, float]:
        value = self._point(which).receipts_by_flow.sum(0)
        turnover = value + value.T
        return float(turnover[own][:, partner].sum()), float(turnover[own][:, ~own].sum())

    def _share_slopes(self, which: World, own: NDArray[np.bool_], partner: NDArray[np.bool_]) -> FloatArray:
        key = f"share of {np.flatnonzero(own).tolist()}, {which}"
        if key not in self._slopes:
            board = self.question.board if which == "tied" else self.question.later
            assert board is not None  # `solved` has said so
            both, foreign = self._trade(which, own, partner)
            pair = (own[:, None] & partner) | (partner[:, None] & own)
            abroad = own[:, None] ^ own
            count = 100.0 * (pair - both / foreign * abroad) / foreign if foreign > 0.0 else 0.0 * pair
            self._slopes[key] = flow_slope(
                board, self._point(which), np.asarray(count)[None], self.question.accuracy, self._near(key)
            )
        return self._slopes[key].by_move
