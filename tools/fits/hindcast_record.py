"""The summary of the hindcasts that the package keeps: two random walks, three best attempts, the structural form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from suasion.outlook.hindcast.forms import REFERENCE, STILL, STRUCTURAL
from suasion.outlook.hindcast.table import ATTEMPT, WALK, PoolRecord, best_three


def record_of(tables: Sequence[pd.DataFrame]) -> tuple[dict[str, Any], ...]:
    """Return the rows to keep.

    Parameters
    ----------
    tables : of :func:`suasion.outlook.skill_table`; where two have a source, measure and horizon, the later counts
    """
    keys = ["source", "measure", "horizon"]
    rows: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for table in tables:
        whole = table.astype({"horizon": int})
        best = best_three(whole)
        for key, part in whole.groupby(keys, sort=False):
            three = set(best[(best[keys] == list(key)).all(axis=1)]["form"])
            kept = part[part["form"].isin({REFERENCE, STILL, STRUCTURAL, *three})].sort_values(
                "crps", kind="stable"
            )
            source, measure, horizon = (str(k) for k in key)
            rows[source, measure, int(horizon)] = [_row(dict(r), three) for _, r in kept.iterrows()]
    return tuple(row for key in sorted(rows) for row in rows[key])


def _row(row: dict[Any, Any], three: set[str]) -> dict[str, Any]:
    form = str(row["form"])
    role = WALK if form in (REFERENCE, STILL) else ATTEMPT if form in three else STRUCTURAL
    p = float(row["dm_p_still"])
    return {
        "source": str(row["source"]),
        "measure": str(row["measure"]),
        "horizon": int(row["horizon"]),
        "form": form,
        "role": role,
        "forecasts": int(row["forecasts"]),
        "crps": _short(row["crps"]),
        "skill": _short(row["skill"]),
        "skill_still": _short(row["skill_still"]),
        "low": _short(row["skill_still_low"]),
        "high": _short(row["skill_still_high"]),
        "p_still": None if p != p else _short(p),
        "verdict": str(row["verdict"]),
    }


def _short(value: Any) -> float:
    return float(f"{float(value):.4g}")


def record_text(rows: Sequence[dict[str, Any]] | PoolRecord) -> str:
    """Content of a kept file."""
    kept = asdict(rows) if isinstance(rows, PoolRecord) else list(rows)
    return json.dumps(kept, indent=1, allow_nan=False) + "\n"
