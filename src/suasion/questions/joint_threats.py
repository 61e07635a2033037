"""What a state's threats are worth alone, and through third parties that it can make join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from suasion.answers import (
    DETAIL,
    MAIN,
    Answer,
    Check,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.bands import behind, certified, few, ranged
from suasion.questions.posed import posed, side_of
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Side, Texts, question
from suasion.types import DeficitRule

if TYPE_CHECKING:
    from suasion.coercion.joint_threats import JointThreats
    from suasion.world import World

TOLD = 3
"""Targets with a sentence of their own where all are asked about."""


@question
def joint_threats(
    holder: Side,
    *,
    target: str = "",
    exempt: Texts = (),
    ratio: float = 1.0,
    tolerance: float = 100.0,
    counter: bool = True,
    horizon: str = "long",
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
) -> Answer:
    """What a state's threats against others are worth alone, and through third parties that it can make join.

    Parameters
    ----------
    holder : Side
        Who threatens: a state or group, by ISO code or English name.
    target : str
        One target; every economy without.
    exempt : tuple of str
        States and groups that are never asked, with commas.
    ratio : float
        How many times dearer refusing must be than obeying.
    tolerance : float
        Largest loss, per cent of own real expenditure, at which carrying a threat out is believed.
    counter : bool
        Whether the target recruits too.
    horizon : str
        months, short (one year) or long (ten years).

    Returns
    -------
    Answer
        Table ``joint-threats`` and, of one target, ``camps``.

    Examples
    --------
    >>> su.joint_threats("RUS", target="CHN", world=su.load_world("g20"))
    <Answer joint_threats RUS 2019: joint-threats (...>
    """
    from suasion.coercion.joint_ranges import over_draws, with_ranges
    from suasion.coercion.joint_threats import joint_threats as solve
    from suasion.coercion.restored import ThreatRules

    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    side = side_of(holder, economy)
    rules = ThreatRules(ratio, tolerance, counter, tuple(side_of(one, economy) for one in exempt))
    targets = [side_of(target, economy)] if target else None
    found = solve(economy, side, targets, rules, horizon, deficits=deficits)
    asked: dict[str, Value] = {"holder": Country(side), "year": economy.year}
    if draws:
        found = over_draws(found, economy, horizon, draws, seed, deficits=deficits)
    else:
        shipped_at = horizon if deficits == "balance" else ""
        found = replace(found, table=with_ranges(found, economy, shipped_at))
    return Answer(
        "joint_threats",
        asked,
        (*_findings(found, asked), *few(draws)),
        tuple(_tables(found, asked, bool(target), draws)),
        sources=(Source("joint_threats.source", economy.provenance.dataset, economy.year),),
        checks=_checks(found),
        result=found,
    )


def _checks(found: JointThreats) -> tuple[Check, ...]:
    solved = (found.table["joint_status"] == "solved").any()
    return (certified(found.horizon, found.residual),) if solved else ()


def _tables(found: JointThreats, asked: dict[str, Value], one: bool, draws: int) -> Iterator[Table]:
    yield Table.of(
        "joint-threats",
        "state solo_percent joined opposed joint_percent separate_percent multiplier own_percent third_musd most_musd "
        "joint_status flags replacement_percent no_switching_percent capital_percent",
        found.table.sort_values("joint_percent", ascending=False),
        axes="state",
        picture=Picture("ranges", "joint_percent", "state")
        if one
        else Picture("areas", "joint_percent", "state"),
        values=asked,
        notes=(Finding("joint_threats.note"), *_ranges(draws)),
        brief="state solo_percent joined opposed joint_percent multiplier own_percent",
    )
    if one:
        yield Table.of(
            "camps",
            "state camp refusing_percent obeying_percent",
            found.camps.sort_values("refusing_percent", ascending=False),
            axes="state",
            values={**asked, "target": Country(str(found.table["state"].iloc[0]))},
            detail=True,
        )


def _ranges(draws: int) -> tuple[Finding, ...]:
    """What the ranges are of."""
    drawn = (*behind(draws), Finding("joint_threats.camps"))
    return drawn if draws else (Finding("joint_threats.shipped"),)


def _findings(found: JointThreats, asked: dict[str, Value]) -> Iterator[Finding]:
    """The targets on which third parties add most, in money."""
    from suasion.equilibrium.doubts import EXTREME

    solved = found.table[found.table["joint_status"] == "solved"]
    none = found.table.loc[found.table["joint_status"] != "solved", ["state", "joined", "solo_percent"]]
    if len(none):
        states = tuple(map(Country, none["state"]))
        worst = Quantity(float(none["solo_percent"].max()), "percent")
        yield Finding("joint_threats.unsolved", {**asked, "states": states, "worst": worst}, caution=True)
    lost = tuple(Country(code) for code in solved.loc[solved["joint_percent"] > EXTREME, "state"])
    first = solved.sort_values("third_musd", ascending=False).head(TOLD)
    for place, row in enumerate(first.to_dict("records")):
        solo, joint, own = (ranged(row, f"{name}_percent", "percent") for name in ("solo", "joint", "own"))
        counts = {name: Quantity(row[name], "count") for name in ("joined", "opposed")}
        yield Finding(
            "joint_threats.worth",
            {**asked, **counts, "solo": solo, "joint": joint, "own": own, "target": Country(row["state"])},
            Comparison(joint, solo),
            weight=MAIN - 0.1 * place,
        )
    if lost:
        yield Finding(
            "joint_threats.beyond",
            {"states": lost, "most": Quantity(EXTREME, "percent")},
            weight=DETAIL,
            caution=True,
        )
    yield Finding("joint_threats.inequality", weight=DETAIL, caution=True)
