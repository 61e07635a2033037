"""What an audience can change on a tie, within red lines and without them, and with which levers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.answers import Answer, Country, Finding, Picture, Source, Table, Value
from suasion.questions.bands import tie_cautions
from suasion.questions.levers.beyond import PATH, TO
from suasion.questions.levers.findings import findings, members_of, notes
from suasion.questions.posed import outside, posed, side_of
from suasion.questions.question import (
    Bands,
    Count,
    File,
    OwnElasticities,
    ScenarioText,
    Side,
    Texts,
    question,
)
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    import pandas as pd

    from suasion.coercion.levers.study import Levers
    from suasion.world import World

NAMES = {
    "unit": "lever_unit",
    "class": "lever_class",
    "base": "now",
    "gain_with_red_lines": "fall_within",
    "gain_without": "fall_free",
    "price": "line_price",
    "why": "why_not",
    "low": "effect_low",
    "high": "effect_high",
    "actual": "fall",
    "share_of_base_percent": "fall_percent",
    "own_cost_usd": "own_cost_musd",
    "gain_before": "fall_before",
    "gain_after": "fall_after",
    "own_usd": "own_musd",
    "answer_usd": "answer_musd",
    "capital": "capital_stock",
    "use": "lever_use",
    "gdp_percent": "gdp_change_percent",
    "expenditure_percent": "expenditure_change_percent",
    "growth_points": "growth_change_percent",
    "share_percent": "later_share_percent",
}
"""Columns of the model, and their names in answers."""
BRIEF = "lever_outcome country lever_unit lever_class now fall_within fall_free red_line"
"""Columns of outcomes for people."""


@question
def levers(
    a: Side,
    b: Side,
    *,
    audience: Texts = ("USA", "EU"),
    file: File | None = None,
    horizon: str = "long",
    deficits: DeficitRule = "balance",
    draws: Bands = 16,
    seed: Count = 1,
    to: Count = TO,
    path: File = Path(PATH),
    apart: bool = True,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What an audience can change on the tie of two states, within red lines, with and without each partner.

    Parameters
    ----------
    a, b : Side
        A state or group: ISO code or English name; a is the side whose dependence is in question.
    audience : tuple of str
        Who may act: states and groups, with commas between.
    file : Path, optional
        Levers and red lines (YAML); by default those shipped for states under sanctions, or for others.
    horizon : str
        months, short (first year), long, or years since the shock.
    draws : int
        Draws of the elasticities for the signs of levers and for bands; 0 for none.
    to : int
        Year of the later share among the outcomes; 0 leaves it out.
    path : Path
        Path of the outlook to that year: persist, deepen, lifted, or a file.
    apart : bool
        Whether what members reach without each other, what the pair answers and what growth does are worked out too.

    Returns
    -------
    Answer
        Tables ``outcomes``, ``effects`` (of each lever on the share), ``influence`` (on every outcome), ``plans``,
        ``uses``, ``line-prices``, ``responses`` and, with a later year, ``growth``; empty where nobody may act, or a
        state is not in the world's table.

    Examples
    --------
    >>> su.levers("AUS", "CHN", draws=0, to=2026)
    <Answer levers AUS CHN: outcomes (...>
    """
    from suasion.coercion.levers.file import levers_for, read_levers
    from suasion.questions.levers.beyond import ask_levers

    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    sides, acting, asked, absent = _parties(a, b, audience, economy)
    if absent is not None:
        return Answer("levers", asked, absent=absent)
    found = ask_levers(
        economy, *sides, acting, to=to or None, path=str(path), deficits=deficits, progress=progress,
        file=read_levers(file) if file else levers_for(*sides), horizon=horizon, draws=draws, seed=seed, apart=apart,
    )  # fmt: skip
    report = LeverReport(found, economy.year, apart)
    return Answer(
        "levers",
        asked,
        (*findings(report), *tie_cautions(economy, *sides, (horizon,), deficits)),
        tuple(table for table in report.tables() if table.rows),
        sources=(Source("levers.source", economy.provenance.dataset, economy.year),),
        result=found,
    )


def _parties(
    a: Side, b: Side, audience: Texts, economy: World
) -> tuple[tuple[str, str], list[str], dict[str, Value], Finding | None]:
    """The two sides, who of the audience may act, what was asked, and why there is no answer, if there is none."""
    sides = side_of(a, economy), side_of(b, economy)
    asked: dict[str, Value] = {"a": Country(sides[0]), "b": Country(sides[1])}
    absent = outside("levers", sides, economy)
    acting = [] if absent else [one for name in audience if (one := side_of(name, economy)) not in sides]
    return sides, acting, asked, absent or (None if acting else Finding("levers.nobody", asked))


def lever_effects(
    a: Side,
    b: Side,
    *,
    audience: Texts,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
) -> Answer:
    """What each shipped lever of an audience does to the share of one state in another's trade; plans are left out.

    a, b, audience, deficits, given, elasticities, factors, world: as for :func:`levers`.
    Returns: the table ``effects`` of that question; empty for the same reasons.
    """
    from suasion.coercion.levers.file import levers_for
    from suasion.coercion.levers.study import share_effects

    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    sides, acting, asked, absent = _parties(a, b, audience, economy)
    if absent is not None:
        return Answer("levers", asked, absent=absent)
    found = share_effects(economy, *sides, acting, levers_for(*sides), deficits=deficits)
    table = next(LeverReport(found, economy.year).effects())
    return Answer(
        "levers",
        asked,
        (),
        (table,),
        sources=(Source("levers.source", economy.provenance.dataset, economy.year),),
        result=found,
    )


@dataclass(frozen=True, slots=True)
class LeverReport:
    """Levers on a tie as tables and findings.

    year: Of the world.
    apart: Whether answers and growth were worked out.
    """

    levers: Levers
    year: int
    apart: bool = False

    @property
    def who(self) -> dict[str, Value]:
        """The pair, those who act, and the years of outcomes to come."""
        later, pact = self.levers.beyond.later, self.levers.beyond.pact
        return {
            "a": Country(self.levers.a),
            "b": Country(self.levers.b),
            "audience": Country(self.levers.audience),
            "later": TO if later is None else later.year,
            "closes": TO if pact is None else pact.closes,
        }

    def tables(self) -> Iterator[Table]:
        """All tables, what can be changed first."""
        yield Table.of(
            "outcomes",
            "lever_outcome country partner year lever_unit lever_class now fall_within fall_free red_line line_price "
            "budget_price threshold why_not",
            self.rows(self.levers.outcomes),
            axes="lever_outcome",
            values=self.who,
            notes=tuple(notes(self)),
            brief=BRIEF,
        )
        yield from self.effects()
        yield from self._plans()
        yield Table.of(
            "line-prices",
            "lever_outcome country red_line line_price crossed",
            self.rows(self.levers.prices),
            axes="lever_outcome red_line",
            values=self.who,
            detail=True,
        )
        yield Table.of(
            "responses",
            "responder lever_outcome country year lines fall_before fall_after own_musd answer_musd",
            self.rows(self.levers.responses),
            axes="responder lever_outcome lines",
            values=self.who,
            notes=(Finding("levers.answers"),),
            detail=True,
        )
        if self.levers.beyond.later is not None and self.apart:
            yield self._growth()

    def effects(self) -> Iterator[Table]:
        """What each lever does to the share of trade, and to every outcome."""
        names = "holder lever lever_outcome country year red_line effect same_sign wedge_change_percent transfer_musd"
        drawn = {"same_sign": self.levers.draws}
        rows = list(self.rows(self.levers.influence))
        yield Table.of(
            "effects",
            f"{names} lever_basis",
            sorted(
                (row for row in rows if row["lever_outcome"] == "share"),
                key=lambda row: (row["holder"], -abs(row["effect"])),
            ),
            axes="lever holder",
            draws=drawn,
            picture=Picture("ranges", "effect", "lever", panel="holder"),
            values=self.who,
            notes=(Finding("levers.drawn"), Finding("levers.members")),
            brief="holder lever effect same_sign red_line lever_basis",
        )
        yield Table.of(
            "influence",
            f"{names} lever_basis",
            rows,
            axes="lever holder lever_outcome",
            draws=drawn,
            values=self.who,
            detail=True,
            brief="lever_outcome country holder lever effect same_sign",
        )

    def _plans(self) -> Iterator[Table]:
        """What each coalition reaches, and what it uses."""
        yield Table.of(
            "plans",
            "coalition lever_outcome country year lines lever_unit now fall fall_percent first_order predicted "
            "own_cost_musd rounds",
            self.rows(self.levers.plans),
            axes="coalition lever_outcome lines",
            values=self.who,
            brief="coalition lever_outcome country lines fall fall_percent own_cost_musd",
        )
        yield Table.of(
            "uses",
            "coalition lever_outcome country year lines lever holder lever_use",
            self.rows(self.levers.uses),
            axes="coalition lever_outcome lines lever holder",
            values=self.who,
            detail=True,
        )

    def _growth(self) -> Table:
        from suasion.questions.levers.beyond import later_growth

        table = later_growth(self.levers).assign(red_lines=lambda one: one["red_lines"].map(lines_of))
        return Table.of(
            "growth",
            "lines capital_stock country gdp_change_percent growth_change_percent expenditure_change_percent "
            "later_share_percent fall_points",
            table.rename(columns=NAMES | {"red_lines": "lines"}),
            axes="lines capital_stock country",
            values=self.who,
            notes=(Finding("levers.growth"),),
        )

    def rows(self, frame: pd.DataFrame) -> Iterator[dict[Any, Any]]:
        """Rows of the model under the names of answers, each with whose outcome it is, and of which year."""
        kinds = {lever.name: lever.kind for lever in self.levers.model.levers}
        units = dict(zip(self.levers.outcomes["outcome"], self.levers.outcomes["unit"], strict=True))
        for named in frame.rename(columns=NAMES).to_dict("records"):
            outcome = str(named["outcome"])
            gift = kinds.get(named.get("lever", "")) == "transfer"
            size = named.get("size")
            yield {
                "lever_unit": units[outcome],
                **named,
                **self._of(outcome),
                "red_line": named.get("red_line") or "none",
                "why_not": named.get("why_not") or None,
                "lines": lines_of(named.get("red_lines")),
                "crossed": "yes" if named.get("crossed") else "no",
                "holder": self._holder(str(named.get("owner", ""))),
                "coalition": members_of(str(named.get("coalition", ""))),
                "responder": self.levers.a if named.get("responder") == "a" else self.levers.b,
                "wedge_change_percent": None if gift or size is None else 100.0 * size,
                "transfer_musd": size if gift else None,
                "lever_basis": named.get("basis"),
            }

    def _of(self, outcome: str) -> dict[str, Any]:
        """Whose outcome it is, towards whom, and of which year."""
        name = "share_later" if outcome.startswith("share_") else outcome
        mine = (self.levers.a, self.levers.b)
        country, partner = mine[::-1] if name in ("exit_cost_b", "leverage") else mine
        years = {"share_later": self.who["later"], "pact": self.who["closes"]}
        return {
            "lever_outcome": name,
            "country": country,
            "partner": partner,
            "year": years.get(name, self.year),
        }

    def _holder(self, owner: str) -> str:
        from suasion.coercion.levers.columns import TOGETHER

        return members_of(self.levers.audience if owner == TOGETHER else owner)


def lines_of(bound: object) -> str:
    """Whether red lines bind."""
    return "within" if bound else "without"
