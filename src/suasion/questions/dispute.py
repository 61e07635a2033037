"""What war would cost two sides, and how less trade between them would move the risk of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.bands import behind, certified, few, ranged, tie_cautions
from suasion.questions.posed import outside, posed, side_of
from suasion.questions.question import Bands, Count, File, OwnElasticities, ScenarioText, Side, question
from suasion.types import DeficitRule
from suasion.wars import BELLIGERENTS

if TYPE_CHECKING:
    from suasion.coercion.war_risk import DisputeRisk
    from suasion.equilibrium import Scenario
    from suasion.statecraft.clashes import ClashChance
    from suasion.world import World

ORDER = ("own", "tariffs", "tariff_first", "tariff_second", "costs")
"""Policies as told, the reader's own first; the first three fit where there is little room."""


@question
def dispute(
    a: Side,
    b: Side,
    *,
    policy: File | None = None,
    horizon: str = "long",
    base_risk: float | None = None,
    beyond: float = 5.0,
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
) -> Answer:
    """What war would cost two states in trade, what each can ask of the other, and how less trade moves the risk.

    Parameters
    ----------
    policy : Path, optional
        Scenario file of a trade policy, to stand beside tariffs and dearer trade.
    horizon : str
        months, short (one year) or long (ten years).
    base_risk : float, optional
        Risk of war as things are, above 0 and below 0.75, an assumption; without, the pair's own chance of a deadly
        dispute within ten years.
    beyond : float
        What war costs either side beyond trade, in per cent of the yearly expenditure of the smaller: an assumption.

    Returns
    -------
    Answer
        Tables ``war-costs``, ``war-risk`` and ``war-information``; empty where a state is not in the world's table, or
        the two are at war.

    Examples
    --------
    >>> su.dispute("JPN", "CHN", world=su.load_world("g20"))
    <Answer dispute JPN CHN: war-costs (...>
    """
    from suasion.coercion.war_risk import dispute_risk

    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    sides = side_of(a, economy), side_of(b, economy)
    asked: dict[str, Value] = {"a": Country(sides[0]), "b": Country(sides[1])}
    if absent := _absent(sides, economy, asked):
        return Answer("dispute", asked, absent=absent)
    chance = _chance(*sides) if base_risk is None else None
    risk = base_risk if base_risk is not None else min(chance.probability, MOST) if chance else ASSUMED
    options: dict[str, Any] = {"beyond": beyond / 100.0, "draws": draws, "seed": seed}
    found = dispute_risk(economy, *sides, _read(policy), horizon, risk, deficits, **options)
    ranges = {} if draws else _shipped(found, economy, horizon if deficits == "balance" else "")
    return Answer(
        "dispute",
        asked,
        (
            *_findings(found, asked, ranges, RiskBasis(chance, beyond)),
            *tie_cautions(economy, *sides, (horizon,), deficits),
            *few(draws),
        ),
        tuple(_tables(found, asked, draws)),
        sources=(Source("dispute.source", economy.provenance.dataset, economy.year),),
        checks=(certified(found.horizon, found.residual),),
        result=found,
    )


@dataclass(frozen=True, slots=True)
class RiskBasis:
    """What a risk rests on: the pair's chance, None where a base risk was given, and costs beyond trade, per cent."""

    chance: ClashChance | None
    beyond: float


def _chance(a: str, b: str) -> ClashChance | None:
    """The pair's own chance; None of groups and of who is not in the list of states."""
    from suasion.statecraft.clashes import clash_chance

    return clash_chance(a, b)


def _absent(sides: tuple[str, str], world: World, asked: dict[str, Value]) -> Finding | None:
    """Why nothing is asked of two who are at war, or not in the world's table."""
    if set(sides) == BELLIGERENTS:
        return Finding("dispute.at_war", asked, weight=DETAIL)
    absent = outside("dispute", sides, world)
    return absent and replace(absent, weight=DETAIL)


def _read(policy: File | None) -> Scenario | None:
    from suasion.questions.scenarios.reading import read_scenario

    return None if policy is None else read_scenario(policy)


def _tables(found: DisputeRisk, asked: dict[str, Value], draws: int) -> Iterator[Table]:
    yield Table.of(
        "war-costs",
        "policy state war_cost_musd war_cost_percent price_musd ask_musd demand_musd",
        found.costs,
        axes="policy state",
        picture=Picture("ranges", "war_cost_musd", "policy", series="state"),
        values=asked,
        notes=(Finding("dispute.game"), *(behind(draws) or (Finding("dispute.no_range"),))),
    )
    for key, across, frame in (
        ("war-risk", "base_risk", found.over_risks),
        ("war-information", "private_musd", found.over_spreads),
    ):
        yield Table.of(
            key,
            "policy base_risk private_musd sum_change_percent risk",
            # without a policy the risk is the base risk
            frame[frame["policy"] != "none"].sort_values(["policy", across]),
            axes=f"policy {across}",
            notes=behind(draws),
            picture=Picture("curve", across, "risk", panel="policy"),
            values=asked,
            detail=across == "private_musd",
        )


def _given(found: DisputeRisk) -> dict[str, Value]:
    """The base risk and the private information that it stands for: they are named together."""
    return {
        "base": Quantity(found.base_risk, "probability"),
        "private": Quantity(found.spread_musd, "musd"),
    }


def _findings(
    found: DisputeRisk, asked: dict[str, Value], ranges: Mapping[str, tuple[float, float]], assumed: RiskBasis
) -> Iterator[Finding]:
    """All of low weight: no door puts them first."""
    from suasion.coercion.war_risk import HIGHEST, risk_ranges

    yield _cost(found, asked, ranges)
    chance = assumed.chance
    bases = (chance.low, min(chance.high, HIGHEST)) if chance else (found.base_risk, found.base_risk)
    spans = risk_ranges(found, bases, BEYOND) if found.drawn is None else {}
    rows = found.over_risks[found.over_risks["base_risk"].sub(found.base_risk).abs() < SAME]
    for place, name in enumerate(ORDER):
        for row in rows[rows["policy"] == name].to_dict("records"):
            given = _given(found)
            risk, base = ranged(row, "risk", "probability"), Quantity(found.base_risk, "probability")
            if name in spans:
                risk = replace(risk, low=spans[name][0], high=spans[name][1])
            values = {
                **asked,
                **given,
                "risk": risk,
                "sum": ranged(row, "sum_change_percent", "change"),
                "policy": Word("policy", name),
            }
            gap = (
                None if name in spans else _gap(risk, found.base_risk)
            )  # the base moves with the risk in its range
            compared = Comparison(replace(risk, low=None, high=None) if name in spans else risk, base, gap)
            yield Finding("dispute.risk", values, compared, weight=DETAIL - 0.1 * place)
    beyond = {"beyond": Quantity(assumed.beyond, "percent")}
    if chance is None:
        yield Finding("dispute.assumed", _given(found) | beyond, weight=DETAIL, caution=True)
        return
    own = {"base": Quantity(chance.probability, "probability", chance.low, chance.high)}
    mean: dict[str, Value] = {"mean": Quantity(chance.base, "probability"), "data_to": chance.data_to}
    yield Finding("dispute.fitted", _given(found) | beyond | own | mean, weight=DETAIL, caution=True)
    if chance.last:
        yield Finding("dispute.since", {**asked, "last": chance.last}, weight=DETAIL)


def _gap(one: Quantity, other: float = 0.0) -> Quantity | None:
    """How far a number lies from another one, over the draws; None without."""
    if one.value is None or one.low is None or one.high is None:
        return None
    return Quantity(one.value - other, "score", one.low - other, one.high - other)


ASSUMED = 0.1
"""Base risk of groups, and of who is not in the list of states: an assumption."""
MOST = 0.7
"""Largest base risk that is put to the game, in which none above three quarters is reached."""
BEYOND = (0.01, 0.2)
"""Least and largest cost of war beyond trade, parts of the yearly expenditure of the smaller side: an assumption."""
SAME = 1e-9
"""Base risks are written to two digits; going through the spread and back loses the last of sixteen."""


def _shipped(found: DisputeRisk, world: World, horizon: str) -> Mapping[str, tuple[float, float]]:
    """Ranges that ship of what either side loses without the other, in per cent, by side; none of other worlds."""
    from suasion.coercion.leverage.intervals import shipped_ends

    losses = found.costs.loc[found.costs["policy"] == "none", "war_cost_percent"]
    return shipped_ends(world, dict(zip(map(str, found.sides), losses, strict=True)), horizon)


def _cost(found: DisputeRisk, asked: dict[str, Value], ranges: Mapping[str, tuple[float, float]]) -> Finding:
    """Costs of war as things are, and who can ask for something because of them."""
    rows = found.costs[found.costs["policy"] == "none"].to_dict("records")
    own, other = (ranged(row, "war_cost_musd", "musd") for row in rows)
    shares = {
        f"{name}_share": Quantity(row["war_cost_percent"], "percent", *ranges[row["state"]])
        if row["state"] in ranges
        else ranged(row, "war_cost_percent", "percent")
        for name, row in zip("ab", rows, strict=True)
    }
    half, ask = Quantity(abs(rows[0]["ask_musd"]), "musd"), ranged(rows[0], "ask_musd", "musd_change")
    return Finding(
        "dispute.cost",
        {**asked, **shares, "own": own, "other": other, "half": half},
        Comparison(own, other, _gap(ask)),
        weight=DETAIL,
    )
