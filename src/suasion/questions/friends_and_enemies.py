"""Whose growth raises and lowers whose real expenditure: all pairs of states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers.answer import Answer, Check, Source
from suasion.answers.finding import DETAIL, MAIN, USUAL, Finding
from suasion.answers.table import Picture, Table
from suasion.answers.values import Country, Quantity, Value
from suasion.questions.bands import few, ranged
from suasion.questions.posed import posed
from suasion.questions.question import Bands, OwnElasticities, ScenarioText, question
from suasion.questions.welfare_exposure import GROWTH, LIMIT
from suasion.types import Progress

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

LISTED = 15
"""Pairs in each list; all of them stand in the table of pairs."""
EFFECTS = "mutual_percent from_percent on_percent"


@question
def friends_and_enemies(
    *,
    horizon: str = "long",
    draws: Bands = 4,
    seed: int = 0,
    deficits: str = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Whose growth raises and whose lowers what others can spend: all pairs, and the friend and enemy of every state.

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
    """
    from suasion.coercion.welfare_exposure import pair_exposures
    from suasion.equilibrium.problem import deficit_rule

    economy = posed(world, given, elasticities, factors, deficits)
    found = pair_exposures(
        economy, horizon, deficits=deficit_rule(deficits), draws=draws, seed=seed, progress=progress
    )
    frame = found.table
    scaled = [name for name in frame.columns if name.startswith(tuple(EFFECTS.split()))]
    frame = frame.assign(**{name: frame[name] * GROWTH for name in scaled})
    frame = frame.sort_values("mutual_percent", ascending=False, ignore_index=True)
    asked: dict[str, Value] = {"year": economy.year, "growth": GROWTH}
    return Answer(
        "friends_and_enemies",
        asked,
        (*_findings(frame, asked), *few(draws)),
        tuple(_tables(frame, GROWTH * found.matrix, asked)),
        sources=(Source("friends_and_enemies.source", economy.provenance.dataset, economy.year),),
        checks=(Check(found.horizon, found.residual, LIMIT),),
        result=found,
    )


def _tables(frame: pd.DataFrame, matrix: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Table]:
    columns = f"country partner {EFFECTS}"
    note = (Finding("friends_and_enemies.note", {"growth": GROWTH}),)
    enemies = frame[frame["mutual_percent"] < 0.0][::-1]
    for key, rows in (("friends", frame), ("enemies", enemies)):
        yield Table.of(key, columns, rows.head(LISTED), axes="country partner", values=asked, notes=note)
    yield Table.of(
        "friend-of-each",
        "country friend friend_percent enemy enemy_percent hurt_by",
        _ends(matrix),
        axes="country",
        values=asked,
        picture=Picture("areas", "friend_percent", "country", label="friend"),
        detail=True,
    )
    yield Table.of("exposures-of-pairs", columns, frame, axes="country partner", values=asked, detail=True)


def _ends(matrix: pd.DataFrame) -> Iterator[dict[str, Any]]:
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


def _findings(frame: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Finding]:
    """The pairs at the ends, where the band leaves no doubt of the sign, and how many pairs hurt each other."""
    banded = "mutual_percent_low" in frame
    known = frame[frame["mutual_percent_low"] * frame["mutual_percent_high"] > 0.0] if banded else frame
    rows: list[dict[Any, Any]] = known.iloc[[0, -1]].to_dict("records") if len(known) else []
    for key, weight, row in zip(("friends", "enemies"), (MAIN, USUAL), rows, strict=False):
        if (row["mutual_percent"] > 0.0) == (key == "friends"):
            values: dict[str, Value] = {
                **asked,
                "country": Country(row["country"]),
                "partner": Country(row["partner"]),
                "effect": ranged(row, "mutual_percent", "change"),
            }
            yield Finding(f"friends_and_enemies.{key}", values, weight=weight)
    hurt = int((known["mutual_percent"] < 0.0).sum())
    counts: dict[str, Value] = {"hurt": Quantity(hurt, "count"), "known": Quantity(len(known), "count")}
    yield Finding("friends_and_enemies.count", {**asked, **counts}, weight=DETAIL)
