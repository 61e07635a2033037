"""Agreement of two states issue by issue, with equal weights and with what matters to each of them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.align.issues import issue_alignment
from suasion.statecraft.align.parts import AlignmentRow, missing_row
from suasion.statecraft.positions import Salience, disputes, positions, salience_of
from suasion.types import Citation

Weights = Mapping[str, Mapping[str, float]]
SOURCE: Citation = "recorded votes and typed positions"


@dataclass(frozen=True, slots=True)
class IssueRow:
    """Two states on one dispute.

    Attributes
    ----------
    issue, name : key and title
    position_a, position_b : -1 to 1; None where no source was read
    distance : 0 agree to 1 opposed, half the difference of the positions; None where a position is missing
    salience_a, salience_b : weight for each of the two; 1 where there is no judgement
    source_a, source_b : source, dates and locator of each position; empty where it is missing
    stale_a, stale_b : whether the position is too old to speak of today
    """

    issue: str
    name: str
    position_a: float | None
    position_b: float | None
    distance: float | None
    salience_a: float
    salience_b: float
    source_a: str
    source_b: str
    stale_a: bool = False
    stale_b: bool = False


def issue_rows(a: str, b: str, salience: Weights | None) -> tuple[IssueRow, ...]:
    """Return positions of both states on every dispute of the table, missing ones as None.

    a, b: alpha-3 codes.
    salience: state to its weights by dispute (key); the embedded judgements where a state is not in it.
    Raises InputError if a weight names no dispute, or is negative.
    """
    weights = [_weights(c, salience) for c in (a, b)]
    told = {(str(r["issue"]), str(r["country"])): r for r in positions().to_dict("records")}
    rows = []
    for dispute in disputes():
        sides = [told.get((dispute.key, c)) for c in (a, b)]
        x, y = (None if s is None else float(s["position"]) for s in sides)
        cited = ["" if s is None else _cited(s) for s in sides]
        old = [s is not None and bool(s["stale"]) for s in sides]
        gap = None if x is None or y is None else abs(x - y) / 2.0
        own = [1.0 if w is None else w.weights[dispute.key] for w in weights]
        rows.append(
            IssueRow(dispute.key, dispute.name, x, y, gap, own[0], own[1], cited[0], cited[1], old[0], old[1])
        )
    return tuple(rows)


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
