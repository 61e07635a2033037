"""How a question is posed: who is meant, and the world, with own elasticities and after what is in force already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.answers import DETAIL, Country, Finding, Quantity, Value
from suasion.answers.language import ALLIED
from suasion.errors import InputError, SameCountryError, SuasionError

if TYPE_CHECKING:
    from suasion.equilibrium import Elasticities, Scenario
    from suasion.questions.scenarios.warm_model import WarmModel
    from suasion.types import DeficitRule
    from suasion.world import World
    from suasion.world.prepared import Prepared

FACTORS = ("mobile", "specific", "roy", "capital")
NOBODY = ("", "none")
"""What is written for an audience of nobody."""


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
    deficits: DeficitRule = "balance",
    *,
    cuts: bool = False,
) -> World:
    """Return the world that a question is asked of.

    world: The embedded one without.
    given: What is in force already, and long enough for all to have adjusted; empty for nothing.
    elasticities: Own values, by which what is given is solved too; empty for those of the horizon.
    factors: Mobility of factors in answers; empty for that of the horizon.
    deficits: Rule under which what is given is solved.
    cuts: Whether the question cuts flows, for which a rule of deficits may say nothing and own elasticities may be too
        low: known before anything is solved.
    Raises InputError: Something that is given is not valid, or cannot be in force.
    """
    from suasion.equilibrium.elasticities.response import Response, elasticities_in
    from suasion.world import load_world

    if cuts:
        from suasion.coercion.outcomes import check_rule

        check_rule(deficits)
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


def elsewhere(
    asked: World | None, year: int, given: Any, elasticities: Any, factors: str, deficits: DeficitRule
) -> World | None:
    """Return the usual world of the year on which a verdict is tried, with the same response.

    asked: what :func:`posed` is asked of, and year: of the world that it takes.
    Returns: None beside another world than the usual, and where something is given.
    """
    from suasion.coercion.tariff_verdicts import other_year
    from suasion.world import load_world

    if str(given) or (asked is not None and asked.checksum != load_world().checksum):
        return None
    return posed(load_world(year=other_year(year)), "", elasticities, factors, deficits)


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


def _after(world: World, given: Any, deficits: DeficitRule) -> World:
    """The world after what is given."""
    from suasion.equilibrium.afterwards import world_after
    from suasion.questions.scenarios.reading import scenario_in

    scenario, rule = scenario_in(given)[0], deficits
    return _kept().get(world, (scenario.to_yaml(), rule), lambda: world_after(world, scenario, rule))


def posed_model(
    model: WarmModel | None,
    world: World | None,
    given: Any,
    elasticities: Any,
    factors: str,
    deficits: DeficitRule,
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
    from suasion.questions.scenarios.reading import query_of

    try:
        query = query_of(scenario)
    except SuasionError:
        return scenario.name
    return query.address if query.scenario.instruments == scenario.instruments else scenario.name


def told(given: Mapping[str, Any], arguments: Mapping[str, Any]) -> Iterator[Finding]:
    """Say of what world an answer is, where that is not the usual one, and what its table's certificate found.

    given: Arguments of the question, as its answer tells them.
    arguments: The same as they were given: a scenario that was made in Python is told by its name.
    """
    world = arguments.get("world") or getattr(arguments.get("model"), "world", None)
    for doubt in getattr(getattr(world, "provenance", None), "doubts", ()):
        yield Finding(f"remark.{doubt.key}", doubt.values, weight=DETAIL, caution=True)
    for name in ("given", "elasticities", "factors"):
        if given.get(name):
            what = str(getattr(arguments[name], "name", given[name]))
            yield Finding(f"posed.{name}", {"what": what}, weight=DETAIL, caution=True)


def side_of(name: str, world: World) -> str:
    """Return the code of a state, or the name of a group."""
    from suasion.sources.groups import code_of, group_code

    return name if name in world.countries else group_code(name) or code_of(name)


def code_or_group(name: str) -> str:
    """Return the code of a state, or the name of a group; what is neither is told of as a state."""
    from suasion.sources.countries import resolve_country
    from suasion.sources.groups import group_code

    return group_code(name) or resolve_country(name)


def within(side: str, world: World) -> bool:
    """Whether the world's table has a side."""
    from suasion.sources.groups import is_group

    return is_group(side) or side in world.countries


def members_within(side: str, world: World) -> tuple[str, ...]:
    """Return the states of a side that the world's table has: of a group its members there, of a state itself."""
    from suasion.sources.groups import expand, is_group

    codes = expand([side], world.year) if is_group(side) and side not in world.countries else (side,)
    return tuple(code for code in codes if code in world.countries)


def pair_of(a: str, b: str, world: World) -> tuple[str, str]:
    """Return the codes of two sides, states or groups.

    Raises SameCountryError: Both are one, or a state is a member of the other side.
    """
    pair = code_or_group(a), code_or_group(b)
    if pair[0] == pair[1]:
        raise SameCountryError(f"{a!r} and {b!r} are the same side ({pair[0]}). Name two different ones.")
    if both := set(members_within(pair[0], world)) & set(members_within(pair[1], world)):
        told = ", ".join(sorted(both))
        raise SameCountryError(f"{told} would stand on both sides. Name sides without common members.")
    return pair


def with_blocs(world: World, *sides: str) -> World:
    """Return the world in which each side that is a group is one economy, under the name of the group."""
    from suasion.sources.groups import is_group
    from suasion.world.aggregate import aggregate

    groups = sorted(side for side in sides if is_group(side) and side not in world.countries)
    blocs = {side: list(members_within(side, world)) for side in groups}
    if not blocs:
        return world
    return _kept().get(world, ("blocs", *groups), lambda: aggregate(world, countries=blocs))


def outside(name: str, sides: Sequence[str], world: World) -> Finding | None:
    """Return why a question has no answer on sides of which the world's table has not all; None where it has them."""
    states = tuple(Country(side) for side in sides if not within(side, world))
    return Finding(f"{name}.outside", {"states": states, "year": world.year}) if states else None


def pair_outside(name: str, a: str, b: str, world: World) -> Finding | None:
    """Return why a question has no answer on two sides of which the world's table has not both."""
    missing = tuple(Country(code) for code in (a, b) if not members_within(code, world))
    values: dict[str, Value] = {
        "a": Country(a),
        "b": Country(b),
        "missing": missing,
        "count": Quantity(len(world.countries), "count"),
        "year": world.year,
    }
    return Finding(f"{name}.outside_{'one' if len(missing) == 1 else 'both'}", values) if missing else None


@dataclass(frozen=True, slots=True)
class TiePair:
    """Two sides, and the third parties whose markets are the other outlet of the first.

    a, b: Codes.
    tokens: Audience as codes and names of groups, without the pair, and without who has nobody in the table.
    inside: States of the pair, where one of it is a group: its members in the table.
    """

    a: str
    b: str
    tokens: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()

    @property
    def audience(self) -> str:
        """Label of the audience in tables ("USA + EU"); empty without one."""
        from suasion.coercion.outcomes import side_name

        return side_name(self.tokens) if self.tokens else ""

    @property
    def states(self) -> tuple[str, ...]:
        """Codes of the two, and of the members of those that are groups."""
        return (self.a, self.b, *self.inside)

    def members(self, world: World) -> tuple[str, ...]:
        """Codes of the audience's states that the table has, without the pair."""
        codes = _members(self.tokens, world)
        return tuple(code for code in codes if code in world.countries and code not in self.states)

    def without(self, world: World) -> Iterator[tuple[str, tuple[Country, ...]]]:
        """Groups of the audience that hold one of the pair, and whom they are without here."""
        from suasion.sources.groups import is_group

        for token in self.tokens:
            inside = set(_members((token,), world)) if is_group(token) else set()
            out = [side for side in (self.a, self.b) if inside & {side, *members_within(side, world)}]
            if out:
                yield token, tuple(map(Country, out))


def _members(tokens: Sequence[str], world: World) -> tuple[str, ...]:
    from suasion.sources.groups import expand

    return expand(list(tokens), world.year) if tokens else ()


def tie_pair(a: str, b: str, audience: Sequence[str] | None, world: World) -> TiePair:
    """Resolve all names of a pair and its audience.

    Raises SameCountryError if both names are one side, or have common members.
    """
    pair = pair_of(a, b, world)
    named = [token for token in audience or () if token.strip().lower() not in NOBODY]
    codes = dict.fromkeys(map(code_or_group, named))
    tokens = [code for code in codes if code not in pair]
    inside = tuple(code for side in pair for code in members_within(side, world) if code not in pair)
    kept = tuple(token for token in tokens if TiePair(*pair, (token,), inside).members(world))
    return TiePair(*pair, kept, inside)


@dataclass(frozen=True, slots=True)
class Coalition:
    """Senders against a target.

    members: Each sender as named, to the codes of its states that act.
    left_out: Each group to its states that do not.
    """

    target: str
    members: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, tuple[str, ...]]

    @property
    def label(self) -> str:
        """All senders as a sentence names them."""
        return ALLIED.join(self.members)

    @property
    def codes(self) -> list[str]:
        """States of all senders."""
        return list(dict.fromkeys(code for own in self.members.values() for code in own))

    @property
    def values(self) -> dict[str, Value]:
        """Senders and target as sentences name them."""
        who = {"who": Country(self.label)} if self.members else {}
        return {**who, "target": Country(self.target)}

    def name(self, label: str) -> str:
        """Return the cell of a side that a model calls by the codes of its states."""
        known = {ALLIED.join(own): one for one, own in self.members.items()}
        known |= {ALLIED.join(self.codes): " ".join(self.members)}
        return known.get(label, label.replace(ALLIED, " "))


def coalition_of(senders: Sequence[str], target: str, exempt: Sequence[str], world: World) -> Coalition:
    """Return who acts: states and groups, of which those drop out that are the target, exempt or not in the table."""
    from suasion.sources.groups import expand, is_group

    against = side_of(target, world)
    out = {
        code
        for side in (against, *(side_of(one, world) for one in exempt))
        for code in (expand([side], world.year) if is_group(side) else (side,))
    }
    members: dict[str, tuple[str, ...]] = {}
    left: dict[str, tuple[str, ...]] = {}
    for sender in dict.fromkeys(side_of(one, world) for one in senders):
        whole = expand([sender], world.year) if is_group(sender) else (sender,)
        acts = tuple(code for code in whole if code in world.countries and code not in out)
        members |= {sender: acts if is_group(sender) else whole} if acts or not is_group(sender) else {}
        if is_group(sender) and (gone := tuple(code for code in whole if code in out)):
            left[sender] = gone
    return Coalition(against, members, left)


def usual(world: World | None) -> World:
    """Return the world that is given; without one the embedded one."""
    from suasion.world import load_world

    return load_world() if world is None else world
