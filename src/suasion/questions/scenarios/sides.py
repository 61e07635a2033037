"""Parties of a scenario: who is named, each side as a whole, and everybody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium import Scenario
from suasion.equilibrium.scenario.places import ALL, party
from suasion.errors import UnknownCountryError
from suasion.questions.scenarios.solved_point import sides_of
from suasion.questions.sides import code_or_group
from suasion.world import World

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
