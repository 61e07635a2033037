"""What stands beside the losses of the first screen: what others published, and where a loss would reach a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.values import Country, Quantity, Value
from suasion.coercion.critical import Crossing
from suasion.coercion.published import about
from suasion.dossier.context import Dossier
from suasion.dossier.screens.facts import StateLoss, both
from suasion.dossier.tables import rows_of
from suasion.sources.estimates import PublishedFigure, register

LINE = 5.0
"""Loss of the first year, per cent of spending power, that a level is told for: the line of the lists of leverage."""
YEARS = {"months": 0.0, "short": 1.0, "long": 10.0}


def published(dossier: Dossier, code: str, horizon: str) -> tuple[tuple[float, str], ...]:
    """Return losses that others published for the end of all trade, of one state at a horizon, each with its study.

    A definition that is not quite the same has its name; any further one is left out.
    """
    partner = next(other for _, one, other in both(dossier) if one == code)
    return tuple(
        (-(one.low + one.high) / 2.0, _named(one))
        for one in about(dossier.a.code, dossier.b.code)
        if one.years == YEARS.get(horizon) and tuple(one.economies) == (code,) and _comparable(one, partner)
    )


def _comparable(one: PublishedFigure, partner: str) -> bool:
    """Whether it is of the end of all trade with the partner alone, even if others end theirs too."""
    items = _instruments(one)
    alone = any([partner] in (list(item["senders"]), list(item["targets"])) for item in items)
    whole = all(item["type"] == "embargo" and not item.get("sectors") for item in items)
    return alone and whole and one.match in ("same", "near") and one.role != "calibration"


def _named(one: PublishedFigure) -> str:
    study = register().study[one.study].short
    inputs = any(item.get("use") == "inputs" for item in _instruments(one))
    return DEFAULT_LANGUAGE.say("front.answer.inputs", {"study": study}) if inputs else study


def _instruments(one: PublishedFigure) -> Sequence[Mapping[str, Any]]:
    return register().scenario[one.scenario].instruments


def level(dossier: Dossier, first: str, *sides: StateLoss) -> Iterator[Finding]:
    """Yield where the loss of who depends more would reach the line, or why no such level is told.

    first: Horizon of the losses.
    *sides: Of both states.
    """
    one = max(sides, key=lambda side: side.percent.value or 0.0)
    row = next(
        (row for row in rows_of(dossier, "critical_levels", "critical-levels") if _asked(row, one, first)),
        None,
    )
    if row is None or not one.told or row["crossing"] == Crossing.NOT_COMPUTED:
        return
    values: dict[str, Value] = {
        "country": Country(one.country),
        "partner": Country(one.partner),
        "line": DEFAULT_LANGUAGE.numbers.unit(f"{LINE:g}"),
        "loss": one.percent,
    }
    low, high = one.percent.low, one.percent.high
    if low is not None and high is not None and low < LINE < high:
        yield Finding("front.level.open", values)
    elif row["crossing"] == Crossing.REACHED:
        share, times = Quantity(row["turnover_percent"], "percent"), float(row["multiple"])
        key = "reached" if times >= 1 else "passed"
        yield Finding(
            f"front.level.{key}", values | {"share": share, "times": Quantity(max(times, 1.0), "ratio")}
        )
    else:
        far = Quantity(max(1.0, row["examined"]), "ratio")
        key = "not_reached" if row["crossing"] == Crossing.NOT_REACHED else "passed_far"
        yield Finding(f"front.level.{key}", values | {"times": far})


def _asked(row: Mapping[str, Any], one: StateLoss, first: str) -> bool:
    return (row["country"], row["horizon"], row["definition"], row["level_percent"]) == (
        one.country,
        first,
        "tolerance",
        LINE,
    )
