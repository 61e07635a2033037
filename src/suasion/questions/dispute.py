"""What war would cost two sides, and how less trade between them would move the risk of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from suasion.answers.answer import Answer, Check, Source
from suasion.answers.finding import DETAIL, Finding
from suasion.answers.table import Picture, Table
from suasion.answers.values import Comparison, Country, Quantity, Value, Word
from suasion.questions.bracket import tie_cautions
from suasion.questions.pair import BELLIGERENTS
from suasion.questions.posed import posed
from suasion.questions.question import AS_HORIZON, NOTHING, OwnElasticities, ScenarioText, Side, question
from suasion.questions.sides import outside, side_of, within

if TYPE_CHECKING:
    from suasion.coercion.war_risk import DisputeRisk
    from suasion.equilibrium import Scenario
    from suasion.world import World

ORDER = ("own", "tariffs", "tariff_first", "tariff_second", "costs")
"""Policies as told, the reader's own first; the first three fit where there is little room."""


@question
def dispute(
    a: Side,
    b: Side,
    *,
    policy: Path | None = None,
    horizon: str = "long",
    base_risk: float = 0.1,
    deficits: str = "balance",
    given: ScenarioText = NOTHING,
    elasticities: OwnElasticities = AS_HORIZON,
    factors: str = "",
    world: World | None = None,
) -> Answer:
    """What war would cost two states in trade, what each can ask of the other, and how less trade moves the risk.

    Parameters
    ----------
    a, b : Side
        A state or group: ISO code or English name.
    policy : Path, optional
        Scenario file of a trade policy, to stand beside tariffs and dearer trade.
    horizon : str
        months, short (one year) or long (ten years).
    base_risk : float
        Risk of war as things are, above 0 and below 0.75: an assumption, never a finding.

    Returns
    -------
    Answer
        Tables ``war-costs``, ``war-risk`` and ``war-information``; empty where a state is not in the world's table, or
        the two are at war.
    """
    from suasion.coercion.war_risk import dispute_risk
    from suasion.equilibrium.certificate import LIMIT
    from suasion.equilibrium.problem import deficit_rule

    economy = posed(world, given, elasticities, factors, deficits)
    sides = side_of(a, economy), side_of(b, economy)
    asked: dict[str, Value] = {"a": Country(sides[0]), "b": Country(sides[1])}
    if set(sides) == BELLIGERENTS:
        return Answer("dispute", asked, absent=Finding("dispute.at_war", asked, weight=DETAIL))
    if not all(within(side, economy) for side in sides):
        absent = replace(outside("dispute", sides, economy), weight=DETAIL)
        return Answer("dispute", asked, absent=absent)
    found = dispute_risk(economy, *sides, _read(policy), horizon, base_risk, deficit_rule(deficits))
    ranges = _ranges(found, economy, horizon if deficits == "balance" else "")
    return Answer(
        "dispute",
        asked,
        (*_findings(found, asked, ranges), *tie_cautions(economy, *sides, (horizon,), deficits)),
        tuple(_tables(found, asked)),
        sources=(Source("dispute.source", economy.provenance.dataset, economy.year),),
        checks=(Check(found.horizon, found.residual, LIMIT),),
        result=found,
    )


def _read(policy: Path | None) -> Scenario | None:
    from suasion.equilibrium import read_scenario

    return None if policy is None else read_scenario(policy)


def _tables(found: DisputeRisk, asked: dict[str, Value]) -> Iterator[Table]:
    yield Table.of(
        "war-costs",
        "policy state war_cost_musd war_cost_percent price_musd ask_musd demand_musd",
        found.costs,
        axes="policy state",
        picture=Picture("ranges", "war_cost_musd", "policy", series="state"),
        values=asked,
        notes=(Finding("dispute.game"),),
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
    found: DisputeRisk, asked: dict[str, Value], ranges: Mapping[str, tuple[float, float]]
) -> Iterator[Finding]:
    """All of low weight: no door puts them first."""
    yield _cost(found, asked, ranges)
    rows = found.over_risks[found.over_risks["base_risk"].sub(found.base_risk).abs() < SAME]
    for place, name in enumerate(ORDER):
        for row in rows[rows["policy"] == name].to_dict("records"):
            given = _given(found)
            risk, base = Quantity(row["risk"], "probability"), Quantity(found.base_risk, "probability")
            more = {"risk": risk, "sum": Quantity(row["sum_change_percent"], "change")}
            values = {**asked, **given, **more, "policy": Word("policy", name)}
            yield Finding("dispute.risk", values, Comparison(risk, base), weight=DETAIL - 0.1 * place)
    yield Finding("dispute.assumed", _given(found), weight=DETAIL, caution=True)


SAME = 1e-9
"""Base risks are written to two digits; going through the spread and back loses the last of sixteen."""


def _ranges(found: DisputeRisk, world: World, horizon: str) -> Mapping[str, tuple[float, float]]:
    """Ranges that ship of what either side loses without the other, in per cent, by side; none of other worlds."""
    from suasion.coercion import pair_intervals
    from suasion.coercion.leverage.intervals import interval_together
    from suasion.coercion.sides import members

    first, second = map(str, found.sides)
    losses = found.costs.loc[found.costs["policy"] == "none", "war_cost_percent"]
    shipped = pair_intervals(world, first, second, horizon, (losses.iloc[0], losses.iloc[1]))
    if shipped:
        return {one.country: (one.low_percent, one.high_percent) for one in shipped}
    codes = {side: members(world, side) for side in (first, second)}
    groups = {
        side: interval_together(world, codes[side], codes[other], horizon, loss)
        for side, other, loss in zip(codes, (second, first), losses, strict=True)
    }
    return {side: ends for side, ends in groups.items() if ends is not None}


def _cost(found: DisputeRisk, asked: dict[str, Value], ranges: Mapping[str, tuple[float, float]]) -> Finding:
    """Costs of war as things are, and who can ask for something because of them."""
    rows = found.costs[found.costs["policy"] == "none"].to_dict("records")
    own, other = (Quantity(row["war_cost_musd"], "musd") for row in rows)
    shares = {
        f"{name}_share": Quantity(row["war_cost_percent"], "percent", *ranges.get(row["state"], ()))
        for name, row in zip("ab", rows, strict=True)
    }
    half = Quantity(abs(rows[0]["ask_musd"]), "musd")
    values: dict[str, Value] = {**asked, **shares, "own": own, "other": other, "half": half}
    return Finding("dispute.cost", values, Comparison(own, other), weight=DETAIL)
