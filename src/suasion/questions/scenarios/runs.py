"""Solved horizons of a scenario: its parties, and what each of them and each economy loses, with bands of draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.outcomes import band_of
from suasion.equilibrium import Result, Scenario, draws
from suasion.equilibrium.batch.flow_ranges import FlowRange
from suasion.equilibrium.scenario.places import ALL, party
from suasion.errors import ConvergenceError, ShockError, UnknownCountryError
from suasion.questions.posed import code_or_group
from suasion.questions.scenarios.solved_point import Margins, SolvedPoint, sides_of
from suasion.questions.scenarios.warm_model import Posed, WarmModel, moved
from suasion.types import FloatArray
from suasion.world import World

HALF = (0.25, 0.75)
LABELS = {1.0: "short", 10.0: "long"}


@dataclass(frozen=True)
class ScenarioRun:
    """One horizon of a scenario.

    label: ``months``, ``short``, ``long`` or years.
    countries: Of the world.
    point: At the central elasticities.
    margins: Empty where they were not asked for.
    changes: float array (draw, country), optional. Change of welfare in each draw, per cent; NaN rows had no
      equilibrium.
    flow_ranges: Of the changes of the point's flows, by their names; empty without draws.
    others: The point under other sets of elasticities and another deficit rule, by name; empty without draws.
    pending: Whether it is still being solved.
    result: The model's own, where it was solved here and not recalled.
    """

    label: str
    countries: tuple[str, ...]
    point: SolvedPoint
    margins: Margins = field(default_factory=Margins)
    changes: FloatArray | None = None
    flow_ranges: Mapping[str, FlowRange] = field(default_factory=dict)
    others: Mapping[str, SolvedPoint] = field(default_factory=dict)
    pending: bool = False
    result: Result | None = field(default=None, repr=False)

    @property
    def solved(self) -> bool:
        """Whether there is an equilibrium."""
        return bool(self.point.usd)

    @property
    def status(self) -> str:
        """Why there is no number, as a word."""
        return "pending" if self.pending else "solved" if self.solved else "no_equilibrium"

    @property
    def failed(self) -> int:
        """Draws without an equilibrium."""
        return 0 if self.changes is None else int(np.isnan(self.changes).any(1).sum())

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each economy."""
        return {code: k for k, code in enumerate(self.countries)}

    def ends(self, name: str, place: int, column: str) -> dict[str, float | None]:
        """Ends of the band of one level of one economy, as cells of a row; empty without draws.

        name: Of the model's variable, over draws and economies.
        place: Of the economy.
        column: Its number stands in.
        """
        if self.changes is None:
            return {}
        drawn = None if self.result is None else self.result.drawn
        found = (np.nan, np.nan)
        if drawn is not None:
            found = band_of(drawn[name].values[:, place], float(getattr(self.result, name).values[place]))
        cells = (None if np.isnan(end) else end for end in found)
        return dict(zip((f"{column}_low", f"{column}_high"), cells, strict=True))

    def loss(self, economies: Sequence[str]) -> dict[str, Any]:
        """Loss of some economies together as cells of a row; with its bands where there are draws.

        economies: Codes.
        """
        ends = ("loss_percent_low", "loss_percent_high", "half_from_percent", "half_to_percent")
        in_money = ("loss_musd_low", "loss_musd_high")
        banded = self.changes is not None
        if not self.solved:
            return {
                "loss_percent": None,
                "loss_musd": None,
                **dict.fromkeys((*ends, *in_money) if banded else ()),
            }
        index = [self.place[code] for code in economies]
        income = sum(self.point.income[k] for k in index)
        loss, musd = _lost(self.point, index)
        row: dict[str, Any] = {"loss_percent": loss, "loss_musd": musd}
        drawn = self._over_sets(economies, loss)
        if banded and drawn is not None and drawn.size:
            found = [*band_of(drawn, loss), *np.quantile(drawn, HALF)]
            row |= dict(
                zip((*ends, *in_money), [*found, *(end * income / 100.0 for end in found[:2])], strict=True)
            )
        elif banded:
            row |= dict.fromkeys((*ends, *in_money))
        return row

    def _over_sets(self, economies: Sequence[str], loss: float) -> FloatArray | None:
        """Loss in each draw within each set of elasticities and deficit rule, as often as its weight has it.

        Within another set losses are as far from its own as draws of the usual set are from theirs.
        """
        from suasion.questions.scenarios.flow_ranges import weights_of

        drawn = self.drawn(economies)
        if drawn is None or not self.others:
            return drawn
        index = [self.place[code] for code in economies]
        weights = weights_of(self.others)
        away = {name: _lost(point, index)[0] - loss for name, point in self.others.items()} | {"": 0.0}
        least = min(weights.values())
        copies = [
            drawn + away[name] for name, weight in weights.items() for _ in range(round(weight / least))
        ]
        return np.concatenate(copies)

    def drawn(self, economies: Sequence[str]) -> FloatArray | None:
        """Loss of some economies together in each draw that has an equilibrium, per cent; None without draws."""
        if self.changes is None or not self.solved:
            return None
        index = [self.place[code] for code in economies]
        weight = np.asarray([self.point.income[k] for k in index])
        values = -(self.changes[:, index] @ weight) / weight.sum()
        return np.asarray(values[np.isfinite(values)])


def _lost(point: SolvedPoint, index: Sequence[int]) -> tuple[float, float]:
    """Loss of some economies together, per cent of what they spend and million USD."""
    musd = 0.0 - sum(point.usd[k] for k in index)
    return 100.0 * musd / sum(point.income[k] for k in index), musd


def label_of(horizon: str | float) -> str:
    """Label of a horizon: its word, or years."""
    return horizon if isinstance(horizon, str) else LABELS.get(float(horizon), f"{horizon:g}")


class DrawnScenario(NamedTuple):
    """A question over draws of the elasticities.

    result: The centre with the levels of each draw; None where it has no equilibrium.
    changes: (draw, country). Change of welfare in each draw, per cent; NaN where it has no equilibrium.
    flow_ranges: Of the flows by name.
    others: The centre under other sets of elasticities and another deficit rule.
    """

    result: Result | None
    changes: FloatArray
    flow_ranges: Mapping[str, FlowRange]
    others: Mapping[str, SolvedPoint]


def over_draws(
    model: WarmModel, posed: Posed, count: int, seed: int, tell: Callable[[int], None]
) -> DrawnScenario:
    """Solve a question with draws of the elasticities, and with other sets of them and another deficit rule.

    model: Solves the centre.
    posed: The question.
    count, seed: Of the draws.
    tell: Told how many are done.
    """
    from suasion.equilibrium.batch.bands import over_draws as levels_of
    from suasion.questions.scenarios.flow_ranges import flow_ranges, other_points

    try:
        centre = model.result(posed)
    except (ShockError, ConvergenceError):
        return DrawnScenario(None, np.full((count, len(model.world.countries)), np.nan), {}, {})
    sets = [moved(one, posed) for one in draws(model.world, count, posed.horizon, seed=seed)]
    drawn = levels_of(model.economy(posed), centre.shock, centre.solved, sets, lambda done, _: tell(done))
    others = dict(other_points(model, posed))
    ranges = flow_ranges(model, posed, centre, sets, others)
    return DrawnScenario(replace(centre, drawn=drawn), np.asarray(drawn["welfare"].values), ranges, others)


Mask = NDArray[np.bool_]
COALITION, TARGETS, OTHERS, REST, WORLD = "coalition", "targets", "others", "rest", "all"
"""Codes of those who are not one state or group; their names are in the catalogue, as those of states are."""
_OPPOSITE = {"target": "coalition", "coalition": "target"}
_WHOLE = {"target": TARGETS, "coalition": COALITION}


@dataclass(frozen=True, slots=True)
class ScenarioParty:
    """Some economies under one name.

    code: Of a state or group, or one of the codes of this module.
    side: {"coalition", "target", "other"}. Its part.
    economies: Codes.
    whole: Whether it is all of its side.
    """

    code: str
    side: str
    economies: tuple[str, ...]
    whole: bool = False


def code_of(token: str) -> str:
    """Code of a name in a scenario: of a state or a group, of all others, or a label of a table of one's own."""
    if token.casefold() == ALL:
        return OTHERS
    try:
        return code_or_group(token)
    except UnknownCountryError:  # the world has it, or the scenario could not be laid on it
        return token


def parties(world: World, scenario: Scenario) -> tuple[ScenarioParty, ...]:
    """Parties in the order in which they are told: targets, coalition, each side as a whole, everybody else.

    world: Whose economies they are.
    scenario: Who acts on whom.
    """
    year = world.year if scenario.year is None else scenario.year
    masks = sides_of(world, scenario)
    whole = {"target": masks.target, "coalition": masks.coalition}
    names = dict.fromkeys(
        token
        for key in ("targets", "senders")
        for item in scenario.instruments
        for token in getattr(item, key, ())
    )
    found: list[ScenarioParty] = []
    for side, mask in whole.items():
        named = [
            ScenarioParty(code_of(token), side, codes)
            for token in names
            if (codes := _economies(world, token, year, whole, side))
        ]
        one = len(named) == 1
        found += [ScenarioParty(named[0].code, side, named[0].economies, True)] if one else named
        if len(named) > 1:
            found.append(ScenarioParty(_WHOLE[side], side, _marked(world, mask), True))
    rest = _marked(world, ~(masks.coalition | masks.target))
    found += [ScenarioParty(REST, "other", rest)] if rest else []
    return (*found, ScenarioParty(WORLD, "other", tuple(world.countries)))


def _economies(world: World, token: str, year: int, whole: Mapping[str, Mask], side: str) -> tuple[str, ...]:
    """Economies of a name that belongs to a side, none otherwise; "all" leaves out the other side."""
    own, other = whole[side], whole[_OPPOSITE[side]]
    if token.casefold() == ALL:
        return _marked(world, own) if own.sum() >= other.sum() else ()
    mask = party([token], world, year).mask
    return _marked(world, mask) if not (mask & ~own).any() else ()


def _marked(world: World, mask: Mask) -> tuple[str, ...]:
    return tuple(code for code, inside in zip(world.countries, mask, strict=True) if inside)


def side_by_economy(world: World, scenario: Scenario) -> dict[str, str]:
    """Each economy's part: ``coalition``, ``target`` or ``other``."""
    masks = sides_of(world, scenario)
    return {
        code: "coalition" if act else ("target" if hit else "other")
        for code, act, hit in zip(world.countries, masks.coalition, masks.target, strict=True)
    }


def whole_of(found: Sequence[ScenarioParty], side: str) -> ScenarioParty | None:
    """A side as a whole; None where nobody is on it."""
    return next((one for one in found if one.side == side and one.whole), None)
