"""What each of two sides loses when all trade between them stops, with the other outlet open and closed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    Answer,
    Check,
    Country,
    Finding,
    Industry,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.bands import BESIDE, certified, when_of
from suasion.questions.losses import (
    BANDS,
    OUTLETS,
    UNITS,
    cuts_of,
    elsewhere_of,
    findings,
    with_shipped_ranges,
)
from suasion.questions.posed import TiePair, pair_outside, posed, tie_pair
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Side, Texts, question
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    from suasion.coercion import ExitCost, TieStudy
    from suasion.sources.macro import Item
    from suasion.world import World


@question
def exit_cost(
    a: Side,
    b: Side,
    *,
    audience: Texts = ("USA", "EU"),
    horizon: str = "both",
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What each of two sides loses when all trade between them stops, and who else loses or gains.

    A group acts as one: its members keep trading with each other, and its loss is that of all of them.

    Parameters
    ----------
    audience : tuple of str
        States and groups whose markets are the other outlet of the first state; none for no other outlet.
    horizon : str
        months, short (one year), long (ten years), both (short and long), or years since the cut.

    Returns
    -------
    Answer
        Tables ``exit-costs``, ``exit-audience`` (where there is an audience), ``loss-ratios``, ``elsewhere`` and
        ``power``; empty where a state is not in the world's table.

    Examples
    --------
    >>> su.exit_cost("ASEAN", "CHN", horizon="long", world=su.load_world("g20"))
    <Answer exit_cost ASEAN CHN: exit-costs (...>
    """
    from suasion.coercion import study_ties

    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    pair = tie_pair(a, b, audience, economy)
    asked: dict[str, Value] = {"a": Country(pair.a), "b": Country(pair.b)}
    if absent := pair_outside("exit_cost", pair.a, pair.b, economy):
        return Answer("exit_cost", asked, absent=absent)
    study = study_ties(
        economy, pair.a, pair.b, list(pair.tokens) or None, horizon,
        deficits=deficits, draws=draws, seed=seed, progress=progress,
    )  # fmt: skip
    if not draws and deficits == "balance":
        study = with_shipped_ranges(study, economy)
    report = StudyReport(pair, study, draws)
    return Answer(
        "exit_cost",
        asked,
        (*findings(pair, study, draws), *_beside(pair, study, economy, deficits)),
        (*report.losses(economy), report.ratios(), report.elsewhere(), _power(pair, study, economy)),
        sources=(Source("world.source", economy.provenance.dataset, economy.year),),
        checks=tuple(_checks(study)),
        result=study,
    )


def _beside(pair: TiePair, study: TieStudy, world: World, deficits: DeficitRule) -> Iterator[Finding]:
    """Whom a loss falls on, and what it does not count."""
    yield from _residents(pair, study, world, deficits)
    yield from _beside_trade(pair, world)


MOSTLY_RESIDENTS = 0.9
"""Income of residents over domestic product below which a loss is told for residents, too (assumption, .85 to .95)."""


def _residents(pair: TiePair, study: TieStudy, world: World, deficits: DeficitRule) -> Iterator[Finding]:
    """What of the loss falls on residents, and what of it is goods, where owners abroad receive much of a product."""
    from suasion.sources.macro import macro

    table, cost = macro("gni_over_gdp"), study.partner_open
    longest = str(cost.ratios["horizon"].iloc[-1])
    for side, other in ((pair.a, pair.b), (pair.b, pair.a)):
        known = table.T[side].dropna().loc[: world.year] if side in table.index else None
        share = 1.0 if known is None or known.empty else float(known.to_numpy()[-1])
        if known is None or share >= MOSTLY_RESIDENTS or not {side, other} <= set(world.countries):
            continue
        loss = cost.loss(side, longest)
        values: dict[str, Value] = {
            "a": Country(side),
            "b": Country(other),
            "year": int(known.index[-1]),
            "when": when_of(longest),
            "share": Quantity(100.0 * share, "percent"),
            "loss": Quantity(loss, "percent"),
            "kept": Quantity(loss * share, "percent"),
            "goods": Quantity(_without_goods(world, side, other, longest, deficits), "percent"),
        }
        yield Finding("exit_cost.residents", values, weight=0.5)


def _without_goods(world: World, side: str, other: str, horizon: str, deficits: DeficitRule) -> float:
    """Loss of a state in per cent where the two trade no goods, and services as before."""
    from suasion.equilibrium import Scenario, simulate
    from suasion.equilibrium.scenario.bans import Embargo

    goods = [code for code in world.sectors if code < "D"]
    found = simulate(
        world, Scenario("goods", (Embargo(side, [other], sectors=goods),)), horizon, deficits=deficits
    )
    return -float(found.welfare.sel(country=side))


def _beside_trade(pair: TiePair, world: World) -> Iterator[Finding]:
    """What a state receives or owes that no loss of trade counts, where it is large: the loss is a floor."""
    from suasion.sources.macro import macro

    products = macro("gdp")
    for side, other in ((pair.a, pair.b), (pair.b, pair.a)):
        for item, (key, least) in BESIDE_TRADE.items():
            table = macro(item)
            known = table.T[side].dropna().loc[: world.year] if side in table.index else None
            if known is None or known.empty:
                continue
            year, value = int(known.index[-1]), float(known.to_numpy()[-1])
            money = item != "debt_service_pct_exports"
            product = float(products.reindex([side], columns=[year]).to_numpy()[0, 0])
            share = 100.0 * value / product if money else value
            if share < least or not math.isfinite(share):
                continue
            values: dict[str, Value] = {"a": Country(side), "b": Country(other), "year": year}
            values["share"] = Quantity(share, "percent")
            values |= {"amount": Quantity(value, "musd")} if money else {}
            yield Finding(f"exit_cost.{key}", values, weight=0.45)


BESIDE_TRADE: dict[Item, tuple[str, float]] = {
    "remittances_received": ("remittances", 5.0),
    "oda_received": ("aid", 5.0),
    "debt_service_pct_exports": ("debt_service", 20.0),
}
"""What is no trade: its sentence, and the per cent of the domestic product, or of exports, from which it is told
(assumption, 3 to 10 and 15 to 30)."""


def _checks(study: TieStudy) -> Iterator[Check]:
    """Gaps of every equilibrium, recomputed by code that shares nothing with the solver."""
    for outlet, cost in cuts_of(study):
        for horizon, check in cost.certificates.items():
            yield certified(f"{cost.a}-{cost.b} {horizon} {outlet}", check.residual)


@dataclass(frozen=True, slots=True)
class StudyReport:
    """A study of ties as tables and findings.

    draws: Draws behind its bands.
    """

    pair: TiePair
    study: TieStudy
    draws: int

    def losses(self, world: World) -> Iterator[Table]:
        """Losses of both sides: from the pair's cut, and from that of the first side and the audience."""
        for key, outlet, costs in (
            ("exit-costs", self.pair.audience, (self.study.partner_open, self.study.partner_closed)),
            ("exit-audience", self.pair.b, (self.study.audience_open, self.study.audience_closed)),
        ):
            solved = [(place, cost) for place, cost in zip(OUTLETS, costs, strict=True) if cost]
            bands = any(cost.table["low_percent"].notna().any() for _, cost in solved)
            rows = [row for place, cost in solved for row in _rows(cost, place, bands)]
            if rows:
                first, other = rows[0]["country"], rows[0]["partner"]
                yield Table.of(
                    key,
                    "horizon outlet country partner loss_percent loss_musd cost_status failed_draws capital_percent "
                    "flags replacement_percent no_switching_percent",
                    sorted(rows, key=lambda row: [one["horizon"] for one in rows].index(row["horizon"])),
                    axes="horizon outlet country",
                    picture=Picture("ranges", "loss_percent", "outlet", series="country", panel="horizon"),
                    values={"a": Country(first), "b": Country(other)},
                    notes=tuple(self._notes(outlet, world, bands)),
                    brief="horizon outlet country loss_percent loss_musd",
                )

    def _notes(self, outlet: str, world: World, bands: bool) -> Iterator[Finding]:
        from suasion.world.every_state import doubt_of

        if outlet != self.pair.b:
            yield Finding("exit_cost.base_prices")
        if self.pair.audience:
            yield Finding("exit_cost.closed", {"outlet": Country(outlet)})
        for group, out in self.pair.without(world):
            yield Finding("exit_cost.without", {"group": Country(group), "out": out})
        if self.draws:
            yield Finding("exit_cost.band", {"draws": Quantity(self.draws, "count")})
        elif bands:
            estimated = doubt_of(world, self.pair.a, (self.pair.b,)) or doubt_of(
                world, self.pair.b, (self.pair.a,)
            )
            yield Finding("exit_cost.estimated_range" if estimated else "exit_cost.shipped_range")
            yield from self._doubt(world)

    def _doubt(self, world: World) -> Iterator[Finding]:
        """Whether the table's trade of the pair is off customs by more than the ranges hold, or an estimate."""
        from suasion.coercion import loss_interval
        from suasion.world.apart import facts_between

        found = loss_interval(world, self.pair.a, self.pair.b)
        if found is not None and found.flag in ("below", "above", "estimated"):
            yield Finding(
                f"exit_cost.trade_{found.flag}", {"a": Country(found.country), "b": Country(found.partner)}
            )
        for row in facts_between(world, self.pair.a, self.pair.b).to_dict("records"):
            values: dict[str, Value] = {"a": Country(row["exporter"]), "b": Country(row["importer"])}
            values |= {name: Quantity(float(row[name]), "musd") for name in ("world", "record")}
            values |= {"why": Word("apart", row["reason"])}
            values |= {"industry": Industry(row["industry"])} if row["industry"] else {}
            yield Finding("exit_cost.apart_mined" if row["industry"] else "exit_cost.apart", values)

    def ratios(self) -> Table:
        """How lopsided the pair's cut is, and how much of that is mere size."""
        return Table.of(
            "loss-ratios",
            "horizon outlet weaker ratio_percent ratio_musd income_ratio ratio_status weaker_share",
            [
                _ratio(cost, outlet, line)
                for outlet, cost in list(cuts_of(self.study))[: 2 if self.study.partner_closed else 1]
                for line in cost.ratios.to_dict("records")
            ],
            axes="horizon outlet",
            notes=(Finding("exit_cost.split"),),
            draws={"weaker_share": self.draws} if self.draws else None,
            brief="horizon outlet weaker ratio_percent ratio_musd income_ratio ratio_status",
        )

    def elsewhere(self) -> Table:
        """What the pair's cut does to every economy, those that move most first."""
        moved = elsewhere_of(self.study)
        order = moved["change_percent"].abs().sort_values(ascending=False, kind="stable").index
        return Table.of(
            "elsewhere",
            "country change_percent change_musd=change_usd",
            moved.loc[order],
            axes="country",
            values={
                "a": Country(self.pair.a),
                "b": Country(self.pair.b),
                "when": when_of(str(moved["horizon"].iloc[0])),
            },
        )


def _rows(cost: ExitCost, outlet: str, bands: bool) -> Iterator[dict[str, Any]]:
    """Losses of both sides of one cut, with bands where there were draws."""
    for line in cost.table.to_dict("records"):
        yield {
            "horizon": line["horizon"],
            "outlet": outlet,
            "country": line["country"],
            "partner": cost.b if line["country"] == cost.a else cost.a,
            **{f"loss_{ours}": line[f"loss_{theirs}"] for ours, theirs in UNITS.items()},
            **({ours: line[theirs] for ours, theirs in BANDS.items()} if bands else {}),
            "cost_status": "no_equilibrium" if line["reason"] else "solved",
            "failed_draws": line["failed_draws"],
            **{name: line[name] for name in BESIDE},
        }


def _ratio(cost: ExitCost, outlet: str, line: Mapping[Any, Any]) -> dict[str, Any]:
    """The two sides of the pair's cut compared, the one that loses more in per cent over the other."""
    losses = [cost.loss(side, line["horizon"]) for side in (cost.a, cost.b)]
    row = {"horizon": line["horizon"], "outlet": outlet}
    blank = dict.fromkeys(("weaker", "ratio_percent", "ratio_musd", "income_ratio", "weaker_share"))
    if not all(map(math.isfinite, losses)):
        return {**row, **blank, "ratio_status": "no_equilibrium"}
    if not min(losses) > 0:
        return {**row, **blank, "ratio_status": "no_loser"}
    flip = line["ratio_percent"] < 1
    names = {"ratio_percent": "ratio_percent", "ratio_musd": "ratio_usd", "income_ratio": "income_ratio"}
    ratios = {
        ours: 1 / line[theirs] if flip and line[theirs] else line[theirs] for ours, theirs in names.items()
    }
    clear = not Quantity(1.0, "percent", line["gap_low"], line["gap_high"]).covers_zero
    share = 1 - line["first_share"] if flip else line["first_share"]
    return {
        **row,
        "weaker": cost.b if flip else cost.a,
        "weaker_share": share,
        **ratios,
        "ratio_status": "clear" if clear else "unclear",
    }


def _power(pair: TiePair, study: TieStudy, world: World) -> Table:
    """The loss that either side can inflict: by the partial formula, and in the model."""
    from suasion.coercion import power

    rows = []
    for holder, target in ((pair.b, pair.a), (pair.a, pair.b)):
        for horizon in study.partner_open.ratios["horizon"]:
            formula = power(world, holder, target, horizon)["formula_percent"].iloc[0]
            rows.append(
                {
                    "holder": holder,
                    "target": target,
                    "horizon": horizon,
                    "formula_percent": formula if math.isfinite(formula) else None,
                    "loss_percent": study.partner_open.loss(target, horizon),
                }
            )
    return Table.of(
        "power",
        "holder target horizon formula_percent loss_percent",
        rows,
        axes="holder target horizon",
        notes=(Finding("exit_cost.power"),),
    )
