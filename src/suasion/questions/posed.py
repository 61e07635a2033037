"""The world that a question is asked of: with own elasticities, and after what is in force already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.answers.finding import DETAIL, Finding

if TYPE_CHECKING:
    from suasion.equilibrium import Elasticities, Scenario
    from suasion.questions.scenarios.warm_model import WarmModel
    from suasion.world import World
    from suasion.world.prepared import Prepared

FACTORS = ("mobile", "specific", "roy", "capital")


@cache
def _kept() -> Prepared[World]:
    """Worlds as they were posed last, by the one that they come from."""
    from suasion.world.prepared import Prepared

    return Prepared(4)


def posed(
    world: World | None,
    given: Any = "",
    elasticities: Any = "",
    factors: str = "",
    deficits: str = "balance",
    *,
    cuts: bool = False,
) -> World:
    """Return the world that a question is asked of.

    world: The embedded one without.
    given: What is in force already, and long enough for all to have adjusted; empty for nothing.
    elasticities: Own values, by which what is given is solved too; empty for those of the horizon.
    factors: Mobility of factors in answers; empty for that of the horizon.
    deficits: Rule under which what is given is solved.
    cuts: Whether the question cuts flows, for which own elasticities may be too low: known before anything is solved.
    Raises InputError: Something that is given is not valid, or cannot be in force.
    """
    from suasion.equilibrium.elasticities.response import Response, elasticities_in
    from suasion.errors import InputError
    from suasion.world import load_world

    base = load_world() if world is None else world
    own = elasticities_in(elasticities)
    if factors not in ("", *FACTORS):
        raise InputError(f"factors is {factors!r}; give {', '.join(FACTORS)}, or nothing for the horizon's.")
    if own is None and not factors and not str(given):
        return base
    if cuts and own is not None:
        _check_for_cuts(base, own)
    response = replace(base.response or Response(), elasticities=own, factors=factors or None)
    responding = _kept().get(base, response, lambda: base.replace(response=response))
    return _after(responding, given, deficits) if str(given) else responding


def _check_for_cuts(world: World, own: Elasticities) -> None:
    """Refuse an own sigma of at most one, or about it, of a good that crosses a border."""
    import numpy as np

    from suasion.equilibrium.diagnose import check_cut_sigma, check_unit_sigma
    from suasion.equilibrium.elasticities.own import by_label

    flow = world.array("intermediate") + world.array("final")
    traded = np.asarray((flow[~np.eye(len(world.countries), dtype=bool)] > 0.0).any(axis=0))
    for name in ("sigma", "sigma_switching"):
        sigma = by_label(name, getattr(own, name), world.sectors, np.full(traded.size, np.inf), "sector")
        check_unit_sigma(sigma, world.sectors)
        check_cut_sigma(sigma, world.sectors, traded)


def _after(world: World, given: Any, deficits: str) -> World:
    """The world after what is given."""
    from suasion.equilibrium.afterwards import world_after
    from suasion.equilibrium.problem import deficit_rule
    from suasion.questions.scenarios.reading import scenario_in

    scenario, rule = scenario_in(given)[0], deficit_rule(deficits)
    return _kept().get(world, (scenario.to_yaml(), rule), lambda: world_after(world, scenario, rule))


def posed_model(
    model: WarmModel | None, world: World | None, given: Any, elasticities: Any, factors: str, deficits: str
) -> WarmModel:
    """Return a model of the world that a question is asked of: the one that is warm, where that is its own.

    model: One that is warm already; it brings its world.
    world, given, elasticities, factors, deficits: As for :func:`posed`.
    """
    from suasion.questions.scenarios.warm_model import WarmModel

    economy = posed(world if model is None else model.world, given, elasticities, factors, deficits)
    if model is None:
        return WarmModel(economy)
    return model if economy is model.world else WarmModel(economy, model.memo, model.allowance)


def elasticities_told(given: Any) -> str:
    """Return own elasticities as an answer tells them: of a file its name, else written out."""
    from suasion.equilibrium.elasticities.response import elasticities_in, is_inline, written

    if isinstance(given, str | Path):
        return str(given) if is_inline(str(given)) else Path(given).name
    own = elasticities_in(given)
    return "" if own is None else written(own)


def scenario_told(scenario: Scenario) -> str:
    """Return a scenario that was made in Python as an answer tells it: its address, where it has one, else its name."""
    from suasion.errors import SuasionError
    from suasion.questions.scenarios.as_address import query_of

    try:
        query = query_of(scenario)
    except SuasionError:
        return scenario.name
    return query.address if query.scenario.instruments == scenario.instruments else scenario.name


def told(given: Mapping[str, Any], arguments: Mapping[str, Any]) -> Iterator[Finding]:
    """Say of what world an answer is, where that is not the usual one.

    given: Arguments of the question, as its answer tells them.
    arguments: The same as they were given: a scenario that was made in Python is told by its name.
    """
    for name in ("given", "elasticities", "factors"):
        if given.get(name):
            what = str(getattr(arguments[name], "name", given[name]))
            yield Finding(f"posed.{name}", {"what": what}, weight=DETAIL, caution=True)
