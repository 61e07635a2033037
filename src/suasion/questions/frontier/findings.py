"""What the best sanctions do and cost, who joins and who bears it, and what stands beside it: in findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING, Any

from suasion.answers import DETAIL, MAIN, Comparison, Country, Finding, Quantity, Value, Word
from suasion.answers import numbers as n
from suasion.questions.bands import BESIDE, behind, beyond, few, ranged

if TYPE_CHECKING:
    import pandas as pd

    from suasion.coercion.frontier.secondary import Secondary
    from suasion.coercion.frontier.tolerance import Tolerance
    from suasion.questions.frontier import SanctionsReport

RESPONSES = {
    "none": "frontier.response_none",
    "once": "frontier.response_once",
    "nash": "frontier.response_nash",
}


def findings(report: SanctionsReport) -> Iterator[Finding]:
    """What a dollar of harm costs; which goods are cut most; who joins, bears and tolerates what; what is beyond."""
    points: list[dict[Any, Any]] = report.frontier.points.to_dict("records")
    yield _bargain(report.asked, points[0], points[-1])
    yield from _most_cut(report)
    leaked = points[-1]["leaked_percent"]
    if leaked == leaked and leaked > 0.0:
        yield Finding("frontier.leaked", {**report.asked, "part": Quantity(leaked, "percent")})
    if report.members is not None:
        times = Quantity(report.members.together_over_alone, "score")
        yield Finding(
            "frontier.together",
            {**report.asked, "times": times},
            Comparison(times, Quantity(1.0, "score")),
            weight=DETAIL,
        )
    if report.secondary is not None:
        yield _joining(report.asked, report.secondary)
    if report.tolerance is not None:
        yield from _tolerated(report, report.tolerance)
    if report.apart is not None:
        yield _apart(report.asked, report.apart.points)
    yield from _with_capital(report, points[-1])
    yield from _cautions(report, points[-1])
    yield from few(report.draws)


def _bargain(asked: Mapping[str, Value], first: Mapping[Any, Any], last: Mapping[Any, Any]) -> Finding:
    """What sanctions do for nothing and at the last weight, and what that costs beside the harm."""
    harm, own = ranged(last, "harm_musd", "musd"), ranged(last, "own_change_musd", "musd")
    cost = replace(own, value=-last["own_change_musd"], low=_turned(own.high), high=_turned(own.low))
    values: dict[str, Value] = {
        **asked,
        "small": ranged(first, "harm_percent", "percent"),
        "large": ranged(last, "harm_percent", "percent"),
        "harm": harm,
        "cost": own if last["own_change_musd"] > 0.0 else cost,
        "weight": Quantity(last["harm_weight"], "score"),
    }
    if last["own_change_musd"] >= -n.TINY_MUSD:
        return Finding("frontier.free", values, weight=MAIN)
    return Finding("frontier.bargain", values, Comparison(harm, cost), weight=MAIN)


def _turned(end: float | None) -> float | None:
    return None if end is None else -end


def _most_cut(report: SanctionsReport) -> Iterator[Finding]:
    """The group of goods whose trade falls most at the last weight."""
    rates = report.frontier.rates
    last = rates["harm_weight"] == report.frontier.points["harm_weight"].iloc[-1]
    mine = rates[last & (rates["imposer"] == report.frontier.contest.names[0])]
    top: dict[Any, Any] = mine.sort_values("trade_change_percent").iloc[0].to_dict()
    values: dict[str, Value] = {
        **report.asked,
        "group": Word("sector_group", top["sector_group"]),
        "means": Word("means", top["means"]),
        "rate": Quantity(top["rate_percent"], "percent"),
        "change": Quantity(top["trade_change_percent"], "change"),
    }
    if top["tax_status"] == "embargo":
        yield Finding("frontier.cut_off", {name: values[name] for name in values if name != "rate"})
    elif top["tax_status"] != "none":
        yield Finding("frontier.taxed_most", values)


def _joining(asked: Mapping[str, Value], found: Secondary) -> Finding:
    """Whether a bystander needs a threat to join, and whether the threat is meant."""
    if found.needed_percent == 0.0:
        return Finding("frontier.joins_anyway", asked)
    if found.needed_percent != found.needed_percent:
        return Finding("frontier.never_joins", asked)
    return Finding(
        f"frontier.{'credible' if found.credible else 'bluff'}",
        {
            **asked,
            "rate": Quantity(found.needed_percent, "percent"),
            "change": Quantity(-found.threat_cost_musd, "musd_change"),
        },
    )


def _tolerated(report: SanctionsReport, held: Tolerance) -> Iterator[Finding]:
    """What transfers between members add to the harm that all of them bear."""
    alone, shared = (Quantity(harm, "percent") for harm in held.harm_percent)
    own = held.table[held.table["transfers"] == "without"]
    yield Finding(
        "frontier.tolerated",
        {
            **report.asked,
            "limit": Quantity(held.percent, "percent"),
            "alone": alone,
            "shared": shared,
            "held": tuple(Country(code) for code in own.loc[own["binds"], "member"]),
            "paid": Quantity(float(held.table["transfer_musd"].clip(lower=0.0).sum()), "musd"),
        },
        Comparison(shared, alone),
    )
    yield from beyond(report.horizon, report.sides.target, shared, held.beside[1])


def _apart(asked: Mapping[str, Value], points: pd.DataFrame) -> Finding:
    """What senders that act each for itself do at the last weight."""
    last: dict[Any, Any] = points.iloc[-1].to_dict()
    together = Quantity(last["together_change_musd"], "musd_change")
    return Finding(
        "frontier.apart",
        {
            **asked,
            "weight": Quantity(last["harm_weight"], "score"),
            "together": together,
            "harm": Quantity(last["harm_percent"], "percent"),
        },
    )


def _with_capital(report: SanctionsReport, last: Mapping[Any, Any]) -> Iterator[Finding]:
    """The last point with a stock of capital that adjusts, where it is solved: in the long run."""
    harm, own = last["capital_percent"], last["own_capital_percent"]
    if harm == harm and own == own:
        yield Finding(
            "frontier.capital",
            {
                **report.asked,
                "weight": Quantity(last["harm_weight"], "score"),
                "harm": Quantity(harm, "percent"),
                "own": Quantity(-own, "change"),
            },
        )


def _cautions(report: SanctionsReport, last: Mapping[Any, Any]) -> Iterator[Finding]:
    """What is beyond the model at the last weight, of either side."""
    for code, loss, prefix in (
        (report.sides.target, last["harm_percent"], ""),
        (report.sides.label, -last["own_change_percent"], "own_"),
    ):
        marks = {name: last[f"{prefix}{name}"] for name in BESIDE}
        yield from beyond(report.horizon, code, Quantity(loss, "percent"), marks)


def notes(report: SanctionsReport) -> Iterator[Finding]:
    """How it was computed, and what was left out."""
    found = report.frontier
    yield Finding("frontier.weight")
    yield from behind(report.draws)
    if report.draws:
        yield Finding("frontier.drawn")
    gap = found.checks.two_ways_musd
    held = "holds" if found.checks.envelope and found.checks.monotone else "fails"
    if isnan(gap):
        yield Finding(f"frontier.{held}_below")
    else:
        yield Finding(f"frontier.{held}", {"gap": Quantity(gap, "musd")})
    if found.checks.restarts:
        yield Finding(
            "frontier.restarted",
            {
                "count": Quantity(found.checks.restarts, "count"),
                "gain": Quantity(max(0.0, found.checks.restart_gain_musd), "musd"),
            },
        )
    yield Finding(RESPONSES[found.response], report.asked)
    if found.unsettled:
        at = tuple(Quantity(weight, "score") for weight in found.unsettled)
        yield Finding("frontier.unsettled", {"weights": at})
    bound = found.rates[found.rates["tax_status"] == "at_bound"]
    for means, key in (("finance", "payments_bound"), ("", "taxes_bound")):
        count = int(((bound["means"] == "finance") == (means == "finance")).sum())
        if count:
            yield Finding(f"frontier.{key}", {"count": Quantity(count, "count")})
    for group, states in report.sides.left_out.items():
        yield Finding("frontier.left_out", {"group": Country(group), "states": tuple(map(Country, states))})
    yield Finding("frontier.willing")
    yield Finding("frontier.concession")
