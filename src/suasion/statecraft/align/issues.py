"""Agreement issue by issue, weighed by how much each issue matters to the actor."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from suasion.errors import InputError, MissingValueError, SameCountryError
from suasion.schema.given import unique_rows, whole


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
    weights = _weights(list(both.index), salience)
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


def _weights(issues: list[str], salience: Mapping[str, float] | None) -> list[float]:
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
