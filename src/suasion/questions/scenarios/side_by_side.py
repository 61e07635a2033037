"""Several scenarios side by side: each party that any of them names, in all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suasion.answers import Answer, Table

MOST_COMPARED = 4
COLUMNS = "place party side horizon loss_percent loss_musd cost_status"
ORDER = {"target": 0, "coalition": 1, "other": 2}
HORIZONS = ("short", "long")


def side_by_side(answers: Sequence[Answer]) -> Table:
    """Put the parties of scenarios side by side.

    answers: Of the question ``simulate``, at most :data:`MOST_COMPARED`.
    Returns: ``compared``: one row a scenario (``place``, from 1), party and horizon. A single economy has
      what it loses also where it is a bystander; any other party of another scenario has no number.
    """
    sides = [_parties(answer) for answer in answers]
    names: dict[str, str] = {}
    for answer in answers:
        for row in answer.rows("sides"):
            names.setdefault(row["party"], row["side"])
    ordered = sorted(names, key=lambda code: ORDER[names[code]])
    return Table.of(
        "compared",
        COLUMNS,
        (
            _row(place, code, names[code], horizon, held)
            for code in ordered
            for place, held in enumerate(sides, 1)
            for horizon in HORIZONS
        ),
        axes="place party horizon",
    )


def _parties(answer: Answer) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Rows by party and horizon: those of the sides, then those of single economies."""
    made: dict[tuple[str, str], Mapping[str, Any]] = {}
    for key, name in (("sides", "party"), ("losses", "country")):
        for row in answer.rows(key):
            made.setdefault((row[name], row["horizon"]), row)
    return made


def _row(
    place: int, code: str, side: str, horizon: str, held: Mapping[Any, Mapping[str, Any]]
) -> dict[str, Any]:
    found = held.get((code, horizon), {})
    cells = {name: found.get(name) for name in ("loss_percent", "loss_musd")}
    status = found.get("cost_status", "no_side")
    return {"place": place, "party": code, "side": side, "horizon": horizon, **cells, "cost_status": status}
