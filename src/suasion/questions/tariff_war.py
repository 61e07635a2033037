"""The tariffs that all states would set against each other, and what they would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, USUAL, Answer, Country, Finding, Picture, Quantity, Source, Table, Value
from suasion.questions.bands import behind, beyond, few, ranged
from suasion.questions.posed import outside, posed, side_of
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
    """The tariffs of a war of all against all: each state's best answer to those of all others, and what it costs.

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
        return _among(economy, players, horizon, deficits, (draws, seed), progress)
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
    players: Texts,
    horizon: str,
    deficits: DeficitRule,
    drawn: tuple[int, int],
    progress: Progress | None,
) -> Answer:
    """A war of a few, by group of goods."""
    from suasion.coercion.frontier.response import nash_tariffs

    sides = [side_of(one, world) for one in players]
    asked: dict[str, Value] = {"year": world.year, "who": tuple(map(Country, sides))}
    if absent := outside("tariff_war", sides, world):
        return Answer("tariff_war", asked, absent=absent)
    draws, seed = drawn
    found = nash_tariffs(
        world, sides, horizon=horizon, deficits=deficits, draws=draws, seed=seed, progress=progress
    )
    return Answer(
        "tariff_war",
        asked,
        (*_each(found.outcomes.to_dict("records"), horizon), *few(draws)),
        tuple(_war_tables(found, asked, draws)),
        sources=(Source("world.source", world.provenance.dataset, world.year),),
        result=found,
    )


def _war_tables(found: TariffWar, asked: dict[str, Value], draws: int) -> Iterator[Table]:
    """What comes of the war, and the rates by group of goods."""
    yield Table.of(
        "war-outcomes",
        "imposer war_stage tariff_percent welfare_change_percent flags replacement_percent no_switching_percent "
        "capital_percent",
        found.outcomes,
        axes="imposer war_stage",
        picture=Picture("ranges", "welfare_change_percent", "imposer", series="war_stage"),
        values=asked,
        notes=(Finding("tariff_war.settled", {"rounds": Quantity(found.rounds, "count")}), *behind(draws)),
        brief="imposer war_stage tariff_percent welfare_change_percent capital_percent",
    )
    yield Table.of(
        "war-rates",
        "imposer sector_group alone_rate_percent war_rate_percent trade_musd",
        found.rates,
        axes="imposer sector_group",
        values=asked,
        detail=True,
    )


def _each(rows: Sequence[Mapping[Any, Any]], horizon: str) -> Iterator[Finding]:
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
        yield from _turns(alone, war)
        loss = Quantity(-war["welfare_change_percent"], "percent")
        yield from beyond(horizon, str(war["imposer"]), loss, war)


def _turns(alone: Mapping[Any, Any], war: Mapping[Any, Any]) -> Iterator[Finding]:
    """Say where gain and loss change places: once others answer, or once the stock of capital adjusts too."""
    what: dict[str, Value] = {"state": Country(str(war["imposer"]))}
    own = Quantity(war["welfare_change_percent"], "change")
    before = Quantity(alone["welfare_change_percent"], "change")
    capital = (
        Quantity(-war["capital_percent"], "change")
        if war["capital_percent"] == war["capital_percent"]
        else None
    )
    if own.sign * before.sign < 0:
        yield Finding(
            "tariff_war.turns_answered", {**what, "alone": before, "war": own}, weight=USUAL, caution=True
        )
    if capital is not None and own.sign * capital.sign < 0:
        yield Finding(
            "tariff_war.turns_capital", {**what, "war": own, "capital": capital}, weight=USUAL, caution=True
        )


def _set(row: Mapping[Any, Any]) -> dict[str, Value]:
    return {
        "tariff": ranged(row, "tariff_percent", "percent"),
        "change": ranged(row, "welfare_change_percent", "change"),
    }
