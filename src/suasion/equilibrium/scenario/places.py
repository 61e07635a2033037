"""Who and what an instrument names: countries, dated groups and sectors, as masks over a world's labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from suasion.errors import NotInWorldError, SameCountryError, ScenarioError
from suasion.nearest import did_you_mean, nearest
from suasion.remarks import Remark, Topic
from suasion.sources.countries import country_name, resolve_country
from suasion.sources.groups import code_of, group_code, is_group, members
from suasion.sources.spoken import INDUSTRIES, industry_codes
from suasion.types import Advice, BoolArray

if TYPE_CHECKING:
    from suasion.world import World

ALL = "all"
"""Word for every economy of the world."""

REMAINS: Advice = (
    "What needs no table of industries remains: raw-material shares, memberships and governance "
    "(`suasion dyad`), but no exit cost, tariff or embargo can be computed for it"
)


@dataclass(frozen=True, slots=True)
class Party:
    """One side of an instrument.

    mask: (country,) its economies.
    named: labels that were named themselves, not through a group.
    notes: members of groups that the world does not hold.
    everybody: whether the word "all" is among its names.
    """

    mask: BoolArray
    named: tuple[str, ...]
    notes: tuple[Remark, ...]
    everybody: bool


def party(tokens: Sequence[str], world: World, year: int) -> Party:
    """Economies meant by codes, names and dated groups.

    tokens: labels of the world, country codes or names, groups such as ``"EU"``, or ``"all"``.
    world: its countries are the positions of the mask.
    year: groups have the members they had on 31 December of this year.
    Raises NotInWorldError when a country that is named itself, or every member of a group, is outside the
      world's table. Members of a group outside it are left out and noted.
    Raises UnknownCountryError, AmbiguousCountryError when a name is no country, or several.
    """
    named: list[str] = []
    notes: list[Remark] = []
    mask = np.zeros(len(world.countries), dtype=np.bool_)
    for token in tokens:
        if token in world.countries or not _is_collective(token):
            named.append(_label(token, world))
            found: tuple[str, ...] = (named[-1],)
        else:
            found, note = _collective(token, world, year)
            notes.extend(note)
        mask |= np.isin(world.countries, found)
    everybody = any(token not in world.countries and token.casefold() == ALL for token in tokens)
    return Party(mask, tuple(named), tuple(notes), everybody)


def _is_collective(token: str) -> bool:
    return token.casefold() == ALL or is_group(token)


def _collective(token: str, world: World, year: int) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
    """Members of a group that the world holds, and a note on the others."""
    if token.casefold() == ALL:
        return world.countries, ()
    everybody = members(token, year)
    inside = tuple(code for code in everybody if code in world.countries)
    outside = [code for code in everybody if code not in inside]
    if not inside:
        raise NotInWorldError(
            f"None of the {len(everybody)} members of {group_code(token)} in {year} is in this world's table. "
            f"{REMAINS}."
        )
    values = {"group": group_code(token), "year": year, "countries": ", ".join(outside)}
    return inside, (Remark(Topic.GROUP_WITHOUT, values),) if outside else ()


def _label(token: str, world: World) -> str:
    """Label of a country of the world named by its label, a code or a name."""
    if token in world.countries:
        return token
    if not _has_country_codes(world):  # a toy world with free labels
        hint = did_you_mean(token, world.countries, 3)
        raise NotInWorldError(f"{token!r} is not in this world.{hint} It has {_some(world.countries)}.")
    code = code_of(token)
    if code in world.countries:
        return code
    raise NotInWorldError(
        f"{country_name(code)} ({code}) is not among the {len(world.countries)} economies of this world's table."
        + (" It is part of ROW here." if "ROW" in world.countries else "")
        + f" {REMAINS}."
    )


def _has_country_codes(world: World) -> bool:
    codes = [label for label in world.countries if len(label) == 3 and label.isupper()]
    return 2 * len(codes) > len(world.countries)


def _some(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - 8} more" if len(labels) > 8 else ""
    return ", ".join(labels[:8]) + more


def pairs(senders: Party, targets: Party, world: World) -> tuple[BoolArray, tuple[Remark, ...]]:
    """Mask (sender, target) without an economy's trade with itself, and a note where that took pairs away.

    Raises SameCountryError when an economy is named itself on both sides.
    Raises ScenarioError when no pair is left.
    """
    both = [label for label in senders.named if label in targets.named]
    if both:
        raise SameCountryError(
            f"{', '.join(both)} is named as sender and as target. "
            "Give two different economies, or take it out of one side."
        )
    mask = senders.mask[:, None] & targets.mask[None, :]
    overlap = np.flatnonzero(senders.mask & targets.mask)
    np.fill_diagonal(mask, val=False)
    if not mask.any():
        raise ScenarioError(
            f"The only economy on either side is {world.countries[int(overlap[0])]}; "
            "its trade with itself is never touched."
        )
    if (
        not overlap.size or senders.everybody or targets.everybody
    ):  # "all" says it: nobody expects home trade in it
        return mask, ()
    labels = _some([world.countries[int(k)] for k in overlap])
    return mask, (Remark(Topic.ON_BOTH_SIDES, {"countries": labels}),)


def sector_mask(sectors: Sequence[str] | None, world: World) -> BoolArray:
    """Mask (sector,) of codes, names as in ``world.sector_names``, or one-letter sections; None is every sector.

    Case does not matter.

    A single letter that is no sector of its own stands for the sectors whose code is that letter and digits:
    ``"B"`` is B05 to B09, ``"C"`` all of manufacturing.

    Raises NotInWorldError when a sector is unknown; the message offers close ones.
    """
    if sectors is None:
        return np.ones(len(world.sectors), dtype=np.bool_)
    mask = np.zeros(len(world.sectors), dtype=np.bool_)
    for token in sectors:
        mask |= np.isin(world.sectors, _sectors(token, world))
    return mask


def _sectors(token: str, world: World) -> tuple[str, ...]:
    if token in world.sectors:
        return (token,)
    codes = {code.casefold(): code for code in world.sectors}
    if token.casefold() in codes:
        return (codes[token.casefold()],)
    names = {str(name).casefold(): code for code, name in world.sector_names.items()}
    if token.casefold() in names:
        return (names[token.casefold()],)
    section = tuple(
        s for s in world.sectors if len(token) == 1 and s[0] == token.upper() and s[1:2].isdigit()
    )
    if section or (section := industry_codes(token, world.sectors)):
        return section
    known = {word: word for word in INDUSTRIES} | codes
    known |= {name: f"{code} ({name})" for name, code in names.items() if name != code.casefold()}
    close = nearest(token.casefold(), known, 3)
    close = close or [name for name in names if token.casefold() in name][:3]
    hint = f" Did you mean {' or '.join(known[key] for key in close)}?" if close else ""
    raise NotInWorldError(
        f"Sector {token!r} is not among the {len(world.sectors)} sectors of this world.{hint} "
        f"They are {_some(world.sectors)}."
    )


def country_text(tokens: Sequence[str], world: World) -> str:
    """Countries and groups in words, as they were named."""
    words: list[str] = []
    for token in tokens:
        if token in world.countries:
            words.append(country_name(token))
        elif token.casefold() == ALL:
            words.append("all economies")
        elif group := group_code(token):
            words.append(group)
        else:
            words.append(country_name(resolve_country(token)) if _has_country_codes(world) else token)
    return _joined(words)


def sector_text(sectors: Sequence[str] | None, world: World) -> str:
    """Sectors in words: code and readable name, or "all sectors"."""
    if sectors is None:
        return "all sectors"
    return _joined([_sector_text(token, code, world) for token in sectors for code in _sectors(token, world)])


def _sector_text(token: str, code: str, world: World) -> Advice:
    """Code and readable name; of what is only part of a sector also that the table has no finer cell."""
    name = world.sector_names.get(code, code)
    part = industry_codes(token, world.sectors) and token.casefold() not in (code.casefold(), name.casefold())
    finest = f"the finest cell that holds {token}" if part else ""
    inside = "; ".join(one for one in (name if name != code else "", finest) if one)
    return f"{code} ({inside})" if inside else code


def _joined(words: Sequence[str]) -> str:
    shown = [*words[:5], f"{len(words) - 5} more"] if len(words) > 6 else list(words)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
