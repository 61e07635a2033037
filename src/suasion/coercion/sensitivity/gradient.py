"""What an outcome depends on: its derivative by every flow's cost, tax or transfer, productivity and endowment."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from suasion.coercion.exit_cost import AS_IT_IS
from suasion.coercion.outcomes import Horizon
from suasion.coercion.sensitivity.outcomes import Outcome, WelfareChanges
from suasion.equilibrium import Economy, Elasticities, Scenario, Shock, compile_scenario, resolve, respond
from suasion.equilibrium.accounts import sector_last
from suasion.equilibrium.adjoint.backward import Seeds
from suasion.equilibrium.adjoint.point import Point, point_of
from suasion.equilibrium.adjoint.solve import Gradient, Scaling, Wrt, gradient, scaling_of
from suasion.equilibrium.economy import base_of, economy_on, log_welfare, with_counters
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.equilibrium.simulate import own
from suasion.equilibrium.types import Parameters, Use
from suasion.errors import ConvergenceError, InputError, ShockError
from suasion.types import DeficitRule, FloatArray
from suasion.world import World

_AXES: dict[Wrt, tuple[tuple[str, ...], float]] = {
    "trade_cost": (("importer", "exporter", "sector"), 0.01),
    "tariff": (("importer", "exporter", "sector"), 0.01),
    "export_tax": (("importer", "exporter", "sector"), 0.01),
    "productivity": (("country", "sector"), 0.01),
    "endowments": (("country",), 0.01),
    "transfer": (("country",), 1e3),
}
"""What may change: the axes of its array, and the step of which effects are reported."""


@dataclass(frozen=True, slots=True)
class Linearisation:
    """A world solved with and without a scenario, ready for derivatives of any outcome.

    Attributes
    ----------
    world : World
    economy : base and elasticities
    shock : the scenario, compiled; nothing where there is none
    given : the scenario in words
    base, point : the equilibria without and with the scenario
    state : what outcomes read
    scaling : of the base, shared by all solutions
    use : purchases whose costs and taxes change; None is all of them
    """

    world: World
    economy: Economy
    shock: Shock
    given: str
    base: Point
    point: Point
    state: WelfareChanges
    scaling: Scaling
    use: Use | None = None

    def sensitivity(self, outcome: Outcome, wrt: Wrt = "trade_cost") -> Sensitivity:
        """Differentiate an outcome by everything of one kind; see :func:`sensitivity`.

        Parameters
        ----------
        outcome : what to differentiate
        wrt : what changes

        Returns
        -------
        Sensitivity
        """
        if wrt not in _AXES:
            raise InputError(f"wrt={wrt!r} is not one of {', '.join(_AXES)}.")
        if not hasattr(outcome, "slopes"):
            raise InputError(
                f"The outcome is {outcome!r}; give one that can be differentiated, as Welfare('RUS')."
            )
        slopes = outcome.slopes(self.state)
        if slopes.before is not None and self.point is self.base:
            raise InputError(
                f"The {outcome.title} needs a scenario in force. Without one nobody loses anything."
            )
        found = gradient(self.point, slopes.seeds(self.point), self.scaling)
        values, residual, steps = found.by(wrt, self.use), found.residual, found.steps
        if slopes.before is not None:
            start = self._before(slopes.before)
            values, residual = values + start.by(wrt, self.use), max(residual, start.residual)
            steps += start.steps
        if wrt == "transfer":
            values = _given_by_others(values, self.world.array("value_added").sum(1))
        values = _AXES[wrt][1] * values
        return Sensitivity(_label(self, outcome, wrt, values), outcome, wrt, self, residual, steps)

    def _before(self, slope: FloatArray) -> Gradient:
        seeds = Seeds(slope / self.base.income, np.zeros_like(slope), -slope)
        return gradient(self.base, seeds, self.scaling)

    @property
    def trade(self) -> FloatArray:
        """(importer, exporter, sector) flows with the scenario at basic prices, million USD."""
        return sector_last(self.point.receipts_by_flow)


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Derivatives of one outcome. A positive number raises the outcome.

    Attributes
    ----------
    effect : change of the outcome per step of what changes; labelled, with units in its attributes
    outcome : what was differentiated
    wrt : what changes
    prepared : the solved world behind it
    residual : largest gap of the transposed equations, relative to the largest entry of the right-hand side
    steps : applications of the transposed equations

    Examples
    --------
    >>> su.sensitivity("AUS", top=3, world=su.load_world("g20")).result
    <Sensitivity of welfare of AUS by trade_cost: long (10 years), ...>
    """

    effect: xr.DataArray
    outcome: Outcome
    wrt: Wrt
    prepared: Linearisation
    residual: float
    steps: int

    def __repr__(self) -> str:
        """One line: outcome, what changes, world, residual."""
        return (
            f"<Sensitivity of {self.outcome.title} by {self.wrt}: {self.horizon}, {self.given}, "
            f"residual {self.residual:.0e}>"
        )

    @property
    def horizon(self) -> str:
        """Label of the elasticities."""
        return self.prepared.economy.parameters.horizon

    @property
    def given(self) -> str:
        """The world in which it holds, in words."""
        return self.prepared.given

    def table(self, top: int | None = None, home: bool = False) -> pd.DataFrame:
        """Rank by the size of the effect.

        Parameters
        ----------
        top : how many rows; all by default
        home : whether to list purchases of a country from itself

        Returns
        -------
        DataFrame
            The labels and ``effect``; for flows also ``flow_usd`` (million, with the scenario) and ``share_percent``
            of the exporter in the importer's purchases of the good. Flows that do not exist are left out.

        Raises
        ------
        InputError
            ``top`` is not positive.
        """
        if top is not None and top < 1:
            raise InputError(f"top={top} must be at least 1.")
        frame = self.effect.to_series().rename("effect").reset_index()
        if "exporter" in frame:
            frame["flow_usd"] = self.prepared.trade.ravel()
            frame["share_percent"] = 100.0 * sector_last(self.prepared.point.share).ravel()
            frame = frame[frame.share_percent > 0]
            if not home:
                frame = frame[frame.importer != frame.exporter]
        frame = frame[frame.effect.notna()]
        order = frame.effect.abs().sort_values(ascending=False, kind="stable").index
        return frame.loc[order[:top]].reset_index(drop=True)

    def exact(self, top: int = 100) -> Any:
        """Cut off each of the flows that matter most, one at a time; see :func:`cut_off_flows`.

        Parameters
        ----------
        top : how many

        Returns
        -------
        suasion.coercion.sensitivity.exact.CutOffs
        """
        from suasion.coercion.sensitivity.exact import cut_off_flows

        if self.prepared.use is not None:
            raise InputError(
                "Flows of one use are not cut off one by one. Leave out use=, or simulate an Embargo with it."
            )
        return cut_off_flows(self, top)


def sensitivity(
    world: World,
    outcome: Outcome,
    wrt: Wrt = "trade_cost",
    at: Scenario | None = None,
    horizon: Horizon = "long",
    *,
    use: Use | None = None,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
) -> Sensitivity:
    """Differentiate an outcome by every trade cost, tax, productivity, endowment or transfer, in one solve.

    Parameters
    ----------
    world : World
    outcome : :class:`Welfare`, :class:`RealIncome`, :class:`EquivalentVariation`, :class:`LossGap` or
        :class:`LossRatio`
    wrt : ``trade_cost``, ``tariff``, ``export_tax`` (importer, exporter, sector), ``productivity`` (country, sector),
        ``endowments`` or ``transfer`` (country)
    at : a scenario already in force; the world as it is by default
    horizon : ``"months"``, ``"short"``, ``"long"`` or years
    use : costs and taxes of what is bought for ``"inputs"`` or for ``"final"`` use alone; of both together by default
    deficits : deficit rule, see :func:`suasion.equilibrium.simulate`
    elasticities : own values that replace the presets

    Returns
    -------
    Sensitivity
        Effects of one per cent more of a cost, productivity or endowment, of one percentage point of a tax, or of a
        billion USD given to a country by all others in proportion to their value added, as
        :class:`~suasion.equilibrium.Transfer` shares it out.

    Raises
    ------
    InputError
        ``wrt`` or the horizon is unknown, weights do not fit, or a loss is asked for without a scenario.
    NotInWorldError
        A country is outside the world's table.
    ShockError, ConvergenceError
        The scenario has no equilibrium, or derivatives at it could not be computed.
    """
    made = prepare_sensitivity(world, at, horizon, use=use, deficits=deficits, elasticities=elasticities)
    return made.sensitivity(outcome, wrt)


def prepare_sensitivity(
    world: World,
    at: Scenario | None = None,
    horizon: Horizon = "long",
    *,
    use: Use | None = None,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
) -> Linearisation:
    """Solve a world once, for derivatives of several outcomes.

    Parameters
    ----------
    world, at, horizon, use, deficits, elasticities : as in :func:`sensitivity`

    Returns
    -------
    Linearisation
    """
    parameters = resolve(world, horizon, elasticities=elasticities)
    economy = economy_on(
        base_of(world, resolve_base(world, own(horizon, elasticities)), deficits), parameters, deficits
    )
    return _prepared(world, economy, at, use)


def effects_over_draws(
    found: Sensitivity, rows: pd.DataFrame, at: Scenario | None, sets: Sequence[Parameters]
) -> FloatArray:
    """Return some of the derivatives with each of many sets of elasticities.

    found: At the central ones.
    rows: Of :meth:`Sensitivity.table`.
    at: The scenario in force, as it was given to :func:`prepare_sensitivity`.
    sets: Elasticities.
    Returns: (draw, row); NaN in draws without an equilibrium.
    """
    prepared, made = found.prepared, np.full((len(sets), len(rows)), np.nan)
    chosen = {dim: xr.DataArray(rows[dim].to_numpy(), dims="row") for dim in map(str, found.effect.dims)}
    for draw, parameters in enumerate(sets):
        economy = economy_on(prepared.economy.accounts, parameters, prepared.economy.deficits)
        with suppress(ShockError, ConvergenceError):
            drawn = _prepared(prepared.world, economy, at, prepared.use)
            made[draw] = drawn.sensitivity(found.outcome, found.wrt).effect.sel(chosen).values
    return made


def _prepared(world: World, economy: Economy, at: Scenario | None, use: Use | None) -> Linearisation:
    if use is not None:
        economy = with_counters(economy, np.arange(len(world.sectors)))
    solved, _ = respond(economy, Shock())
    base, before = point_of(solved), log_welfare(solved)
    shock, point, after, given = Shock(), base, before, AS_IT_IS
    if at is not None:
        shock, given = compile_scenario(world, at), at.name
        solved, _ = respond(economy, shock)
        point, after = point_of(solved), log_welfare(solved)
    state = WelfareChanges(world, economy.accounts.income, before, after)
    scaling = scaling_of(economy.accounts, economy.parameters)
    return Linearisation(world, economy, shock, given, base, point, state, scaling, use)


def _given_by_others(values: FloatArray, size: FloatArray) -> FloatArray:
    """Effect of a transfer that others alone pay, in proportion to their value added, as the instrument shares it out.

    ``values`` are those of a transfer that the receiver helps to finance: a large country would give a good part of it
    to itself.
    """
    rest = size.sum() - size
    paid = (values @ size - values * size) / np.where(rest > 0, rest, 1.0)
    return np.asarray(values - np.where(rest > 0, paid, values))


def _label(prepared: Linearisation, outcome: Outcome, wrt: Wrt, values: FloatArray) -> xr.DataArray:
    (dims, step), world = _AXES[wrt], prepared.world
    labels = {dim: list(world.sectors if dim == "sector" else world.countries) for dim in dims}
    return xr.DataArray(
        values,
        dims=dims,
        coords=labels,
        name="effect",
        attrs={
            "long_name": f"change of the {outcome.title}",
            "unit": f"{outcome.unit} per {step:g} of {wrt}",
            "source": f"transposed equations; {prepared.economy.parameters.horizon}, {prepared.given}, deficits "
            f"{prepared.economy.deficits}",
        },
    )
