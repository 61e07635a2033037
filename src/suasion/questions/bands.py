"""How many draws of the elasticities a range rests on, and whether they are enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from suasion.answers.finding import DETAIL, Finding
from suasion.answers.numbers import Unit
from suasion.answers.values import Quantity, Value
from suasion.schema.columns import BAND

ENOUGH = 32
"""Draws below which a 90 % band is little more than its extremes. Assumption, range 20 to 64."""


def behind(draws: int) -> tuple[Finding, ...]:
    """Return the note that a table's bands are of so many draws; none without.

    draws: As asked.
    """
    return (Finding("simulate.band", {"draws": Quantity(draws, "count")}),) if draws else ()


def ranged(row: Any, name: str, unit: Unit) -> Quantity:
    """Return a number of a row with its range, where it has one; of what is missing None.

    row: Of a frame, or a mapping, of a model or an answer.
    name: Of the column; its ends are ``NAME_low`` and ``NAME_high``.
    """
    known = [None if cell != cell else cell for cell in (row.get(name + end) for end in ("", *BAND))]
    return Quantity(known[0], unit, *(() if None in known[1:] else known[1:]))


def few(draws: int) -> Iterator[Finding]:
    """Remark that a range rests on so few draws that it is little more than their extremes.

    draws: As asked; none for no range.
    """
    if 0 < draws < ENOUGH:
        counts = {"draws": Quantity(draws, "count"), "enough": Quantity(ENOUGH, "count")}
        yield Finding("bands.few", counts, weight=DETAIL, caution=True)


def without_equilibrium(failed: int, draws: int, when: Value) -> Iterator[Finding]:
    """Remark that a range rests on the draws that have an equilibrium, and whether these are still enough.

    failed: Draws without one.
    draws: As asked.
    when: Horizon, as a sentence says it.
    """
    if failed:
        numbers = {"failed": failed, "draws": draws, "solved": draws - failed, "enough": ENOUGH}
        counts = {name: Quantity(number, "count") for name, number in numbers.items()}
        key = "bands.failed.thin" if draws - failed < ENOUGH else "bands.failed.enough"
        yield Finding(key, {**counts, "when": when}, weight=DETAIL, caution=True)
