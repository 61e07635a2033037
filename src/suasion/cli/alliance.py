"""``suasion alliance``: parse, call, print."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from suasion.cli.console import Format, print_rows, say, tell
from suasion.errors import InputError
from suasion.statecraft.align.data import added_atop
from suasion.statecraft.alliance.answer import AllianceProbability, alliance_probability
from suasion.statecraft.alliance.data import added_panel
from suasion.statecraft.alliance.model import load_alliance_model
from suasion.statecraft.alliance.words import percent

SHOW = ("within", "kinds", "movers", "skill")
LINES = {
    "within": ("years", "probability", "low", "high", "headline", "model", "base"),
    "kinds": ("kind", "base", "hazard", "low", "high", "trees", "above_events", "above_others"),
}
"""Columns for people; csv has all."""


def run_alliance(
    a: str, b: str, years: str, as_of: int, folder: Path | None, show: str, *, form: Format
) -> None:
    """Print the probability of a pact, and say on stderr what stands behind it.

    Raises
    ------
    InputError
        If a horizon is no number, or there is no such table.
    """
    if show not in SHOW:
        raise InputError(f"There is no table {show!r}; show one of {', '.join(SHOW)}.")
    answer = alliance_probability(
        a, b, horizons(years), as_of=as_of, panel=added_panel(folder), atop=added_atop()
    )
    if form is Format.json and show == "within":
        say(json.dumps(answer.to_dict(), indent=1, allow_nan=False))
    else:
        columns, rows = table_of(answer, show, form)
        print_rows(columns, rows, form, f"{answer.a} and {answer.b}: a defence pact, {answer.event}")
    for line in answer.sentences:
        tell(line)


def horizons(text: str) -> tuple[int, ...]:
    """Whole numbers between commas.

    Raises
    ------
    InputError
        If one is not.
    """
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"Horizons are whole years with commas, such as 1,5,10; not {text!r}.") from None


def table_of(answer: AllianceProbability, show: str, form: Format) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows of one table of the answer."""
    if show == "movers":
        rows = [
            [k.kind, name, side, round(effect, 3)] for k in answer.kinds for name, effect, side in k.movers
        ]
        return ["kind", "covariate", "against average", "log odds"], rows
    if show == "skill":
        return skill_table(answer)
    found = [asdict(row) for row in (answer.within if show == "within" else answer.kinds)]
    columns = [
        c
        for c in found[0]
        if c != "movers" and (form is not Format.table or show == "within" or c in LINES[show])
    ]
    if form is Format.table:
        columns = list(LINES[show])
    return columns, [[shown(row[c], form) for c in columns] for row in found]


def skill_table(answer: AllianceProbability) -> tuple[list[str], list[list[Any]]]:
    """Scores of the rolling forecasts, of the kinds that the pair is at risk of."""
    scores = load_alliance_model().scores
    kinds = [k.kind for k in answer.kinds] + (["either"] if answer.event == "forming" else [])
    names = ["events", "clusters", "log_skill", "log_skill_low", "log_skill_high", "brier_skill"]
    rows = [[k, h, *(values[n] for n in names)] for k in kinds for h, values in scores[k].items()]
    return ["kind", "horizon", "events", "treaties", "log skill", "low", "high", "brier skill"], rows


def shown(cell: Any, form: Format) -> Any:
    """Probabilities in per cent for people, as they are for machines."""
    return percent(cell) if form is Format.table and isinstance(cell, float) else cell
