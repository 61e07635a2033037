"""The sides of a tie: who is meant by a code, a name, a group, or a list of them, and how a side is called."""

from __future__ import annotations

from collections.abc import Sequence

from suasion.errors import InputError, NotInWorldError, UnknownCountryError, expect
from suasion.sources.countries import resolve_country
from suasion.sources.groups import code_of, expand, group_code, is_group
from suasion.world import World

Side = str | Sequence[str]


def members(world: World, side: Side) -> tuple[str, ...]:
    """Return the codes of a side's countries that the world holds.

    Raises NotInWorldError: None of them is in the world, or a single country named is not.
    Raises InputError: The side names nobody.
    """
    expect(world, World, "world", "It comes first, then the sides.")
    tokens = _tokens(side)
    if not tokens:
        raise InputError("A side of the tie is empty; name at least one country or group.")
    single = [code_of(t) if t not in world.countries and not is_group(t) else t for t in tokens]
    codes = [c for t in single for c in (expand([t], world.year) if is_group(t) else (t,))]
    absent = [c for c in single if not is_group(c) and c not in world.countries]
    found = tuple(dict.fromkeys(c for c in codes if c in world.countries))
    if absent or not found:
        raise NotInWorldError(
            f"{', '.join(absent or tokens)} is outside the world's table of {len(world.countries)} countries: exit "
            "costs need its accounts. Materials, partner shares and positions are still available."
        )
    return found


def side_name(side: Side) -> str:
    """Return the name of a side as printed: codes and groups in capitals, joined, however they were given."""
    return " + ".join(map(_code, _tokens(side)))


def _tokens(side: Side) -> tuple[str, ...]:
    if isinstance(side, str | int) or side is None:
        return (str(side),)
    tokens = [str(token) for token in side]
    return tuple(sorted(tokens) if isinstance(side, set | frozenset) else tokens)


def _code(token: str) -> str:
    try:
        return group_code(token) or resolve_country(token)
    except UnknownCountryError:
        return token  # a label of a world of the user's own
