"""What the closing of a strait does to every economy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    Answer,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.answers.front import LEAST_MUSD
from suasion.questions.bands import behind, bracket_of, certified, few, when_of
from suasion.questions.posed import posed
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, question
from suasion.schema.variables import BAND, BOUNDS
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    import pandas as pd

    from suasion.answers.numbers import Unit
    from suasion.coercion.straits.model import Closing
    from suasion.world import World

SUMMARY = "strait passes_percent oil_mbd closing_musd closing_musd_least closing_musd_most worst worst_percent bound"
REST = "ROW"
"""The rest of the world, which is no state."""
OIL = 2023
"""Year of the flows of oil in the file."""


@question
def straits(
    *,
    name: str = "",
    state: str = "",
    horizon: str = "short",
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    ends: bool = True,
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What the closing of a strait does to every economy, with ranges.

    Parameters
    ----------
    name : str
        hormuz, suez (with Bab el-Mandeb), malacca, bosporus, panama or danish; all six without.
    state : str
        A state whose own loss is said first: ISO code or English name.
    horizon : str
        months, short (one year) or long (ten years).
    ends : bool
        Whether the ends of all ranges, and what stands beside a loss, are solved too.

    Returns
    -------
    Answer
        Tables ``straits`` and ``strait-changes``; of one strait also ``strait-behind`` (losses of those who trade on
        its one side) and ``strait-beyond`` (of all others).

    Examples
    --------
    >>> su.straits(name="suez", world=su.load_world("g20"))
    <Answer straits short: straits (...>
    """
    from suasion.coercion.straits.model import close_straits, straits_file
    from suasion.sources.countries import resolve_country

    whose = resolve_country(state) if state.strip() else ""
    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    names = [name] if name else list(straits_file()["straits"])
    found = close_straits(
        economy, names, horizon, deficits, draws=draws, seed=seed, ends=ends, progress=progress
    )
    found.sort(key=lambda one: one.world_musd[0])
    return Answer(
        "straits",
        {"horizon": horizon},
        (
            *_of_state(found, whose, horizon),
            *_findings(found, horizon),
            *(_of_sides(found[0]) if len(found) == 1 and ends else ()),
            *_tolls(found),
            *few(draws),
        ),
        tuple(_tables(found, draws)),
        sources=(Source("straits.source", economy.provenance.dataset, economy.year),),
        checks=tuple(certified(one.strait, one.residual) for one in found),
        result=tuple(found),
    )


def _tables(found: Sequence[Closing], draws: int) -> Iterator[Table]:
    yield Table.of(
        "straits",
        f"{SUMMARY} worst_percent_least worst_percent_most",
        (_row(one) for one in found),
        axes="strait",
        picture=Picture("ranges", "closing_musd", "strait"),
        notes=(Finding("straits.rule"), Finding("straits.oil", {"year": OIL}), *behind(draws)),
        brief=SUMMARY,
    )
    yield Table.of(
        "strait-changes",
        "strait state closing_percent closing_percent_least closing_percent_most closing_musd passes_percent "
        "flags replacement_percent no_switching_percent capital_percent",
        (
            {"strait": one.strait} | row
            for one in found
            for row in one.table.sort_values("closing_percent").to_dict("records")
        ),
        axes="strait state",
        picture=Picture("ranges", "closing_percent", "state", panel="strait"),
        detail=len(found) > 1,
        brief="strait state closing_percent closing_musd passes_percent",
    )
    if len(found) == 1:
        for key, rows in _sides(found[0]).items():
            yield Table.of(
                key,
                "state estimate loss_percent loss_percent_least loss_percent_most loss_musd sold_musd bought_musd",
                rows,
                axes="state",
                picture=Picture("ranges", "loss_percent", "state"),
                values={"strait": Word("strait", found[0].strait)},
                detail=True,
            )


def _sides(one: Closing) -> dict[str, pd.DataFrame]:
    """Losses of those who trade on the one side of a strait, and of all others, the largest first."""
    from suasion.world.every_state import estimated_states

    table = one.table.assign(
        estimate=one.table["state"].map(estimated_states()).fillna("none"),
        loss_percent=-one.table["closing_percent"],
        loss_percent_least=-one.table["closing_percent_most"],
        loss_percent_most=-one.table["closing_percent_least"],
        loss_musd=-one.table["closing_musd"],
    ).sort_values("loss_percent", ascending=False)
    table = table[table["state"] != REST]
    return {"strait-behind": table[table["behind"]], "strait-beyond": table[~table["behind"]]}


def _of_sides(one: Closing) -> Iterator[Finding]:
    """Who would lose most on either side, of those whose loss is large in money."""
    rows = [side[side["loss_musd"] >= LEAST_MUSD].head(1).to_dict("records") for side in _sides(one).values()]
    if all(rows):
        (here,), (there,) = rows
        values: dict[str, Value] = {
            "strait": Word("strait", one.strait),
            "here": Country(here["state"]),
            "there": Country(there["state"]),
        }
        for side, row in (("here", here), ("there", there)):
            for end in ("", *BOUNDS):
                values[f"loss_{side}{end}"] = Quantity(float(row[f"loss_percent{end}"]), "percent")
        yield Finding("straits.sides", values, weight=MAIN - 1.0)


def _tolls(found: Sequence[Closing]) -> Iterator[Finding]:
    """What ships pay for a passage, which no trade of goods has, and to whom."""
    from suasion.coercion.straits.model import strait_of

    for one in found:
        if paid := strait_of(one.strait).get("tolls"):
            values: dict[str, Value] = {"money": Quantity(float(paid["musd"]), "musd"), "when": paid["year"]}
            who: dict[str, Value] = {"strait": Word("strait", one.strait), "state": Country(paid["to"])}
            yield Finding("straits.tolls", {**who, **values}, weight=DETAIL)


def _row(one: Closing) -> dict[str, Any]:
    from suasion.coercion.straits.model import strait_of

    worst = one.table.nsmallest(1, "closing_percent").to_dict("records")[0]
    return {
        "strait": one.strait,
        "passes_percent": one.passes_percent,
        "oil_mbd": strait_of(one.strait)["oil_mbd"],
        "closing_musd": one.world_musd[0],
        "closing_musd_least": one.world_musd[1],
        "closing_musd_most": one.world_musd[2],
        "worst": worst["state"],
        **{f"worst_percent{end}": worst[f"closing_percent{end}"] for end in ("", *BOUNDS)},
        **_band(one, worst),
        "bound": "lower_bound" if one.missing else "whole",
    }


def _known(value: float, unit: Unit) -> Quantity:
    """A number, or none where it was not solved."""
    return Quantity(None if value != value else value, unit)


def _bound(one: Closing) -> str:
    """Which words tell of a loss: of what the table has not, and of no range where none was solved."""
    central = "_central" if one.world_musd[1] != one.world_musd[1] else ""
    return ("lower_bound" if one.missing else "whole") + central


def _band(one: Closing, worst: Mapping[Any, Any]) -> dict[str, float]:
    """Bands over draws of the elasticities of what all lose together, and of the largest loss; none without draws."""
    if one.drawn is None:
        return {}
    money = dict(zip(BAND, one.world_band(), strict=True))
    return {f"closing_musd{end}": value for end, value in money.items()} | {
        f"worst_percent{end}": worst[f"closing_percent{end}"] for end in BAND
    }


def _of_state(found: Sequence[Closing], state: str, horizon: str) -> Iterator[Finding]:
    """What each closing means for one state, before all else; nothing where none is named."""
    for place, one in enumerate(found if state else ()):
        values: dict[str, Value] = {
            "state": Country(state),
            "strait": Word("strait", one.strait),
            "when": when_of(horizon),
        }
        rows = one.table[one.table["state"] == state].to_dict("records")
        if not rows:
            yield Finding("straits.state.outside", values, weight=MAIN + 1.0 - 0.1 * place)
            continue
        values |= {
            f"percent{end}": _known(rows[0][f"closing_percent{end}"], "change") for end in ("", *BOUNDS)
        } | {
            "musd": Quantity(rows[0]["closing_musd"], "musd_change"),
            "missing": tuple(map(Country, one.missing)),
        }
        bound = _bound(one)
        yield Finding(f"straits.state.{bound}", values, weight=MAIN + 1.0 - 0.1 * place)


def _findings(found: Sequence[Closing], horizon: str) -> Iterator[Finding]:
    """One sentence a strait, the dearest first, and who would lose more than the model can measure."""
    from suasion.equilibrium.flags import LOSS

    lost: dict[str, None] = {}
    for place, one in enumerate(found):
        row = _row(one)
        world, least, most = (_known(value, "musd_change") for value in one.world_musd)
        yield Finding(
            f"straits.loss.{_bound(one)}",
            {
                "strait": Word("strait", one.strait),
                "world": world,
                "least": least,
                "most": most,
                "when": when_of(horizon),
                "worst": Country(row["worst"]),
                "percent": Quantity(row["worst_percent"], "change"),
                **{f"percent{end}": _known(row[f"worst_percent{end}"], "change") for end in BOUNDS},
                "missing": tuple(map(Country, one.missing)),
            },
            weight=MAIN - 0.1 * place,
        )
        beyond = one.table["closing_percent"] < -100.0 * LOSS
        lost |= dict.fromkeys(one.table.loc[beyond, "state"])
        rows: list[dict[Any, Any]] = one.table[beyond].to_dict("records")
        for cell in rows:
            yield from bracket_of(horizon, cell["state"], cell)
    if lost:
        yield Finding(
            "straits.beyond",
            {
                "states": tuple(map(Country, lost)),
                "most": Quantity(100.0 * LOSS, "percent"),
                "when": when_of(horizon),
            },
            weight=DETAIL,
            caution=True,
        )
