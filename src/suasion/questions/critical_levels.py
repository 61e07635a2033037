"""Where dependence becomes critical: the loss from a cut-off as the tie grows or shrinks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    MAIN,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.bands import behind, few, ranged, tie_cautions, when_of
from suasion.questions.posed import pair_outside, posed
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, State, question
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    from suasion.coercion import CriticalLevels
    from suasion.world import World

TOLD = 2.0
"""The tolerated loss that sentences tell of, per cent of own real expenditure."""


@question
def critical_levels(
    a: State,
    b: State,
    *,
    horizon: str = "both",
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Where dependence becomes critical: multiples of today's trade at which a cut-off costs 1, 2 or 5 per cent.

    Parameters
    ----------
    horizon : str
        months, short (one year), long (ten years), both (short and long), or years since the cut.

    Returns
    -------
    Answer
        Tables ``critical-levels`` and ``critical-curves``; empty where a state is not in the world's table, or the
        curves cannot be solved.

    Examples
    --------
    >>> su.critical_levels("AUS", "CHN", horizon="long", world=su.load_world("g20"))
    <Answer critical_levels AUS CHN: critical-levels (...>
    """
    from suasion.coercion import critical_levels as solve
    from suasion.errors import ConvergenceError, ShockError

    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    if absent := pair_outside("critical_levels", a, b, economy):
        return Answer("critical_levels", asked, absent=absent)
    try:
        found = solve(economy, a, b, horizon, deficits=deficits, draws=draws, seed=seed, progress=progress)
    except (ShockError, ConvergenceError):
        return Answer("critical_levels", asked, absent=Finding("critical_levels.unsolved", asked))
    return Answer(
        "critical_levels",
        asked,
        (
            *level_findings((a, b), found),
            *tie_cautions(economy, a, b, map(str, found.curves["horizon"].unique()), deficits),
            *few(draws),
        ),
        tuple(level_tables((a, b), found, draws)),
        sources=(Source("world.source", economy.provenance.dataset, economy.year),),
        result=found,
    )


def level_tables(pair: tuple[str, str], found: CriticalLevels, draws: int = 0) -> Iterator[Table]:
    """Crossings, the first side's and the short run's first; and the curves that they are read off."""
    levels: Any = found.thresholds.to_dict("records")
    order = {pair[0]: 0, pair[1]: 1}, {"months": -1, "short": 0}
    yield Table.of(
        "critical-levels",
        "country horizon definition level_percent crossing multiple=m turnover_percent=turnover_share "
        f"examined=m_examined{' crossing_share' if draws else ''}",
        sorted(levels, key=lambda row: (order[0][row["country"]], order[1].get(row["horizon"], 1))),
        axes="country horizon definition level_percent",
        notes=(Finding("critical_levels.today"), *_drawn(draws)),
        draws={"crossing_share": draws} if draws else None,
        brief="country horizon definition level_percent crossing multiple turnover_percent",
    )
    yield Table.of(
        "critical-curves",
        "country horizon multiple=m turnover_percent=turnover_share loss_percent loss_musd=loss_usd collapse_radius",
        found.curves,
        axes="country horizon multiple",
        picture=Picture("curve", "multiple", "loss_percent", series="horizon", panel="country"),
        notes=(Finding("critical_levels.balanced"), *behind(draws)),
    )


def _drawn(draws: int) -> tuple[Finding, ...]:
    return (*behind(draws), Finding("critical_levels.drawn")) if draws else ()


def level_findings(pair: tuple[str, str], found: CriticalLevels) -> Iterator[Finding]:
    """Where the told loss is crossed; where not even the short run crosses it, the long run is not told of."""
    from suasion.coercion.critical import Crossing

    table = found.thresholds[found.thresholds["level_percent"] == TOLD]
    for side, (country, partner) in enumerate((pair, pair[::-1])):
        rows = table[table["country"] == country].sort_values("horizon", ascending=False).to_dict("records")
        never = False
        for place, row in enumerate(rows):
            who = {"country": Country(country), "partner": Country(partner), "when": when_of(row["horizon"])}
            told = who | {"level": Quantity(TOLD, "percent")}
            if row["crossing"] != Crossing.NOT_COMPUTED and not never:
                yield crossing_finding(row, told, MAIN - 0.2 * side - 0.1 * place)
            never |= row["crossing"] == Crossing.NOT_REACHED


def _times(multiple: Quantity) -> Quantity:
    """A multiple of today's trade, or how many times today's trade is one below it.

    A range on both sides of today's trade cannot be said as either: that of the share beside it says it.
    """
    value, low, high = multiple.value, multiple.low, multiple.high
    if low is not None and high is not None and low < 1.0 < high:
        low = high = None
    if (value or 0.0) < 1.0:
        value, high, low = (one and 1.0 / one for one in (value, low, high))
    return Quantity(value, "ratio", low, high)


def crossing_finding(row: Mapping[Any, Any], told: Mapping[str, Value], weight: float) -> Finding:
    """Where one curve crosses the told loss."""
    from suasion.coercion.critical import Crossing

    if row["crossing"] == Crossing.PASSED_ALREADY:
        return Finding(
            "critical_levels.passed",
            {**told, "part": Quantity(1.0 / row["m_examined"], "score")},
            weight=weight,
        )
    if row["crossing"] == Crossing.NOT_REACHED:
        return Finding(
            "critical_levels.not_reached",
            {**told, "times": Quantity(max(1.0, row["m_examined"]), "ratio")},
            weight=weight,
        )
    compared = Comparison(Quantity(row["m"], "score"), Quantity(1.0, "score"))
    numbers = {"share": ranged(row, "turnover_share", "percent")}
    if compared.direction != "equal":
        numbers["times"] = _times(ranged(row, "m", "ratio"))
    return Finding("critical_levels.reached", {**told, **numbers}, compared, weight=weight)
