"""Whose growth raises or lowers the real expenditure of a state, and the other way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers.answer import Answer, Check, Source
from suasion.answers.finding import DETAIL, MAIN, USUAL, Finding
from suasion.answers.table import Picture, Table
from suasion.answers.values import Country, Quantity, Value
from suasion.questions.bands import few, ranged
from suasion.questions.posed import posed
from suasion.questions.question import Bands, OwnElasticities, ScenarioText, State, question
from suasion.types import Progress

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

DRAWN = 15
"""States that are drawn."""
GROWTH = 10
"""Per cent of growth in sentences and tables: effects of one per cent print as thousandths."""
SCALED = ("from_percent", "on_percent", "mutual_percent", "from_musd")
LIMIT = 1e-9
"""Largest accepted gap of the transposed equations, relative to their right-hand side."""


@question
def welfare_exposure(
    state: State,
    *,
    horizon: str = "long",
    draws: Bands = 16,
    seed: int = 0,
    deficits: str = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Whose growth raises or lowers a state's real expenditure, and what its own growth does to others.

    Parameters
    ----------
    state : State
        Who is exposed: ISO code or English name.
    horizon : str
        months, short (one year) or long (ten years).

    Returns
    -------
    Answer
        Table ``welfare-exposure``, one row a partner.
    """
    from suasion.coercion.welfare_exposure import welfare_exposure as solve
    from suasion.equilibrium.problem import deficit_rule

    economy = posed(world, given, elasticities, factors, deficits)
    found = solve(
        economy, state, horizon, deficits=deficit_rule(deficits), draws=draws, seed=seed, progress=progress
    )
    asked: dict[str, Value] = {"state": Country(found.state), "year": economy.year, "growth": GROWTH}
    frame = found.table.sort_values("from_percent", key=abs, ascending=False)
    scaled = [name for name in frame.columns if name.startswith(SCALED)]
    frame[scaled] *= GROWTH
    tables = tuple(_tables(frame, asked))
    return Answer(
        "welfare_exposure",
        asked,
        (*_findings(frame, asked), *few(draws)),
        tables,
        sources=(Source("welfare_exposure.source", economy.provenance.dataset, economy.year),),
        checks=(Check(found.horizon, found.residual, LIMIT),),
        result=found,
    )


def _tables(frame: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Table]:
    names = "country from_percent on_percent mutual_percent from_musd"
    yield Table.of(
        "welfare-exposure",
        names,
        frame,
        axes="country",
        values=asked,
        notes=(Finding("welfare_exposure.note", {"growth": GROWTH}),),
    )
    yield Table.of(
        "most-exposed-to",
        "country from_percent",
        frame.head(DRAWN),
        axes="country",
        values=asked,
        picture=Picture("ranges", "from_percent", "country"),
        detail=True,
    )


def _findings(frame: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Finding]:
    """The friend and the enemy at the ends, where the band leaves no doubt of the sign."""
    known = (
        frame[frame["from_percent_low"] * frame["from_percent_high"] > 0]
        if "from_percent_low" in frame
        else frame
    )
    for key, weight, row in (
        ("welfare_exposure.most", MAIN, known.nlargest(1, "from_percent")),
        ("welfare_exposure.least", USUAL, known.nsmallest(1, "from_percent")),
    ):
        if len(row) and (row["from_percent"].iloc[0] > 0) == key.endswith("most"):
            one: dict[Any, Any] = row.iloc[0].to_dict()
            effect = ranged(one, "from_percent", "change")
            values = {**asked, "partner": Country(one["country"]), "effect": effect}
            yield Finding(key, values, weight=weight)
    hurt = int((known["from_percent"] < 0).sum())
    counts: dict[str, Value] = {"hurt": Quantity(hurt, "count"), "known": Quantity(len(known), "count")}
    yield Finding("welfare_exposure.count", {**asked, **counts}, weight=DETAIL)
