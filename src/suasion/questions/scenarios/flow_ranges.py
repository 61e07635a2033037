"""Ranges of the flows of a solved scenario that hold what happens, see :mod:`suasion.equilibrium.batch.flow_ranges`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from suasion.equilibrium import Parameters, Result
from suasion.equilibrium.accounts import sector_last
from suasion.equilibrium.batch.flow_ranges import FlowRange, flow_range, usual_change
from suasion.equilibrium.elasticities.alternatives import USUAL, alternative, mixture
from suasion.equilibrium.elasticities.response import Response
from suasion.equilibrium.elasticities.schedule import parse_horizon
from suasion.questions.scenarios.solved_point import Sides, SolvedPoint, sides_of
from suasion.questions.scenarios.warm_model import Posed, WarmModel
from suasion.types import DeficitRule, FloatArray

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
