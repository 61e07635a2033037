"""Draw the conclusions of a dossier: typed claims from its tables."""

from __future__ import annotations

from dataclasses import replace

from suasion.answers import numbers as n
from suasion.answers.catalogue import say, template
from suasion.coercion.critical import Crossing
from suasion.dossier.claims import (
    Absent,
    Alternative,
    Asymmetry,
    Claim,
    Dependence,
    Elsewhere,
    Exposed,
    Quantity,
    Threshold,
    Trend,
)
from suasion.dossier.context import Dossier
from suasion.dossier.rows import ElsewhereRow, ExitCostRow, MaterialRow, ThresholdRow
from suasion.dossier.tables import TOLD_LEVEL
from suasion.dossier.words import horizon_phrase, possessive, with_names

SPAN = 11
"""Years before the last one from which a share's movement is told (2013 to 2024), where there are data."""
ALL_MATERIALS = "All materials"
"""The group of all, as the measures of raw materials name it."""
LEAST_MUSD = 10.0
"""Trade in a group of materials, million USD, below which its movement is not worth a sentence."""
LEAST_SHARE = 1.0
"""Per cent that a share must reach at one end for its movement to be worth a sentence."""
LARGE_INDUSTRY = 0.005


def conclude(dossier: Dossier) -> Dossier:
    """Return the dossier with its conclusions; the first one answers its question."""
    outside = not dossier.exit_costs  # then the trade that is known answers better than what is not
    trends = _trends(dossier)
    found = (
        *(trends if outside else ()),
        *_break(dossier),
        *_shares(dossier),
        *_alternatives(dossier),
        *(() if outside else trends),
        *_elsewhere(dossier),
        *_exposed(dossier),
        *_thresholds(dossier),
    )
    # A caution that a number lies beyond the model stands before all others.
    beyond = template("caveat.extreme").partition("{")[0]
    told = sorted(dossier.caveats, key=lambda caveat: not caveat.startswith(beyond))
    caveats = tuple(with_names(caveat, dossier.names) for caveat in told)
    return replace(dossier, summary=found, caveats=caveats)


def _row(dossier: Dossier, country: str, partner: str, horizon: str, outlet: str) -> ExitCostRow | None:
    asked = (country, partner, horizon, outlet)
    rows = dossier.exit_costs.rows
    return next((r for r in rows if (r.country, r.partner, r.horizon, r.alternative) == asked), None)


def percent_of(row: ExitCostRow | None) -> Quantity:
    """Loss of a row in per cent, with its band."""
    if row is None:
        return Quantity(None, "percent")
    return Quantity(row.loss_percent, "percent", row.low_percent, row.high_percent)


def usd_of(row: ExitCostRow | None) -> Quantity:
    """Loss of a row in million USD, with its band."""
    return (
        Quantity(None, "musd") if row is None else Quantity(row.loss_usd, "musd", row.low_usd, row.high_usd)
    )


def _break(dossier: Dossier) -> list[Claim]:
    if not dossier.exit_costs:
        both = say("claim.absent.break", a=dossier.a.name, b=dossier.b.name)
        return [Absent("", both, dossier.exit_costs.reason[:1].lower() + dossier.exit_costs.reason[1:])]
    claims: list[Claim] = [_asymmetry(dossier, horizon) for horizon in ("long", "short")]
    return claims


def _asymmetry(dossier: Dossier, horizon: str) -> Claim:
    a, b = dossier.a.code, dossier.b.code
    mine, theirs = _row(dossier, a, b, horizon, "open"), _row(dossier, b, a, horizon, "open")
    if mine is None or theirs is None or mine.loss_percent is None or theirs.loss_percent is None:
        reason = (mine.reason if mine else "") or say("claim.absent.no_equilibrium")
        return Absent("", say("claim.absent.run", when=horizon_phrase(horizon)), reason)
    asked = (horizon, "open")
    ratio = next((r for r in dossier.ratios.rows if (r.horizon, r.alternative) == asked), None)
    size = None
    if ratio and ratio.income_ratio:
        size = ratio.income_ratio if ratio.weaker == a else 1 / ratio.income_ratio
    return Asymmetry(
        source=dossier.exit_costs.source,
        a=dossier.a.name,
        b=dossier.b.name,
        percent_a=percent_of(mine),
        percent_b=percent_of(theirs),
        usd_a=usd_of(mine),
        usd_b=usd_of(theirs),
        size=size,
        horizon=horizon,
        clear=ratio.clear if ratio else True,
        clear_usd=ratio.clear_usd if ratio else True,
    )


def _shares(dossier: Dossier) -> list[Claim]:
    found = {row.country: row for row in dossier.shares.rows if row.measure == "turnover"}
    a, b = found.get(dossier.a.code), found.get(dossier.b.code)
    if a is None or b is None:
        return []
    return [
        Dependence(
            source=dossier.shares.source,
            a=dossier.a.name,
            b=dossier.b.name,
            share_a=Quantity(a.share_percent, "share"),
            share_b=Quantity(b.share_percent, "share"),
            total=say("claim.dependence.turnover"),
            scope=f"{a.of}, {dossier.provenance.year}",
        )
    ]


def _alternatives(dossier: Dossier) -> list[Claim]:
    """What the other outlet is worth to the first side, seen from the pair's tie and from the audience's."""
    a, b = dossier.a.code, dossier.b.code
    label = next((r.partner for r in dossier.exit_costs.rows if r.country == a and r.partner != b), "")
    plan = [(b, dossier.audience_name, horizon) for horizon in ("short", "long")] if label else []
    if label and _noticed(_row(dossier, a, b, "long", "open")):
        plan.append((label, dossier.b.name, "long"))
    made = []
    for partner, outlet, horizon in plan:
        rows = [_row(dossier, a, partner, horizon, alternative) for alternative in ("open", "closed")]
        if any(_noticed(row) for row in rows) and all(percent_of(row).known for row in rows):
            made.append(_alternative(dossier, rows[0], rows[1], outlet))
    return made


def _noticed(row: ExitCostRow | None) -> bool:
    """Whether a loss is large enough to be told with a direction word."""
    return row is not None and abs(row.loss_percent or 0.0) >= n.NOTICED_PERCENT


def _alternative(dossier: Dossier, first: ExitCostRow | None, last: ExitCostRow | None, outlet: str) -> Claim:
    assert first is not None
    return Alternative(
        source=dossier.exit_costs.source,
        country=dossier.a.name,
        partner=dossier.name(first.partner),
        outlet=outlet,
        open=percent_of(first),
        closed=percent_of(last),
        open_usd=usd_of(first),
        closed_usd=usd_of(last),
        horizon=first.horizon,
        overlap=_overlap(percent_of(first), percent_of(last)),
    )


def _overlap(x: Quantity, y: Quantity) -> bool:
    """Whether two bands overlap; never without bands."""
    if x.low is None or x.high is None or y.low is None or y.high is None:
        return False
    return max(x.low, y.low) <= min(x.high, y.high)


def _trends(dossier: Dossier) -> list[Claim]:
    pairs = ((dossier.a.code, dossier.b.code), (dossier.b.code, dossier.a.code))
    found = (_trend(dossier, seller, buyer) for seller, buyer in pairs)
    return [claim for claim in found if claim is not None]


def _trend(dossier: Dossier, seller: str, buyer: str) -> Claim | None:
    """Movement of the buyer's share in what the seller exports of the group that weighed most at either end."""
    rows = [row for row in dossier.materials.rows if (row.seller, row.buyer) == (seller, buyer)]
    known = [row for row in rows if row.export_share_percent is not None and row.group != ALL_MATERIALS]
    ends = [
        _ends(sorted((row for row in known if row.group == group), key=lambda row: row.year))
        for group in dict.fromkeys(row.group for row in known)
    ]
    if not ends:
        return None
    first, last = max(ends, key=_weight)
    shares = [row.export_share_percent or 0.0 for row in (first, last)]
    if first.year == last.year or _weight((first, last)) < LEAST_MUSD or max(shares) < LEAST_SHARE:
        return None
    group = f"{first.group[:1].lower()}{first.group[1:]}"
    return Trend(
        source=dossier.materials.source,
        holder=dossier.name(buyer),
        whole=say("claim.trend.whole", sellers=possessive(dossier.name(seller)), group=group),
        first=Quantity(first.export_share_percent, "share"),
        last=Quantity(last.export_share_percent, "share"),
        first_year=first.year,
        last_year=last.year,
    )


def _weight(ends: tuple[MaterialRow, MaterialRow]) -> float:
    return max(row.value_musd or 0.0 for row in ends)


def _ends(series: list[MaterialRow]) -> tuple[MaterialRow, MaterialRow]:
    last = series[-1]
    start = next((row for row in series if row.year >= last.year - SPAN), series[0])
    return start, last


def _elsewhere(dossier: Dossier) -> list[Claim]:
    pair = {dossier.a.code, dossier.b.code}
    rows = [
        row for row in dossier.elsewhere.rows if row.country not in pair and row.change_percent is not None
    ]
    if not rows:
        return []
    signs = [n.sign_of(row.change_percent or 0.0, n.NOTICED_PERCENT) for row in rows]
    worst, best = (choose(rows, key=lambda row: row.change_percent or 0.0) for choose in (min, max))
    loser, gainer = (worst if min(signs) < 0 else None), (best if max(signs) > 0 else None)
    return [
        Elsewhere(
            source=dossier.elsewhere.source,
            losers=Quantity(signs.count(-1), "count"),
            gainers=Quantity(signs.count(1), "count"),
            unmoved=Quantity(signs.count(0), "count"),
            loser=dossier.name(loser.country) if loser else "",
            gainer=dossier.name(gainer.country) if gainer else "",
            largest_loss=_size(loser, "percent"),
            largest_gain=_size(gainer, "percent"),
            largest_loss_usd=_size(loser, "musd"),
            largest_gain_usd=_size(gainer, "musd"),
            horizon=dossier.elsewhere_horizon,
        )
    ]


def _size(row: ElsewhereRow | None, unit: str) -> Quantity:
    if row is None:
        return Quantity(None, "percent")
    if unit == "percent":
        return Quantity(abs(row.change_percent or 0.0), "percent")
    return Quantity(None if row.change_usd is None else abs(row.change_usd), "musd")


def _exposed(dossier: Dossier) -> list[Claim]:
    made = []
    for party, other in ((dossier.a, dossier.b), (dossier.b, dossier.a)):
        rows = [row for row in dossier.exposure.rows if row.country == party.code]
        floor = LARGE_INDUSTRY * sum(row.output_usd for row in rows)
        large = [row for row in rows if row.output_usd >= floor and row.look_through_percent is not None]
        top = max(large, key=lambda row: row.look_through_percent or 0.0, default=None)
        if top is not None and (top.look_through_percent or 0.0) >= n.TINY_SHARE:
            made.append(
                Exposed(
                    source=dossier.exposure.source,
                    country=party.name,
                    partner=other.name,
                    sector=top.sector_name[:1].lower() + top.sector_name[1:],
                    direct=Quantity(top.direct_percent, "share"),
                    look_through=Quantity(top.look_through_percent, "share"),
                    pool=say("claim.exposed.pool"),
                )
            )
    return list(made)


def _thresholds(dossier: Dossier) -> list[Claim]:
    ms = [row.m for row in dossier.curves.rows]
    if not ms:
        return []
    return [
        Threshold(
            source=dossier.thresholds.source,
            country=party.name,
            partner=other.name,
            level=say("claim.threshold.level"),
            m=row.m,
            smallest=min(ms),
            largest=max(ms),
            share=Quantity(row.turnover_share_percent, "share"),
            horizon=row.horizon,
            passed=row.crossing == Crossing.PASSED_ALREADY,
        )
        for party, other in ((dossier.a, dossier.b), (dossier.b, dossier.a))
        for row in dossier.thresholds.rows
        if row.country == party.code and row.level_percent == TOLD_LEVEL
        if row.crossing != Crossing.NOT_COMPUTED and not (row.horizon == "long" and _never(dossier, row))
    ]


def _never(dossier: Dossier, long: ThresholdRow) -> bool:
    """Whether the short run, whose losses are larger, does not reach the level either: that is told once."""
    return long.crossing == Crossing.NOT_REACHED and any(
        row.country == long.country
        and row.level_percent == long.level_percent
        and row.horizon == "short"
        and row.crossing == Crossing.NOT_REACHED
        for row in dossier.thresholds.rows
    )
