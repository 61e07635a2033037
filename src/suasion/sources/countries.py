"""Country names and codes: one resolver for every room.

Codes are ISO 3166-1 alpha-3. Names, alpha-2 and M49 numeric codes come from the ISO 3166 tables that
``pycountry`` carries; the aliases below are common English names that the standard does not list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import pycountry

from suasion.errors import AmbiguousCountryError, UnknownCountryError
from suasion.nearest import nearest

SHORT_NAMES: dict[str, str] = {
    "BOL": "Bolivia",
    "BRN": "Brunei",
    "COD": "DR Congo",
    "COG": "Congo (Brazzaville)",
    "CPV": "Cabo Verde",
    "FLK": "Falkland Islands",
    "FSM": "Micronesia",
    "GBR": "United Kingdom",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MDA": "Moldova",
    "PRK": "North Korea",
    "PSE": "Palestine",
    "RUS": "Russia",
    "SWZ": "Eswatini",
    "SYR": "Syria",
    "TWN": "Taiwan",
    "TZA": "Tanzania",
    "USA": "United States",
    "VAT": "Holy See",
    "VEN": "Venezuela",
    "VGB": "British Virgin Islands",
    "VIR": "US Virgin Islands",
    "VNM": "Vietnam",
    "XKX": "Kosovo",
    "ROW": "Rest of the world",
}
"""Names to print where the standard's is long or formal. Naming implies no view on any status."""

ALIASES: dict[str, str] = {
    "america": "USA",
    "us": "USA",
    "u.s.": "USA",
    "u.s.a.": "USA",
    "united states of america": "USA",
    "uk": "GBR",
    "u.k.": "GBR",
    "britain": "GBR",
    "great britain": "GBR",
    "england": "GBR",
    "el": "GRC",
    "russia": "RUS",
    "turkey": "TUR",
    "holland": "NLD",
    "formosa": "TWN",
    "persia": "IRN",
    "siam": "THA",
    "saudi": "SAU",
    "burma": "MMR",
    "swaziland": "SWZ",
    "macedonia": "MKD",
    "cape verde": "CPV",
    "turkiye": "TUR",
    "ivory coast": "CIV",
    "east timor": "TLS",
    "czech republic": "CZE",
    "prc": "CHN",
    "mainland china": "CHN",
    "people's republic of china": "CHN",
    "chinese taipei": "TWN",
    "taiwan, province of china": "TWN",
    "hong kong": "HKG",
    "hong kong sar": "HKG",
    "macau": "MAC",
    "macao": "MAC",
    "south korea": "KOR",
    "republic of korea": "KOR",
    "korea, south": "KOR",
    "korea, rep.": "KOR",
    "korea, dem. rep.": "PRK",
    "korea, dem. people's rep.": "PRK",
    "congo, dem. rep.": "COD",
    "congo, rep.": "COG",
    "yemen, rep.": "YEM",
    "micronesia, fed. sts.": "FSM",
    "st. kitts and nevis": "KNA",
    "st. lucia": "LCA",
    "st. vincent and the grenadines": "VCT",
    "other asia, nes": "TWN",
    "north korea": "PRK",
    "dprk": "PRK",
    "korea, north": "PRK",
    "democratic republic of the congo": "COD",
    "democratic republic of congo": "COD",
    "congo-kinshasa": "COD",
    "drc": "COD",
    "zaire": "COD",
    "republic of the congo": "COG",
    "republic of congo": "COG",
    "congo-brazzaville": "COG",
    "uae": "ARE",
    "emirates": "ARE",
    "palestinian territories": "PSE",
    "state of palestine": "PSE",
    "vatican": "VAT",
    "vatican city": "VAT",
    "slovak republic": "SVK",
    "kyrgyz republic": "KGZ",
    "the gambia": "GMB",
    "the bahamas": "BHS",
    "guinea bissau": "GNB",
    "xk": "XKX",
}
"""Lower-case English names beyond the standard's."""

AMBIGUOUS: dict[str, tuple[str, ...]] = {
    "korea": ("KOR", "PRK"),
    "congo": ("COG", "COD"),
    "virgin islands": ("VGB", "VIR"),
    "saint martin": ("MAF", "SXM"),
    "st. martin": ("MAF", "SXM"),
}
"""Names that more than one country bears in common use."""

FORMER: dict[str, str] = {
    "soviet union": "it ended in 1991; Russia (RUS) continues its membership of the United Nations",
    "ussr": "it ended in 1991; Russia (RUS) continues its membership of the United Nations",
    "sun": "it ended in 1991; Russia (RUS) continues its membership of the United Nations",
    **dict.fromkeys(("yugoslavia", "yug"), "it broke up from 1991; use BIH, HRV, MKD, MNE, SRB or SVN"),
    **dict.fromkeys(("serbia and montenegro", "scg"), "it ended in 2006; use SRB or MNE"),
    **dict.fromkeys(("czechoslovakia", "csk"), "it ended in 1992; use CZE or SVK"),
    **dict.fromkeys(("east germany", "ddr", "gdr"), "it ended in 1990; use DEU"),
    "sudan (former)": "South Sudan (SSD) left Sudan (SDN) in 2011; use either",
}
"""States that no longer exist, with what to use instead."""


@cache
def _codes() -> dict[str, str]:
    """Lower-case code or name to alpha-3, exact matches only."""
    found: dict[str, str] = {}
    for country in pycountry.countries:
        texts: list[str | None] = [country.alpha_3, country.alpha_2, country.numeric, country.name]
        texts += [getattr(country, field, None) for field in ("common_name", "official_name")]
        found.update({folded(x): country.alpha_3 for x in texts if x})
    found.update({folded(name): code for code, name in SHORT_NAMES.items() if code != "ROW"})
    found.update({folded(name): code for name, code in ALIASES.items()})
    found["xkx"] = "XKX"
    return found


def folded(text: str) -> str:
    """Return a text in small letters, without accents and surplus spaces, typographic apostrophes made plain."""
    bare = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).casefold().split())


_OWN: ContextVar[frozenset[str]] = ContextVar("own labels", default=frozenset())


@contextmanager
def own_labels(labels: Iterable[str]) -> Iterator[None]:
    """Take labels as they are within, in this thread alone: in a table of one's own "Korea" is what stands there."""
    before = _OWN.set(frozenset(labels))
    try:
        yield
    finally:
        _OWN.reset(before)


def own_label(text: str) -> str:
    """The label that a text is in the table of one's own that is asked, or means there alone; empty where none."""
    held = [one for one in (text, *AMBIGUOUS.get(folded(text), ())) if one in _OWN.get()]
    return held[0] if len(held) == 1 or text in held else ""


def resolve_country(text: str) -> str:
    """Return the ISO 3166 alpha-3 code of a country.

    Parameters
    ----------
    text
        Alpha-3, alpha-2 or M49 numeric code, or an English name, in any case; ``"ROW"`` stays.

    Returns
    -------
    str
        Alpha-3 code (``"XKX"`` for Kosovo).

    Raises
    ------
    AmbiguousCountryError
        If the name fits several countries (Korea, Congo); the message lists their codes.
    UnknownCountryError
        If there is no such country; the message offers close names.

    Examples
    --------
    >>> resolve_country("Russia"), resolve_country("tr"), resolve_country("156")
    ('RUS', 'TUR', 'CHN')
    """
    if code := known_country(text):
        return code
    plain = folded(str(text))
    if plain in AMBIGUOUS:
        options = ", ".join(f"{c} ({country_name(c)})" for c in AMBIGUOUS[plain])
        raise AmbiguousCountryError(f"{text!r} fits more than one country: {options}. Give one of the codes.")
    raise UnknownCountryError(f"There is no country {text!r}{_advice(plain)}")


def known_country(text: str) -> str | None:
    """Return the code that :func:`resolve_country` gives; None where it would refuse, without looking for advice."""
    if isinstance(text, str) and (own := own_label(text)):
        return own
    plain = folded(str(text))
    if plain == "row":
        return "ROW"
    if plain in AMBIGUOUS:
        return None
    key = plain.zfill(3) if plain.isdigit() else plain
    return next((_codes()[name] for name in (key, key.removeprefix("the ")) if name in _codes()), None)


def _advice(plain: str) -> str:
    from suasion.sources.groups import group_code

    if plain in FORMER:
        return f" today: {FORMER[plain]}."
    if group := group_code(plain):
        return f': {group} is a group of countries: name one. su.exit_cost("{group}", "USA") takes it as one side.'
    close = nearest(plain, list(_codes()), 6)
    hits = list(dict.fromkeys(_codes()[x] for x in close))[:3]
    if not hits:
        return ". Use an ISO 3166 alpha-3 code such as RUS, or an English name."
    return f". Did you mean {' or '.join(f'{country_name(c)} ({c})' for c in hits)}?"


def country_name(code: str) -> str:
    """Return a short English name for an alpha-3 code; unknown codes are returned as they are.

    Parameters
    ----------
    code
        Alpha-3 code, ``"ROW"``, or a free label of a toy world.

    Returns
    -------
    str
        Name to print. Names of countries and territories imply no view on their status.
    """
    if code in SHORT_NAMES:
        return SHORT_NAMES[code]
    country = pycountry.countries.get(alpha_3=code)
    return code if country is None else str(getattr(country, "common_name", country.name))
