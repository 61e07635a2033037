"""Hazards of all pairs as they ship: an object of numbers, no row of any source.

``tables/pact_hazards.parquet`` has, for each pair and question, the mean of the hazard of the first year over draws,
the standard deviation of its logarithm, the hazard that it has outlived since the last pact, and its years without one.
``tables/pact_model.json`` has the coefficients, the levels, the scores, and what moves the hazard of some pairs.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import permutations, product
from typing import Any, Literal

import pandas as pd

from suasion.files import shipped
from suasion.statecraft.pacts import Pact, pacts
from suasion.statecraft.record import FactKind, facts_between, pairs_with
from suasion.types import Z90

Status = Literal["yes", "no", "unknown"]
"""Whether something is so."""

TABLES = "suasion.statecraft.tables"
HAZARDS = "pact_hazards.parquet"
MODEL = "pact_model.json"
FRAILTY_AT = 1.0
"""Frailty of the central forecast; the likelihood is flat from 0 to 4, and this is its top."""


@cache
def load_hazards() -> pd.DataFrame:
    """Return the hazards that ship, by ``a``, ``b`` (alphabetical) and ``kind``; not to be changed.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.
    """
    table = shipped(TABLES, HAZARDS, pd.read_parquet)
    return (
        table.astype({"a": str, "b": str, "kind": str})
        .set_index(["a", "b", "kind"])
        .astype(float)
        .sort_index()
    )


@cache
def load_pact_model() -> Mapping[str, Any]:
    """Return what ships beside the hazards; not to be changed.

    Returns
    -------
    Mapping
        ``last_year`` whose pacts are known. ``kinds``: by question ``names``, ``beta`` and ``sd`` (log hazard per
        standard deviation, or per unit where the prior is in own units), ``unit`` (log hazard per unit of the
        covariate), ``events``, ``treaties``, ``rate``, ``base``. ``scores``: by question and scheme, of forecasts from
        the past alone. ``movers``: by ``AAA-BBB``, log ratio of the hazard of a bilateral pact, by what would be
        otherwise. ``ratios``: likelihood ratios of evidence, from matched pairs.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.
    """
    values: dict[str, Any] = shipped(TABLES, MODEL, json.load)
    return values


def pact_in_force(a: str, b: str, year: int) -> Status:
    """Return whether a defence pact binds two states, by the record on which the hazards rest.

    a, b: alpha-3 codes.
    year: Of the record only the last one ships, and of states in it; all else is unknown.
    """
    if year == load_pact_model()["last_year"]:
        table, pair = load_hazards().index, sorted((a, b))
        known: Mapping[str, Status] = {"ending": "yes", "bilateral": "no"}
        return next((status for kind, status in known.items() if (*pair, kind) in table), "unknown")
    return "unknown"


@cache
def inputs_hash() -> str:
    """Checksum of both files: forecasts with the same one rest on the same numbers."""
    content = b"".join(shipped(TABLES, name, lambda file: file.read()) for name in (HAZARDS, MODEL))
    return hashlib.sha256(content).hexdigest()


COVARIATES: dict[str, str] = {
    "rivals_shared": "threat",
    "rivalry": "threat",
    "hostility": "threat",
    "territory": "threat",
    "opposed": "network",
    "arms": "arms",
    "two_majors": "class",
    "major_minor": "class",
    "near": "class",
    "far": "class",
    "dispute": "threat",
    "strength": "power",
    "parity": "power",
    "power_change": "power",
    "major": "power",
    "both_major": "power",
    "ideal_distance": "votes",
    "no_votes": "votes",
    "trade_dependence": "trade",
    "no_trade": "trade",
    "land_border": "place",
    "distance": "place",
    "regime_difference": "regimes",
    "democracy": "regimes",
    "regime_change": "regimes",
    "allies_shared": "network",
    "allies_most": "network",
    "promises": "history",
    "past_pact": "history",
    "quiet": "history",
    "age": "history",
    "many_members": "history",
}
"""Name to its group; what each means is on the page on pacts."""

SINCE = 50
"""Years without a pact beyond which time no longer counts."""


RECENT = 5
"""Years in which conduct is recent."""
FEW = 2
"""Most members of a bilateral treaty."""


class PactClass(StrEnum):
    """Treaties that end at one rate."""

    YOUNG = "young"
    MIDDLE = "middle"
    OLD = "old"
    MANY = "many"


class PactConduct(StrEnum):
    """How two states have lately dealt with their pact."""

    FROZEN = "frozen"
    KEPT = "kept"


COUNTS: Mapping[PactClass, tuple[int, int]] = {
    PactClass.YOUNG: (16, 396),
    PactClass.MIDDLE: (16, 586),
    PactClass.OLD: (8, 622),
    PactClass.MANY: (66, 48_402),
}
"""Endings and pair-years: of bilateral pacts of less than 10, 10 to 29, and 30 years, 1950 to 2025; of treaties of many
from 1990."""

LATELY, SPREADS = 0.86, {False: 0.39, True: 0.35}
"""Endings of bilateral pacts since 1990 (11) over what those rates made expect; spread of a rate in logs, of bilateral
treaties (16 endings, and 11) and of those of many (8 that lost members)."""
FACTORS: Mapping[PactConduct, tuple[float, float, float]] = {
    PactConduct.FROZEN: (10.0, 3.0, 30.0),
    PactConduct.KEPT: (0.3, 0.1, 1.0),
}
"""By what conduct multiplies the rate, and between what: judgements."""
OPPOSED = 0.03
"""By what the hazard of a pact between members of opposed blocs is multiplied: a judgement."""


@dataclass(frozen=True, slots=True)
class EndingRate:
    """A yearly rate, its spread in logs, and what it rests on."""

    rate: float
    sd: float
    pact: PactClass
    conduct: PactConduct | None


def ending_rate(a: str, b: str, year: int) -> EndingRate | None:
    """Return how fast the pact of two states ends; None where no treaty of theirs is typed.

    a, b: alpha-3 codes.
    year: whose age of treaties counts. A pact ends with the last of its treaties: the slowest is the pair's.
    """
    found = [
        _class(one, a, b, year) for one in pacts() if FactKind.DEFENCE in one.kinds and one.binds(a, b, year)
    ]
    if not found:
        return None
    rates = {name: COUNTS[name][0] / COUNTS[name][1] for name in found}
    rates = {name: rate if name is PactClass.MANY else LATELY * rate for name, rate in rates.items()}
    slowest = min(found, key=lambda name: rates[name])
    conduct = conduct_of(a, b, year)
    factor, low, high = FACTORS[conduct] if conduct else (1.0, 1.0, 1.0)
    sd = math.hypot(SPREADS[slowest is PactClass.MANY], math.log(high / low) / (2.0 * Z90))
    return EndingRate(rates[slowest] * factor, sd, slowest, conduct)


def _class(one: Pact, a: str, b: str, year: int) -> PactClass:
    if len({spell.country for spell in one.spells}) > FEW:
        return PactClass.MANY
    age = year - min(int(start[:4]) for start, _ in one.together(a, b))
    return PactClass.YOUNG if age < 10 else PactClass.MIDDLE if age < 30 else PactClass.OLD


def conduct_of(a: str, b: str, year: int) -> PactConduct | None:
    """How the two have dealt with their pact in five years, by the record; None where it says nothing of it."""
    recent = [
        one for one in facts_between(a, b) if year - RECENT < int((one.end or one.start)[:4]) <= year + 1
    ]
    acts = [one for one in recent if one.kind in (FactKind.CONDUCT, FactKind.COMBAT)]
    if not acts:
        return None
    last = max(acts, key=lambda one: one.start)
    if last.kind is FactKind.CONDUCT and last.value in ("frozen", "suspended"):
        return PactConduct.FROZEN
    kept = last.kind is FactKind.COMBAT or last.value == "renewed"
    return PactConduct.KEPT if kept else None


@cache
def hazards_by_bloc() -> pd.DataFrame:
    """Return the hazards that ship, those of signing and acceding lowered between members of opposed blocs."""
    table = load_hazards().copy()
    apart = {(min(pair), max(pair)) for pair in _opposed(load_pact_model()["last_year"])}
    kinds = table.index.get_level_values("kind") != "ending"
    pairs = zip(table.index.get_level_values("a"), table.index.get_level_values("b"), strict=True)
    lowered = kinds & pd.Series([pair in apart for pair in pairs]).to_numpy()
    table.loc[lowered, "hazard"] *= OPPOSED
    return table


def _opposed(year: int) -> set[tuple[str, str]]:
    """Pairs of members of two treaties of many of which members are rivals, or at war, by the record."""
    treaties = [one for one in pacts() if FactKind.DEFENCE in one.kinds]
    blocs = [
        {own.country for own in one.spells if own.start[:4] <= str(year) < (own.end or "9999")}
        for one in treaties
    ]
    hostile = pairs_with((FactKind.RIVALRY, FactKind.WAR), year)
    apart: set[tuple[str, str]] = set()
    for first, second in permutations([one for one in blocs if len(one) > FEW], 2):
        own, others = first - second, second - first
        if any(pair & own and pair & others for pair in hostile):
            apart |= set(product(own, others))
    return apart
