"""The ladder to alliance: on which rungs a pair of states stands, year by year, and on what evidence.

Rungs, from the lowest: consultation, non-aggression, arms partner, joint exercises, joint operations, defence pact.
Each is ``yes``, ``no`` or ``unknown``. The scale need not be cumulative: old pacts without any exercise and exercises
without any pact are both common. Unknown is never no: exercises are listed for some pairs and years only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.sources.countries import country_name
from suasion.statecraft.events import Event, events_between
from suasion.statecraft.ladder.evidence import (
    RUNGS,
    Evidence,
    LadderRules,
    rungs_of,
)
from suasion.statecraft.ladder.scale import ScaleFit, loevinger_h
from suasion.statecraft.pacts import Status, pacts, pair_of

FIRST_YEAR, LAST_YEAR = 1992, 2025
"""Years shown without others named."""

BROAD = ("tac", "helsinki-1975")
"""Promises of non-aggression that most states share."""

TITLES = {
    "consultation": "consultation",
    "nonaggression": "non-aggression",
    "arms": "arms partner",
    "exercises": "joint exercises",
    "operations": "joint operations",
    "defence": "defence pact",
}
SHORT = {
    "consultation": "consult",
    "nonaggression": "nonaggr",
    "arms": "arms",
    "exercises": "drills",
    "operations": "ops",
    "defence": "defence",
}
"""Titles of rungs, whole and for narrow tables."""


@dataclass(frozen=True, slots=True)
class LadderYear:
    """Where a pair stands in one year.

    Attributes
    ----------
    year : int
        Calendar year.
    highest : str
        Highest rung that is known to hold; ``"none"`` if all are known not to, ``"unknown"`` otherwise.
    ceiling : str
        Highest rung that is not ruled out; equal to ``highest`` where the year is fully known from there up.
    statuses : tuple of str
        ``yes``, ``no`` or ``unknown`` of each rung, in the order of :data:`RUNGS`.
    evidence : tuple of Evidence
        What each ``yes`` rests on.
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


@dataclass(frozen=True, slots=True)
class Ladder:
    """The path of a pair.

    Attributes
    ----------
    a, b : str
        Alpha-3 codes.
    years : tuple of LadderYear
        One a year, in order.
    events : tuple of Event
        Exercises and operations of the pair in these years.
    notes : tuple of str
        Cautions, as sentences.
    """

    a: str
    b: str
    years: tuple[LadderYear, ...]
    events: tuple[Event, ...]
    notes: tuple[str, ...]

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

    def table(self) -> pd.DataFrame:
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

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain lists and dictionaries, ready for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "rungs": list(RUNGS),
            "years": self.table().to_dict("records"),
            "evidence": self.evidence_table().to_dict("records"),
            "notes": list(self.notes),
        }


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
    a, b : str
        Codes or names of states.
    first_year, last_year : int
        Years, both inside.
    atop : DataFrame, optional
        Alliances of :func:`suasion.sources.atop.read_atop` with country codes; without them the embedded treaties.
    deliveries : DataFrame, optional
        Arms of :func:`suasion.sources.sipri.read_arms_deliveries`; without them single figures typed in.
    rules : LadderRules, optional
        What counts as a rung; the defaults are judgements of ours.

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
    years = tuple(
        _year(year, rungs_of(first, second, year, chosen, atop, deliveries))
        for year in range(first_year, last_year + 1)
    )
    inside = tuple(
        e for e in events_between(first, second) if any(e.holds(y) for y in range(first_year, last_year + 1))
    )
    return Ladder(first, second, years, inside, _notes(first, second, years, inside, chosen))


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
    pairs : sequence of pairs
        States.
    year : int
        Calendar year.
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


def _notes(
    a: str, b: str, years: Sequence[LadderYear], events: Sequence[Event], rules: LadderRules
) -> tuple[str, ...]:
    pair = f"{country_name(a)} and {country_name(b)}"
    lacking = [TITLES[r] for i, r in enumerate(RUNGS) if any(y.statuses[i] == "unknown" for y in years)]
    notes = []
    if lacking:
        notes.append(
            f"Not known for every year of {pair}: {', '.join(lacking)}. Unknown is not none; exercises and operations "
            "are listed for some pairs of great powers only."
        )
    if any(e.kind == "patrol" for e in events):
        what = "operation" if rules.patrols == "operations" else "exercise"
        notes.append(f"A joint patrol of bombers or warships counts as a joint {what} (assumption).")
    broad = [p for p in pacts() if p.key in BROAD and any(p.binds(a, b, y.year) for y in years)]
    if broad:
        names = " and ".join(p.name for p in broad)
        binds = "binds" if len(broad) == 1 else "bind"
        notes.append(
            f"The promise of non-aggression includes {names}, which also {binds} rivals to each other."
        )
    return tuple(notes)
