"""What the tariffs of a day cost, who pays them, and what it would be worth to take each partner's away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.acts import acts_in_force
from suasion.questions.bands import behind, certified, few, ranged
from suasion.questions.posed import elsewhere, outside, posed
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, State, question
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    from suasion.coercion.tariff_study import TariffStudy
    from suasion.world import World

EARLY = "2025"
"""First days before it are of the tariffs of 2018 and 2019."""
RATES = "imports_musd base_tariff_percent tariff_percent adjusted_tariff_percent duty_musd"


@question
def tariffs(
    state: State,
    *,
    day: str = "",
    horizon: str = "long",
    draws: Bands = 32,
    seed: Count = 1,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What a state charges on a day, by partner and industry, what that costs everybody, and who pays.

    Parameters
    ----------
    state : State
        Who charges. What was added is known by day of the United States since February 2025, and of the United States
        and China in 2018 and 2019; of all others the applied rates of the year before the day are shown.
    day : str
        As 2026-07-22, from 2012 on; the last that is known without it.
    horizon : str
        months, short (one year) or long (ten years).

    Returns
    -------
    Answer
        Tables ``tariff-partners``, ``tariff-industries``, ``tariff-cost``, ``tariff-payers`` and ``tariff-removals``
        (what it would be worth to take a partner's away); the first two alone where nothing is known to have been
        added. ``acts-in-force`` has acts of the state, and on it, that hold on the day and are in no rate.

    Examples
    --------
    >>> small = su.load_world().select(["USA", "CHN", "DEU", "RUS", "AUS"])
    >>> su.tariffs("USA", day="2026-07-22", world=small)
    <Answer tariffs USA 2026-07-22 2025-02-04 2023: tariff-partners (...>
    """
    from suasion.coercion.tariff_study import tariff_study
    from suasion.equilibrium.in_force import added_scenario, day_of, first_of, imposers, next_of
    from suasion.sources.tariffs import us_days

    when = day_of(day or us_days()[-1])
    first = first_of(when) or next_of(when)
    asked: dict[str, Value] = {"state": Country(state), "day": when.isoformat(), "first": first}
    economy = posed(_before(world, when), given, elasticities, factors, deficits)
    asked["year"] = economy.year
    if absent := outside("tariffs", [state], economy):
        return Answer("tariffs", asked, absent=absent)
    scenario = added_scenario(economy, when)
    if scenario is None or state not in imposers(scenario):
        return _applied(economy, state, when, asked, none=scenario is None)
    other = elsewhere(world, economy.year, given, elasticities, factors, deficits)
    found = tariff_study(economy, scenario, state, when, horizon, deficits, draws, seed, progress, other)
    return _answer(found, economy, asked, draws)


def _applied(economy: World, state: str, day: date, asked: dict[str, Value], none: bool) -> Answer:
    """Rates of the year before, where nothing was added, or nothing is known of what a state added."""
    from suasion.coercion.tariff_study import ImportRates

    rates = ImportRates.held(economy, state)
    mean = Quantity(rates.whole()["base_tariff_percent"], "percent")
    key = "tariffs.nothing" if none else "tariffs.unknown"
    columns = "imports_musd tariff_percent=base_tariff_percent"
    return Answer(
        "tariffs",
        asked,
        (Finding("tariffs.applied", {**asked, "rate": mean}, weight=MAIN), Finding(key, asked, caution=True)),
        (
            Table.of(
                "tariff-partners",
                f"partner=partner {columns}",
                rates.by_partner(),
                axes="partner",
                values=asked,
            ),
            Table.of(
                "tariff-industries",
                f"industry=sector {columns}",
                rates.by_industry(),
                axes="industry",
                values=asked,
                detail=True,
            ),
            *acts_in_force(state, day, asked),
        ),
        sources=_sources(economy, "applied"),
    )


def _kind(asked: dict[str, Value]) -> str:
    """Of which tariffs a day is."""
    return "early" if str(asked["first"]) < EARLY else "since"


def _sources(economy: World, kind: str) -> tuple[Source, ...]:
    """Whose the rates are, those of the day and those beneath it, and whose the flows."""
    world = Source("world.source", economy.provenance.dataset, economy.year)
    return (Source(f"tariffs.source.{kind}"), world)


def _answer(found: TariffStudy, economy: World, asked: dict[str, Value], draws: int) -> Answer:
    from suasion.sources.tariffs import COLLECTED

    limits = Finding(
        f"tariffs.limits.{_kind(asked)}", {**asked, "weights": COLLECTED}, weight=DETAIL, caution=True
    )
    return Answer(
        "tariffs",
        asked,
        (*_findings(found, asked), *few(draws), limits),
        (
            *_rates(found, asked),
            *_changes(found, asked, draws),
            *acts_in_force(found.imposer, found.day, asked),
        ),
        sources=_sources(economy, _kind(asked)),
        checks=(certified(found.result.horizon, found.result.certificate.residual),),
        result=found,
    )


def _before(world: World | None, when: Any) -> World:
    """The world that is asked: that of the last year before the day at its tariffs, unless another is given."""
    from suasion.equilibrium.in_force import world_before
    from suasion.world import load_world

    return world_before(when) if world is None or world.checksum == load_world().checksum else world


def _findings(found: TariffStudy, asked: dict[str, Value]) -> Iterator[Finding]:
    """The mean rate, what it changes for the state, who pays, who loses most, and what would come off."""
    from suasion.coercion.tariff_study import whole

    mean = whole(found)
    rates: dict[str, Value] = {
        name: Quantity(mean[column], "percent")
        for name, column in (
            ("before", "base_tariff_percent"),
            ("rate", "tariff_percent"),
            ("adjusted", "adjusted_tariff_percent"),
        )
    }
    yield Finding(f"tariffs.rate.{_kind(asked)}", {**asked, **rates}, weight=MAIN)
    yield from _beside(found, asked)
    rows = found.welfare.set_index("country", drop=False)
    own = ranged(rows.loc[found.imposer], "welfare_change_percent", "change")
    paid = found.payers.set_index("payer")
    yield Finding(
        "tariffs.own",
        {
            **asked,
            "change": own,
            "treasury": ranged(paid.loc["treasury"], "welfare_musd", "musd_change"),
            "users": ranged(paid.loc["users"], "welfare_musd", "musd_change"),
            "terms": Quantity(found.terms, "change"),
        },
        weight=USUAL + 0.5,
    )
    yield from _turns(found, asked)
    first = found.welfare.iloc[0]
    lost = ranged(first, "welfare_change_percent", "change")
    yield Finding("tariffs.least", {"who": Country(str(first["country"])), "change": lost}, weight=USUAL)
    removals = found.removals.to_dict("records")
    best = max(removals, key=lambda row: row["removal_partner_percent"])
    yield Finding("tariffs.removal", {**asked, **_worth(best)})
    gain = max(removals, key=lambda row: row["removal_own_percent"])
    key = "tariffs.best" if gain["removal_own_percent"] > 0.0 else "tariffs.kept"
    yield Finding(key, {**asked, **{name: it for name, it in _worth(gain).items() if name != "theirs"}})


def _turns(found: TariffStudy, asked: dict[str, Value]) -> Iterator[Finding]:
    """Say on which other basis gain and loss of who charges change places."""
    first, *others = found.verdicts.to_dict("records")
    own = ranged(first, "welfare_change_percent", "change")
    for row in others:
        there = ranged(row, "welfare_change_percent", "change")
        if first["welfare_change_percent"] * row["welfare_change_percent"] < 0.0:
            basis = row["verdict_basis"]
            values = {**asked, "change": own, "there": there, "other": int(row["flows_year"])}
            yield Finding(f"tariffs.turns.{basis}", values, weight=USUAL + 0.4, caution=True)


def _beside(found: TariffStudy, asked: dict[str, Value]) -> Iterator[Finding]:
    """The mean by the source's own weights; of 2018 and 2019 the rate on China, as paid and by the list."""
    from suasion.coercion.tariff_study import on_list
    from suasion.sources.tariffs import COLLECTED, us_mean
    from suasion.world.applied import USA

    if _kind(asked) == "since":
        printed = Quantity(us_mean(found.day), "percent")
        yield Finding("tariffs.printed", {"printed": printed, "weights": COLLECTED})
    elif found.imposer == USA and (listed := on_list(found)) is not None:
        row = found.partners.set_index("partner").loc["CHN"]
        paid = Quantity(float(str(row["tariff_percent"])), "percent")
        yield Finding("tariffs.listed", {"paid": paid, "listed": Quantity(listed, "percent")})


def _worth(row: Any) -> dict[str, Value]:
    return {
        "partner": Country(str(row["partner"])),
        "own": ranged(row, "removal_own_percent", "change"),
        "theirs": ranged(row, "removal_partner_percent", "change"),
    }


def _rates(found: TariffStudy, asked: dict[str, Value]) -> Iterator[Table]:
    """By partner and industry."""
    yield Table.of(
        "tariff-partners",
        f"partner=partner {RATES}",
        found.partners,
        axes="partner",
        values=asked,
        picture=Picture("ranges", "tariff_percent", "partner"),
        brief="partner imports_musd base_tariff_percent tariff_percent adjusted_tariff_percent",
    )
    yield Table.of(
        "tariff-industries",
        f"industry=sector {RATES}",
        found.industries,
        axes="industry",
        values=asked,
        detail=True,
    )


def _changes(found: TariffStudy, asked: dict[str, Value], draws: int) -> Iterator[Table]:
    """What they change: of everybody, for whom, on what basis, and by partner."""
    yield Table.of(
        "tariff-cost",
        "country welfare_change_percent welfare_musd",
        found.welfare,
        axes="country",
        values=asked,
        picture=Picture("ranges", "welfare_change_percent", "country"),
        notes=behind(draws),
        detail=True,
    )
    yield Table.of("tariff-payers", "payer welfare_musd", found.payers, axes="payer", values=asked)
    yield Table.of(
        "tariff-verdicts",
        "verdict_basis flows_year welfare_change_percent",
        found.verdicts,
        axes="verdict_basis",
        values=asked,
        detail=True,
    )
    yield Table.of(
        "tariff-removals",
        "partner removal_own_percent removal_partner_percent",
        found.removals,
        axes="partner",
        values=asked,
    )
