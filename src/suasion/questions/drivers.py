"""Which elasticities the spread of an answer comes from: Sobol indices of losses, or of welfare in a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    Answer,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.bands import ranged
from suasion.questions.posed import outside, posed, side_of
from suasion.questions.question import Count, Limits, OwnElasticities, ScenarioText, Side, question
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    import pandas as pd

    from suasion.coercion import Drivers
    from suasion.coercion.outcomes import Horizon
    from suasion.world import World

Samples = Annotated[int, Limits(2, 65_536)]
"""Draws in each sample."""
NAMES = {f"{kind}{end}": f"{kind}_index{end}" for kind in ("first", "total") for end in ("", "_low", "_high")}
"""Columns of the model, and their names in answers."""


@question
def drivers(
    a: Side,
    b: Side,
    *,
    scenario: ScenarioText = "",
    horizon: str = "long",
    draws: Samples = 256,
    seed: Count = 1,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Which elasticities drive what two states lose without each other, or what they lose in a scenario.

    Parameters
    ----------
    scenario : ScenarioText
        Ask for the welfare of the two in this scenario instead: file, address, or lines.
    horizon : str
        months, short (first year), long, or years since the shock.
    draws : Samples
        Draws of the elasticities in each sample, of which there are two and one for each group; a power of two is best.

    Returns
    -------
    Answer
        Tables ``driver-shares`` (Sobol indices of each answer by group of elasticities) and ``driver-answers``; empty
        where a state is not in the world's table.

    Examples
    --------
    >>> su.drivers("AUS", "CHN", draws=8, world=su.load_world("g20"))
    <Answer drivers AUS CHN 8: driver-shares (...>
    """
    economy = posed(world, given, elasticities, factors, deficits, cuts=not str(scenario))
    options: dict[str, Any] = {"rows": draws, "seed": seed, "deficits": deficits}
    sides, when = (side_of(a, economy), side_of(b, economy)), horizon
    asked: dict[str, Value] = {"a": Country(sides[0]), "b": Country(sides[1]), "draws": draws}
    if absent := outside("drivers", sides, economy):
        return Answer("drivers", asked, absent=absent)
    found = _drivers(economy, sides, scenario, when, progress=progress, **options)
    shares, answers = _rows(found, sides, bool(str(scenario)))
    return Answer(
        "drivers",
        asked,
        tuple(_findings(shares, found, asked)),
        tuple(_tables(shares, answers, asked)),
        sources=(Source("drivers.source", economy.provenance.dataset, economy.year),),
        result=found,
    )


def _drivers(economy: World, sides: tuple[str, str], scenario: Any, when: Horizon, **options: Any) -> Drivers:
    """Indices of what the two lose without each other, or of their welfare in a scenario."""
    from suasion.coercion import Welfare, drivers, scenario_drivers
    from suasion.questions.scenarios.reading import scenario_in

    if not str(scenario):
        return drivers(economy, *sides, when, **options)
    return scenario_drivers(
        economy, scenario_in(scenario)[0], [Welfare(side) for side in sides], when, **options
    )


def _rows(found: Drivers, sides: tuple[str, str], welfare: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Indices, and the answers with their spread, by whose answer it is and which."""
    titles = list(dict.fromkeys(found.table["outcome"]))
    kinds = ("welfare", "welfare") if welfare else ("loss", "loss", "ratio")
    state = dict(zip(titles, (*sides, sides[0]), strict=False))
    driven = dict(zip(titles, kinds, strict=True))
    shares, answers = (
        frame.assign(country=frame["outcome"].map(state), driven=frame["outcome"].map(driven))
        for frame in (found.table, found.answers)
    )
    shares = shares.rename(columns={**NAMES, "group": "driver_group"})
    return shares, answers.rename(
        columns={"central": "answer", "low": "answer_low", "high": "answer_high", "first_sum": "first_sum"}
    )


def _tables(shares: pd.DataFrame, answers: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Table]:
    yield Table.of(
        "driver-shares",
        "driven country driver_group first_index total_index",
        shares,
        axes="driven country driver_group",
        picture=Picture("ranges", "total_index", "driver_group", panel="country"),
        values=asked,
        notes=(Finding("drivers.note"),),
    )
    yield Table.of(
        "driver-answers",
        "driven country answer first_sum",
        answers,
        axes="driven country",
        values=asked,
        notes=(Finding("drivers.units"),),
    )


def _findings(shares: pd.DataFrame, found: Drivers, asked: dict[str, Value]) -> Iterator[Finding]:
    """The group that drives each answer most, and what failed."""
    whole = shares[shares["driven"] != "ratio"]
    for place, (state, rows) in enumerate(whole.groupby("country", sort=False)):
        most = rows.nlargest(1, "total_index").iloc[0]
        share = ranged(most, "total_index", "score")
        group = Word("driver_group", str(most["driver_group"]))
        yield Finding(
            f"drivers.{most['driven']}",
            {**asked, "state": Country(str(state)), "group": group, "share": share},
            weight=MAIN - 0.1 * place,
        )
    if found.failed:
        yield Finding(
            "drivers.failed",
            {"failed": Quantity(found.failed, "count"), "solves": Quantity(found.solves, "count")},
            weight=DETAIL,
            caution=True,
        )
