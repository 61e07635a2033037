"""What stands beside a number: draws behind its range, the bracket of its flags, the check of its equilibrium."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers import DETAIL, Check, Country, Finding, Quantity, Value, Word
from suasion.answers.numbers import Unit
from suasion.schema.variables import BAND
from suasion.types import DeficitRule

if TYPE_CHECKING:
    from suasion.world import World

ENOUGH = 32
"""Draws below which a 90 % band is little more than its extremes. Assumption, range 20 to 64."""
ENDS = {"low": "replacement_percent", "high": "no_switching_percent"}
"""Ends of a bracket, and their columns."""
TOLD = {
    ("low", "high"): "exit_cost.bracket",
    ("low",): "exit_cost.bracket_low",
    ("high",): "exit_cost.bracket_high",
    (): "exit_cost.bracket_none",
}
"""Sentence of a flag by the ends that were solved."""
BESIDE = ("capital_percent", "flags", *ENDS.values())
"""What stands beside a loss, outside its range: with capital that adjusts, and the bracket where a flag stands."""


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
        yield Finding(
            "bands.few",
            {"draws": Quantity(draws, "count"), "enough": Quantity(ENOUGH, "count")},
            weight=DETAIL,
            caution=True,
        )


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


def when_of(label: str) -> Value:
    """A horizon as a sentence says it: its word, or years."""
    try:
        return Quantity(float(label), "horizon")
    except ValueError:
        return Word("run", label)


def beyond(horizon: str, state: str, loss: Quantity, beside: Mapping[Any, Any]) -> Iterator[Finding]:
    """Say that a loss of the first year is larger than the model describes, and what its flags leave open.

    state: Code of who loses.
    loss: In per cent.
    beside: Its flags and the ends of its bracket, by the names of their columns; NaN or None where none was
      solved.
    Yields: Cautions.
    """
    from suasion.equilibrium.flags import LOSS

    if (loss.value or 0.0) > 100.0 * LOSS and first_year(horizon):
        yield Finding(
            "exit_cost.flagged",
            {"state": Country(state), "when": when_of(horizon), "loss": loss},
            caution=True,
        )
    yield from bracket_of(horizon, state, beside)


def bracket_of(horizon: str, state: str, beside: Mapping[Any, Any]) -> Iterator[Finding]:
    """Say what the flags of a loss leave open; arguments and yields as :func:`beyond`."""
    if beside["flags"]:
        about: dict[str, Value] = {"state": Country(state), "when": when_of(horizon)}
        ends = {
            end: Quantity(float(beside[name]), "percent")
            for end, name in ENDS.items()
            if _known(beside[name])
        }
        yield Finding(TOLD[tuple(ends)], {**about, "flags": beside["flags"], **ends}, caution=True)


def tie_cautions(
    world: World, a: str, b: str, horizons: Iterable[str], deficits: DeficitRule
) -> Iterator[Finding]:
    """Say of a cut that it goes beyond the model, or that a flag leaves its loss open.

    a, b: The two sides of the tie.
    Yields: Cautions, from one solve of the cut at each horizon of the first year, for all questions on a world.
    """
    from suasion.coercion.exit_cost import cut_as_it_is

    for horizon in filter(first_year, dict.fromkeys(horizons)):
        cost = cut_as_it_is(world, a, b, horizon, deficits)
        rows: list[dict[Any, Any]] = cost.table.to_dict("records")
        for row in rows:
            yield from beyond(horizon, row["country"], Quantity(row["loss_percent"], "percent"), row)


def first_year(horizon: str) -> bool:
    """Whether a horizon is the first year or lies within."""
    from suasion.equilibrium.elasticities.schedule import SHORT_YEARS, parse_horizon

    return parse_horizon(horizon).years <= SHORT_YEARS


def _known(value: Any) -> bool:
    return value is not None and value == value


def certified(name: str, residual: float) -> Check:
    """Return the check of an equilibrium: its gap, recomputed by code that shares nothing with the solver."""
    from suasion.equilibrium.certificate import LIMIT

    return Check(name, residual, LIMIT)
