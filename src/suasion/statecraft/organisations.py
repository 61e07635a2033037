"""International organizations that two states share, from the two embedded editions of the World Factbook."""

from __future__ import annotations

from functools import cache

import pandas as pd

from suasion.errors import InputError
from suasion.sources.factbook import memberships
from suasion.statecraft.pacts import pair_of
from suasion.statecraft.tables import read_table
from suasion.types import Citation

EDITIONS = (2014, 2025)
"""Editions of the World Factbook. An edition says what was printed then and lags behind events."""

SOURCE: Citation = "CIA World Factbook {edition}"


@cache
def _full_members() -> pd.DataFrame:
    rules = read_table("organisations.toml")
    table = memberships().astype({"organization": str, "status": str, "country": str})
    table["organization"] = table["organization"].replace(rules["aliases"])
    aside = set(rules["missions"]) | set(rules["societies"])
    kept = table[table["status"].isin(rules["member"]) & ~table["organization"].isin(aside)]
    return kept[["vintage", "country", "organization"]].drop_duplicates(ignore_index=True)


def organisations_of(country: str, edition: int = 2025) -> frozenset[str]:
    """Return the organizations of which a state is a full member.

    country: alpha-3 code.
    edition: 2014 or 2025.
    Returns: Abbreviations as printed; empty where the edition has no entry for the state. Missions of the
      United Nations, national societies, observers and partners are left out.
    Raises InputError if there is no such edition.
    """
    table = _edition(edition)
    return frozenset(table.loc[table["country"] == country, "organization"])


def membership_portfolios(a: str, b: str, edition: int = 2025) -> pd.DataFrame:
    """Return memberships of two states over all organizations that have a full member.

    a, b: codes or names of states.
    edition: 2014 or 2025.
    Returns: Index: organization; columns ``a``, ``b``: 1 member, 0 not.
    Raises InputError if there is no such edition, or a state has no entry in it.
    Raises SameCountryError if both are the same.
    """
    first, second = pair_of(a, b)
    everything = sorted(_edition(edition)["organization"].unique())
    columns = {}
    for side, country in (("a", first), ("b", second)):
        own = organisations_of(country, edition)
        if not own:
            raise InputError(f"The Factbook of {edition} lists no organization of {country}.")
        columns[side] = [int(name in own) for name in everything]
    return pd.DataFrame(columns, index=pd.Index(everything, name="organization"))


def _edition(edition: int) -> pd.DataFrame:
    if edition not in EDITIONS:
        raise InputError(f"There is no edition {edition} of the Factbook here; give 2014 or 2025.")
    table = _full_members()
    return table[table["vintage"] == edition]
