"""The ladder to alliance: on which rungs a pair of states stands, year by year, and on what evidence.

Rungs, from the lowest: consultation, non-aggression, arms partner, joint exercises, joint operations, defence pact.
Each is ``yes``, ``no`` or ``unknown``. The scale need not be cumulative: old pacts without any exercise and exercises
without any pact are both common. Unknown is never no: exercises are listed for some pairs and years only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.events import Event, events_between
from suasion.statecraft.ladder.evidence import (
    RUNGS,
    Evidence,
    LadderRules,
    Rung,
    rungs_of,
)
from suasion.statecraft.ladder.scale import ScaleFit, loevinger_h
from suasion.statecraft.pacts import Status, pacts, pair_of
from suasion.types import Brief

FIRST_YEAR, LAST_YEAR = 1992, 2025
"""Years shown without others named."""

BROAD = ("tac", "helsinki-1975")
"""Promises of non-aggression that most states share."""


@dataclass(frozen=True, slots=True)
class LadderYear:
    """Where a pair stands in one year.

    year: calendar year.
    highest: highest rung that is known to hold; ``"none"`` if all are known not to, ``"unknown"`` otherwise.
    ceiling: highest rung that is not ruled out; equal to ``highest`` where the year is fully known from there
      up.
    statuses: ``yes``, ``no`` or ``unknown`` of each rung, in the order of :data:`RUNGS`.
    evidence: what each ``yes`` rests on.
    """

    year: int
    highest: str
    ceiling: str
    statuses: tuple[Status, ...]
    evidence: tuple[Evidence, ...]

    @property
    def errors(self) -> int:
        """Pairs of rungs of which the higher holds and the lower is known not to (Guttman errors)."""
        return sum(
            self.statuses[low] == "no" and self.statuses[high] == "yes"
            for high in range(len(RUNGS))
            for low in range(high)
        )


@dataclass(frozen=True, slots=True, repr=False)
class Ladder(Brief):
    """The path of a pair.

    Attributes
    ----------
    a, b : alpha-3 codes
    years : one a year, in order
    events : exercises and operations of the pair in these years
    """

    a: str
    b: str
    years: tuple[LadderYear, ...]
    events: tuple[Event, ...]

    @property
    def not_known(self) -> tuple[Rung, ...]:
        """Rungs that are unknown in one of the years."""
        return tuple(
            rung
            for place, rung in enumerate(RUNGS)
            if any(year.statuses[place] == "unknown" for year in self.years)
        )

    @property
    def broad(self) -> tuple[str, ...]:
        """Names of the pacts in force that promise non-aggression among most states, rivals too."""
        years = [row.year for row in self.years]
        return tuple(
            pact.name
            for pact in pacts()
            if pact.key in BROAD and any(pact.binds(self.a, self.b, year) for year in years)
        )

    def at(self, year: int) -> LadderYear:
        """Return one year.

        Raises
        ------
        InputError
            If it is not among the years.
        """
        for row in self.years:
            if row.year == year:
                return row
        raise InputError(
            f"The ladder has the years {self.years[0].year} to {self.years[-1].year}, not {year}."
        )

    @property
    def frame(self) -> pd.DataFrame:
        """Return one row a year: ``year``, ``highest``, ``ceiling``, a column for each rung, ``errors``."""
        return pd.DataFrame(
            {
                "year": row.year,
                "highest": row.highest,
                "ceiling": row.ceiling,
                **dict(zip(RUNGS, row.statuses, strict=True)),
                "errors": row.errors,
            }
            for row in self.years
        )

    def evidence_table(self) -> pd.DataFrame:
        """Return one row for each piece of evidence, each once, with the years for which it counts."""
        lines: dict[Evidence, list[int]] = {}
        for row in self.years:
            for piece in row.evidence:
                lines.setdefault(piece, []).append(row.year)
        names = ("rung", "what", "date", "source", "locator")
        columns = [*names, "first_year", "last_year"]
        made = [
            (*(getattr(piece, n) for n in names), min(years), max(years)) for piece, years in lines.items()
        ]
        return pd.DataFrame(made, columns=columns)


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
    atop : alliances of :func:`suasion.sources.atop.read_atop` with country codes; without them the embedded treaties
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
    <Rung.OPERATIONS: 'operations'>
    """
    first, second = pair_of(a, b)
    if first_year > last_year:
        raise InputError(f"The years run from {first_year} to {last_year}; give them in order.")
    chosen = rules or LadderRules()
    years = tuple(
        _year(year, rungs_of(first, second, year, chosen, atop, deliveries))
        for year in range(first_year, last_year + 1)
    )
    inside = tuple(
        e for e in events_between(first, second) if any(e.holds(y) for y in range(first_year, last_year + 1))
    )
    return Ladder(first, second, years, inside)


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
    paths = [ladder(a, b, year, year, atop=atop, deliveries=deliveries, rules=rules) for a, b in pairs]
    scores = [[code[status] for status in path.years[0].statuses] for path in paths]
    return loevinger_h(np.array(scores), RUNGS)


def _year(year: int, found: dict[str, tuple[Status, tuple[Evidence, ...]]]) -> LadderYear:
    statuses = tuple(found[rung][0] for rung in RUNGS)
    held = [rung for rung, status in zip(RUNGS, statuses, strict=True) if status == "yes"]
    possible = [rung for rung, status in zip(RUNGS, statuses, strict=True) if status != "no"]
    highest = held[-1] if held else ("unknown" if possible else "none")
    evidence = tuple(piece for rung in RUNGS for piece in found[rung][1])
    return LadderYear(year, highest, possible[-1] if possible else "none", statuses, evidence)
