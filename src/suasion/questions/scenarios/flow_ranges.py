"""Ranges of the flows of a solved scenario that hold what happens, and what others published for the same one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from suasion.answers import Table
from suasion.coercion.published import FigureBeside
from suasion.equilibrium import Parameters, Result, Scenario
from suasion.equilibrium.accounts import sector_last
from suasion.equilibrium.batch.flow_ranges import FlowRange, flow_range, usual_change
from suasion.equilibrium.elasticities.alternatives import USUAL, alternative, mixture
from suasion.equilibrium.elasticities.response import Response
from suasion.equilibrium.elasticities.schedule import parse_horizon
from suasion.questions.published import BRIEF, COLUMNS, row_of
from suasion.questions.scenarios.instruments import BUNDLES
from suasion.questions.scenarios.runs import LABELS, ScenarioRun
from suasion.questions.scenarios.solved_point import Sides, SolvedPoint, sides_of
from suasion.questions.scenarios.warm_model import Posed, WarmModel
from suasion.sources import expand, is_group
from suasion.sources.estimates import ALL, PublishedFigure, register
from suasion.types import DeficitRule, FloatArray
from suasion.world import World

OTHER_RULE: Mapping[DeficitRule, DeficitRule] = {"balance": "world"}
"""Deficit rule that stands for doubt about the one that is asked."""
RULE = 0.25
"""Share of the usual set's weight that it has. Assumption, 0.1 to 0.5."""
DEFICITS = "deficits"
"""Name of that member of the mixture."""


def flow_ranges(
    model: WarmModel,
    posed: Posed,
    result: Result,
    sets: Sequence[Parameters],
    others: Mapping[str, SolvedPoint],
) -> dict[str, FlowRange]:
    """Ranges of the changes of a point's flows, natural log, by the names of its flows; NaN where one begins or ends.

    The scenario is solved with each set of the mixture and with another deficit rule. Within a set the change of a flow
    moves as its response to small changes does, from draw to draw: exact for small measures in one nest of suppliers.

    model, posed, result: the centre, and what was solved.
    sets: draws of the usual elasticities.
    others: the scenario under the other members of the mixture, see :func:`other_points`.
    """
    sides, centre = sides_of(model.world, posed.scenario), model.point(posed)
    points, weights = {"": centre, **others}, weights_of(others)
    scale = _scale(result, model.parameters(posed), sides, sets)
    goods, years = int(sides.covered.sum()), parse_horizon(posed.horizon).years
    found = {}
    for name, flow in (centre.flows or {}).items():
        changes = {one: _change((point.flows or {})[name]) for one, point in points.items()}
        lost = reduce(np.logical_or, (~np.isfinite(change) for change in changes.values()))
        drawn = {one: scale[:, None] * np.where(lost, 0.0, change) for one, change in changes.items()}
        made = flow_range(drawn, weights, usual_change(years, np.array(flow)[:, 0], goods))
        own = np.where(lost, np.nan, changes[""])
        found[name] = replace(made, low=np.minimum(made.low, own), high=np.maximum(made.high, own))
    return found


def weights_of(others: Iterable[str]) -> dict[str, float]:
    """Weights of the usual set, which has no name, and of the other members that have an equilibrium."""
    known = set(others)
    weights = mixture()
    if DEFICITS in known:
        weights |= {"": USUAL * (1.0 - RULE), DEFICITS: USUAL * RULE}
    return {name: weight for name, weight in weights.items() if not name or name in known}


def other_points(model: WarmModel, posed: Posed) -> Iterator[tuple[str, SolvedPoint]]:
    """The scenario under each other set and deficit rule under which it has an equilibrium.

    Yields: nothing beside own values; no set on a world that lacks its industries.
    """
    if model.world.response and model.world.response.elasticities:
        return
    years = parse_horizon(posed.horizon).years
    for name in filter(None, mixture()):
        own = alternative(name, years)
        if not set(own.to_dict()["sigma"]) <= set(model.world.sectors):
            continue
        response = replace(model.world.response or Response(), elasticities=own)
        other = WarmModel(model.world.replace(response=response), model.memo, model.allowance)
        point = other.point(posed)
        if point.flows:
            yield name, point
    if rule := OTHER_RULE.get(posed.deficits):
        point = model.point(replace(posed, deficits=rule))
        if point.flows:
            yield DEFICITS, point


def _change(flow: Sequence[tuple[float, float]]) -> FloatArray:
    """Change of each flow in logs; infinite or NaN where it begins or ends."""
    before, after = np.array(flow).T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(after) - np.log(before))


def _scale(result: Result, centre: Parameters, sides: Sides, sets: Sequence[Parameters]) -> FloatArray:
    """Response of each draw to small changes over the centre's, by covered trade between the sides, (draw,)."""
    flow = sector_last(result.base.receipts)
    between = np.outer(sides.coalition, sides.target)
    weight = flow[between | between.T].sum(0) * sides.covered
    if not weight.any():
        return np.ones(1)
    drawn = np.array([one.local_sigma for one in sets])
    return np.asarray((drawn / centre.local_sigma) @ weight / weight.sum())


NEAR = 0.2
"""A figure on a size is shown for sizes at most this part away. Assumption: further off it is another question."""
BANS = {"embargo", "import_ban", "export_ban"}
"""A ban on what one side sells and one on what the other buys are asked for in each other's words."""
SIZES = ("rate", "factor", "removed", "share")


def published_table(world: World, scenario: Scenario, runs: Sequence[ScenarioRun]) -> Table:
    """Figures for the same question; no row where there is none.

    world: Solved here.
    scenario: What happens.
    runs: Its horizons.
    """
    year = world.year if scenario.year is None else scenario.year
    asked = [item.to_dict() for item in scenario.instruments]
    settings = {key for key, one in register().scenario.items() if _fits(one.instruments, asked, year)}
    found = [
        _beside(one, world, runs, year)
        for one in register().figure
        if one.scenario in settings and one.years in LABELS and ALL not in one.economies
    ]
    return Table.of(
        "found",
        COLUMNS,
        ({"figure": place, **row_of(one)} for place, one in enumerate(found, 1)),
        axes="figure",
        brief=BRIEF,
    )


def _beside(one: PublishedFigure, world: World, runs: Sequence[ScenarioRun], year: int) -> FigureBeside:
    run = next((run for run in runs if run.label == LABELS[one.years] and run.solved), None)
    codes = [code for code in expand(one.economies, year) if code in world.countries]
    loss = run.loss(codes)["loss_percent"] if run and codes else None
    return FigureBeside(one, None if loss is None else -loss, world.year)


def _fits(instruments: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]], year: int) -> bool:
    """Whether each instrument is asked for, and nothing else."""
    if not instruments or len(instruments) != len(asked):
        return False
    return all(_same(*pair, year) for pair in zip(instruments, asked, strict=True))


def _same(theirs: Mapping[str, Any], ours: Mapping[str, Any], year: int) -> bool:
    kinds = {theirs["type"], ours["type"]}
    sizes = [(theirs[name], ours[name]) for name in SIZES if name in theirs and name in ours]
    return (
        (len(kinds) == 1 or kinds <= BANS)
        and _goods(theirs.get("sectors")) == _goods(ours.get("sectors"))
        and theirs.get("direction", "both") == ours.get("direction", "both")
        and theirs.get("use") == ours.get("use")
        and all(abs(here - there) <= NEAR * abs(there) for there, here in sizes)
        and all(_among(name, ours["senders"], year) for name in theirs["senders"])
        and all(_among(name, ours["targets"], year) for name in theirs["targets"])
    )


def _goods(sectors: Sequence[str] | None) -> set[str]:
    """Industries by code; all goods and no list at all are the same where nothing else can be taxed."""
    found = set(sectors or ())
    return set() if found == set(BUNDLES["goods"]) else found


def _among(name: str, sides: str | Sequence[str], year: int) -> bool:
    """Whether a side is named, by itself or in a group; a group only by itself."""
    named = [sides] if isinstance(sides, str) else list(sides)
    if name in named or name == ALL or is_group(name):
        return name in named
    return any(is_group(side) and name in expand([side], year) for side in named)
