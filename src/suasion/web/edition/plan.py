"""What an edition holds, as data that every worker is set up with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, combinations
from typing import Any

from suasion import __version__
from suasion.answers.catalogue import LANGUAGE, languages
from suasion.coercion.leverage.intervals import listed_states
from suasion.dossier.context import SCHEMA
from suasion.dossier.site.pages import HOLDERS
from suasion.errors import InputError
from suasion.questions.posed import code_or_group
from suasion.questions.scenarios.address import digest
from suasion.sources import is_group, resolve_country
from suasion.world import World, load_world

Pair = tuple[str, str]
FORMS = ("svg", "html", "pdf")
"""What a pair has on request: its pictures, its page as one file to keep, its briefing on paper."""
ALL = "all"


@dataclass(frozen=True, slots=True)
class Plan:
    """An edition.

    pairs: Codes, each pair once.
    holders: Who has a page on who would lose much without it.
    audience: Of the dossiers.
    bands: Whether the dossiers have bands.
    languages: The first one stands without a name in the address.
    also: Members of :data:`FORMS`.
    address: Where it will lie, without a last stroke; empty where that is not known.
    year: Of the embedded world; None for another one, which only this process has.
    checksum: Of the world.
    day: On which it is made, as written in its feed.
    """

    pairs: tuple[Pair, ...]
    holders: tuple[str, ...]
    audience: tuple[str, ...]
    bands: bool
    languages: tuple[str, ...]
    also: tuple[str, ...]
    address: str
    year: int | None
    checksum: str
    day: str

    @property
    def states(self) -> tuple[str, ...]:
        """States of the pairs, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(self.pairs)))

    @property
    def solved(self) -> str:
        """Hash of what the numbers of a pair depend on."""
        return digest([__version__, SCHEMA, self.checksum, self.audience, self.bands, self.languages])

    def to_json(self) -> str:
        """All of it, for a worker."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """The plan that was sent."""
        given: dict[str, Any] = json.loads(text)
        given |= {name: tuple(given[name]) for name in ("holders", "audience", "languages", "also")}
        return cls(**{**given, "pairs": tuple((a, b) for a, b in given["pairs"])})


def make_plan(
    pairs: Sequence[Pair],
    world: World,
    day: str,
    *,
    audience: Iterable[str] = (),
    bands: bool = False,
    holders: Iterable[str] = (),
    spoken: Iterable[str] = (),
    also: Iterable[str] = (),
    address: str = "",
) -> Plan:
    """Return the plan of an edition; arguments are those of :func:`suasion.web.edition.write_edition`.

    Raises InputError: A name is not known.
    """
    known = set(listed_states(world))
    wanted = chain(HOLDERS, chain.from_iterable(pairs), map(code_or_group, holders))
    return Plan(
        tuple(pairs),
        tuple(dict.fromkeys(one for one in wanted if one in known or is_group(one))),
        tuple(dict.fromkeys(code_or_group(one) for one in audience)),
        bands,
        tuple(dict.fromkeys((LANGUAGE, *_among(spoken or (LANGUAGE,), languages(), "languages")))),
        tuple(dict.fromkeys(_among(also, FORMS, "also"))),
        address.rstrip("/"),
        _embedded(world),
        world.checksum,
        day,
    )


def _among(given: Iterable[str], known: Sequence[str], option: str) -> Iterable[str]:
    for one in given:
        if one not in known:
            raise InputError(f"--{option} names {one!r}; there are {', '.join(known)}.")
        yield one


def _embedded(world: World) -> int | None:
    """Year under which a worker finds the same world."""
    usual = load_world()
    return usual.year if usual.checksum == world.checksum else None


def parse_pairs(text: str, world: World) -> tuple[Pair, ...]:
    """Return the pairs of a list, each once, whichever state is first.

    text: ``RUS-CHN,USA-CHN``, or ``all`` for every pair of the states that the world has or estimates.
    Raises InputError: A part is no pair of two states.
    """
    if text.strip().casefold() == ALL:
        return tuple(combinations(sorted(listed_states(world)), 2))
    found: dict[frozenset[str], Pair] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        names = part.split("-")
        if len(names) != 2:
            raise InputError(
                f"{part!r} is no pair: --pairs takes two codes with a hyphen, as in RUS-CHN,USA-CHN, or `all`."
            )
        a, b = map(resolve_country, names)
        if a == b:
            raise InputError(f"{part!r} names one state twice; --pairs takes two, as in RUS-CHN.")
        found.setdefault(frozenset((a, b)), (a, b))
    if not found:
        raise InputError("--pairs names no pair; write two codes with a hyphen, as in RUS-CHN,USA-CHN.")
    return tuple(found.values())
