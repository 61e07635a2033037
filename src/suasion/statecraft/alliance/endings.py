"""How fast a pair's defence pact ends: by kind and age of its treaties, and by how the two have lately dealt with it.

Rates are counts of the record of pacts, not a model: none of endings had skill that is clear of zero. What conduct
means for them is a judgement with a range. Opposed blocs, whose members neither sign nor accede, are a judgement too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import permutations, product

import pandas as pd

from suasion.statecraft.alliance.hazards import load_hazards, load_pact_model
from suasion.statecraft.pacts import Pact, pacts
from suasion.statecraft.record import FactKind, facts_between, pairs_with
from suasion.types import Z90

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
