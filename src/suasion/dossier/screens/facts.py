"""What screens read from the answers of a dossier: losses with ranges, sizes, and the name of the closed markets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.relevance import LEAST_PERCENT, settled
from suasion.answers.values import Country, Quantity, Value
from suasion.dossier.context import Dossier
from suasion.dossier.tables import rows_of
from suasion.questions.bands import ranged
from suasion.wars import BELLIGERENTS

WEST = ("USA", "EU")
LEAST_GAP = 1.5
"""Ratio of two losses from which on it is said what makes the gap. Assumption."""


@dataclass(frozen=True, slots=True)
class StateLoss:
    """What one state loses in one case.

    flags: Cautions of the model: F2 for first-year losses above 15 %.
    bracket: Losses where buyers replace suppliers as in the long run, and where nobody switches.
    """

    country: str
    partner: str
    percent: Quantity
    musd: Quantity
    flags: str = ""
    bracket: tuple[float | None, float | None] = (None, None)

    @property
    def ranged(self) -> bool:
        """Whether a range was run."""
        return self.percent.low is not None

    @property
    def told(self) -> bool:
        """Whether it is large for the economy: of a small one a thousandth of all spending is little money."""
        return abs(self.percent.value or 0.0) >= LEAST_PERCENT

    @property
    def gains(self) -> bool:
        """Whether the state would gain."""
        return (self.percent.value or 0.0) < 0


def losses(dossier: Dossier, key: str = "exit_cost") -> Mapping[tuple[str, str, str], StateLoss]:
    """Return losses by horizon, outlet and state; those without an equilibrium are left out."""
    return {(row["horizon"], row["outlet"], row["country"]): _loss(row) for row in rows_of(dossier, key, "exit-costs")
            if row["loss_percent"] is not None}  # fmt: skip


def _loss(row: Mapping[str, Any]) -> StateLoss:
    percent, musd = ranged(row, "loss_percent", "percent"), ranged(row, "loss_musd", "musd")
    bracket = row.get("replacement_percent"), row.get("no_switching_percent")
    return StateLoss(row["country"], row["partner"], percent, musd, str(row.get("flags") or ""), bracket)


def horizons(found: Mapping[tuple[str, str, str], StateLoss]) -> tuple[str, ...]:
    """Return the horizons of losses, the first year first."""
    return tuple(dict.fromkeys(horizon for horizon, _, _ in found))


def unclear(dossier: Dossier, horizon: str = "short") -> bool:
    """Whether ranges leave open who loses more."""
    for row in rows_of(dossier, "exit_cost", "loss-ratios"):
        if row["horizon"] == horizon and row["outlet"] == "open":
            return row["ratio_status"] == "unclear" and not settled(row.get("weaker_share"))
    return False


def doubts(dossier: Dossier) -> tuple[Finding, ...]:
    """Return what is said where customs tell of another trade between the two than the table of the world does."""
    answer = dossier.answers.get("exit_cost")
    noted = {note.key for table in answer.tables for note in table.notes} if answer else set()
    told = {
        "exit_cost.trade_below": "front.answer.trade_below",
        "exit_cost.trade_above": "front.answer.trade_above",
    }
    return tuple(Finding(key) for note, key in told.items() if note in noted)[:1]


def doubted(dossier: Dossier) -> bool:
    """Whether customs tell of another trade between the two than the table of the world's economies does."""
    return bool(doubts(dossier))


def guessed(dossier: Dossier) -> bool:
    """Whether the world's table has the trade of the two from earlier years, and no report of its own year."""
    answer = dossier.answers.get("dependence")
    return any(
        note.key == "dependence.guessed"
        for table in (answer.tables if answer else ())
        for note in table.notes
    )


def larger(dossier: Dossier) -> tuple[str, float] | None:
    """Return the state with the larger economy and how many times as large it is, from twice on."""
    for row in rows_of(dossier, "exit_cost", "loss-ratios"):
        if row["outlet"] == "open" and row["income_ratio"]:
            ratio = float(row["income_ratio"])
            other = dossier.a.code if row["weaker"] == dossier.b.code else dossier.b.code
            big = other if ratio >= 1 else row["weaker"]
            size = max(ratio, 1 / ratio)
            return (str(big), size) if size >= 2 else None
    return None


def size_explains(size: tuple[str, float], a: StateLoss, b: StateLoss) -> bool:
    """Whether the smaller economy loses more of itself, and the sizes alone make at least half of that gap.

    size: The state with the larger economy, and how many times as large it is.
    a, b: Losses of both sides in the same case.
    """
    big, small = (
        (a.percent.value, b.percent.value) if size[0] == a.country else (b.percent.value, a.percent.value)
    )
    if not big or not small or min(big, small) <= 0.0:
        return False
    gap = small / big
    return gap > LEAST_GAP and math.log(size[1]) >= math.log(gap) / 2.0


def at_war(dossier: Dossier) -> bool:
    """Whether the two are at war, so that their trade has ended."""
    return {dossier.a.code, dossier.b.code} == BELLIGERENTS


def when(horizon: str) -> str:
    """A horizon as the head of a row or a panel."""
    if horizon in ("months", "short", "long"):
        return capital(DEFAULT_LANGUAGE.word("horizon", horizon))
    return DEFAULT_LANGUAGE.say("front.when.other", {"years": horizon})


def closed_name(dossier: Dossier) -> str:
    """Return which words name the closed markets: the West, what is left of it beside the pair, or others by name."""
    from suasion.sources.groups import expand

    members = {one.code for one in dossier.audience}
    west = {"USA", *expand(["EU"], dossier.provenance.year or 2023)}
    if not members or not members <= west or "USA" not in members | {dossier.a.code, dossier.b.code}:
        return "named"
    return "other_west" if west & {dossier.a.code, dossier.b.code} else "west"


def sides(dossier: Dossier) -> dict[str, Value]:
    """Return the two states as values of a sentence."""
    return {"a": Country(dossier.a.code), "b": Country(dossier.b.code)}


def both(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """Yield side, code and the partner's code."""
    yield "a", dossier.a.code, dossier.b.code
    yield "b", dossier.b.code, dossier.a.code
