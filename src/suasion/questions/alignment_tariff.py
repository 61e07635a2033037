"""How much tariff the alignment of a partner justifies, and what alignment is worth to who sets a given tariff."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.bands import beyond, certified, few, ranged, when_of, without_equilibrium
from suasion.questions.posed import outside, posed, side_of
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Side, Texts, question
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    from suasion.answers.numbers import Unit
    from suasion.coercion.frontier.alignment import AlignmentTariffs
    from suasion.world import World


@question
def alignment_tariff(
    holder: Side,
    partner: Side,
    *,
    tariff: float = 25.0,
    response: float = 0.25,
    value: float | None = None,
    sectors: Texts = (),
    horizon: str = "long",
    draws: Bands = 8,
    seed: Count = 1,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """How much tariff a partner's alignment would justify, and what it would have to be worth to justify a given one.

    Parameters
    ----------
    holder, partner : Side
        Who offers no tariff for alignment, and to whom: a state or group, by ISO code or English name.
    tariff : float
        Tariff on who does not align, per cent, on top of what is in force.
    response : float
        Chance that the partner aligns rather than lose 1 per cent of its real expenditure: an assumption, 0.05 to 0.75.
    value : float, optional
        What alignment is worth, million USD a year: the tariff that it would justify is told too.
    sectors : tuple of str
        Taxed industries, with commas between; all goods without.
    horizon : str
        months, short (one year) or long (ten years).

    Returns
    -------
    Answer
        Tables ``alignment-values`` and ``alignment-tariffs``; empty where a state is not in the world's table.

    Examples
    --------
    >>> su.alignment_tariff("CHN", "RUS", draws=0, world=su.load_world("g20"))
    <Answer alignment_tariff CHN RUS 25.0 2019: alignment-values (...>
    """
    from suasion.coercion.frontier.alignment import alignment_tariffs
    from suasion.measures.labels import sector_groups

    economy = posed(world, given, elasticities, factors, deficits)
    sides = side_of(holder, economy), side_of(partner, economy)
    if absent := outside("alignment_tariff", sides, economy):
        return Answer("alignment_tariff", _who(*sides), absent=absent)
    taxed = sectors or sector_groups(economy.sectors).get("goods")
    found = alignment_tariffs(
        economy,
        *sides,
        tariff / 100.0,
        response,
        value,
        horizon,
        taxed,
        draws=draws,
        seed=seed,
        deficits=deficits,
        progress=progress,
    )
    return _answer(found, economy, draws, horizon)


def _who(holder: str, partner: str) -> dict[str, Value]:
    return {"holder": Country(holder), "partner": Country(partner)}


def _answer(found: AlignmentTariffs, economy: World, draws: int, horizon: str) -> Answer:
    who = _who(found.holder, found.partner)
    asked = {
        **who,
        "tariff": Quantity(round(100.0 * math.expm1(found.offer.wedge), 9), "percent"),
        "year": economy.year,
    }
    return Answer(
        "alignment_tariff",
        asked,
        (*_findings(found, who), *_cautions(found, found.partner, horizon, draws)),
        tuple(_tables(found, asked)),
        sources=(Source("alignment_tariff.source", economy.provenance.dataset, economy.year),),
        checks=(certified(found.horizon, found.residual),),
        result=found,
    )


def _cautions(found: AlignmentTariffs, partner: str, horizon: str, draws: int) -> Iterator[Finding]:
    """What the model and its draws leave open."""
    yield from beyond(horizon, partner, ranged(found.alone, "loss_percent", "percent"), found.beside)
    yield from few(draws)
    yield from without_equilibrium(found.failed, draws, when_of(horizon))


def _tables(found: AlignmentTariffs, asked: dict[str, Value]) -> Iterator[Table]:
    yield Table.of(
        "alignment-values",
        "alignment_response alignment_chance alignment_musd alignment_percent offer_status",
        found.values,
        axes="alignment_response",
        picture=Picture("curve", "alignment_response", "alignment_musd"),
        values=asked,
        notes=(Finding("alignment_tariff.offered", asked),),
    )
    yield Table.of(
        "alignment-tariffs",
        "alignment_response alignment_musd tariff_percent alignment_chance tax_status",
        found.tariffs,
        axes="alignment_response alignment_musd",
        picture=Picture("curve", "alignment_musd", "tariff_percent", panel="alignment_response"),
        values=asked,
    )


def _findings(found: AlignmentTariffs, who: Mapping[str, Value]) -> Iterator[Finding]:
    """The worth of alignment behind the given tariff over the range of responses, and what the tariff does alone."""
    rows = found.values.to_dict("records")
    row, own = _asked(rows, found), ranged(found.alone, "tariff_percent", "percent")
    tariff = Quantity(round(100.0 * math.expm1(found.offer.wedge), 9), "percent")
    about = {**who, "tariff": tariff, "response": Quantity(found.offer.response, "probability")}
    if row["offer_status"] != "best":
        yield Finding("alignment_tariff.beaten", about, weight=MAIN)
    elif row["alignment_musd"] > 0.0:
        known = [one for one in rows if one["offer_status"] == "best"]
        ends = _ends(known, "alignment_musd", "musd")
        part = ranged(row, "alignment_percent", "percent")
        yield Finding(
            "alignment_tariff.value",
            {**about, **ends, "value": ranged(row, "alignment_musd", "musd"), "part": part},
            weight=MAIN,
        )
    if found.offer.value is not None:
        yield _justified(found, who, found.offer.value)
    yield Finding(
        "alignment_tariff.own",
        {**who, "tariff": tariff, "own": own, "gain": ranged(found.alone, "gain_musd", "musd")},
        Comparison(tariff, own),
        weight=USUAL,
    )
    chance, loss = (
        ranged(row, "alignment_chance", "probability"),
        ranged(found.alone, "loss_percent", "percent"),
    )
    yield Finding("alignment_tariff.cost", {**about, "chance": chance, "loss": loss}, weight=DETAIL)
    yield Finding("alignment_tariff.assumed", {**who, **_range(rows)}, caution=True)


def _justified(found: AlignmentTariffs, who: Mapping[str, Value], worth: float) -> Finding:
    """The tariff that a given worth of alignment justifies."""
    rows = found.tariffs[found.tariffs["alignment_musd"] == worth].to_dict("records")
    row = _asked(rows, found)
    return Finding(
        f"alignment_tariff.justified.{row['tax_status']}",
        {
            **who,
            **_ends(rows, "tariff_percent", "percent"),
            "response": Quantity(found.offer.response, "probability"),
            "worth": Quantity(worth, "musd"),
            "best": ranged(row, "tariff_percent", "percent"),
            "chance": ranged(row, "alignment_chance", "probability"),
        },
        weight=MAIN - 0.1,
    )


def _asked(rows: Sequence[Mapping[Any, Any]], found: AlignmentTariffs) -> Mapping[Any, Any]:
    """The row of the response that was asked."""
    return next(one for one in rows if one["alignment_response"] == found.offer.response)


def _range(rows: Sequence[Mapping[Any, Any]]) -> dict[str, Value]:
    """The lowest and highest response."""
    ends = {"least": rows[0], "most": rows[-1]}
    return {end: Quantity(row["alignment_response"], "probability") for end, row in ends.items()}


def _ends(rows: Sequence[Mapping[Any, Any]], name: str, unit: Unit) -> dict[str, Value]:
    """The lowest and highest response, and a number at each."""
    found = {"least_found": rows[0], "most_found": rows[-1]}
    return {**_range(rows), **{end: ranged(row, name, unit) for end, row in found.items()}}
