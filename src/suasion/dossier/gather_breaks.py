"""The tables of a dossier that need the model: exit costs, ratios, bystanders, critical levels, power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers.catalogue import say
from suasion.coercion import ExitCost, TieStudy, critical_levels, power
from suasion.coercion.critical import Crossing, Definition
from suasion.dossier.context import Section
from suasion.dossier.gather_measures import absent, number
from suasion.dossier.rows import (
    Alternative,
    CurveRow,
    ElsewhereRow,
    ExitCostRow,
    PowerRow,
    RatioRow,
    ThresholdRow,
)
from suasion.dossier.words import plain_name, possessive
from suasion.errors import ConvergenceError, ShockError
from suasion.world import World

if TYPE_CHECKING:
    from suasion.dossier.gather import Question

ELSEWHERE_HORIZON = "long"


def cut_name(question: Question, cost: ExitCost) -> str:
    """Name a cut tie by the names of its sides; the audience keeps its short label."""
    sides = (side if side == question.audience else question.names[side] for side in (cost.a, cost.b))
    return " - ".join(plain_name(side) for side in sides)


def _costs(study: TieStudy) -> list[tuple[ExitCost, Alternative]]:
    found: list[tuple[ExitCost | None, Alternative]] = [
        (study.partner_open, "open"),
        (study.partner_closed, "closed"),
        (study.audience_open, "open"),
        (study.audience_closed, "closed"),
    ]
    return [(cost, outlet) for cost, outlet in found if cost is not None]


def _no_model(question: Question) -> str:
    return question.say_outside("gather.no_model")


def exit_costs(question: Question, study: TieStudy | None) -> Section[ExitCostRow]:
    """Turn the cuts into rows: both sides, both horizons, outlet open and closed."""
    if study is None:
        return Section(reason=_no_model(question))
    rows = tuple(
        _exit_row(question, cost, outlet, line)
        for cost, outlet in _costs(study)
        for line in cost.table.to_dict("records")
    )
    notes = [say("gather.base_prices")]
    if question.draws:
        notes.append(say("gather.band", draws=question.draws))
    return Section(rows, question.source, notes=tuple(notes))


def _exit_row(
    question: Question, cost: ExitCost, outlet: Alternative, line: Mapping[Any, Any]
) -> ExitCostRow:
    country = str(line["country"])
    return ExitCostRow(
        country=country,
        partner=cost.b if country == cost.a else cost.a,
        cut=cut_name(question, cost),
        horizon=str(line["horizon"]),
        alternative=outlet,
        loss_percent=number(line["loss_percent"]),
        loss_usd=number(line["loss_usd"]),
        low_percent=number(line["low_percent"]),
        high_percent=number(line["high_percent"]),
        low_usd=number(line["low_usd"]),
        high_usd=number(line["high_usd"]),
        reason=str(line["reason"] or ""),
    )


def ratios(question: Question, study: TieStudy | None) -> Section[RatioRow]:
    """Compare the two sides of the pair's cut; the ratio in per cent is that in USD times that of incomes."""
    if study is None:
        return Section(reason=_no_model(question))
    pairs: tuple[tuple[ExitCost | None, Alternative], ...] = (
        (study.partner_open, "open"),
        (study.partner_closed, "closed"),
    )
    rows = tuple(
        _ratio_row(question, cost, outlet, line)
        for cost, outlet in pairs
        if cost is not None
        for line in cost.ratios.to_dict("records")
    )
    return Section(rows, question.source)


def _ratio_row(question: Question, cost: ExitCost, outlet: Alternative, line: Mapping[Any, Any]) -> RatioRow:
    horizon = str(line["horizon"])
    losses = [number(cost.loss(side, horizon)) for side in (cost.a, cost.b)]
    percent, usd, size = (number(line[key]) for key in ("ratio_percent", "ratio_usd", "income_ratio"))
    both = percent is not None and all(loss is not None and loss > 0 for loss in losses)
    flip = both and percent is not None and percent < 1
    values = [None if not both else (1 / v if flip and v else v) for v in (percent, usd, size)]
    return RatioRow(
        cut=cut_name(question, cost),
        horizon=horizon,
        alternative=outlet,
        weaker=cost.b if flip else cost.a,
        stronger=cost.a if flip else cost.b,
        ratio_percent=values[0],
        ratio_usd=values[1],
        income_ratio=values[2],
        clear=not _covers_zero(line["gap_low"], line["gap_high"]),
        clear_usd=not _covers_zero(line["gap_usd_low"], line["gap_usd_high"]),
        reason="" if both else _no_ratio(losses),
    )


def _no_ratio(losses: list[float | None]) -> str:
    return say(f"gather.{'no_equilibrium' if None in losses else 'no_loser'}")


def _covers_zero(low: Any, high: Any) -> bool:
    ends = number(low), number(high)
    return ends[0] is not None and ends[1] is not None and ends[0] <= 0 <= ends[1]


def elsewhere(question: Question, study: TieStudy | None) -> Section[ElsewhereRow]:
    """Take what the pair's cut does to every economy, in the long run."""
    if study is None:
        return Section(reason=_no_model(question))
    table = study.partner_open.elsewhere
    rows = tuple(
        ElsewhereRow(
            country=line["country"],
            name=plain_name(question.names[line["country"]]),
            change_percent=number(line["change_percent"]),
            change_usd=number(line["change_usd"]),
        )
        for line in table[table["horizon"] == ELSEWHERE_HORIZON].to_dict("records")
    )
    return Section(rows, question.source)


def critical(question: Question, world: World) -> tuple[Section[CurveRow], Section[ThresholdRow]]:
    """Draw the cut-off loss against the size of the tie, and find the critical levels."""
    if question.outside:
        return Section(reason=absent(question, world)), Section(reason=absent(question, world))
    try:
        found = critical_levels(world, question.a.code, question.b.code, deficits=question.deficits)
    except (ShockError, ConvergenceError) as error:
        reason = say("gather.no_curves", why=str(error).rstrip("."))
        return Section(reason=reason), Section(reason=reason)
    curves = tuple(_curve_row(line) for line in found.curves.to_dict("records"))
    levels = tuple(_threshold_row(question, line) for line in found.thresholds.to_dict("records"))
    ordered = tuple(sorted(levels, key=lambda row: (row.country != question.a.code, row.horizon != "short")))
    return Section(curves, question.source, notes=(say("gather.balanced"),)), Section(
        ordered, question.source
    )


def _curve_row(line: Mapping[Any, Any]) -> CurveRow:
    return CurveRow(
        country=str(line["country"]),
        horizon=str(line["horizon"]),
        m=float(line["m"]),
        turnover_share_percent=number(line["turnover_share"]),
        loss_percent=number(line["loss_percent"]),
        loss_usd=number(line["loss_usd"]),
        collapse_radius=number(line["collapse_radius"]),
    )


def _threshold_row(question: Question, line: Mapping[Any, Any]) -> ThresholdRow:
    crossing, examined = str(line["crossing"]), number(line["m_examined"])
    at = {} if examined is None else {"m": f"{examined:g}"}
    return ThresholdRow(
        country=str(line["country"]),
        horizon=str(line["horizon"]),
        definition=str(line["definition"]),
        level=_level(question, line),
        m=number(line["m"]),
        turnover_share_percent=number(line["turnover_share"]),
        crossing=crossing,
        level_percent=number(line["level_percent"]),
        m_examined=examined,
        reason="" if crossing == Crossing.REACHED else say(f"table.thresholds.crossing.{crossing}", **at),
    )


def _level(question: Question, line: Mapping[Any, Any]) -> str:
    """The level in words."""
    place, definition = "table.thresholds.levels", line["definition"]
    if definition == Definition.TOLERANCE:
        return say(f"{place}.tolerance", percent=f"{line['level_percent']:g}")
    if definition == Definition.COLLAPSE:
        return say(f"{place}.collapse")
    sides = (question.a, question.b) if line["country"] == question.a.code else (question.b, question.a)
    own, other = (possessive(party.name) for party in sides)
    return say(f"{place}.{line['measured_in']}", own=own, other=other)


def powers(question: Question, world: World, study: TieStudy | None) -> Section[PowerRow]:
    """Set the power formula beside the loss in the model, for both sides and horizons."""
    if study is None:
        return Section(reason=_no_model(question))
    pairs = ((question.b.code, question.a.code), (question.a.code, question.b.code))
    rows = []
    for holder, target in pairs:
        for horizon in ("short", "long"):
            line = power(world, holder, target, horizon).to_dict("records")[0]
            loss = number(study.partner_open.loss(target, horizon))
            formula = number(line["formula_percent"])
            reason = "" if formula is not None else say("gather.all_supply")
            rows.append(PowerRow(holder, target, horizon, formula, loss, reason))
    return Section(tuple(rows), question.source, notes=(say("gather.power"),))
