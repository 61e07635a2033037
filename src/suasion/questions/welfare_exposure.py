"""Whose growth raises or lowers whose real expenditure: of one state, and of all pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Check,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.bands import few, ranged
from suasion.questions.posed import posed
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, State, question
from suasion.types import DeficitRule, Progress

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
    seed: Count = 0,
    deficits: DeficitRule = "balance",
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

    Examples
    --------
    >>> su.welfare_exposure("AUS", draws=0, world=su.load_world("g20"))
    <Answer welfare_exposure AUS 2019 10: welfare-exposure (...>
    """
    from suasion.coercion.welfare_exposure import welfare_exposure as solve

    economy = posed(world, given, elasticities, factors, deficits)
    found = solve(economy, state, horizon, deficits=deficits, draws=draws, seed=seed, progress=progress)
    asked: dict[str, Value] = {"state": Country(found.state), "year": economy.year, "growth": GROWTH}
    frame = found.table.sort_values("from_percent", key=abs, ascending=False)
    scaled = [name for name in frame.columns if name.startswith(SCALED)]
    frame[scaled] *= GROWTH
    return Answer(
        "welfare_exposure",
        asked,
        (*_findings(frame, asked), *few(draws)),
        tuple(_tables(frame, asked)),
        sources=(Source("welfare_exposure.source", economy.provenance.dataset, economy.year),),
        checks=(Check(found.horizon, found.residual, LIMIT),),
        result=found,
    )


def _tables(frame: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Table]:
    yield Table.of(
        "welfare-exposure",
        "country from_percent on_percent mutual_percent from_musd",
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
        whole="welfare-exposure",
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
            yield Finding(key, {**asked, "partner": Country(one["country"]), "effect": effect}, weight=weight)
    hurt = int((known["from_percent"] < 0).sum())
    yield Finding(
        "welfare_exposure.count",
        {**asked, "hurt": Quantity(hurt, "count"), "known": Quantity(len(known), "count")},
        weight=DETAIL,
    )


LISTED = 15
"""Pairs in each list; all of them stand in the table of pairs."""
EFFECTS = "mutual_percent from_percent on_percent"


@question
def friends_and_enemies(
    *,
    horizon: str = "long",
    draws: Bands = 4,
    seed: Count = 0,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Whose growth raises and whose lowers what others can spend, and the friend and enemy of every state.

    Parameters
    ----------
    horizon : str
        months, short (one year) or long (ten years).
    draws : int
        Draws of the elasticities for 90 % bands; each solves for all states again.

    Returns
    -------
    Answer
        Tables ``friends`` and ``enemies`` (pairs), ``friend-of-each`` and ``exposures-of-pairs``.

    Examples
    --------
    >>> su.friends_and_enemies(draws=0, world=su.load_world("g20"))
    <Answer friends_and_enemies 2019 10: friends (...>
    """
    from suasion.coercion.welfare_exposure import pair_exposures

    economy = posed(world, given, elasticities, factors, deficits)
    found = pair_exposures(economy, horizon, deficits=deficits, draws=draws, seed=seed, progress=progress)
    frame = found.table
    scaled = [name for name in frame.columns if name.startswith(tuple(EFFECTS.split()))]
    frame = frame.assign(**{name: frame[name] * GROWTH for name in scaled})
    frame = frame.sort_values("mutual_percent", ascending=False, ignore_index=True)
    asked: dict[str, Value] = {"year": economy.year, "growth": GROWTH}
    return Answer(
        "friends_and_enemies",
        asked,
        (*_pair_findings(frame, asked), *few(draws)),
        tuple(_pair_tables(frame, GROWTH * found.matrix, asked)),
        sources=(Source("friends_and_enemies.source", economy.provenance.dataset, economy.year),),
        checks=(Check(found.horizon, found.residual, LIMIT),),
        result=found,
    )


def _pair_tables(frame: pd.DataFrame, matrix: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Table]:
    columns = f"country partner {EFFECTS}"
    note = (Finding("friends_and_enemies.note", {"growth": GROWTH}),)
    enemies = frame[frame["mutual_percent"] < 0.0][::-1]
    for key, rows in (("friends", frame), ("enemies", enemies)):
        yield Table.of(
            key,
            columns,
            rows.head(LISTED),
            axes="country partner",
            values=asked,
            notes=note,
            whole="exposures-of-pairs",
        )
    yield Table.of(
        "friend-of-each",
        "country friend friend_percent enemy enemy_percent hurt_by",
        _ends_of_each(matrix),
        axes="country",
        values=asked,
        picture=Picture("areas", "friend_percent", "country", label="friend"),
        detail=True,
    )
    yield Table.of("exposures-of-pairs", columns, frame, axes="country partner", values=asked, detail=True)


def _ends_of_each(matrix: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Whose growth raises each state's spending most, whose lowers it most, and how many lower it."""
    for country in matrix.index:
        row = matrix.loc[country].drop(country)
        worst = row.idxmin() if row.min() < 0.0 else None
        yield {
            "country": country,
            "friend": row.idxmax(),
            "friend_percent": row.max(),
            "enemy": worst,
            "enemy_percent": row.min() if worst else None,
            "hurt_by": int((row < 0.0).sum()),
        }


def _pair_findings(frame: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Finding]:
    """The pairs at the ends, where the band leaves no doubt of the sign, and how many pairs hurt each other."""
    banded = "mutual_percent_low" in frame
    known = frame[frame["mutual_percent_low"] * frame["mutual_percent_high"] > 0.0] if banded else frame
    rows: list[dict[Any, Any]] = known.iloc[[0, -1]].to_dict("records") if len(known) else []
    for key, weight, row in zip(("friends", "enemies"), (MAIN, USUAL), rows, strict=False):
        if (row["mutual_percent"] > 0.0) == (key == "friends"):
            yield Finding(
                f"friends_and_enemies.{key}",
                {
                    **asked,
                    "country": Country(row["country"]),
                    "partner": Country(row["partner"]),
                    "effect": ranged(row, "mutual_percent", "change"),
                },
                weight=weight,
            )
    hurt = int((known["mutual_percent"] < 0.0).sum())
    yield Finding(
        "friends_and_enemies.count",
        {**asked, "hurt": Quantity(hurt, "count"), "known": Quantity(len(known), "count")},
        weight=DETAIL,
    )
