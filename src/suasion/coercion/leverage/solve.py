"""The ties of a leverage matrix: who acts against whom, and how, solved in batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Literal, cast, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.outcomes import Side, base_accounts, members, side_name
from suasion.equilibrium import Elasticities, Parameters, Scenario, Shock, compile_scenario, respond
from suasion.equilibrium.accounts import Accounts, wedge
from suasion.equilibrium.batch.beside import bracket_ends
from suasion.equilibrium.batch.many import BatchTask, batchable, respond_many
from suasion.equilibrium.batch.patch import Ground, Patch, cut_patch, ground_of, tariff_patch
from suasion.equilibrium.economy import Economy, economy_on, log_welfare
from suasion.equilibrium.flags import LOSS, Flag, Flagged, of_first_year
from suasion.equilibrium.scenario.checks import number
from suasion.equilibrium.solve import accounts_after
from suasion.errors import InputError, SameCountryError
from suasion.types import DeficitRule, FloatArray
from suasion.world import World

Instrument = Literal["embargo", "export_ban", "import_ban", "tariff"]
Sides = Mapping[str, tuple[str, ...]]
Tie = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LeverageAct:
    """What the acting side does.

    kind: instrument.
    rate: added to the tariffs, where it is one.
    """

    kind: Instrument
    rate: float = 0.0

    @property
    def mutual(self) -> bool:
        """Whether it is the same whoever acts."""
        return self.kind == "embargo"

    @property
    def words(self) -> str:
        """Name for titles."""
        if self.kind == "tariff":
            return f"tariff of {100 * self.rate:g} percentage points"
        return self.kind.replace("_", " ")

    def cells(self, first: NDArray[np.intp], second: NDArray[np.intp], sectors: int) -> NDArray[np.intp]:
        """Flows that it touches when ``first`` acts against ``second``, (3, C): sector, importer, exporter."""
        bought = (first, second), (second, first)
        ways = {"embargo": bought, "export_ban": bought[1:], "import_ban": bought[:1], "tariff": bought[:1]}
        grids = [np.meshgrid(np.arange(sectors), n, i, indexing="ij") for n, i in ways[self.kind]]
        return np.concatenate([np.stack([axis.ravel() for axis in grid]) for grid in grids], axis=1)

    def patch(self, ground: Ground, cells: NDArray[np.intp]) -> Patch | None:
        """Return it as a patch of a base, or None where only the single solver treats it."""
        if self.kind == "tariff":
            return tariff_patch(ground, cells, self.rate)
        return cut_patch(ground, cells)

    def shock(self, base: Accounts, force: Shock, cells: NDArray[np.intp]) -> Shock:
        """Add it to a shock.

        base: accounts that the shock meets.
        force: another shock that it joins; an empty one for none.
        cells: of :meth:`cells`.
        """
        k, n, i = cells
        if self.kind == "tariff":
            whole = base.whole
            base_rates = np.asarray(
                np.broadcast_to(wedge(whole.tariff) - 1.0, whole.pi.shape).transpose(1, 2, 0)
            )

            def more(given: FloatArray | None) -> FloatArray:
                rates = (base_rates if given is None else given).copy()
                rates[n, i, k] += self.rate
                return rates

            final = force.final and replace(force.final, tariff=more(force.final.tariff))
            return replace(force, tariff=more(force.tariff), final=final)
        touched = np.zeros(base.pi.shape, dtype=bool).transpose(1, 2, 0)
        touched[n, i, k] = True
        return force.cutting(touched)


def measure_of(instrument: str, rate: float) -> LeverageAct:
    """Check an instrument and its rate.

    Raises InputError: There is no such instrument, or the rate is none of a tariff.
    """
    if instrument not in get_args(Instrument):
        raise InputError(f"instrument={instrument!r} is not one of {', '.join(get_args(Instrument))}.")
    if instrument != "tariff":
        return LeverageAct(cast(Instrument, instrument))
    if rate == 0.0:
        raise InputError("rate=0 is no tariff to add; 0.1 is ten percentage points.")
    return LeverageAct("tariff", number("rate", rate))


def all_ties(
    world: World, coalitions: Mapping[str, Side] | None, measure: LeverageAct
) -> tuple[Sides, list[Tie]]:
    """Return countries and coalitions as sides, and all pairs of them without a member in common.

    Ties are pairs of positions; each pair stands once where the measure is mutual, else in both orders.
    """
    sides = {**{code: (code,) for code in world.states}, **_coalitions(world, coalitions)}
    groups = [set(codes) for codes in sides.values()]
    pairs = (combinations if measure.mutual else permutations)(range(len(groups)), 2)
    return sides, [(a, b) for a, b in pairs if not groups[a] & groups[b]]


def named_ties(
    world: World, pairs: Sequence[tuple[Side, Side]], coalitions: Mapping[str, Side] | None
) -> tuple[Sides, list[Tie]]:
    """Return the sides of a list of pairs and their ties, each once.

    Raises SameCountryError: A country stands on both sides of a pair.
    Raises InputError: There is no pair, or an item is not one.
    """
    named = _coalitions(world, coalitions)
    sides: dict[str, tuple[str, ...]] = {}

    def place(side: Side) -> int:
        if isinstance(side, str) and side in named:
            name, codes = side, named[side]
        else:
            codes = members(world, side)
            name = codes[0] if len(codes) == 1 else side_name(side)
        sides.setdefault(name, codes)
        return list(sides).index(name)

    ties: dict[Tie, None] = {}
    for pair in pairs:
        if isinstance(pair, str) or len(pair) != 2:
            raise InputError(f"{pair!r} is not a pair; give (acting side, other side).")
        first, second = place(pair[0]), place(pair[1])
        codes = list(sides.values())
        both = sorted(set(codes[first]) & set(codes[second]))
        if both:
            names = list(sides)
            raise SameCountryError(
                f"{', '.join(both)} stands on both sides of the pair {names[first]} - {names[second]}. "
                "Name two different sides."
            )
        ties[first, second] = None
    if not ties:
        raise InputError("There is no pair; give at least one, or pairs='all'.")
    return sides, list(ties)


def _coalitions(world: World, given: Mapping[str, Side] | None) -> dict[str, tuple[str, ...]]:
    coalitions = {name: members(world, side) for name, side in (given or {}).items()}
    taken = sorted(set(coalitions) & set(world.countries))
    if taken:
        raise InputError(f"A coalition is called {taken[0]}, which is a country. Give it another name.")
    return coalitions


#: Columns of the losses of ties; ``first`` and ``second`` are positions of sides, the first acts.
COLUMNS = (
    "first", "second", "first_percent", "first_usd", "second_percent", "second_usd", "residual", "batched", "reason",
    "first_replacement", "second_replacement", "first_no_switching", "second_no_switching",
    "first_supply", "second_supply",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatrixPlan:
    """What a leverage matrix asks for.

    world, parameters, deficits, elasticities, given: as asked; the horizon is in the parameters.
    measure: what acting sides do.
    sides: name to members.
    ties: pairs of positions of sides.
    """

    world: World
    parameters: Parameters
    deficits: DeficitRule
    elasticities: Elasticities | None
    given: Scenario | None
    measure: LeverageAct
    sides: Sides
    ties: Sequence[Tie]


@dataclass(frozen=True, slots=True)
class _Start:
    """Where ties are cut.

    ``economy`` is the one that jobs are solved on, ``force`` what each job's shock joins, ``before`` (N,) the log
    change in welfare that such a shock contains already, ``worth`` (N,) real expenditure before the act at base prices.
    """

    economy: Economy
    force: Shock
    before: FloatArray
    worth: FloatArray

    def loss(self, log_welfare: FloatArray) -> FloatArray:
        """Million USD at base prices, (..., N)."""
        return np.asarray(-np.expm1(log_welfare - self.before) * self.worth)


def solve_plan(
    plan: MatrixPlan, progress: Callable[[int, int], None] | None = None, *, brackets: bool = True
) -> pd.DataFrame:
    """Solve all ties.

    plan: what is asked for.
    progress: called with (done, total).
    brackets: whether losses of the first year beyond the model get the ends of their bracket.
    Returns: One row a tie, columns :data:`COLUMNS`: losses of both sides, per cent of real expenditure before
      the act and million USD at base prices.
    """
    start = _start(plan)
    codes = list(plan.world.countries)
    places = [np.array([codes.index(c) for c in side], dtype=np.intp) for side in plan.sides.values()]
    jobs = _jobs(plan, start, places)
    outcome = respond_many(start.economy, jobs, progress)
    loss = start.loss(outcome.log_welfare)
    belongs = np.stack([np.bincount(place, minlength=len(codes)) for place in places]).astype(np.float64)
    usd, worth = loss @ belongs.T, belongs @ start.worth
    first, second = np.array(plan.ties, dtype=np.intp).T
    row = np.arange(first.size)
    frame = pd.DataFrame({"first": first, "second": second})
    for name, side in (("first", first), ("second", second)):
        frame[f"{name}_usd"] = usd[row, side]
        frame[f"{name}_percent"] = 100.0 * usd[row, side] / worth[side]
    frame = frame.assign(residual=outcome.residual, batched=outcome.batched, reason=list(outcome.reasons))
    flags = outcome.flags if brackets else [()] * len(jobs)
    return _with_brackets(plan, start, jobs, belongs, frame, flags)[list(COLUMNS)]


def _with_brackets(
    plan: MatrixPlan,
    start: _Start,
    jobs: Sequence[BatchTask],
    belongs: FloatArray,
    frame: pd.DataFrame,
    flags: Sequence[Sequence[Flagged]],
) -> pd.DataFrame:
    """Add the ends of the bracket, per cent, to ties of the first year that go beyond what the model can say.

    They cost a side more than that, or a good of a side that matters loses its supply.
    """
    names = ("replacement", "no_switching")
    found = {f"{who}_{name}": np.full(len(jobs), np.nan) for name in names for who in ("first", "second")}
    found |= {f"{who}_supply": np.zeros(len(jobs)) for who in ("first", "second")}
    if any(flags) and of_first_year(plan.parameters):
        worth, codes = belongs @ start.worth, list(plan.world.countries)
        large = frame[["first_percent", "second_percent"]].max(axis=1).to_numpy() > 100.0 * LOSS
        hits = [{one.country for one in some if one.flag is Flag.SUPPLY} for some in flags]
        for row, hit in enumerate(hits):
            for who in ("first", "second") if hit else ():
                inside = belongs[int(frame[who].iloc[row])] > 0.0
                found[f"{who}_supply"][row] = any(inside[codes.index(country)] for country in hit)
        large |= (found["first_supply"] > 0.0) | (found["second_supply"] > 0.0)
        rows = np.flatnonzero(large)
        ends = bracket_ends(start.economy, [jobs[row].shock for row in rows.tolist()])
        percent = 100.0 * (start.loss(ends) @ belongs.T) / worth  # (J, 2, sides)
        for place, name in enumerate(names):
            for who in ("first", "second"):
                found[f"{who}_{name}"][rows] = percent[np.arange(rows.size), place, frame[who].iloc[rows]]
    return frame.assign(**found)


def _start(plan: MatrixPlan) -> _Start:
    """Prepare the base, with the scenario in force where there is one.

    What is in force becomes the base of the acts. Quotas and caps cannot: they bind anew after every act, so that each
    act is solved together with them; so is what holds for one use only.
    """
    accounts = base_accounts(plan.world, plan.deficits, plan.elasticities)
    economy = economy_on(accounts, plan.parameters, plan.deficits)
    none = np.zeros(accounts.income.size)
    if plan.given is None:
        return _Start(economy, Shock(), none, accounts.income)
    force = compile_scenario(plan.world, plan.given)
    solved, _ = respond(economy, force)
    before = log_welfare(solved)
    worth = accounts.income * np.exp(before)
    if force.limits or force.by_use:
        return _Start(economy, force, before, worth)
    return _Start(economy_on(accounts_after(solved), plan.parameters, plan.deficits), Shock(), none, worth)


def _jobs(plan: MatrixPlan, start: _Start, places: Sequence[NDArray[np.intp]]) -> list[BatchTask]:
    accounts, measure = start.economy.accounts, plan.measure
    ground = ground_of(accounts, plan.parameters)
    plain = batchable(start.economy) and not (start.force.limits or start.force.by_use)
    jobs = []
    for a, b in plan.ties:
        cells = measure.cells(places[a], places[b], len(accounts.sectors))
        jobs.append(BatchTask(measure.patch(ground, cells) if plain else None, _full(measure, start, cells)))
    return jobs


def _full(measure: LeverageAct, start: _Start, cells: NDArray[np.intp]) -> Callable[[], Shock]:
    return lambda: measure.shock(start.economy.accounts, start.force, cells)
