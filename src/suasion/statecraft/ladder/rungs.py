"""The ladder to alliance: on which rungs a pair of states stands, year by year, and on what evidence.

Rungs, from the lowest: consultation, non-aggression, arms partner, joint exercises, joint operations, defence pact.
Each is ``yes``, ``no`` or ``unknown``. The scale need not be cumulative: old pacts without any exercise and exercises
without any pact are both common. Unknown is never no: exercises are listed for some pairs and years only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.alliance.hazards import Status
from suasion.statecraft.events import Event, events_between
from suasion.statecraft.ladder.evidence import (
    RUNGS,
    LadderRules,
    Rung,
    rungs_of,
)
from suasion.statecraft.ladder.scale import ScaleFit, loevinger_h
from suasion.statecraft.pacts import pacts, pair_of
from suasion.types import Brief

FIRST_YEAR, LAST_YEAR = 1992, 2025
"""Years shown without others named."""

BROAD = ("tac", "helsinki-1975")
"""Promises of non-aggression that most states share."""

PIECE = ("rung", "what", "date", "source", "locator")
"""Columns of a piece of evidence."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Ladder(Brief):
    """The path of a pair.

    Attributes
    ----------
    a, b : alpha-3 codes
    frame : one row a year, in order: ``year``; ``highest``: rung that is known to hold, ``"none"`` if all are known
        not to, ``"unknown"`` otherwise; ``ceiling``: highest rung that is not ruled out, equal to ``highest`` where
        the year is fully known from there up; a column for each rung: ``yes``, ``no`` or ``unknown``; ``errors``:
        pairs of rungs of which the higher holds and the lower is known not to (Guttman errors)
    evidence : what each ``yes`` rests on: ``year``, ``rung``, ``what`` (treaty, exercise or delivery), ``date``
        (day, or year alone), ``source``, ``locator``
    events : exercises and operations of the pair in these years
    """

    a: str
    b: str
    frame: pd.DataFrame
    evidence: pd.DataFrame
    events: tuple[Event, ...]

    @property
    def not_known(self) -> tuple[Rung, ...]:
        """Rungs that are unknown in one of the years."""
        return tuple(rung for rung in RUNGS if (self.frame[rung] == "unknown").any())

    @property
    def broad(self) -> tuple[str, ...]:
        """Names of the pacts in force that promise non-aggression among most states, rivals too."""
        return tuple(
            pact.name
            for pact in pacts()
            if pact.key in BROAD and any(pact.binds(self.a, self.b, year) for year in self.frame["year"])
        )

    def at(self, year: int) -> pd.Series:
        """Return the row of one year.

        Raises
        ------
        InputError
            If it is not among the years.
        """
        years = self.frame["year"]
        if year not in years.to_numpy():
            raise InputError(f"The ladder has the years {years.iloc[0]} to {years.iloc[-1]}, not {year}.")
        return self.frame[years == year].iloc[0]

    def evidence_table(self) -> pd.DataFrame:
        """Return one row for each piece of evidence, each once, with the years for which it counts."""
        pieces = self.evidence.groupby(list(PIECE), sort=False)["year"]
        return pieces.agg(first_year="min", last_year="max").reset_index()


def ladder(
    a: str,
    b: str,
    first_year: int = FIRST_YEAR,
    last_year: int = LAST_YEAR,
    *,
    atop: pd.DataFrame | None = None,
    deliveries: pd.DataFrame | None = None,
    rules: LadderRules | None = None,
) -> Ladder:
    """Return on which rungs two states stand, year by year.

    Parameters
    ----------
    a, b : codes or names of states
    first_year, last_year : years, both inside
    atop : alliances of :func:`suasion.sources.ir_tables.read_atop` with country codes; without, the embedded treaties
    deliveries : arms of :func:`suasion.sources.sipri.read_arms_deliveries`; without them single figures typed in
    rules : what counts as a rung; the defaults are judgements of ours

    Returns
    -------
    Ladder

    Raises
    ------
    InputError
        If the years are not in order.
    SameCountryError
        If both states are the same.
    UnknownCountryError, AmbiguousCountryError
        If a name is no state.

    Examples
    --------
    >>> ladder("RUS", "CHN").at(2019).highest
    'operations'
    """
    first, second = pair_of(a, b)
    if first_year > last_year:
        raise InputError(f"The years run from {first_year} to {last_year}; give them in order.")
    chosen = rules or LadderRules()
    rows, pieces = [], []
    for year in range(first_year, last_year + 1):
        found = rungs_of(first, second, year, chosen, atop, deliveries)
        rows.append(_year(year, {rung: found[rung][0] for rung in RUNGS}))
        pieces += [(year, rung, *piece) for rung in RUNGS for piece in found[rung][1]]
    inside = tuple(
        e for e in events_between(first, second) if any(e.holds(y) for y in range(first_year, last_year + 1))
    )
    evidence = pd.DataFrame(pieces, columns=["year", *PIECE])
    return Ladder(first, second, pd.DataFrame(rows), evidence, inside)


def ladder_scale(
    pairs: Sequence[tuple[str, str]],
    year: int,
    *,
    atop: pd.DataFrame | None = None,
    deliveries: pd.DataFrame | None = None,
    rules: LadderRules | None = None,
) -> ScaleFit:
    """Return how cumulative the ladder is over pairs of states in one year.

    Parameters
    ----------
    pairs : states
    year : calendar year
    atop, deliveries, rules
        As for :func:`ladder`.

    Returns
    -------
    ScaleFit

    Raises
    ------
    InputError
        If there is no pair.
    """
    if not pairs:
        raise InputError("A scale needs at least one pair of states.")
    code = {"yes": 1.0, "no": 0.0, "unknown": np.nan}
    chosen = rules or LadderRules()
    scores = []
    for a, b in pairs:
        found = rungs_of(*pair_of(a, b), year, chosen, atop, deliveries)
        scores.append([code[found[rung][0]] for rung in RUNGS])
    return loevinger_h(np.array(scores), RUNGS)


def _year(year: int, statuses: Mapping[str, Status]) -> dict[str, object]:
    held = [rung for rung, status in statuses.items() if status == "yes"]
    possible = [rung for rung, status in statuses.items() if status != "no"]
    errors = sum(statuses[low] == "no" and statuses[high] == "yes" for low, high in combinations(RUNGS, 2))
    return {
        "year": year,
        "highest": held[-1] if held else "unknown" if possible else "none",
        "ceiling": possible[-1] if possible else "none",
        **statuses,
        "errors": errors,
    }
