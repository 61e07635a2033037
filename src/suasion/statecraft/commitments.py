"""What two states promise each other in a year: by the record of the pair, and by published alliances if added.

A pair that a source covers has no pact in a year for which it lists none; of any other pair nothing can be said from a
missing row: the answer is then ``unknown``.
"""

from __future__ import annotations

import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.alliance.hazards import Status, pact_in_force
from suasion.statecraft.pacts import COMMITMENT, KINDS, pair_of
from suasion.statecraft.record import FactKind, status_of


def promises(a: str, b: str, year: int, atop: pd.DataFrame | None = None) -> dict[str, Status]:
    """Return for each kind of promise whether it binds two states in a year.

    Parameters
    ----------
    a, b : codes or names of states
    year : calendar year
    atop : directed dyad-years of :func:`suasion.sources.ir_tables.read_atop` with ``country1`` and ``country2``. Up to
        its last year a missing row then means no promise; after it, nothing.

    Returns
    -------
    dict
        Kind to ``"yes"``, ``"no"`` or ``"unknown"``. A promise counts if either side made it.

    Raises
    ------
    InputError
        If the table lacks a column.
    """
    first, second = pair_of(a, b)
    status = {kind: status_of(FactKind(kind), first, second, year) for kind in KINDS}
    status["defence"] = defence_between(first, second, year)
    if atop is not None:
        rows, known = atop_rows(atop, first, second, year)
        coded = {kind for kind in KINDS if len(rows) and rows[kind].any()}
        status = {
            kind: "yes" if kind in coded else "no" if known and told == "unknown" else told
            for kind, told in status.items()
        }
    return status


def defence_between(a: str, b: str, year: int) -> Status:
    """Whether a defence pact binds two states (codes) in a year, by the record alone.

    Whom the record of pacts behind the forecasts has bound, for its last year, is bound.
    """
    bound = pact_in_force(a, b, year) == "yes"
    return "yes" if bound else status_of(FactKind.DEFENCE, a, b, year)


def atop_rows(atop: pd.DataFrame, a: str, b: str, year: int) -> tuple[pd.DataFrame, bool]:
    """Return the rows of a pair and year, and whether the data cover both states and that year.

    A state or territory that the data never name is not covered: its missing rows rule nothing out.

    Raises InputError if the table lacks a column.
    """
    lacking = [c for c in ("country1", "country2", "year", *KINDS) if c not in atop]
    if lacking:
        raise InputError(
            f"The alliance table lacks {', '.join(lacking)}. Read it with read_atop(path, states): it adds codes."
        )
    here = atop[atop["year"] == year]
    both = here["country1"].isin([a, b]) & here["country2"].isin([a, b])
    named = all((atop["country1"].eq(c) | atop["country2"].eq(c)).any() for c in (a, b))
    return here[both], named and bool(atop["year"].min() <= year <= atop["year"].max())


def commitment(a: str, b: str, year: int, atop: pd.DataFrame | None = None) -> int | None:
    """Return the strongest promise between two states as 0 to 3; None where it is unknown.

    A defence pact that is known is 3 whatever else is unknown; below it, every stronger kind must be ruled out.
    """
    found = promises(a, b, year, atop)
    for kind in KINDS:
        if found[kind] == "yes":
            return COMMITMENT[kind]
        if found[kind] == "unknown":
            return None
    return 0
