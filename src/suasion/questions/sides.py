"""Sides of a question, each a state or a group of them: who is meant, and who of them the world's table has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from suasion.answers.finding import Finding
from suasion.answers.language import ALLIED
from suasion.answers.values import Country, Value

if TYPE_CHECKING:
    from suasion.world import World


def side_of(name: str, world: World) -> str:
    """Return the code of a state, or the name of a group."""
    from suasion.sources.groups import code_of, is_group

    if name in world.countries:
        return name
    return name.strip().upper() if is_group(name) else code_of(name)


def code_or_group(name: str) -> str:
    """Return the code of a state, or the name of a group; what is neither is told of as a state."""
    from suasion.sources.countries import resolve_country
    from suasion.sources.groups import is_group

    return name.strip().upper() if is_group(name) else resolve_country(name)


def within(side: str, world: World) -> bool:
    """Whether the world's table has a side."""
    from suasion.sources.groups import is_group

    return is_group(side) or side in world.countries


def outside(name: str, sides: Sequence[str], world: World) -> Finding:
    """Return why a question has no answer on sides that the world's table has not."""
    states = tuple(Country(side) for side in sides if not within(side, world))
    return Finding(f"{name}.outside", {"states": states, "year": world.year})


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
