"""Which world a question is asked of: that of the table, or every state where one that the table lacks is named."""

from __future__ import annotations

import math
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.answers import DETAIL, MAIN, Country, Finding, Quantity, Value
from suasion.errors import SuasionError
from suasion.types import Z90

if TYPE_CHECKING:
    from suasion.world import World

WITHIN = {"XKX": "SRB", "LIE": "CHE", "MCO": "FRA"}
"""States that have no customs of their own, and in whose they are."""
TERRITORIES = {
    "ABW", "ASM", "BMU", "CUW", "CYM", "GIB", "GRL",
    "GUM", "MNP", "NCL", "PYF", "SXM", "TCA", "VGB",
}  # fmt: skip
"""Economies that are no state: they are what is left of the rest of the world."""
EVERYBODY = ("straits",)
"""Questions that are of everybody: those who are not in the table are what they are about."""


def codes_named(given: Mapping[str, Any], scenarios: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes of all single states that arguments name; groups name nobody.

    scenarios: names of arguments that are scenarios.
    """
    found = [code for name in scenarios for code in _in_scenario(given.get(name))]
    for name, value in given.items():
        if name not in scenarios:
            parts = [part.strip() for one in _texts(value) for part in re.split("[:+=]", one)]
            found += [code for one in parts for code in _codes(one)]
    return tuple(dict.fromkeys(found))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


def _codes(text: str) -> Iterator[str]:
    """Code of a state; none where a text is none, or may be something else."""
    from suasion.sources.countries import known_country

    if len(text) > 2 and (code := known_country(text)):  # a code of two letters may be an industry's
        yield code


def _in_scenario(given: Any) -> Iterator[str]:
    """Codes of senders and targets of a scenario, as far as it can be read."""
    from suasion.questions.scenarios.reading import scenario_in

    if given is None or not str(given) or _once(given):
        return
    with suppress(SuasionError, OSError):
        for item in scenario_in(given)[0].instruments:
            for name in ("senders", "targets"):
                for text in _texts(getattr(item, name, ())):
                    yield from _codes(text)


def _once(given: Any) -> bool:
    """Whether a text names what can be read only once, as a pipe: it is left to the question."""
    with suppress(OSError, ValueError):  # a sentence is no path: too long, or of several lines
        return not stat.S_ISREG(Path(str(given)).stat().st_mode)
    return False


def world_for(given: Mapping[str, Any], named: tuple[str, ...], question: str = "") -> dict[str, Any]:
    """Return what takes the place of a world or a warm model, where a state is named that the usual world lacks.

    given: arguments of a question; one's own world stays.
    question: its name; some are of everybody.
    """
    from suasion.world import load_world
    from suasion.world.every_state import beyond_the_table, taxed_state_world

    beyond = question in EVERYBODY or beyond_the_table(named) or set(named) & {*WITHIN, *TERRITORIES}
    if "world" not in given or not beyond:
        return {}
    asked = given["world"] or getattr(given.get("model"), "world", None)
    if asked is not None and asked is not load_world():
        return {}
    return {"world": taxed_state_world()} | ({"model": None} if "model" in given else {})


def world_of(world: World | None, *named: str) -> World:
    """Return the world that two sides are looked at in: the one that is given, or what takes the usual one's place.

    named: codes or names of states and groups.
    """
    from suasion.world import load_world

    given = {"world": world, "sides": list(named)}
    found: World = world_for(given, codes_named(given, ())).get("world") or world or load_world()
    return found


def own_ties(holder: str, world: World) -> tuple[str, ...]:
    """Return a holder's own ties in the world of every state, where those of all pairs take minutes; none elsewhere.

    holder: name or code of a state or group.
    Returns: as the question on leverage takes pairs.
    """
    from suasion.questions.posed import code_or_group, members_within
    from suasion.world.every_state import DATASET

    if not holder or world.provenance.dataset != DATASET:
        return ()
    own = code_or_group(holder)
    return tuple(f"{own}:{code}" for code in world.countries if code not in members_within(own, world))


def doubts(named: tuple[str, ...], world: World | None) -> Iterator[Finding]:
    """Say which states named are estimated, from what, and how far that may be off; and which are inside another."""
    from suasion.world.every_state import DATASET, DOUBT, estimated_states

    if world is None or world.provenance.dataset != DATASET:
        return
    classes = estimated_states()
    if not set(named) & set(classes):
        counts = {"count": len(world.countries) - 1, "estimated": len(classes) - 1}
        values: dict[str, Value] = {name: Quantity(value, "count") for name, value in counts.items()}
        yield Finding("posed.every_state", values, weight=DETAIL, caution=True)
    for kind, deviation in DOUBT.items():
        states = tuple(
            Country(code) for code in named if classes.get(code) == kind and code in world.countries
        )
        if states:
            factor = Quantity(math.exp(Z90 * deviation), "score")
            found: dict[str, Value] = {"states": states, "factor": factor}
            yield Finding(f"posed.estimated_{kind.lower()}", found, caution=True)
    for code in named:
        if code in TERRITORIES:
            yield Finding("posed.territory", {"state": Country(code)}, weight=MAIN, caution=True)
        if code in WITHIN:
            inside: dict[str, Value] = {"state": Country(code), "holder": Country(WITHIN[code])}
            yield Finding("posed.within", inside, weight=MAIN, caution=True)
