"""What stands in an address, checked before it reaches a worker, and neighbours of what does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from suasion.errors import InputError, SuasionError
from suasion.nearest import nearest
from suasion.pages.printed import plain
from suasion.questions.scenarios.address import MOST_NAMES, SEPARATOR
from suasion.sources import country_name, resolve_country
from suasion.sources.country_names import ALIASES
from suasion.sources.groups import group_code
from suasion.web.jobs import Failed
from suasion.web.strings import say

DEFAULT_AUDIENCE = "USA~EU"
LONGEST = 60


def country(text: str) -> str:
    """Code of a country typed as a code or a name.

    Raises InputError: It is too long, or no country.
    """
    if len(text) > LONGEST:
        raise InputError(f"A country’s name has at most {LONGEST} letters.")
    return resolve_country(text)


def side(text: str) -> str:
    """Code of a country, or name of a group, as typed.

    Raises InputError: It is too long, or neither.
    """
    return (group_code(text) if len(text) <= LONGEST else "") or country(text)


def material(code: str) -> str:
    """Code of a raw material.

    Raises Failed: There is none of this code.
    """
    from suasion.dossier.site.materials import near_materials

    if near_materials(code):
        raise Failed("NotFound", say("error.no_material", code=code[:40]))
    return code


def audience(text: str | None) -> list[str]:
    """Codes and groups of an audience; none for ``none``.

    Raises InputError: There are too many, or one is neither a country nor a group.
    """
    given = DEFAULT_AUDIENCE if text is None else text
    parts = [part.strip() for part in given.replace(",", SEPARATOR).split(SEPARATOR) if part.strip()]
    if [part.casefold() for part in parts] == ["none"]:
        return []
    if len(parts) > MOST_NAMES:
        raise InputError(f"The audience has {len(parts)} names; at most {MOST_NAMES} are taken.")
    return list(dict.fromkeys(map(side, parts)))


def scenario_address(text: str) -> str:
    """Query string of a scenario from a permalink or from the query string itself.

    Raises InputError: It is too long.
    """
    if len(text) > 4000:
        raise InputError("The address of a scenario has at most 4,000 letters.")
    return text.strip().rpartition("?")[2].partition("#")[0]


def neighbours(text: str) -> tuple[tuple[str, str], ...]:
    """Countries with a name or code close to a text that is no country: words and code."""
    with suppress(SuasionError):
        resolve_country(text)
        return ()
    names = dict(ALIASES)
    for code in {*ALIASES.values(), *_codes()}:
        names[code.casefold()] = code
        with suppress(SuasionError):
            names |= {name.casefold(): code for name in (country_name(code), plain(code))}
    close = nearest(text.casefold(), list(names), 6)
    found = dict.fromkeys(names[name] for name in close)
    return tuple((plain(code), code) for code in found)


def _codes() -> Sequence[str]:
    import pycountry

    return [str(row.alpha_3) for row in pycountry.countries]
