"""What a scenario does: to the sides, to every economy, to trade, prices and industries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, overload

from suasion.answers import Answer, Source
from suasion.questions.bands import certified
from suasion.questions.posed import posed_model
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Texts, question
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from suasion.equilibrium import Result, Scenario
    from suasion.questions.scenarios.address import Query
    from suasion.questions.scenarios.runs import ScenarioRun
    from suasion.questions.scenarios.warm_model import Posed, ScenarioCase, WarmModel
    from suasion.world import World

    class SimulationTerms(TypedDict, total=False):
        """Options beside the horizon."""

        deficits: DeficitRule
        ease: float
        swap: float
        draws: int
        seed: int
        on: str
        uncertified: bool
        given: ScenarioText
        elasticities: OwnElasticities
        factors: str
        world: World | None
        model: WarmModel | None
        progress: Progress | None


Cases = Sequence[tuple[str, "Posed"]]
USUAL_REASON = {"price_cap": "simulate.unsolved_cap", "transfer": "simulate.unsolved_transfer"}
"""Sentence that names the usual reason why a scenario with an instrument of a kind has no equilibrium."""


@overload
def simulate(
    scenario: ScenarioText, *, horizon: str = ..., **terms: Unpack[SimulationTerms]
) -> Answer[Result]: ...
@overload
def simulate(scenario: ScenarioText, *, horizon: Texts, **terms: Unpack[SimulationTerms]) -> Answer[Any]: ...
@question
def simulate(
    scenario: ScenarioText,
    *,
    horizon: Texts = (),
    deficits: DeficitRule = "balance",
    ease: float = 1.0,
    swap: float = 1.0,
    draws: Bands = 0,
    seed: Count = 1,
    on: str = "",
    uncertified: bool = False,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    model: WarmModel | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What a scenario does to each side and to every economy, to trade, prices and industries.

    Parameters
    ----------
    scenario : ScenarioText
        Scenario file (YAML), address of the builder, or lines as `tariff 25 USA on CHN in goods`, with semicolons.
    horizon : tuple of str
        months, short (first year), long, or years since the shock; several with commas; long, or those of an address.
    deficits : str
        What becomes of trade imbalances: balance, world, gdp or eliminate.
    ease : float
        Factor on the trade elasticity, sigma - 1.
    swap : float
        Factor on substitution among inputs and factors, zeta and epsilon.
    on : str
        Take only the measures in force on this day, as 2022-12-05.
    uncertified : bool
        Show numbers that fail their check too, with a caution.

    Returns
    -------
    Answer
        Tables ``losses``, ``sides``, ``winners``, ``trade``, ``industries``, ``instruments``, ``found`` (what others
        published), ``draws``, ``remarks``; empty where no horizon has an equilibrium. ``result`` is the model's
        :class:`suasion.Result`, of several horizons one by label.

    Examples
    --------
    >>> small = su.load_world().select(["USA", "CHN", "DEU", "RUS", "AUS"])
    >>> su.simulate("China stops exports of machinery to Germany", world=small)
    <Answer simulate export ban, CHN on DEU, machinery CHN DEU: losses (...>
    """
    from suasion.questions.scenarios.reading import scenario_in

    warm = posed_model(model, world, given, elasticities, factors, deficits)
    what, query = scenario_in(scenario)
    what = what.on(on) if on else what
    terms: dict[str, Any] = {"ease": ease, "swap": swap, "deficits": deficits, "certify": not uncertified}
    cases = [case_of(what, query, text, **terms) for text in dict.fromkeys(horizon) or ("",)]
    return answer_of(
        warm, cases, named=query is None or bool(query.name), draws=draws, seed=seed, progress=progress
    )


def case_of(what: Scenario, query: Query | None, horizon: str, **terms: Any) -> tuple[str, ScenarioCase]:
    """Label and case of a scenario at one horizon; what an address says holds where nothing else is said.

    what: What happens.
    query: The address, if it is one.
    horizon: As typed; empty where nothing is said.
    terms: ``ease``, ``swap``, ``deficits`` and ``certify`` as typed.
    Raises InputError: There is no such horizon.
    """
    from suasion.questions.scenarios.runs import label_of
    from suasion.questions.scenarios.warm_model import ScenarioCase

    if query is not None:
        usual = {"ease": 1.0, "swap": 1.0, "deficits": "balance"}
        terms |= {name: getattr(query, name) for name, value in usual.items() if terms[name] == value}
    at = horizon_in(horizon) if horizon else ("long" if query is None else query.years)
    return label_of(at), ScenarioCase(what, at, **terms)


def horizon_in(text: str) -> str | float:
    """A horizon as the model takes it: a label, or years.

    Raises InputError: There is no such horizon.
    """
    from suasion.equilibrium.elasticities.schedule import HORIZONS, parse_horizon

    years = parse_horizon(text).years
    return text if text in HORIZONS else years


def glance(model: WarmModel, query: Query) -> Answer:
    """Answer of the shown horizon of an address at once; the others are told where they are known already.

    model: Solves it.
    query: The question.
    Raises InputError: The scenario is not valid for this world.
    """
    from suasion.questions.scenarios.address import shown_horizon

    return answer_of(model, query.cases, named=bool(query.name), only=shown_horizon(query))


def answer_of(
    model: WarmModel,
    cases: Cases,
    *,
    named: bool,
    draws: int = 0,
    seed: int = 1,
    only: str = "",
    progress: Progress | None = None,
) -> Answer:
    """Solve the horizons of a scenario and put the answer together.

    model: Solves them.
    cases: sequence of (str, Posed). Label and question of each horizon, the same scenario in all.
    named: Whether its author gave the scenario a name.
    draws, seed: Of the elasticities.
    only: Label of the one horizon to solve; the others are told where they are known already.
    progress: Called with (done, total, what).
    Raises InputError: The scenario is not valid for this world.
    """
    from suasion.questions.scenarios.findings import asked_of, findings, finest, held
    from suasion.questions.scenarios.runs import parties

    scenario = cases[0][1].scenario
    asked = asked_of(scenario, named)
    sources = (Source("world.source", model.world.provenance.dataset, model.world.year),)
    tell = progress or (lambda done, total, what: None)
    runs = tuple(_runs(model, cases, only, (draws, seed), tell))
    checks = tuple(_checks(runs))
    found = parties(model.world, scenario)
    told = (*findings(model.world, found, runs, draws), *held(scenario), *finest(scenario, model.world))
    if not any(run.solved for run in runs):
        first = next(one for one in told if one.key == "simulate.unsolved")
        kinds = {one.kind for one in scenario.instruments}
        key = next((USUAL_REASON[kind] for kind in USUAL_REASON if kind in kinds), first.key)
        absent = replace(first, key=key, caution=False)
        return Answer("simulate", asked, absent=absent, sources=sources, checks=checks)
    tables = _tables(model, scenario, runs, draws)
    results = {run.label: run.result for run in runs}
    result = results if len(results) > 1 else results[runs[0].label]
    return Answer("simulate", asked, told, tables, sources=sources, checks=checks, result=result)


def _runs(model: WarmModel, cases: Cases, only: str, drawn: tuple[int, int], tell: Progress) -> Any:
    from suasion.questions.scenarios.runs import ScenarioRun, over_draws
    from suasion.questions.scenarios.solved_point import SolvedPoint

    countries, (draws, seed) = tuple(model.world.countries), drawn
    for place, (label, posed) in enumerate(cases):
        if only and label != only and not model.knows(posed):
            yield ScenarioRun(label, countries, SolvedPoint(0.0), pending=True)
            continue
        tell(place * (draws + 1), len(cases) * (draws + 1), label)
        point = model.point(posed)
        run = ScenarioRun(label, countries, point, result=model.solved(posed))
        if not only and not point.reason:
            run = replace(run, margins=model.margins(posed))
        if draws:

            def step(done: int, before: int = place * (draws + 1), what: str = label) -> None:
                tell(before + done, len(cases) * (draws + 1), what)

            run = replace(run, **over_draws(model, posed, draws, seed, step)._asdict())
        yield run


def _checks(runs: Sequence[ScenarioRun]) -> Any:
    """Gaps of every equilibrium, recomputed by code that shares nothing with the solver."""
    for run in runs:
        if run.solved:
            yield certified(f"{run.label} equations", run.point.residual)
            yield certified(f"{run.label} market", run.point.dropped)


def _tables(model: WarmModel, scenario: Scenario, runs: Sequence[ScenarioRun], draws: int) -> Any:
    from suasion.questions.scenarios import tables as made
    from suasion.questions.scenarios.flow_ranges import published_table
    from suasion.questions.scenarios.runs import parties

    world, found = model.world, parties(model.world, scenario)
    all_tables = (
        made.losses(world, scenario, runs, draws),
        made.sides(found, runs),
        made.winners(world, runs),
        made.trade(world, scenario, runs),
        made.industries(world, runs),
        made.measures(scenario),
        published_table(world, scenario, runs),
        made.single_draws(found, runs),
        made.remarks(world, runs, len(scenario.instruments)),
    )
    return tuple(table for table in all_tables if table.rows)
