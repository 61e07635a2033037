"""The tariffs that all states would set against each other, and what they would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, USUAL, Answer, Country, Finding, Picture, Quantity, Source, Table, Value
from suasion.questions.bands import behind, beyond, few, ranged
from suasion.questions.posed import elsewhere, outside, posed, side_of
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Texts, question
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    from suasion.coercion.frontier.response import TariffWar
    from suasion.world import World

SOURCES = (Source("tariff_war.source"),)

MOST = 15
"""States that are drawn."""


@question
def tariff_war(
    *,
    players: Texts = (),
    horizon: str = "long",
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """The tariffs of a war of all against all: each state's best answer to all others', and what it costs.

    Parameters
    ----------
    players : tuple of str
        States and groups that alone set tariffs, by group of goods, with inputs and several factors; without them all
        states do, one rate each, in a theory of one factor.
    horizon : str
        Of a war of players: months, short (first year), long, or years since the shock.

    Returns
    -------
    Answer
        Table ``tariffs``, one row a state, and ``tariff-losses``, those that lose the most; with players
        ``war-outcomes`` and ``war-rates``.

    Examples
    --------
    >>> su.tariff_war(players=["USA", "CHN"], world=su.load_world("g20"))
    <Answer tariff_war 2019 USA+CHN: war-outcomes (...>
    """
    from suasion.errors import InputError

    if players:
        economy = posed(world, given, elasticities, factors, deficits)
        other = elsewhere(world, economy.year, given, elasticities, factors, deficits)
        return _among(economy, other, players, horizon, deficits, (draws, seed), progress)
    if (horizon, deficits, factors) != ("long", "balance", ""):
        raise InputError(
            "The war of all states is of the long run, balanced trade and mobile factors. Name `players` for another."
        )
    return _everybody(posed(world, given, elasticities), draws, seed, progress)


def _everybody(economy: World, draws: int, seed: int, progress: Progress | None) -> Answer:
    """A war of all states, one rate each."""
    from suasion.coercion.nash import nash_tariffs

    found = nash_tariffs(economy, draws=draws, seed=seed, progress=progress)
    frame = found.table
    asked: dict[str, Value] = {"year": economy.year, "states": len(frame)}
    table = Table.of(
        "tariffs",
        "state=country tariff_percent base_tariff_percent welfare_change_percent=welfare_percent",
        frame.sort_values("welfare_percent"),
        values=asked,
        axes="state",
        notes=(Finding("tariff_war.note"), *behind(draws)),
    )
    largest = Table.of(
        "tariff-losses",
        "state=country welfare_change_percent=welfare_percent",
        frame.nsmallest(MOST, "welfare_percent"),
        values={**asked, "most": MOST},
        axes="state",
        picture=Picture("ranges", "welfare_change_percent", "state"),
        detail=True,
    )
    rows = frame.to_dict("records")
    least = min(rows, key=lambda row: row["welfare_percent"])
    highest = max(rows, key=lambda row: row["tariff_percent"])
    income = float((100.0 * frame["welfare_usd"] / frame["welfare_percent"]).sum())
    whole = Quantity(100.0 * float(frame["welfare_usd"].sum()) / income, "change")
    return Answer(
        "tariff_war",
        asked,
        (
            Finding("tariff_war.world", {**asked, "change": whole}, weight=MAIN),
            Finding("tariff_war.least", _said(least), weight=USUAL + 0.5),
            Finding("tariff_war.highest", _said(highest)),
            *few(draws),
        ),
        (table, largest),
        sources=SOURCES,
        result=found,
    )


def _said(row: Mapping[Any, Any]) -> dict[str, Value]:
    """A state, its tariff, and what the war changes."""
    return {
        "state": Country(str(row["country"])),
        "tariff": ranged(row, "tariff_percent", "percent"),
        "change": ranged(row, "welfare_percent", "change"),
    }


def _among(
    world: World,
    other: World | None,
    players: Texts,
    horizon: str,
    deficits: DeficitRule,
    drawn: tuple[int, int],
    progress: Progress | None,
) -> Answer:
    """A war of a few, by group of goods; its rates are tried on the world of another year too."""
    from suasion.coercion.frontier.response import nash_tariffs
    from suasion.coercion.tariff_verdicts import other_year, war_on

    sides = [side_of(one, world) for one in players]
    asked: dict[str, Value] = {"year": world.year, "who": tuple(map(Country, sides))}
    if absent := outside("tariff_war", sides, world):
        return Answer("tariff_war", asked, absent=absent)
    draws, seed = drawn
    found = nash_tariffs(
        world, sides, horizon=horizon, deficits=deficits, draws=draws, seed=seed, progress=progress
    )
    there = {} if other is None else war_on(other, found, sides, horizon, deficits)
    rows = [
        {**row, "elsewhere_percent": there.get((row["imposer"], row["war_stage"]))}
        for row in found.outcomes.to_dict("records")
    ]
    return Answer(
        "tariff_war",
        asked,
        (*_each(rows, horizon, None if other is None else other.year), *few(draws)),
        tuple(_war_tables(found, rows, {**asked, "other": other_year(world.year)}, draws)),
        sources=(Source("world.source", world.provenance.dataset, world.year),),
        result=found,
    )


def _war_tables(
    found: TariffWar, rows: Sequence[Mapping[Any, Any]], asked: dict[str, Value], draws: int
) -> Iterator[Table]:
    """What comes of the war, on the flows of another year too where they were tried; rates by group of goods."""
    notes = [Finding("tariff_war.settled", {"rounds": Quantity(found.rounds, "count")}), *behind(draws)]
    also = ""
    if any(row["elsewhere_percent"] is not None for row in rows):
        also = " elsewhere_percent"
        notes.append(Finding("tariff_war.elsewhere", {"other": asked["other"]}))
    yield Table.of(
        "war-outcomes",
        "imposer war_stage tariff_percent welfare_change_percent flags replacement_percent no_switching_percent "
        f"capital_percent{also}",
        rows,
        axes="imposer war_stage",
        picture=Picture("ranges", "welfare_change_percent", "imposer", series="war_stage"),
        values=asked,
        notes=tuple(notes),
        brief=f"imposer war_stage tariff_percent welfare_change_percent capital_percent{also}",
    )
    yield Table.of(
        "war-rates",
        "imposer sector_group alone_rate_percent war_rate_percent trade_musd",
        found.rates,
        axes="imposer sector_group",
        values=asked,
        detail=True,
    )


def _each(rows: Sequence[Mapping[Any, Any]], horizon: str, other: int | None) -> Iterator[Finding]:
    """What each player sets alone and in the war, and what comes of it."""
    for alone, war in zip(rows[::2], rows[1::2], strict=True):
        yield Finding(
            "tariff_war.player",
            {
                "state": Country(str(war["imposer"])),
                **{f"{name}_alone": value for name, value in _set(alone).items()},
                **{f"{name}_war": value for name, value in _set(war).items()},
            },
        )
        yield from _turns(alone, war, other)
        loss = Quantity(-war["welfare_change_percent"], "percent")
        yield from beyond(horizon, str(war["imposer"]), loss, war)


def _turns(alone: Mapping[Any, Any], war: Mapping[Any, Any], other: int | None) -> Iterator[Finding]:
    """Say where gain and loss change places: once others answer, once capital adjusts too, on flows of another year."""
    what: dict[str, Value] = {"state": Country(str(war["imposer"]))}
    own, before = (Quantity(row["welfare_change_percent"], "change") for row in (war, alone))
    if own.sign * before.sign < 0:
        values = {**what, "alone": before, "war": own}
        yield Finding("tariff_war.turns_answered", values, weight=USUAL, caution=True)
    for row, stage in ((war, "war"), (alone, "alone")):
        here = Quantity(row["welfare_change_percent"], "change")
        found: dict[str, Any] = {"capital": row["capital_percent"], "elsewhere": row.get("elsewhere_percent")}
        for basis, sign in (("capital", -1.0), ("elsewhere", 1.0)):
            if (there := found[basis]) is None or there != there:
                continue
            turned = Quantity(sign * there, "change")
            if here.sign * turned.sign < 0:
                values = {**what, "here": here, "there": turned, "other": other or 0}
                yield Finding(f"tariff_war.turns_{basis}.{stage}", values, weight=USUAL, caution=True)


def _set(row: Mapping[Any, Any]) -> dict[str, Value]:
    return {
        "tariff": ranged(row, "tariff_percent", "percent"),
        "change": ranged(row, "welfare_change_percent", "change"),
    }
