"""Simulate many scenarios at once: what :func:`suasion.simulate` says of each, in a fraction of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.batch.bands import LEVELS, OverDraws, over_draws
from suasion.equilibrium.batch.many import BatchTask, ManyOutcome, batchable, joined, respond_many
from suasion.equilibrium.batch.many_beside import beyond, flags_of, with_brackets, with_capital
from suasion.equilibrium.batch.patch import ground_of, patch_on
from suasion.equilibrium.batch.sweep import READINGS
from suasion.equilibrium.doubts import extreme, removal
from suasion.equilibrium.economy import Economy, economy_on, prepare, respond, with_counters
from suasion.equilibrium.elasticities.horizon import draws as drawn_elasticities
from suasion.equilibrium.elasticities.horizon import resolve, resolve_base
from suasion.equilibrium.elasticities.own import Elasticities
from suasion.equilibrium.elasticities.response import Factors
from suasion.equilibrium.scenario.scenario import Scenario, compile_scenario, expect_scenario
from suasion.equilibrium.simulate import own, summarise
from suasion.equilibrium.types import Parameters, Shock
from suasion.equilibrium.uses import touched
from suasion.errors import ConvergenceError, InputError, ShockError, SuasionWarning, warn
from suasion.schema import variable
from suasion.types import CountProgress, DeficitRule
from suasion.world import Provenance, World

Horizon = str | float | Elasticities


@dataclass(frozen=True, eq=False)
class ManyResults(OverDraws):
    """What many scenarios do to every country, each against the same base.

    Attributes
    ----------
    welfare : (scenario, horizon, country) change in real final expenditure, per cent of own; NaN where the scenario has
        no equilibrium
    equivalent_variation : the same in million USD at base prices
    real_income, real_wage, consumer_price : as in a single :class:`~suasion.equilibrium.result.Result`, per cent
    residual : (scenario, horizon) largest gap of an equation, in logs; infinite where there is no equilibrium
    batched : (scenario, horizon) whether the batch solved it, else the single solver
    reasons : scenario, horizon, reason: why there is no number
    welfare_with_capital : (scenario, horizon, country) change of welfare where the stock of capital adjusts too, in
        per cent; NaN before the long run, and where it was not asked for
    flags : scenario, horizon, country, flag, sector, lost_percent, value: answers beyond what the model can say, with
        replacement_percent and no_switching_percent, the ends of the bracket as changes of the country's welfare; NaN
        where they were not asked for, and from the long run on
    warnings : what is probably not what was meant, and where the answers are beyond the model
    scenarios : the scenarios, in order
    labels : horizon to its label, for instance ``"long (10 years)"``
    parameters : horizon to a summary of its elasticities
    deficits : deficit rule
    provenance : of the world
    drawn : (scenario, horizon, draw, country) the five levels for draws of the elasticities; None where none were asked

    Examples
    --------
    >>> su.simulate_many(["tariff 25 USA on CHN"], world=su.load_world("g20")).result
    <ManyResults: 1 scenarios, long (10 years), ...>
    """

    welfare: xr.DataArray
    equivalent_variation: xr.DataArray
    real_income: xr.DataArray
    real_wage: xr.DataArray
    consumer_price: xr.DataArray
    residual: xr.DataArray
    batched: xr.DataArray
    welfare_with_capital: xr.DataArray
    reasons: pd.DataFrame
    flags: pd.DataFrame
    warnings: tuple[SuasionWarning, ...] = field(repr=False)
    scenarios: tuple[Scenario, ...] = field(repr=False)
    labels: Mapping[str, str]
    parameters: Mapping[str, Mapping[str, str]] = field(repr=False)
    deficits: DeficitRule
    provenance: Provenance = field(repr=False)
    drawn: xr.Dataset | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """One line: how many, how solved, how well."""
        solved = np.isfinite(self.residual.values)
        worst = float(self.residual.values[solved].max(initial=0.0))
        return (
            f"<ManyResults: {len(self.scenarios)} scenarios, {', '.join(self.labels.values())}, "
            f"deficits {self.deficits}; "
            f"{int(self.batched.sum())} of {solved.size} in batches, {int((~solved).sum())} unsolved, "
            f"residual {worst:.0e}>"
        )

    def _repr_html_(self) -> str:
        """Say the same, and the ten largest changes in welfare, for a notebook."""
        columns = ["scenario", "horizon", "country", "welfare", "equivalent_variation"]
        shown = self.frame[columns].sort_values("welfare", key=abs, ascending=False).head(10)
        table = shown.to_html(float_format="{:,.3g}".format, index=False)
        return f"<p>{escape(repr(self))}</p>{table}"

    def dataset(self) -> xr.Dataset:
        """Return all arrays as one data set, with ``residual`` and ``batched``."""
        names = (*LEVELS, "residual", "batched")
        return xr.Dataset({name: getattr(self, name) for name in names})

    @property
    def frame(self) -> pd.DataFrame:
        """One row per scenario, horizon and country: the five changes, residual, batched, reason."""
        frame = self.dataset().to_dataframe().reset_index()
        reasons = self.reasons.set_index(["scenario", "horizon"]).reason
        keys = pd.MultiIndex.from_frame(frame[["scenario", "horizon"]])
        return frame.assign(reason=reasons.reindex(keys).fillna("").to_numpy())

    @property
    def failed(self) -> tuple[tuple[str, str], ...]:
        """Scenario and horizon of those without an equilibrium; ``reasons`` says why."""
        return tuple(zip(self.reasons.scenario, self.reasons.horizon, strict=True))


def simulate_many(
    world: World,
    scenarios: Iterable[Scenario],
    horizon: Horizon | Sequence[Horizon] = "long",
    *,
    factors: Factors | None = None,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    draws: int = 0,
    seed: int = 1,
    beside: bool = False,
    progress: CountProgress | None = None,
) -> ManyResults:
    """Solve the world economy after each of many scenarios, in batches.

    Every number equals that of :func:`suasion.simulate` for the same arguments to 1e-8. Embargoes, bans, tariffs with
    their revenue, trade costs, productivity, endowments and transfers share batches. Export taxes, quotas and caps,
    cuts that split the world or strand a seller, several factors, and ``deficits="gdp"`` are solved one by one, and so
    is what does not converge in a batch; ``batched`` tells which.

    Parameters
    ----------
    world : balanced accounts
    scenarios : at least one; their names differ
    horizon : {"months", "short", "long", "both"}, years since the shock, Elasticities, or a list of them
        Which elasticities answer; ``"both"`` is short and long.
    factors, deficits, elasticities, draws, seed
        As in :func:`suasion.simulate`. Equal draws stand in all scenarios: their difference is not noise.
    beside : solve what stands beside the answers too: the ends of the bracket where an answer is flagged, and the
        long run with capital.
    progress : called with (done, total)

    Returns
    -------
    ManyResults

    Warns
    -----
    SuasionWarning
        As :func:`suasion.simulate` does, each once.

    Raises
    ------
    InputError
        There is no scenario or horizon, or two have one name.
    ScenarioError, NotInWorldError, ElasticityError
        Something in a scenario or in the elasticities is wrong. A scenario that has no equilibrium raises nothing: its
        numbers are NaN, and ``reasons`` says why.
    """
    scenarios = _expected(scenarios)
    economies = _economies(world, _horizons(horizon), factors, deficits, elasticities)
    names = _distinct([scenario.name for scenario in scenarios], "scenario")
    outcomes, doubts = _solved(world, scenarios, list(economies.values()), progress)
    first = next(iter(economies.values()))
    arrays = _arrays(first.accounts, names, list(economies), outcomes)
    flags = flags_of(names, economies, outcomes)
    makers = [_again(world, scenario) for scenario in scenarios if beside]
    doubts += [*removal(deficits, first.accounts.transfer), *_extreme(arrays["welfare"]), *beyond(flags)]
    found = ManyResults(
        **arrays,
        welfare_with_capital=with_capital(arrays["welfare"], economies, makers),
        flags=with_brackets(flags, economies, names, makers),
        warnings=tuple({str(doubt): doubt for doubt in doubts}.values()),
        reasons=_reasons(names, list(economies), outcomes),
        scenarios=scenarios,
        labels={key: economy.parameters.horizon for key, economy in economies.items()},
        parameters={key: summarise(economy.parameters) for key, economy in economies.items()},
        deficits=deficits,
        provenance=world.provenance,
        drawn=_drawn(
            world, scenarios, economies, _Draws(draws, seed, _horizons(horizon), factors, elasticities)
        ),
    )
    warn(found.warnings)
    return found


def _expected(scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
    if isinstance(scenarios, Scenario | Mapping | str):
        raise InputError("`scenarios` must be a list of scenarios; one alone goes to simulate.")
    found = tuple(scenarios)
    for scenario in found:
        expect_scenario(scenario)
    return found


class _Draws(NamedTuple):
    """Draws that were asked for: how many, seed, and whose elasticities."""

    number: int
    seed: int
    horizons: Sequence[Horizon]
    factors: Factors | None
    elasticities: Elasticities | None


def _drawn(
    world: World, scenarios: Sequence[Scenario], economies: Mapping[str, Economy], asked: _Draws
) -> xr.Dataset | None:
    """The levels of all scenarios and horizons over the draws; a scenario without an equilibrium has NaN."""
    if not asked.number:
        return None
    by_horizon = []
    for economy, horizon in zip(economies.values(), asked.horizons, strict=True):
        sets = drawn_elasticities(world, asked.number, horizon, asked.seed, asked.elasticities, asked.factors)
        parts = [_one_drawn(world, scenario, economy, sets) for scenario in scenarios]
        by_horizon.append(xr.concat(parts, pd.Index([one.name for one in scenarios], name="scenario")))
    held = xr.concat(by_horizon, pd.Index(list(economies), name="horizon"))
    return held.transpose("scenario", "horizon", "draw", "country")


def _one_drawn(world: World, scenario: Scenario, economy: Economy, sets: Sequence[Parameters]) -> xr.Dataset:
    shock = compile_scenario(world, scenario)
    try:
        central, _ = respond(economy, shock)
    except (ShockError, ConvergenceError):
        none = np.full((len(sets), len(world.countries)), np.nan)
        coords = {"draw": np.arange(len(sets)), "country": list(world.countries)}
        return xr.Dataset(dict.fromkeys(LEVELS, (("draw", "country"), none)), coords)
    return over_draws(economy, shock, central, sets)


def _solved(
    world: World, scenarios: Sequence[Scenario], economies: Sequence[Economy], progress: CountProgress | None
) -> tuple[list[ManyOutcome], list[SuasionWarning]]:
    """Outcomes of all scenarios in each economy, and doubts; measures of one use share batches of their own."""
    order = [[k for k, s in enumerate(scenarios) if s.by_use is by_use] for by_use in (False, True)]
    parts: list[list[ManyOutcome]] = [[] for _ in economies]
    doubts: list[SuasionWarning] = []
    done, total = 0, len(scenarios) * len(economies)
    for places in order:
        chosen = [scenarios[k] for k in places]
        used = economies if places is order[0] else _with_counters(world, chosen, economies)
        made, asked = _jobs(world, chosen, used)
        doubts += asked
        for part, economy, jobs in zip(parts, used, made, strict=True):
            part.append(respond_many(economy, jobs, _shifted(progress, done, total)))
            done += len(jobs)
    return [joined(part, order[0] + order[1]) for part in parts], doubts


def _with_counters(
    world: World, scenarios: Sequence[Scenario], economies: Sequence[Economy]
) -> Sequence[Economy]:
    """Economies in which all goods whose terms differ by use in some scenario have counters."""
    if not scenarios:
        return economies
    goods = np.unique(np.concatenate([touched(compile_scenario(world, s)) for s in scenarios]))
    return [with_counters(economy, goods) for economy in economies]


def _shifted(progress: CountProgress | None, before: int, total: int) -> CountProgress | None:
    """CountProgress of one horizon as part of the whole."""
    return None if progress is None else lambda done, _: progress(before + done, total)


def _horizons(given: Horizon | Sequence[Horizon]) -> list[Horizon]:
    if given == "both":
        return ["short", "long"]
    return [given] if isinstance(given, str | int | float | Elasticities) else list(given)


def _distinct(names: Sequence[str], what: str) -> list[str]:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InputError(
            f"More than one {what} is called {', '.join(doubled[:5])}. Give each a name of its own."
        )
    if not names:
        raise InputError(f"There is no {what}; give at least one.")
    return list(names)


def _economies(
    world: World,
    given: Sequence[Horizon],
    factors: Factors | None,
    deficits: DeficitRule,
    elasticities: Elasticities | None,
) -> dict[str, Economy]:
    """One economy for each horizon, by its key: the horizon as given, or ``"own"`` for elasticities."""
    mine = [h for h in given if isinstance(h, Elasticities)]
    owns = iter(["own"] if len(mine) == 1 else [f"own {k}" for k in range(1, len(mine) + 1)])
    keys = _distinct([next(owns) if isinstance(h, Elasticities) else str(h) for h in given], "horizon")
    economies: dict[str, Economy] = {}
    bases: dict[Elasticities | None, Accounts] = {}
    for key, one in zip(keys, given, strict=True):
        parameters = resolve(world, one, elasticities=elasticities, factors=factors)
        values = own(one, elasticities)
        if values in bases:
            economies[key] = economy_on(bases[values], parameters, deficits)
        else:
            economies[key] = prepare(world, parameters, deficits, resolve_base(world, values))
            bases[values] = economies[key].accounts
    return economies


def _extreme(welfare: xr.DataArray) -> tuple[SuasionWarning, ...]:
    """Doubt about the largest change of each country, named with its scenario."""
    change = welfare.values.reshape(-1, welfare.sizes["country"])
    place = np.argmax(np.nan_to_num(np.abs(change)), axis=0)
    names = np.repeat(welfare["scenario"].values, welfare.sizes["horizon"])[place]
    labels = [f"{name}: {country}" for name, country in zip(names, welfare["country"].values, strict=True)]
    return extreme(labels, change[place, np.arange(place.size)])


def _jobs(
    world: World, scenarios: Sequence[Scenario], economies: Sequence[Economy]
) -> tuple[list[list[BatchTask]], list[SuasionWarning]]:
    """Jobs of each economy, and what is doubtful about what was asked.

    Compiled scenarios are large: they are made again where one is solved singly.
    """
    grounds = [ground_of(e.accounts, e.parameters) if batchable(e) else None for e in economies]
    jobs: list[list[BatchTask]] = [[] for _ in economies]
    doubts = [doubt for economy in economies for doubt in economy.parameters.doubts]
    for scenario in scenarios:
        shock = compile_scenario(world, scenario)
        doubts += shock.doubts
        for part, ground in zip(jobs, grounds, strict=True):
            part.append(
                BatchTask(None if ground is None else patch_on(ground, shock), _again(world, scenario))
            )
    return jobs, doubts


def _again(world: World, scenario: Scenario) -> Callable[[], Shock]:
    return lambda: compile_scenario(world, scenario)


def _arrays(
    base: Accounts, names: Sequence[str], horizons: Sequence[str], outcomes: Sequence[ManyOutcome]
) -> dict[str, xr.DataArray]:
    coords: dict[str, Any] = {
        "scenario": list(names),
        "horizon": list(horizons),
        "country": list(base.countries),
    }

    def label(name: str, values: NDArray[Any], attrs: Mapping[str, str]) -> xr.DataArray:
        dims = list(coords)[: values.ndim]
        return xr.DataArray(values, {dim: coords[dim] for dim in dims}, dims, name, attrs)

    change = np.expm1(np.stack([outcome.readings for outcome in outcomes], axis=2))  # (J, 4, H, N)
    made = {name: 100.0 * change[:, READINGS.index(name)] for name in READINGS}
    made["equivalent_variation"] = base.income * change[:, READINGS.index("welfare")]
    arrays = {name: label(name, made[name], variable(name, "result").attrs) for name in LEVELS}
    residual = np.stack([outcome.residual for outcome in outcomes], axis=1)
    batched = np.stack([outcome.batched for outcome in outcomes], axis=1)
    arrays["residual"] = label("residual", residual, {"unit": "log gap"})
    arrays["batched"] = label("batched", batched, {"unit": "yes or no"})
    return arrays


def _reasons(names: Sequence[str], horizons: Sequence[str], outcomes: Sequence[ManyOutcome]) -> pd.DataFrame:
    rows = [
        {"scenario": name, "horizon": horizon, "reason": reason}
        for horizon, outcome in zip(horizons, outcomes, strict=True)
        for name, reason in zip(names, outcome.reasons, strict=True)
        if reason
    ]
    return pd.DataFrame(rows, columns=["scenario", "horizon", "reason"])
