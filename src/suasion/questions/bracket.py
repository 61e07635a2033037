"""What is said of a loss that the model cannot vouch for: its flag, and the ends of its bracket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from suasion.answers.finding import Finding
from suasion.answers.values import Country, Quantity, Value, Word

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


def horizon_of(text: str) -> Any:
    """A horizon as the model takes it: a label, or years."""
    try:
        return float(text)
    except ValueError:
        return text


def when_of(label: str) -> Value:
    """A horizon as a sentence says it: its word, or years."""
    try:
        return Quantity(float(label), "years")
    except ValueError:
        return Word("run", label)


def beyond(horizon: str, state: str, loss: Quantity, beside: Mapping[Any, Any]) -> Iterator[Finding]:
    """Say that a loss of the first year is larger than the model describes, and what its flags leave open.

    Parameters
    ----------
    horizon : str
    state : str
        Code of who loses.
    loss : Quantity
        In per cent.
    beside : mapping
        Its flags and the ends of its bracket, by the names of their columns; NaN or None where none was solved.

    Yields
    ------
    Finding
        Cautions.
    """
    from suasion.equilibrium.elasticities.schedule import SHORT_YEARS, parse_horizon
    from suasion.equilibrium.flags import LOSS

    about: dict[str, Value] = {"state": Country(state), "when": when_of(horizon)}
    if (loss.value or 0.0) > 100.0 * LOSS and parse_horizon(horizon_of(horizon)).years <= SHORT_YEARS:
        yield Finding("exit_cost.flagged", {**about, "loss": loss}, caution=True)
    if beside["flags"]:
        ends = {
            end: Quantity(float(beside[name]), "percent")
            for end, name in ENDS.items()
            if _known(beside[name])
        }
        yield Finding(TOLD[tuple(ends)], {**about, "flags": beside["flags"], **ends}, caution=True)


def _known(value: Any) -> bool:
    return value is not None and value == value
