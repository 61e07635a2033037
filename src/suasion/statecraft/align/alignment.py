"""How aligned two states are: similarity of pacts, votes and memberships, ideal points, and issue by issue.

Every row says what it rests on and of which year it is. What needs data that are not embedded is a row too, without
a value.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import InputError, MissingValueError, SameCountryError
from suasion.schema.typed_file import unique_rows, whole
from suasion.sources.unga_votes import RollCalls
from suasion.statecraft.align.parts import (
    AlignmentRow,
    ideal_point_row,
    missing_row,
    organisation_rows,
    pact_rows,
    second_dimension_row,
    vote_rows,
)
from suasion.statecraft.pacts import pair_of
from suasion.statecraft.positions import Salience, disputes, positions, salience_of
from suasion.types import Brief, Citation


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Alignment(Brief):
    """Alignment of two states.

    Attributes
    ----------
    a, b : alpha-3 codes
    rows : one measure each
    issues : one dispute a row, as in :func:`suasion.statecraft.align.alignment.issue_rows`
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
    atop : alliances of :func:`suasion.sources.ir_tables.read_atop` with country codes: portfolios over all states that
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
        second_dimension_row(first, second, year),
        *agreement_rows(first, second, salience),
    )
    return Alignment(first, second, rows, issue_rows(first, second, salience))


Weights = Mapping[str, Mapping[str, float]]
SOURCE: Citation = "recorded votes and typed positions"


ISSUES = ("issue", "name", "position_a", "position_b", "distance", "salience_a", "salience_b", "source_a", "source_b",
          "stale_a", "stale_b")  # fmt: skip


def issue_rows(a: str, b: str, salience: Weights | None) -> pd.DataFrame:
    """Return positions of both states on every dispute of the table.

    a, b: alpha-3 codes.
    salience: state to its weights by dispute (key); the embedded judgements where a state is not in it.
    Returns: ``issue``, ``name``: key and title; ``position_a``, ``position_b``: -1 to 1, NaN where no source was read;
      ``distance``: 0 agree to 1 opposed, half the difference of the positions, NaN where one is missing;
      ``salience_a``, ``salience_b``: weight for each of the two, 1 where there is no judgement; ``source_a``,
      ``source_b``: source, dates and locator of each position, empty where it is missing; ``stale_a``, ``stale_b``:
      whether the position is too old to speak of today.
    Raises InputError if a weight names no dispute, or is negative.
    """
    frame = pd.DataFrame([(d.key, d.name) for d in disputes()], columns=["issue", "name"]).set_index("issue")
    told = positions().set_index("issue")
    for side, country in (("a", a), ("b", b)):
        own, weights = told[told["country"] == country], _weights(country, salience)
        frame[f"position_{side}"] = own["position"]
        frame[f"salience_{side}"] = 1.0 if weights is None else pd.Series(weights.weights)
        cited = {key: _cited(row) for key, row in own.to_dict("index").items()}
        frame[f"source_{side}"] = [cited.get(key, "") for key in frame.index]
        frame[f"stale_{side}"] = frame.index.isin(own.index[own["stale"]])
    distance = (frame["position_a"] - frame["position_b"]).abs() / 2.0
    return frame.assign(distance=distance).reset_index()[list(ISSUES)]


def _cited(row: Mapping[Hashable, Any]) -> str:
    """Source, dates and locator of a position."""
    days = (
        row["date"] if row["since"] == row["date"] else f"{row['votes']} from {row['since']} to {row['date']}"
    )
    return f"{row['source']} ({days}; {row['locator']})"


def agreement_rows(a: str, b: str, salience: Weights | None) -> tuple[AlignmentRow, ...]:
    """Return the agreement over all disputes on which both have a position.

    One row with equal weights, and one for each of the two with what matters to it, with its range over the ranges
    of the weights.

    Raises InputError if a weight names no dispute, or is negative.
    """
    table = positions()
    shared = [d.key for d in disputes() if {a, b} <= set(table.loc[table["issue"] == d.key, "country"])]
    if not shared:
        return (missing_row("issues", "agreement"),)
    own = table[table["issue"].isin(shared) & table["country"].isin([a, b])]
    years = sorted(date[:4] for date in own["date"])
    span = f"{years[0]}-{years[-1]}"
    plain = own[["issue", "country", "position"]]
    rows = [
        AlignmentRow(
            "issues",
            "agreement",
            issue_alignment(plain, a, b),
            len(shared),
            span,
            SOURCE,
        )
    ]
    for country in (a, b):
        weights = _weights(country, salience)
        if weights is not None and sum(weights.weights[k] for k in shared) > 0:
            value = issue_alignment(plain, a, b, weights.weights)
            low, high = _range(
                plain.pivot(index="issue", columns="country", values="position"), a, b, weights
            )
            rows.append(
                AlignmentRow("issues", "agreement", value, len(shared), span, SOURCE, low, high, country)
            )
    return tuple(rows)


def _weights(country: str, salience: Weights | None) -> Salience | None:
    given = (salience or {}).get(country)
    if given is None:
        return salience_of(country)
    keys = [d.key for d in disputes()]
    strange = sorted(set(given) - set(keys))
    if strange or any(not 0 <= w < math.inf for w in given.values()):
        raise InputError(
            f"Weights of {country} must be finite and >= 0 for {', '.join(keys)}; "
            f"check {', '.join(strange) or 'their signs'}."
        )
    full = {k: float(given.get(k, 1.0)) for k in keys}
    return Salience(full, full, full, "weights given")


def _range(table: pd.DataFrame, a: str, b: str, weights: Salience) -> tuple[float, float]:
    """Least and largest agreement over the box of weights: a ratio of linear functions, so at its corners."""
    gap = np.abs(table[a].to_numpy() - table[b].to_numpy()) / 2.0
    ends = [sorted({weights.low[k], weights.high[k]}) for k in table.index]
    corners = np.array(list(product(*ends)))
    total = corners.sum(axis=1)
    values = 1.0 - (corners @ gap)[total > 0] / total[total > 0]
    return float(values.min()), float(values.max())


def issue_alignment(
    positions: pd.DataFrame,
    a: str,
    b: str,
    salience: Mapping[str, float] | None = None,
) -> float:
    """Return how far two actors agree over the issues on which both have taken a position.

    A = 1 - sum_k w_k abs(x_ak - x_bk) / (2 sum_k w_k)

    Parameters
    ----------
    positions : columns ``issue``, ``country``, ``position`` (-1 against to 1 for); one row a pair. A country without
        a row for an issue has taken no position that is known: the issue is left out, not zero.
    a, b : country labels
    salience : weight >= 0 of each issue; equal without it. Weigh by one actor's salience and again by the other's:
        what is a detail to one may be vital to the other.

    Returns
    -------
    float
        0 (opposed on everything) to 1 (agreed on everything).

    Raises
    ------
    InputError
        If the two have no issue in common, a position is not from -1 to 1, or a weight is negative.
    MissingValueError
        If an issue in common has no salience, or the table lacks a column or a value.
    DuplicateLabelError
        If a country has two positions on one issue.
    SameCountryError
        If both are the same.
    """
    table = issue_table(positions, a, b, salience)
    salience_of, distance = (table[c].to_numpy(dtype=np.float64) for c in ("salience", "distance"))
    return float(1.0 - (salience_of @ distance) / salience_of.sum())


def issue_table(
    positions: pd.DataFrame,
    a: str,
    b: str,
    salience: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return one row for each issue on which both have a position, the largest disagreement first.

    Parameters
    ----------
    positions : as for :func:`issue_alignment`
    a, b : country labels
    salience : weight >= 0 of each issue; equal without it

    Returns
    -------
    DataFrame
        Columns ``issue``, ``position_a``, ``position_b``, ``distance`` (0 agree, 0.5 where one endorses
        and the other abstains, 1 opposed), ``salience``.

    Raises
    ------
    InputError
        If the two have no issue in common, a position is not from -1 to 1, or a weight is negative.
    MissingValueError
        If an issue in common has no salience, or the table lacks a column or a value.
    """
    if a == b:
        raise SameCountryError(f"Both sides are {a}. Give two different countries.")
    wide = _checked(positions)
    lacking = [x for x in (a, b) if x not in wide.columns]
    if lacking:
        raise InputError(
            f"There is no position of {', '.join(lacking)}. Known: {', '.join(wide.columns[:12])}."
        )
    both = wide[[a, b]].dropna()
    if both.empty:
        raise InputError(f"{a} and {b} have no issue in common. Add positions for both on one issue.")
    weights = _issues_weights(list(both.index), salience)
    table = pd.DataFrame(
        {
            "issue": both.index,
            "position_a": both[a].to_numpy(),
            "position_b": both[b].to_numpy(),
            "distance": np.abs(both[a].to_numpy() - both[b].to_numpy()) / 2.0,
            "salience": weights,
        }
    )
    return table.sort_values(
        ["distance", "salience", "issue"], ascending=[False, False, True], ignore_index=True
    )


def _checked(positions: pd.DataFrame) -> pd.DataFrame:
    whole(positions, ("issue", "country", "position"), "The positions")
    unique_rows(positions, ("issue", "country"), "Table of positions")
    odd = positions[~positions["position"].between(-1.0, 1.0)]
    if len(odd):
        row = odd.iloc[0]
        raise InputError(
            f"{row['country']} has position {row['position']} on {row['issue']}; give -1 (against) to 1 (for)."
        )
    return positions.pivot(index="issue", columns="country", values="position").astype(float)


def _issues_weights(issues: list[str], salience: Mapping[str, float] | None) -> list[float]:
    if salience is None:
        return [1.0] * len(issues)
    absent = [k for k in issues if k not in salience]
    if absent:
        raise MissingValueError(
            f"No salience for {', '.join(absent[:5])}. Give a weight >= 0 for each issue."
        )
    weights = [float(salience[k]) for k in issues]
    if min(weights) < 0 or sum(weights) <= 0:
        raise InputError("Salience must be >= 0 and not zero for every issue in common.")
    return weights
