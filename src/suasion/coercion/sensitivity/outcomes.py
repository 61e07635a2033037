"""Outcomes whose sensitivity can be asked for: smooth functions of what each country ends up with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from suasion.coercion.outcomes import Side, members, side_name
from suasion.equilibrium.adjoint.backward import Seeds
from suasion.equilibrium.adjoint.point import Point
from suasion.errors import InputError
from suasion.types import FloatArray
from suasion.world import World


@dataclass(frozen=True, slots=True)
class WelfareChanges:
    """What outcomes are functions of.

    spending: (N,) base real final expenditure after the deficit rule, million USD.
    before, after: (N,) log changes of real final expenditure against the base, without and with the scenario.
    """

    world: World
    spending: FloatArray
    before: FloatArray
    after: FloatArray


@dataclass(frozen=True, slots=True)
class Slopes:
    """Derivative of an outcome by the log of each country's real expenditure, (N,) each.

    after: with the scenario.
    before: without it; None where the outcome does not look there.
    net_of_transfer: read income net of the transfer instead of final expenditure.
    """

    after: FloatArray
    before: FloatArray | None = None
    net_of_transfer: bool = False

    def seeds(self, point: Point) -> Seeds:
        """Derivative by incomes and price indices at the equilibrium with the scenario."""
        transfer = point.transfer if self.net_of_transfer else np.zeros_like(point.transfer)
        rate = self.after / (point.income - transfer)
        return Seeds(rate, -rate if self.net_of_transfer else np.zeros_like(rate), -self.after)


class Outcome(Protocol):
    """One number read from an equilibrium."""

    @property
    def title(self) -> str:
        """What it is, in words."""
        ...

    unit: ClassVar[str]
    """Unit of its changes."""

    def value(self, state: WelfareChanges) -> float:
        """Return the outcome itself, in its unit."""
        ...

    def slopes(self, state: WelfareChanges) -> Slopes:
        """Return its derivative by the countries' log real expenditure."""
        ...


def _weights(state: WelfareChanges, side: Side, given: Mapping[str, float] | None = None) -> FloatArray:
    """Base expenditure of the countries of a side times their weights, (N,); zero elsewhere."""
    codes = members(state.world, side)
    table = dict.fromkeys(codes, 1.0) if given is None else dict(given)
    if (
        set(table) != set(codes)
        or any(not 0.0 <= v < np.inf for v in table.values())
        or not any(table.values())
    ):
        raise InputError(
            f"Weights must name {', '.join(codes)} and nobody else, be >= 0 and not all zero; got {table}."
        )
    weight = np.zeros(len(state.world.countries))
    for code, value in table.items():
        weight[state.world.countries.index(code)] = value
    return np.asarray(weight * state.spending)


@dataclass(frozen=True, slots=True)
class Welfare:
    """Real final expenditure of a country, or of a group: changes in per cent (100 times the log).

    Parameters
    ----------
    side : code, name or group, or a list of them
    weights : worth of a dollar in each country of a group; equal by default, which adds real expenditures up as
        exit costs do

    Examples
    --------
    >>> Welfare("RUS").unit
    'per cent'
    """

    unit: ClassVar[str] = "per cent"
    side: Side
    weights: Mapping[str, float] | None = None

    @property
    def title(self) -> str:
        """What it is, in words."""
        weighted = ", weighted" if self.weights is not None else ""
        return f"welfare of {side_name(self.side)}{weighted}"

    def value(self, state: WelfareChanges) -> float:
        """Return 100 times the log of real expenditure over the base."""
        weight = _weights(state, self.side, self.weights)
        return float(100.0 * np.log((weight * np.exp(state.after)).sum() / weight.sum()))

    def slopes(self, state: WelfareChanges) -> Slopes:
        """Return shares in the group's expenditure."""
        level = _weights(state, self.side, self.weights) * np.exp(state.after)
        return Slopes(100.0 * level / level.sum())


@dataclass(frozen=True, slots=True)
class RealIncome:
    """Real income of one country net of the transfer it receives: changes in per cent (100 times the log).

    Parameters
    ----------
    country : code or name

    Examples
    --------
    >>> su.RealIncome("CHN").unit
    'per cent'
    """

    unit: ClassVar[str] = "per cent"
    country: str

    @property
    def title(self) -> str:
        """What it is, in words."""
        return f"real income of {self.country}, net of transfers"

    def value(self, state: WelfareChanges) -> float:
        """Refuse: it is not a function of real expenditure.

        Raises
        ------
        InputError
            Always; ask for :class:`Welfare`, which is the same where deficits are balanced.
        """
        raise InputError(
            "Exact cut-offs are computed for outcomes of real expenditure. Use Welfare: it equals RealIncome where "
            "deficits='balance'."
        )

    def slopes(self, state: WelfareChanges) -> Slopes:
        """Return one for the country."""
        one = _one(state, self.country)
        return Slopes(100.0 * one, net_of_transfer=True)


@dataclass(frozen=True, slots=True)
class EquivalentVariation:
    """Change of real expenditure of a side in million USD at base prices.

    Parameters
    ----------
    side : code, name or group, or a list of them

    Examples
    --------
    >>> su.EquivalentVariation("USA").unit
    'million USD'
    """

    unit: ClassVar[str] = "million USD"
    side: Side

    @property
    def title(self) -> str:
        """What it is, in words."""
        return f"equivalent variation of {side_name(self.side)}"

    def value(self, state: WelfareChanges) -> float:
        """Return the equivalent variation."""
        return float((_weights(state, self.side) * np.expm1(state.after)).sum())

    def slopes(self, state: WelfareChanges) -> Slopes:
        """Return real expenditure in million USD."""
        return Slopes(_weights(state, self.side) * np.exp(state.after))


@dataclass(frozen=True, slots=True)
class Loss:
    """Loss of a side from the scenario, per cent of its real expenditure without it; positive is a loss.

    Parameters
    ----------
    side : code, name or group, or a list of them

    Notes
    -----
    What changes, changes in the world with the scenario and in the one without it: the loss compares the two, and its
    derivative is that of both.

    Examples
    --------
    >>> su.Loss("RUS").unit
    'percentage points'
    """

    unit: ClassVar[str] = "percentage points"
    side: Side

    @property
    def title(self) -> str:
        """What it is, in words."""
        return f"loss of {side_name(self.side)}"

    def value(self, state: WelfareChanges) -> float:
        """Return the loss."""
        return _loss(state, self.side)[0]

    def slopes(self, state: WelfareChanges) -> Slopes:
        """Return its slopes with and without the scenario."""
        return Slopes(*_loss(state, self.side)[1:])


@dataclass(frozen=True, slots=True)
class LossGap:
    """Loss of one side from the scenario less that of another, percentage points; see :class:`Loss`.

    Parameters
    ----------
    a, b : code, name or group, or a list of them

    Examples
    --------
    >>> su.LossGap("RUS", "CHN").unit
    'percentage points'
    """

    unit: ClassVar[str] = "percentage points"
    a: Side
    b: Side

    @property
    def title(self) -> str:
        """What it is, in words."""
        return f"loss of {side_name(self.a)} less that of {side_name(self.b)}"

    def value(self, state: WelfareChanges) -> float:
        """Return the difference of the losses."""
        return _loss(state, self.a)[0] - _loss(state, self.b)[0]

    def slopes(self, state: WelfareChanges) -> Slopes:
        """Return the difference of the slopes."""
        (_, *first), (_, *second) = _loss(state, self.a), _loss(state, self.b)
        return Slopes(first[0] - second[0], first[1] - second[1])


@dataclass(frozen=True, slots=True)
class LossRatio:
    """Loss of one side from the scenario over that of another, both in per cent of own real expenditure.

    Parameters
    ----------
    a, b : code, name or group, or a list of them

    Examples
    --------
    >>> su.LossRatio("RUS", "CHN").unit
    'ratio'
    """

    unit: ClassVar[str] = "ratio"
    a: Side
    b: Side

    @property
    def title(self) -> str:
        """What it is, in words."""
        return f"loss of {side_name(self.a)} over that of {side_name(self.b)}"

    def value(self, state: WelfareChanges) -> float:
        """Return the ratio of the losses.

        Raises
        ------
        InputError
            The second side loses nothing.
        """
        second = _loss(state, self.b)[0]
        if second == 0.0:
            raise InputError(f"{side_name(self.b)} loses nothing in this scenario; ask for LossGap.")
        return _loss(state, self.a)[0] / second

    def slopes(self, state: WelfareChanges) -> Slopes:
        """Return the slopes of the quotient."""
        ratio = self.value(state)
        (_, *first), (size, *second) = _loss(state, self.a), _loss(state, self.b)
        after, before = ((one - ratio * other) / size for one, other in zip(first, second, strict=True))
        return Slopes(after, before)


def _loss(state: WelfareChanges, side: Side) -> tuple[float, FloatArray, FloatArray]:
    """Loss of a side from the scenario in per cent, and its derivatives by log real expenditure after and before."""
    weight = _weights(state, side)
    before, after = weight * np.exp(state.before), weight * np.exp(state.after)
    whole = before.sum()
    left = after.sum() / whole
    return float(100.0 * (1.0 - left)), -100.0 * after / whole, 100.0 * left * before / whole


def _one(state: WelfareChanges, country: str) -> FloatArray:
    codes = members(state.world, country)
    if len(codes) != 1:
        raise InputError(f"{country} is a group; give one country.")
    one = np.zeros(len(state.world.countries))
    one[state.world.countries.index(codes[0])] = 1.0
    return one
