"""The probability of a pact by a date: one number for a pair, the same wherever it is told.

Hazards are of the year after the last one whose pacts are known. They go on year by year: a pair without a pact grows
quieter, and what it outlives tells that it is one of those that do not sign (frailty). A question opens on a day to
which nothing has happened, and closes at the end of a year.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from suasion.errors import InputError, SameCountryError
from suasion.schema.judgements import Judgement
from suasion.sources.countries import resolve_country
from suasion.statecraft.alliance.endings import ending_rate, hazards_by_bloc
from suasion.statecraft.alliance.hazards import FRAILTY_AT, SINCE, inputs_hash, load_pact_model
from suasion.statecraft.commitments import promises
from suasion.types import FloatArray

OPENS = dt.date(2026, 12, 1)
"""Day on which every question opens that names no other: the day after it was last frozen."""
CLOSES = (2030, 2036)
"""Years at whose end the questions of the title close."""
TITLE = ("CHN", "RUS")
LONGEST = 20
POINTS = 400
BAND = (0.05, 0.95)


class PactEvent(StrEnum):
    """What may happen to a pair."""

    BILATERAL = "bilateral"
    ACCESSION = "accession"
    ENDING = "ending"


class Mover(StrEnum):
    """What would change the hazard of a bilateral pact most, were it otherwise."""

    NO_ARMS = "no_arms"
    ARMS_OF_THE_PAST = "arms_of_the_past"
    FATAL_CLASH = "fatal_clash"
    LAPSED_LAST_YEAR = "lapsed_last_year"
    VOTES_APART = "votes_apart"
    NO_TRADE = "no_trade"
    CLASS_FREE = "class_free"
    CLASS_BOUND = "class_bound"
    FAST_LEVEL = "fast_level"
    SLOW_LEVEL = "slow_level"
    NO_OPPOSED = "no_opposed"


@dataclass(frozen=True, slots=True)
class Moved:
    """A probability were something otherwise."""

    mover: Mover
    probability: float


@dataclass(frozen=True, slots=True)
class PactNumber:
    """Probability that something happens to a pair between two days.

    Attributes
    ----------
    a, b : alpha-3 codes
    pact : the event
    opens, closes : first and last day of the question
    probability, low, high : mean over the draws, and their 5th and 95th of 100
    base : the same at the rate of all pairs at risk since the record begins
    place, of : rank among all pairs at risk, 1 the likeliest; number of pairs
    moved : what would change it, the largest change first; empty where nothing is known of the pair's parts
    data_to : last year whose pacts are known
    inputs : checksum of the numbers behind it
    """

    a: str
    b: str
    pact: PactEvent
    opens: dt.date
    closes: dt.date
    probability: float
    low: float
    high: float
    base: float
    place: int
    of: int
    moved: tuple[Moved, ...]
    data_to: int
    inputs: str


def pact_number(
    a: str = TITLE[1],
    b: str = TITLE[0],
    closes: int = CLOSES[0],
    *,
    pact: PactEvent = PactEvent.BILATERAL,
    opens: dt.date = OPENS,
) -> PactNumber | None:
    """Return the probability that a pair signs a pact, or ends it, by the end of a year.

    Parameters
    ----------
    a, b : codes or names of states; Russia and China without them
    closes : year at whose end the question closes
    pact : which event
    opens : first day of the question; nothing has happened before it. Of the first year after the data on.

    Returns
    -------
    PactNumber or None
        None where the pair is not at risk of the event (no pact to end, or one already), or unknown.

    Raises
    ------
    InputError
        If the question closes before it opens, or more than 20 years after the data end.
    SameCountryError
        If both states are the same.
    UnknownCountryError, AmbiguousCountryError
        If a name is no state.
    """
    pair = pair_of(a, b)
    model, table = load_pact_model(), hazards_by_bloc()
    _check(closes, opens, model["last_year"])
    row = _row(pair, pact)
    if row is None:
        return None
    ahead = _weights(opens, closes, model["last_year"])
    chances = _chances(row, pact, ahead, 0.0)
    middle, low, high = float(chances.mean()), *map(float, np.quantile(chances, BAND))
    logs = model["movers"].get("-".join(pair), {}) if pact is PactEvent.BILATERAL else {}
    moved = [Moved(Mover(name), float(_chances(row, pact, ahead, log).mean())) for name, log in logs.items()]
    own = table.xs(pact.value, level="kind")["hazard"]
    return PactNumber(
        *pair,
        pact,
        opens,
        dt.date(closes, 12, 31),
        *(middle, low, high),
        float(-np.expm1(-model["kinds"][pact.value]["base"] * ahead.sum())),
        *(int((own > row["hazard"]).sum()) + 1, len(own)),
        tuple(sorted(moved, key=lambda one: -abs(np.log(one.probability / middle)))),
        *(model["last_year"], inputs_hash()),
    )


def _row(pair: tuple[str, str], pact: PactEvent) -> pd.Series | None:
    """Hazard of a pair; where a treaty is not in the table, the rate at which the others end."""
    table, ending = hazards_by_bloc(), pact is PactEvent.ENDING
    if bound(*pair) != ending:
        return None
    if ending and (own := ending_rate(*pair, load_pact_model()["last_year"])):
        return pd.Series({"hazard": own.rate, "sd": own.sd, "quiet": 0.0, "outlived": 0.0})
    if (*pair, pact.value) in table.index:
        return table.iloc[int(str(table.index.get_loc((*pair, pact.value))))]
    return table.xs(pact.value, level="kind").iloc[0] if ending else None


def bound(a: str, b: str) -> bool:
    """Whether a defence pact binds two states at the end of the data, by the record."""
    return promises(a, b, load_pact_model()["last_year"])["defence"] == "yes"


def pair_of(a: str, b: str) -> tuple[str, str]:
    """Resolve two states, in alphabetical order of their codes.

    Raises SameCountryError if both are the same.
    """
    one, two = sorted((resolve_country(a), resolve_country(b)))
    if one == two:
        raise SameCountryError(f"A pact needs two states; {a!r} and {b!r} are both {one}.")
    return one, two


def pact_prior(a: str, b: str, closes: int) -> Judgement:
    """Return the probability of a bilateral pact by the end of a year as the prior of a ledger.

    Parameters
    ----------
    a, b : states without a pact
    closes : year

    Returns
    -------
    Judgement
        Probability, and its band.

    Raises
    ------
    InputError
        If the pair is not at risk.
    """
    found = pact_number(a, b, closes)
    if found is None:
        raise InputError(
            f"{a} and {b}: they are not without a defence pact, so that there is no prior of one."
        )
    return Judgement("prior", found.probability, found.low, found.high, "pact_hazard")


def _check(closes: int, opens: dt.date, last: int) -> None:
    if opens.year <= last:
        raise InputError(f"Pacts are known to the end of {last}; a question cannot open on {opens}.")
    if not opens.year <= closes <= last + LONGEST:
        raise InputError(
            f"The question closes at the end of {closes}; give a year from {opens.year} to {last + LONGEST}."
        )


def _weights(opens: dt.date, closes: int, last: int) -> FloatArray:
    """Part of each year after the data that a question covers, from the first year to that of its close."""
    years = np.arange(last + 1, closes + 1)
    weight = np.where(years < opens.year, 0.0, 1.0)
    first, after = dt.date(opens.year, 1, 1), dt.date(opens.year + 1, 1, 1)
    weight[years == opens.year] = (after - opens) / (after - first)
    return weight


def _chances(row: pd.Series, pact: PactEvent, ahead: FloatArray, log: float) -> FloatArray:
    """Probability over the draws of a pair's hazard, moved by a log ratio (draws,)."""
    sd = float(row["sd"])
    drawn = float(row["hazard"]) * np.exp(log + sd * _normal() - 0.5 * sd**2)
    return _within(
        drawn, ahead, _growing_quiet(pact, float(row["quiet"]), len(ahead)), float(row["outlived"])
    )


def _growing_quiet(pact: PactEvent, quiet: float, years: int) -> FloatArray:
    """Factor on the hazard of each year as the years without a pact grow."""
    if pact is PactEvent.ENDING:
        return np.ones(years)
    kind = load_pact_model()["kinds"][pact.value]
    slope = kind["unit"][kind["names"].index("quiet")]
    later = np.minimum(quiet + np.arange(years), SINCE)
    return np.asarray(np.exp(slope * (np.log1p(later) - np.log1p(min(quiet, SINCE)))))


def _within(hazard: FloatArray, weight: FloatArray, quieter: FloatArray, outlived: float) -> FloatArray:
    """Probability over the years that count, given that nothing happens in the part before (draws,)."""
    yearly = hazard[:, None] * quieter
    before = np.concatenate([np.zeros((len(hazard), 1)), np.cumsum(yearly, axis=1)[:, :-1]], axis=1)
    start = 1.0 + FRAILTY_AT * outlived
    return np.asarray(-np.expm1(-(yearly * start / (start + FRAILTY_AT * before) * weight).sum(axis=1)))


def _normal() -> FloatArray:
    """Even points of a standard normal, its mean and spread kept."""
    from scipy.special import ndtri

    points = ndtri((np.arange(POINTS) + 0.5) / POINTS)
    return np.asarray(points / points.std())


def likeliest(count: int) -> list[tuple[str, str]]:
    """Return the pairs with the largest hazard of a bilateral pact, the largest first."""
    own = hazards_by_bloc().xs(PactEvent.BILATERAL.value, level="kind")["hazard"]
    return [(str(a), str(b)) for a, b in own.nlargest(count).index]


def quiet_path(one: PactNumber) -> pd.DataFrame:
    """Return what becomes of a question while nothing happens, its covariates held.

    Returns: ``quiet_to`` (day to which nothing has happened, ISO), ``probability``, ``probability_low``,
      ``probability_high``; from the day the question opens to the start of the year in which it closes.
    """
    days = [one.opens, *(dt.date(year, 1, 1) for year in range(one.opens.year + 1, one.closes.year + 1))]
    found = [pact_number(one.a, one.b, one.closes.year, pact=one.pact, opens=day) for day in days]
    rows = [
        (day.isoformat(), n.probability, n.low, n.high)
        for day, n in zip(days, found, strict=True)
        if n is not None
    ]
    return pd.DataFrame(rows, columns=["quiet_to", "probability", "probability_low", "probability_high"])
