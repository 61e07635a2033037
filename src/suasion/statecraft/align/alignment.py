"""How aligned two states are: similarity of pacts, votes and memberships, ideal points, and issue by issue.

Every row says what it rests on and of which year it is. What needs data that are not embedded is a row too, without
a value and with the command that adds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from suasion.errors import InputError
from suasion.sources.unga_votes import RollCalls
from suasion.statecraft.align.agreement import IssueRow, agreement_rows, issue_rows
from suasion.statecraft.align.parts import (
    AlignmentRow,
    ideal_point_row,
    organisation_rows,
    pact_rows,
    vote_rows,
)
from suasion.statecraft.pacts import pair_of

__all__ = ["Alignment", "AlignmentRow", "IssueRow", "alignment"]

COEFFICIENTS = ("S", "pi", "kappa", "tau-b")
_PACTS = ("pacts", "defence pacts")
NOTES = (
    (
        (*_PACTS, "organizations 2014", "organizations 2025", "votes"),
        "S counts common absence as agreement and is mostly high; pi and kappa (squared distances) allow for chance.",
    ),
    (
        _PACTS,
        "Pacts that most states share (Southeast Asian amity, the Helsinki Final Act) make portfolios alike.",
    ),
    (
        ("issues",),
        "Positions and weights are judgements by a stated rule; a state without a source is missing, not neutral.",
    ),
)
"""Cautions, and the measures that each is about: what was not measured needs none."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Alignment of two states.

    Attributes
    ----------
    a, b : str
        Alpha-3 codes.
    rows : tuple of AlignmentRow
        One measure each.
    issues : tuple of IssueRow
        One dispute each.
    notes : tuple of str
        Cautions, as sentences.
    """

    a: str
    b: str
    rows: tuple[AlignmentRow, ...]
    issues: tuple[IssueRow, ...]
    notes: tuple[str, ...]

    def value(self, basis: str, measure: str) -> float | None:
        """Return one value; None where it was not measured.

        Parameters
        ----------
        basis, measure : str
            As in :class:`AlignmentRow`, such as ``"pacts"`` and ``"kappa"``.

        Returns
        -------
        float or None

        Raises
        ------
        InputError
            If there is no such row.
        """
        for row in self.rows:
            if (row.basis, row.measure) == (basis, measure):
                return row.value
        known = "; ".join(f"{r.basis}, {r.measure}" for r in self.rows)
        raise InputError(f"There is no measure {basis!r}, {measure!r}. Measures are {known}.")

    def table(self) -> pd.DataFrame:
        """Return the measures, one row each."""
        return pd.DataFrame([asdict(row) for row in self.rows])

    def summary(self) -> pd.DataFrame:
        """Return one row a basis for reading.

        Returns
        -------
        DataFrame
            ``basis``, ``S``, ``pi``, ``kappa``, ``tau-b``, ``items``, ``year``, ``source``; bases without any of these
            measures are left out. Missing where not measured or not defined.
        """
        lines: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            if row.measure in COEFFICIENTS:
                line = lines.setdefault(row.basis, {"basis": row.basis, **dict.fromkeys(COEFFICIENTS)})
                line |= {row.measure: row.value, "items": row.items, "year": row.year, "source": row.source}
        return pd.DataFrame(lines.values(), columns=["basis", *COEFFICIENTS, "items", "year", "source"])

    def others(self) -> tuple[AlignmentRow, ...]:
        """Return the rows that are no coefficient of similarity: counts, agreement, distance."""
        return tuple(row for row in self.rows if row.measure not in (*COEFFICIENTS, "S squared"))

    def lacking(self) -> tuple[str, ...]:
        """Return what was not measured and why, as sentences."""
        return tuple(f"{row.basis}: {row.note}." for row in self.rows if row.value is None and row.items == 0)

    def issue_table(self) -> pd.DataFrame:
        """Return the disputes, one row each."""
        return pd.DataFrame([asdict(row) for row in self.issues])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain lists and dictionaries, ready for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "rows": [asdict(row) for row in self.rows],
            "issues": [asdict(row) for row in self.issues],
            "notes": list(self.notes),
        }


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
    a, b : str
        Codes or names of states.
    year : int
        Year of the pacts; votes and ideal points are of their last year up to it.
    votes : RollCalls, optional
        Roll calls of the General Assembly (:func:`suasion.sources.unga_votes.read_unga_votes`).
    atop : DataFrame, optional
        Alliances of :func:`suasion.sources.atop.read_atop` with country codes: portfolios over all states that have
        a pact in that year.
    ideal_points : DataFrame, optional
        Columns ``country``, ``year``, ``mean``, ``low``, ``high`` (90 % band); our own estimate, which ships, without.
    salience : mapping, optional
        State to its weight >= 0 of each dispute (key); the embedded judgements where a state is not in it.

    Returns
    -------
    Alignment

    Raises
    ------
    InputError
        If a table lacks a column, or a weight is negative or names no dispute.
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
    rows = (
        *pact_rows(first, second, year, atop),
        *organisation_rows(first, second),
        *vote_rows(first, second, year, votes),
        ideal_point_row(first, second, year, ideal_points),
        *agreement_rows(first, second, salience),
    )
    measured = {row.basis for row in rows if row.value is not None}
    notes = tuple(note for bases, note in NOTES if measured & set(bases))
    return Alignment(first, second, rows, issue_rows(first, second, salience), notes)
