"""How good forecasts of shares have been, as rows, a table and findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from suasion.answers.finding import DETAIL, Finding
from suasion.answers.table import Table
from suasion.answers.values import Quantity, Value, Word

RECORD = {
    "source": "source_name",
    "measure": "share_of",
    "horizon": "ahead",
    "forecasts": "forecasts_count",
    "verdict": "skill_verdict",
}
"""Columns of the record, and their names in answers."""
GAINS = {
    "gain_drift_percent": ("skill", "skill_low", "skill_high"),
    "gain_still_percent": ("skill_still", "skill_still_low", "skill_still_high"),
}
"""Gains in answers, and in the model's frame with both ends."""


def form_key(form: Any) -> str:
    """The member of the list of forms for a form of the model."""
    return str(form).replace(",", "").replace(" ", "_")


def record_rows(rows: Any) -> list[dict[str, Any]]:
    """Rows of a record of skill under the names of answers; its verdicts are members of an enum.

    rows: Columns of :func:`suasion.outlook.hindcast.table.skill_table`, or of the kept record.
    """
    from suasion.outlook.hindcast.table import SkillVerdict

    found = rows.rename(columns=RECORD).to_dict("records")
    for row in found:
        row["forecast_form"] = form_key(row["form"])
        row["skill_verdict"] = SkillVerdict(row["skill_verdict"]).name.lower()
        for name, ends in GAINS.items():
            for ending, end in zip(("", "_low", "_high"), ends, strict=True):
                row |= {f"{name}{ending}": 100.0 * row[end]} if end in row else {}
    return list(found)


def record_table() -> Table:
    """How good such forecasts have been: the two random walks, the best attempts, the structural form."""
    import pandas as pd

    from suasion.outlook.hindcast.record import record

    return Table.of(
        "outlook-record",
        "source_name share_of ahead forecast_form forecasts_count crps gain_drift_percent gain_still_percent "
        "skill_verdict",
        record_rows(
            pd.DataFrame(record()).rename(columns={"low": "skill_still_low", "high": "skill_still_high"})
        ),
        axes="source_name share_of ahead forecast_form",
        notes=(Finding("outlook.record_note"),),
        brief="source_name ahead forecast_form crps gain_still_percent skill_verdict",
        detail=True,
    )


def record_findings() -> Iterator[Finding]:
    """Say how little the best attempt gains where the horizon is longest, source by source."""
    from suasion.outlook.hindcast.record import ATTEMPT, record
    from suasion.outlook.hindcast.table import ENOUGH

    rows = [row for row in record() if row["role"] == ATTEMPT]
    for place, source in enumerate(dict.fromkeys(row["source"] for row in rows)):
        last = max(row["horizon"] for row in rows if row["source"] == source)
        best = next(row for row in rows if row["source"] == source and row["horizon"] == last)
        gain = Quantity(100.0 * best["skill_still"], "change", 100.0 * best["low"], 100.0 * best["high"])
        values: dict[str, Value] = {
            "source": source,
            "ahead": last,
            "form": Word("forecast_form", form_key(best["form"])),
            "gain": gain,
            "p": Quantity(best["p_still"], "score"),
        }
        key = "few_origins" if best["p_still"] is None else "told" if best["p_still"] < ENOUGH else "not_told"
        yield Finding(f"outlook.record_{key}", values, weight=DETAIL - place / 10)
