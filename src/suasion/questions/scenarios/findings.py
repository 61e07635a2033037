"""What a simulated scenario says: who loses how much, who loses more, who gains, what is doubtful; and its title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from suasion.answers import DETAIL, MAIN, USUAL, Comparison, Country, Finding, Industry, Quantity, Value, Word
from suasion.answers import numbers as n
from suasion.coercion.outcomes import BAND
from suasion.equilibrium import Scenario
from suasion.equilibrium.certificate import LIMIT
from suasion.questions.bands import few, when_of, without_equilibrium
from suasion.questions.scenarios.address import plain
from suasion.questions.scenarios.instruments import BUNDLES
from suasion.questions.scenarios.reading import bundled, listed
from suasion.questions.scenarios.runs import ScenarioParty, ScenarioRun, code_of, whole_of
from suasion.questions.scenarios.tables import BILLION
from suasion.sources.spoken import INDUSTRIES, industry_codes
from suasion.world import World

MOST_NAMED, MOST_BRACKETS = 5, 3
FLAGGED = ("supply", "loss")
"""Doubts that brackets say better."""
TOLD_TOGETHER = ("loses_loses", "gains_gains", "loses_gains", "gains_loses", "hardly_hardly")
"""Directions over two horizons that one sentence has."""
LIMITS = ("quota", "price_cap")
"""Instruments whose size is what is left."""
Cells = Mapping[str, Any]

SPOKEN = tuple(code for codes in INDUSTRIES.values() for code in codes)
"""Codes of industries that have words of everyday speech."""


def asked_of(scenario: Scenario, named: bool) -> dict[str, Value]:
    """What was asked, as the title of an answer says it: ``case`` chooses among whole sentences.

    ``what`` is what is done as a clause, which the title and other sentences take up.

    scenario: What happens.
    named: Whether its name is its author's, and not made of the measures.
    """
    asked: dict[str, Value] = {"name": scenario.name}
    if named or not scenario.instruments:
        return {**asked, "case": Word("simulate.title", "named")}
    first = scenario.instruments[0].to_dict()
    by, on = (
        tuple(Country(code_of(token)) for token in listed(first.get(key, ())))
        for key in ("senders", "targets")
    )
    asked |= {"by": by, "on": on}
    if len(scenario.instruments) > 1:
        asked["count"] = len(scenario.instruments)
        return {**asked, **_clause("several" if by else "several_on")}
    kind, offer = first["type"], scenario.instruments[0].offer
    variants = {getattr(scenario.instruments[0], name, "") for name in ("mode", "direction")}
    case = "_".join([kind, *(variants & {"add", *(("exports",) if kind == "share" else ())})])
    if offer.argument:
        asked["size"] = plain(offer.size(float(first[offer.argument]))).replace("-", n.MINUS)
    goods = bundled(listed(first.get("sectors") or ()))
    if goods:
        asked["goods"] = tuple(map(_named_goods, goods))
    return {**asked, **_clause(f"{case}_goods" if goods else case)}


def _named_goods(token: str) -> Industry | Word:
    """Goods as a scenario names them: a code, a group of industries, or a word for a part of an industry."""
    spoken = () if token in BUNDLES else industry_codes(token, SPOKEN)
    return (
        Industry(spoken[0] if spoken else token) if spoken or token[:1].isupper() else Word("bundle", token)
    )


def finest(scenario: Scenario, world: World) -> Iterator[Finding]:
    """Say of goods that are a part of an industry that the table has no finer cell, each once."""
    named = dict.fromkeys(
        token for one in scenario.instruments for token in listed(one.to_dict().get("sectors") or ())
    )
    for token in named:
        code = next(iter(industry_codes(token, world.sectors)), "")
        if code and token not in BUNDLES:
            yield Finding(
                "simulate.finest", {"goods": token, "industry": Industry(code)}, weight=DETAIL, caution=True
            )


def held(scenario: Scenario) -> Iterator[Finding]:
    """Say what quotas and price caps leave: a text has what they take away, a file what is left."""
    for one in scenario.instruments:
        if one.kind in LIMITS:
            told = one.to_dict()
            sides = {
                name: tuple(Country(code_of(token)) for token in listed(told[key]))
                for name, key in (("by", "senders"), ("on", "targets"))
            }
            goods = tuple(map(_named_goods, bundled(listed(told.get("sectors") or ()))))
            cut = 100.0 * float(told.get("coverage") or 1.0) * (1.0 - float(told["share"]))
            sizes = {"left": Quantity(100.0 - cut, "percent"), "cut": Quantity(cut, "percent")}
            limited = {"goods": goods} if goods else {}
            key = "simulate.held_goods" if goods else "simulate.held"
            yield Finding(f"{key}.{one.kind}", {**sides, **sizes, **limited}, weight=DETAIL)


def _clause(kind: str) -> dict[str, Value]:
    """What is done, as the title asks it and other sentences take it up."""
    return {"case": Word("simulate.title", "clause"), "what": Word("simulated", kind)}


def findings(
    world: World, parties: Sequence[ScenarioParty], runs: Sequence[ScenarioRun], draws: int
) -> Iterator[Finding]:
    """Say what each party loses or gains, which side more, who else gains, and what is doubtful.

    world: Its economies.
    parties: Targets, coalition, everybody else.
    runs: Horizons.
    draws: Draws behind the bands.
    """
    solved = [run for run in runs if run.solved]
    named = [one for one in parties if one.side != "other"][:MOST_NAMED]
    for place, one in enumerate(named):
        yield from _moves(one, solved, MAIN + 1.0 - 0.1 * place)
    target, coalition = whole_of(parties, "target"), whole_of(parties, "coalition")
    for run in solved:
        if target and coalition:
            yield from _compared(target, coalition, run)
        yield _winners(world, run)
    yield from _cautions(runs, draws)


def _moves(one: ScenarioParty, runs: Sequence[ScenarioRun], weight: float) -> Iterator[Finding]:
    """A party over all horizons: one sentence for two horizons where its directions are told together.

    Of three the one between is told by itself.
    """
    rest = list(runs)
    for first, last in ((runs[0], runs[-1]),) if len(runs) in (2, 3) else ():
        cells = [run.loss(one.economies) for run in (first, last)]
        ways = "_".join(_way(row) for row in cells)
        if ways in TOLD_TOGETHER:
            values: dict[str, Value] = {"party": Country(one.code)}
            for name, run, row in zip(("first", "last"), (first, last), cells, strict=True):
                values |= {name: when_of(run.label), **_sizes(row, f"_{name}")}
            yield Finding(f"simulate.both.{ways}", values, weight=weight)
            rest = list(runs[1:-1])
    for run in rest:
        row = run.loss(one.economies)
        values = {"party": Country(one.code), "when": when_of(run.label), **_sizes(row)}
        yield Finding(f"simulate.moves.{_way(row)}", values, weight=weight + 1.0)


def _way(row: Cells) -> str:
    """Direction of a loss: a band that covers zero leaves it open, and what is hardly noticed has none."""
    low, high = row.get("loss_percent_low"), row.get("loss_percent_high")
    if low is not None and high is not None and low < 0 < high:
        return "unclear"
    sign = n.sign_of(row["loss_percent"], n.NOTICED_PERCENT)
    return {1: "loses", -1: "gains", 0: "hardly"}[sign]


def _sizes(row: Cells, end: str = "") -> dict[str, Value]:
    """Sizes in per cent, with the band, and in money, where the sentence says the sign; else the change or its band."""
    way, loss = _way(row), float(row["loss_percent"])
    low, high = row.get("loss_percent_low"), row.get("loss_percent_high")
    if way == "hardly":
        return {f"percent{end}": Quantity(0.0 - loss, "change")}
    if way == "unclear" and low is not None and high is not None:
        return {f"low{end}": Quantity(-high, "change"), f"high{end}": Quantity(-low, "change")}
    turned = low is not None and high is not None and way == "gains"
    ends = (-high, -low) if turned and low is not None and high is not None else (low, high)
    percent = Quantity(abs(loss), "percent", *ends)
    return {f"percent{end}": percent, f"musd{end}": Quantity(abs(row["loss_musd"]), "musd")}


def _compared(target: ScenarioParty, coalition: ScenarioParty, run: ScenarioRun) -> Iterator[Finding]:
    """Who loses more, in per cent and in money; who loses while the other gains."""
    when = {"when": when_of(run.label)}
    theirs, ours = (run.loss(one.economies) for one in (target, coalition))
    signs = [n.sign_of(row["loss_percent"]) for row in (theirs, ours)]
    if sorted(signs) == [-1, 1]:
        loser, gainer = (target, coalition) if signs[0] > 0 else (coalition, target)
        yield Finding(
            "simulate.one_loses",
            {**when, "loser": Country(loser.code), "gainer": Country(gainer.code)},
            weight=USUAL + 0.5,
        )
    if signs != [1, 1]:
        return
    gap = _gap(target, coalition, run)
    for unit in ("percent", "musd"):
        left, right = (Quantity(row[f"loss_{unit}"], unit) for row in (theirs, ours))
        compared = Comparison(left, right, gap if unit == "percent" else None)
        values: dict[str, Value] = {
            **when,
            "target": Country(target.code),
            "coalition": Country(coalition.code),
        }
        if compared.direction in ("above", "below"):
            small, large = sorted((left.value or 0.0, right.value or 0.0))
            values["times"] = Quantity(large / small, "ratio")
        yield Finding(f"simulate.more_{unit}", values, compared, weight=USUAL + 0.5)


def _gap(target: ScenarioParty, coalition: ScenarioParty, run: ScenarioRun) -> Quantity | None:
    """Difference of both losses with its band; None without draws of both."""
    drawn = [run.drawn(one.economies) for one in (target, coalition)]
    if drawn[0] is None or drawn[1] is None or drawn[0].size != drawn[1].size or not drawn[0].size:
        return None
    low, high = np.quantile(drawn[0] - drawn[1], BAND).tolist()
    return Quantity((low + high) / 2.0, "percent", low, high)


def _winners(world: World, run: ScenarioRun) -> Finding:
    gains = [(usd, code) for usd, code in zip(run.point.usd, world.countries, strict=True) if usd >= BILLION]
    values: dict[str, Value] = {"when": when_of(run.label), "least": Quantity(BILLION, "musd")}
    if not gains:
        return Finding("simulate.no_winner", values, weight=USUAL)
    most, code = max(gains)
    values |= {"count": Quantity(len(gains), "count"), "state": Country(code), "musd": Quantity(most, "musd")}
    return Finding("simulate.winners", values, weight=USUAL)


def _cautions(runs: Sequence[ScenarioRun], draws: int) -> Iterator[Finding]:
    """What is not known or not to be taken at its word, each once."""
    for run in runs:
        when: dict[str, Value] = {"when": when_of(run.label)}
        if run.status == "no_equilibrium":
            yield Finding("simulate.unsolved", when, caution=True)
        if run.solved and not max(run.point.residual, run.point.dropped) <= LIMIT:
            yield Finding("simulate.uncertified", when, caution=True)
        yield from without_equilibrium(run.failed, draws, when["when"])
        yield from _brackets(run, when)
    yield from few(draws)
    told = {doubt: values for run in runs for doubt, values in run.point.doubts}
    bracketed = any(end is not None for run in runs for end in run.margins.replacement)
    for doubt, values in told.items():
        if not (doubt in FLAGGED and bracketed):
            yield Finding(f"doubt.{doubt}", values, caution=True)


def _brackets(run: ScenarioRun, when: dict[str, Value]) -> Iterator[Finding]:
    """The bracket of those flagged that lose most."""
    margins = run.margins
    flagged = [k for k, flags in enumerate(margins.flags) if flags and margins.replacement[k] is not None]
    for k in sorted(flagged, key=lambda k: run.point.percent[k])[:MOST_BRACKETS]:
        low, high = margins.replacement[k], margins.no_switching[k]
        if low is not None and high is not None and low != high:
            yield Finding(
                "simulate.bracket",
                {
                    **when,
                    "flags": margins.flags[k],
                    "state": Country(run.countries[k]),
                    "low": Quantity(low, "percent"),
                    "high": Quantity(high, "percent"),
                },
                caution=True,
            )
