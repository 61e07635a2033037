"""How aligned two states are: similarity of pacts, votes and memberships, ideal points, and issue by issue.

Every row says what it rests on and of which year it is. What needs data that are not embedded is a row too, without
a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from suasion.errors import InputError
from suasion.sources.unga_votes import RollCalls
from suasion.statecraft.align.agreement import agreement_rows, issue_rows
from suasion.statecraft.align.parts import (
    AlignmentRow,
    ideal_point_row,
    organisation_rows,
    pact_rows,
    vote_rows,
)
from suasion.statecraft.pacts import pair_of
from suasion.types import Brief

__all__ = ["Alignment", "AlignmentRow", "alignment"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Alignment(Brief):
    """Alignment of two states.

    Attributes
    ----------
    a, b : alpha-3 codes
    rows : one measure each
    issues : one dispute a row, as in :func:`suasion.statecraft.align.agreement.issue_rows`
    """

    a: str
    b: str
    rows: tuple[AlignmentRow, ...]
    issues: pd.DataFrame

    def value(self, basis: str, measure: str, by: str = "") -> float | None:
        """Return one value; None where it was not measured.

        Parameters
        ----------
        basis, measure : as in :class:`AlignmentRow`, such as ``"pacts"`` and ``"kappa"``
        by : whose weights, of the agreement on issues

        Raises
        ------
        InputError
            If there is no such row.
        """
        for row in self.rows:
            if (row.basis, row.measure, row.by) == (basis, measure, by):
                return row.value
        known = "; ".join(", ".join(filter(None, (r.basis, r.measure, r.by))) for r in self.rows)
        raise InputError(f"There is no measure {basis!r}, {measure!r}, {by!r}. Measures are {known}.")

    def issue_table(self) -> pd.DataFrame:
        """Return the disputes, one row each."""
        return self.issues.copy()


def alignment(
    a: str,
    b: str,
    year: int = 2025,
    *,
    votes: RollCalls | None = None,
    atop: pd.DataFrame | None = None,
    ideal_points: pd.DataFrame | None = None,
    salience: Mapping[str, Mapping[str, float]] | None = None,
) -> Alignment:
    """Return how aligned two states are, as far as the data at hand say.

    Parameters
    ----------
    a, b : codes or names of states
    year : year of the pacts; votes and ideal points are of their last year up to it
    votes : roll calls of the General Assembly (:func:`suasion.sources.unga_votes.read_unga_votes`)
    atop : alliances of :func:`suasion.sources.atop.read_atop` with country codes: portfolios over all states that
        have a pact in that year.
    ideal_points : columns ``country``, ``year``, ``mean``, ``low``, ``high`` (90 % band); our own estimate, which
        ships, without
    salience : state to its weight >= 0 of each dispute (key); the embedded judgements where a state is not in it

    Returns
    -------
    Alignment

    Raises
    ------
    InputError
        If a table lacks a column, or a weight is negative, or names no dispute or neither state.
    SameCountryError
        If both states are the same.
    UnknownCountryError, AmbiguousCountryError
        If a name is no state.

    Examples
    --------
    >>> round(alignment("RUS", "CHN").value("issues", "agreement"), 3)
    0.877
    """
    first, second = pair_of(a, b)
    if strange := sorted(set(salience or {}) - {first, second}):
        raise InputError(f"Weights are of {first} or {second}, not of {', '.join(strange)}.")
    rows = (
        *pact_rows(first, second, year, atop),
        *organisation_rows(first, second),
        *vote_rows(first, second, year, votes),
        ideal_point_row(first, second, year, ideal_points),
        *agreement_rows(first, second, salience),
    )
    return Alignment(first, second, rows, issue_rows(first, second, salience))
