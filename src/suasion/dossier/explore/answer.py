"""Put the answer to one scenario together: sides, economies, trade diverted, prices, industries, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.dossier.explore.published import published_rows
from suasion.dossier.explore.rows import FlowRow, IndustryRow, Panel, RunRow, ScenarioAnswer
from suasion.dossier.explore.sentences import answer_sentence, question_of, verdict_sentence
from suasion.dossier.explore.share import run_of
from suasion.dossier.explore.sides import (
    PENDING,
    Mask,
    Side,
    Solved,
    change_of,
    economy_rows,
    list_sides,
    side_rows,
)
from suasion.dossier.words import short_industry, with_names
from suasion.equilibrium import Scenario, compile_scenario
from suasion.equilibrium.accounts import FloatArray
from suasion.equilibrium.scenario.file import to_yaml
from suasion.questions.scenarios.address import LONG, SHORT, Query, plain, scenario_of
from suasion.questions.scenarios.warm_model import SolvedPoint, WarmModel, sides_of
from suasion.sources import country_name
from suasion.world import World

MOST_BARS = 8
LEAST_FLOW = 1.0
"""Million USD: a smaller change of a flow is not shown."""


def query_runs(query: Query) -> tuple[tuple[str, str, Query], ...]:
    """Return key, label and question of each run: short, the reader's where it is another, long."""
    dial = (
        [("dial", say("panel.dial", years=plain(query.years)), query)]
        if query.years not in (SHORT, LONG)
        else []
    )
    return (
        ("short", say("panel.short"), replace(query, years=SHORT)),
        *dial,
        ("long", say("panel.long"), replace(query, years=LONG)),
    )


def shown_run(query: Query) -> str:
    """Key of the run that map, trade and prices show."""
    return {SHORT: "short", LONG: "long"}.get(query.years, "dial")


def answer(
    desk: WarmModel, query: Query, draws: Mapping[str, FloatArray] | None = None, *, quick: bool = False
) -> ScenarioAnswer:
    """Answer a question to the builder.

    Parameters
    ----------
    desk : WarmModel
        The warm model.
    query : Query
        The question.
    draws : mapping of str to float array (draw, country), optional
        Change of welfare by run in each draw of the elasticities, per cent.
    quick : bool
        Solve the shown run only; the others are given where they are known already, and marked otherwise.

    Returns
    -------
    ScenarioAnswer

    Raises
    ------
    InputError
        The scenario is not valid for this world.
    """
    scenario, shown = scenario_of(query), shown_run(query)
    shock = compile_scenario(desk.world, scenario)
    runs = []
    for key, label, asked in query_runs(query):
        wait = quick and key != shown and not desk.knows(asked)
        point = SolvedPoint(asked.years, reason=PENDING) if wait else desk.point(asked)
        runs.append(Solved(key, label, point, (draws or {}).get(key)))
    found = assemble(desk, query, scenario, runs, shock.labels)
    return found if quick or found.usual else replace(found, usual_sentence=_usual(desk, query))


def _usual(desk: WarmModel, query: Query) -> str:
    """Answer of the same measures under the usual assumptions, in words."""
    usual = replace(query, ease=1.0, swap=1.0, deficits="balance", draws=0)
    return answer(desk, usual).sentence


def assemble(
    desk: WarmModel, query: Query, scenario: Scenario, runs: Sequence[Solved], labels: Sequence[str]
) -> ScenarioAnswer:
    """Turn solved runs into the context of the page.

    Parameters
    ----------
    desk : WarmModel
        The warm model.
    query : Query
        The question.
    scenario : Scenario
        What it asks for.
    runs : sequence of Solved
        Solved horizons.
    labels : sequence of str
        One sentence an instrument, then notes on how the scenario was read.
    """
    world, shown = desk.world, shown_run(query)
    sides = list_sides(world, scenario)
    current = next(run for run in runs if run.key == shown)
    count = len(scenario.instruments)
    economies = economy_rows(world, scenario, runs, shown)
    return ScenarioAnswer(
        address=query.address,
        name=scenario.name,
        question=question_of(query),
        sentence=answer_sentence(world, sides, runs),
        verdict=verdict_sentence(world, sides, runs),
        measures=tuple(labels[:count]),
        runs=tuple(_run_row(run) for run in runs),
        shown=shown,
        sides=side_rows(world, sides, runs),
        economies=economies,
        panels=_panels(desk, scenario, sides, current),
        assumptions=_assumptions(query),
        usual=(query.ease, query.swap, query.deficits) == (1.0, 1.0, "balance"),
        notes=(*_doubts(runs), *labels[count:], *_cautions(), *_notes(world)),
        draws=query.draws,
        failed_draws=max(
            (int(np.isnan(r.draws).any(1).sum()) for r in runs if r.draws is not None), default=0
        ),
        source=f"{world.provenance.dataset}, {world.year}",
        yaml=to_yaml(scenario),
        run_id=run_of(query.address, world.checksum),
        published=published_rows(
            query,
            economies,
            world.year if query.year is None else query.year,
            lambda codes: [change_of(world, codes, run) for run in runs],
        ),
    )


def _run_row(run: Solved) -> RunRow:
    point = run.point
    return RunRow(
        run.key, run.label, point.years, point.residual, point.dropped, point.certified, point.reason
    )


def _assumptions(query: Query) -> tuple[str, ...]:
    return (
        say("panel.first_year") if query.years == 1 else say("panel.years", years=plain(query.years)),
        say("panel.elasticities", ease=plain(query.ease), swap=plain(query.swap)),
        say("panel.deficits", rule=query.deficits),
    )


def _notes(world: World) -> tuple[str, ...]:
    names = {code: country_name(code) for code in world.countries}
    return tuple(with_names(note, names) for note in world.notes)


def _cautions() -> tuple[str, ...]:
    return say("panel.at_once"), say("panel.one_model")


def _doubts(runs: Sequence[Solved]) -> tuple[str, ...]:
    """What is doubtful about the question or its answers, each once."""
    return tuple(dict.fromkeys(doubt for run in runs for doubt in run.point.doubts))


def _panels(desk: WarmModel, scenario: Scenario, sides: Sequence[Side], run: Solved) -> tuple[Panel, ...]:
    """Trade diverted, then prices and industries of each side."""
    names = {role: _side_name(sides, role) for role in ("coalition", "target")}
    point = run.point
    if point.reason:
        return ()
    made = _flow_panels(desk, scenario, names, point)
    covered = sides_of(desk.world, scenario).covered
    for role, values in (point.price or {}).items():
        words = (
            say("panel.prices", name=names[role]),
            say("panel.prices_measure", run=run.label),
        )
        made.append(_industry_panel(desk, f"prices-{role}", words, values, covered))
    for role, values in (point.output or {}).items():
        words = (
            say("panel.industries", name=names[role]),
            say("panel.industries_measure", run=run.label),
        )
        made.append(_industry_panel(desk, f"output-{role}", words, values, covered))
    return tuple(made)


def _side_name(sides: Sequence[Side], role: str) -> str:
    """Name of a side inside a sentence: its one member, or the side."""
    named = [side.name for side in sides if side.role == role]
    if len(named) == 1:
        return named[0]
    return say("panel.the_coalition") if role == "coalition" else say("panel.the_targets")


_IMPORTS = ("import_ban", "tariff", "quota", "price_cap")
_EXPORTS = ("export_ban", "export_tax")
_WORTH_SHOWING = 0.1
"""Trade in the other direction is shown where it is at least this part of the first. Assumption."""


def _flow_panels(
    desk: WarmModel, scenario: Scenario, names: Mapping[str, str], point: SolvedPoint
) -> list[Panel]:
    """Trade of both sides, in the directions that the measures touch."""
    flows = point.flows or {}
    if not flows:
        return []
    masks = sides_of(desk.world, scenario)
    own = {"coalition": masks.coalition, "target": masks.target}
    made = []
    for key in _directions(scenario, flows, masks.target):
        role, verb = key.split()
        rows = _flow_rows(desk, own[role], flows[key], names[role])
        words = {"name": names[role]}
        title, subtitle = say(f"panel.{verb}", **words), say(f"panel.{verb}_measure", **words)
        reason = "" if rows else say("panel.no_flow")
        made.append(Panel(key.replace(" ", "-"), title, subtitle, rows, reason))
    return made


def _directions(
    scenario: Scenario, flows: Mapping[str, Sequence[tuple[float, float]]], target: Mask
) -> list[str]:
    """Which of the four flows to show; an "all" on one side has no outside to turn to."""
    kinds = {item.kind for item in scenario.instruments}
    bought, sold = (
        sum(pair[0] for pair, inside in zip(flows[key], target, strict=True) if inside)
        for key in ("coalition buys", "coalition sells")
    )
    imports = bool(kinds - set(_EXPORTS)) and (kinds & set(_IMPORTS) or bought >= _WORTH_SHOWING * sold)
    exports = bool(kinds - set(_IMPORTS)) and (kinds & set(_EXPORTS) or sold >= _WORTH_SHOWING * bought)
    shown = ["coalition buys", "target sells"] if imports else []
    shown += ["coalition sells", "target buys"] if exports else []
    return [key for key in shown if not (key.startswith("target") and target.sum() > target.size / 2)]


def _flow_rows(
    desk: WarmModel, own: Mask, flows: Sequence[tuple[float, float]], name: str
) -> tuple[FlowRow, ...]:
    """Largest changes, with the side's own economies as one line."""
    codes = desk.world.countries
    inside = [pair for pair, mine in zip(flows, own, strict=True) if mine]
    before, after = (sum(pair[k] for pair in inside) for k in (0, 1))
    rows = [_flow_row("", say("panel.own_goods", name=capital(name)), before, after)]
    rows += [
        _flow_row(code, country_name(code), *pair)
        for code, pair, mine in zip(codes, flows, own, strict=True)
        if not mine
    ]
    rows = [row for row in rows if abs(row.change) >= LEAST_FLOW]
    largest = sorted(rows, key=lambda row: -abs(row.change))[: MOST_BARS + 2]
    return tuple(sorted(largest, key=lambda row: row.change))


def _flow_row(code: str, name: str, before: float, after: float) -> FlowRow:
    change = after - before
    return FlowRow(code, name, before, after, change, n.signed_usd(change))


def _industry_panel(
    desk: WarmModel,
    key: str,
    words: tuple[str, str],
    values: Sequence[float],
    covered: Mask,
) -> Panel:
    names = desk.world.sector_names
    rows = [
        IndustryRow(code, short_industry(names.get(code, code)), bool(inside), value, n.signed_percent(value))
        for code, inside, value in zip(desk.world.sectors, covered, values, strict=True)
        if value == value and n.sign_of(value)
    ]
    largest = sorted(rows, key=lambda row: -abs(row.change))[:MOST_BARS]
    ordered = tuple(sorted(largest, key=lambda row: row.change))
    return Panel(key, words[0], words[1], ordered, "" if ordered else say("panel.nothing_moves"))


def csv_text(found: ScenarioAnswer) -> str:
    """Every economy in every run as CSV: code, name, role, run, years, percent, low, high, million USD.

    Parameters
    ----------
    found : ScenarioAnswer
        The context of the page.
    """
    import csv
    import io

    years = {run.key: run.years for run in found.runs}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        (
            "country",
            "name",
            "role",
            "run",
            "years",
            "welfare_percent",
            "low_percent",
            "high_percent",
            "welfare_musd",
        )
    )
    for row in found.economies:
        for change in row.changes:
            numbers = (change.percent, change.low, change.high, change.usd)
            cells = ["" if value is None else repr(value) for value in numbers]
            writer.writerow((row.code, row.name, row.role, change.run, plain(years[change.run]), *cells))
    return out.getvalue()
