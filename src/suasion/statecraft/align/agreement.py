"""Agreement of two states issue by issue, with equal weights and with what matters to each of them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
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
