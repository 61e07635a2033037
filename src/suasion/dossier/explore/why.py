"""Why a scenario costs what it costs: the loss by channel and goods, and the assumptions that move it most.

The parts of the measures are players of a game whose worth is the change of welfare with only these parts in place.
Shapley's value adds up to the whole change and does not depend on an order. The assumptions are moved one at a time
to the ends of their ranges, all others held.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import ENGLISH, capital
from suasion.answers.render.lines import title_of_asked
from suasion.dossier.explore.rows_pages import SCHEMA
from suasion.dossier.explore.why_parts import Part, parts_of, scenario_with
from suasion.dossier.words import listing
from suasion.equilibrium import Economy, Parameters, Scenario, compile_scenario, resolve, respond
from suasion.equilibrium.accounts import FloatArray, sector_last
from suasion.equilibrium.batch.many import batchable, job_of, respond_draws, respond_many
from suasion.equilibrium.batch.patch import ground_of
from suasion.equilibrium.elasticities.horizon import DRAWN, at_quantiles
from suasion.equilibrium.problem import DeficitRule, KeptRule
from suasion.games import Game, shapley
from suasion.questions.scenarios.address import Query, digest, scenario_of, shown_horizon
from suasion.questions.scenarios.findings import asked_of
from suasion.questions.scenarios.sides import ScenarioParty, parties
from suasion.questions.scenarios.solved_point import SolvedPoint, sides_of
from suasion.questions.scenarios.warm_model import WarmModel, moved

ENDS = (0.05, 0.95)
"""Quantiles to which an elasticity is moved: the 90 % range of the draws behind the bands."""
MOST_ASSUMPTIONS = 5
NESTS = ("theta", "epsilon", "kappa")
KEPT_RULES: tuple[DeficitRule, ...] = get_args(KeptRule)
"""Rules under which imbalances are the same before and after; to end them all is another question."""


@dataclass(frozen=True, slots=True)
class WhyPart:
    """One part of the measures, and what it adds to a side's change.

    Attributes
    ----------
    name, channel : str
        As printed; "sales" of the coalition to the target, "purchases" from it, or "measure".
    usd, percent : float
        Million USD at base prices, and per cent of the side's own real expenditure.
    text, money : str
        The same as printed.
    start, end : float
        Where its bar begins and ends, per cent.
    """

    name: str
    channel: str
    usd: float
    percent: float
    text: str
    money: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class WhyAssumption:
    """One assumption moved to both ends of its range, all others held.

    Attributes
    ----------
    name, ends : str
        What is moved, and between what.
    low, high : float
        Smallest and largest change of the side's welfare it leads to, per cent; the central one lies between or at one.
    text : str
        The two as printed.
    """

    name: str
    ends: str
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class WhySide:
    """One side of the scenario.

    Attributes
    ----------
    name, role : str
        As printed, and its part.
    percent, usd : float
        Change of welfare with all measures in place.
    text, money, sentence : str
        The same as printed, and what makes most of it, in words.
    parts : tuple of WhyPart
        In the order of the table; they add up to the change.
    assumptions : tuple of WhyAssumption
        The ones that move it most, the largest first.
    """

    name: str
    role: str
    percent: float
    usd: float
    text: str
    money: str
    sentence: str
    parts: tuple[WhyPart, ...]
    assumptions: tuple[WhyAssumption, ...]


@dataclass(frozen=True, slots=True)
class WhyContext:
    """Why a scenario costs what it costs.

    Attributes
    ----------
    address, question, scenario : str
        Query string, title of this page, title of the scenario.
    sentence : str
        What makes most of each side's change.
    run : str
        Horizon, as printed.
    sides : tuple of WhySide
        Targets, coalition, sides as a whole.
    solves : int
        Equilibria solved.
    gap : float
        Largest difference between the parts together and the scenario solved at once, per cent.
    notes : tuple of str
        How this is to be read.
    reason : str
        Why there is no answer; empty where there is one.
    source, run_id : str
        Data set and year, hash of data, scenario and version.
    schema : int
        Version of this context.
    """

    address: str
    question: str
    scenario: str
    sentence: str
    run: str
    sides: tuple[WhySide, ...]
    solves: int
    gap: float
    notes: tuple[str, ...]
    reason: str
    source: str
    run_id: str
    schema: int = SCHEMA


def why_context(desk: WarmModel, query: Query) -> WhyContext:
    """Say what makes the change of each side in the shown run, and which assumptions move it most.

    Parameters
    ----------
    desk : WarmModel
        The warm model.
    query : Query
        The question.

    Returns
    -------
    WhyContext

    Raises
    ------
    InputError
        The scenario is not valid for this world.
    """
    query = replace(query, draws=0)
    scenario, point, world = scenario_of(query), desk.point(query), desk.world
    label = shown_horizon(query)
    economy = desk.economy(query)
    parts = parts_of(world, scenario, sector_last(economy.accounts.receipts))
    worth, reason = _worths(desk, economy, scenario, parts)
    reason = point.reason or reason
    ends = {} if reason else _assumptions(desk, query, economy, scenario)
    named = [side for side in parties(world, scenario) if side.side != "other"]
    names = _part_names(scenario, named, parts)
    sides = () if reason else tuple(_side(desk, side, point, names, parts, worth, ends) for side in named)
    return WhyContext(
        address=query.address,
        question=say("why.question"),
        scenario=title_of_asked("simulate", asked_of(scenario, bool(query.name))),
        sentence=say("why.no_answer", reason=reason) if reason else _answer(sides),
        run=label,
        sides=sides,
        solves=len(worth) - 1 + 2 * len(ends),
        gap=0.0 if reason else float(np.abs(worth[-1] - point.percent).max()),
        notes=(say("why.note_order"), say("why.note_alone"), say("why.note_model")),
        reason=reason,
        source=f"{world.provenance.dataset}, {world.year}",
        run_id=digest(["why", query.address, world.checksum]),
    )


def _answer(sides: Sequence[WhySide]) -> str:
    """Each side as a whole: the last of its role."""
    found = {side.role: side.sentence for side in sides}
    return " ".join(found.values())


def _worths(
    desk: WarmModel, economy: Economy, scenario: Scenario, parts: Sequence[Part]
) -> tuple[FloatArray, str]:
    """Change of welfare for every set of parts, per cent (2^n, N), and why some set has none."""
    ground = ground_of(economy.accounts, economy.parameters) if batchable(economy) else None
    chosen = [
        [part for k, part in enumerate(parts) if members >> k & 1] for members in range(1, 1 << len(parts))
    ]
    shocks = (compile_scenario(desk.world, scenario_with(scenario, some)) for some in chosen)
    found = respond_many(economy, [job_of(economy, shock, ground) for shock in shocks])
    nothing = np.zeros((1, len(desk.world.countries)))
    reason = next((reason for reason in found.reasons if reason), "")
    return np.concatenate([nothing, 100.0 * np.expm1(found.log_welfare)]), reason


def _assumptions(
    desk: WarmModel, query: Query, economy: Economy, scenario: Scenario
) -> dict[tuple[str, str], FloatArray]:
    """Change of welfare with one assumption at each end, per cent (ends, N), by name and ends."""
    shock = compile_scenario(desk.world, scenario)
    groups = _groups(desk, query, scenario)
    sets = [moved(parameters, query) for ends in groups.values() for parameters in ends]
    found = respond_draws(economy, shock, respond(economy, shock)[0], sets)
    values = (100.0 * np.expm1(found.log_welfare)).reshape(len(groups), len(ENDS), -1)
    range_words = say("why.ends_range")
    made = {(name, range_words): pair for name, pair in zip(groups, values, strict=True)}
    rules = [rule for rule in KEPT_RULES if rule != query.deficits]
    others = [_with_rule(desk, query, rule) for rule in rules]
    made[say("why.deficits"), say("why.ends_rules", rules=listing([f"“{rule}”" for rule in rules]))] = (
        np.stack(others)
    )
    return made


def _with_rule(desk: WarmModel, query: Query, rule: DeficitRule) -> FloatArray:
    point: SolvedPoint = desk.point(replace(query, deficits=rule))
    return np.asarray(point.percent) if point.percent else np.full(len(desk.world.countries), np.nan)


def _groups(desk: WarmModel, query: Query, scenario: Scenario) -> dict[str, tuple[Parameters, ...]]:
    """Elasticities with one group of them at each end of its range, by the name of the group."""
    world = desk.world
    central, size = resolve(world, query.years), len(world.sectors)
    covered = sides_of(world, scenario).covered
    columns = {
        "why.sigma_common": [0],
        "why.sigma_covered": [1 + int(k) for k in np.flatnonzero(covered)],
        "why.sigma_others": [1 + int(k) for k in np.flatnonzero(~covered)],
    }
    rows, made = np.full((len(ENDS), 1 + size + len(DRAWN)), 0.5), {}
    for key, places in columns.items():
        if places:
            moved_rows = rows.copy()
            moved_rows[:, places] = np.array(ENDS)[:, None]
            made[say(key)] = tuple(
                replace(central, sigma=one.sigma, switching=one.switching)
                for one in at_quantiles(world, moved_rows, query.years)
            )
    for nest in NESTS:
        moved_rows = rows.copy()
        moved_rows[:, 1 + size + DRAWN.index(nest)] = ENDS
        drawn = at_quantiles(world, moved_rows, query.years)
        made[say(f"why.{nest}")] = tuple(replace(central, **{nest: getattr(one, nest)}) for one in drawn)
    return made


def _part_names(scenario: Scenario, named: Sequence[ScenarioParty], parts: Sequence[Part]) -> list[str]:
    """What each part is, as printed."""
    target = _whole(named, "target")
    several = len(scenario.instruments) > 1
    made = []
    for part in parts:
        if part.channel == "measure" and part.measure >= 0:
            words = say("why.measure", label=scenario.instruments[part.measure].kind.replace("_", " "))
        else:
            goods = part.goods or say("why.rest")
            words = say(f"why.{part.channel}", target=target, goods=goods)
        made.append(
            say("why.of_measure", n=part.measure + 1, part=words) if several and part.measure >= 0 else words
        )
    return [capital(words) for words in made]


def _whole(named: Sequence[ScenarioParty], role: str) -> str:
    found = [ENGLISH.country(one.code) for one in named if one.side == role]
    return found[0] if len(found) == 1 else say("why.the_targets")


def _side(
    desk: WarmModel,
    side: ScenarioParty,
    point: SolvedPoint,
    names: Sequence[str],
    parts: Sequence[Part],
    worth: FloatArray,
    ends: Mapping[tuple[str, str], FloatArray],
) -> WhySide:
    index = [desk.world.countries.index(code) for code in side.economies]
    weight = np.asarray([point.income[k] for k in index])
    income = float(weight.sum())
    total = worth[:, index] @ weight / income
    shares = shapley(Game(tuple(map(str, range(len(parts)))), total))
    percent = float(total[-1])
    rows = _bars(names, parts, shares, income)
    noticed = n.sign_of(percent, n.NOTICED_PERCENT) != 0
    moved_by = {key: pair[:, index] @ weight / income for key, pair in ends.items()}
    return WhySide(
        name=capital(ENGLISH.country(side.code)),
        role=side.side,
        percent=percent,
        usd=percent * income / 100.0,
        text=n.signed_percent(percent),
        money=n.signed_usd(percent * income / 100.0),
        sentence=_sentence(side, percent, rows),
        parts=rows if noticed else (),
        assumptions=_ranked(percent, moved_by) if noticed else (),
    )


def _bars(
    names: Sequence[str], parts: Sequence[Part], shares: FloatArray, income: float
) -> tuple[WhyPart, ...]:
    """Rows of a waterfall: the largest part first, each bar begins where the last one ended."""
    made, end = [], 0.0
    for k in np.argsort(-np.abs(shares), kind="stable").tolist():
        percent = float(shares[k])
        start, end = end, end + percent
        usd = percent * income / 100.0
        texts = n.signed_percent(percent), n.signed_usd(usd)
        made.append(WhyPart(names[k], parts[k].channel, usd, percent, *texts, start, end))
    return tuple(made)


def _ranked(percent: float, ends: Mapping[tuple[str, str], FloatArray]) -> tuple[WhyAssumption, ...]:
    """Assumptions that move a side's change most."""
    made = []
    for (name, words), values in ends.items():
        known = [percent, *(float(value) for value in values if np.isfinite(value))]
        low, high = min(known), max(known)
        ends_text = n.signed_percent(low), n.signed_percent(high)
        if ends_text[0] != ends_text[1]:
            text = say("why.between", low=ends_text[0], high=ends_text[1])
            made.append(WhyAssumption(name, words, low, high, text))
    return tuple(sorted(made, key=lambda row: row.low - row.high)[:MOST_ASSUMPTIONS])


def _sentence(side: ScenarioParty, percent: float, rows: Sequence[WhyPart]) -> str:
    """What makes most of a side's change; nothing is attributed where there is next to nothing."""
    name, sign = capital(ENGLISH.country(side.code)), n.sign_of(percent, n.NOTICED_PERCENT)
    if sign == 0:
        return say("why.hardly", name=name, size=n.signed_percent(percent))
    verb = say(f"why.{'loses' if sign < 0 else 'gains'}")
    total = say("why.total", name=name, verb=verb, size=n.percent(percent))
    if len(rows) < 2:
        return say("why.alone", total=total)
    first = max(rows, key=lambda row: sign * row.percent)
    part = (first.name[:1].lower() + first.name[1:]).rstrip(".")
    share = 100.0 * first.percent / percent
    if share > 100.0:
        return say("why.more_than_all", total=total, part=part)
    return say("why.most", total=total, part=part, share=n.percent(share))


def why_csv(found: WhyContext) -> str:
    """Rows of all waterfalls and ranges as CSV.

    Parameters
    ----------
    found : WhyContext
        The context of the page.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("side", "kind", "name", "channel", "percent", "musd", "low_percent", "high_percent"))
    for side in found.sides:
        for part in side.parts:
            cells = (repr(part.percent), repr(part.usd), "", "")
            writer.writerow((side.name, "part", part.name, part.channel, *cells))
        writer.writerow((side.name, "total", "", "", repr(side.percent), repr(side.usd), "", ""))
        for row in side.assumptions:
            writer.writerow(
                (side.name, "assumption", row.name, row.ends, "", "", repr(row.low), repr(row.high))
            )
    return out.getvalue()
