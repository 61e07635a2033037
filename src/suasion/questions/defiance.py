"""Where a pair's exit cost stands among those of past disputes, whose sides yielded or did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from suasion.questions.bands import few, ranged, tie_cautions, when_of
from suasion.questions.posed import code_or_group, pair_outside, usual
from suasion.questions.question import Bands, Count, Side, question
from suasion.schema.variables import BAND
from suasion.types import Progress

if TYPE_CHECKING:
    from suasion.outlook.defiance.place import Defiance
    from suasion.world import World

SOURCES = (Source("defiance.source", "gsdb"),)
ENDS = {
    "loss_percent_low": 0.05,
    "loss_percent_high": 0.95,
    "quarter_percent": 0.25,
    "three_quarters_percent": 0.75,
}
"""Columns of a distribution of losses, and the part of the cases below."""
STRIP = 20
"""Steps of a distribution that is drawn whole."""


@question
def defiance(
    a: Side,
    b: Side,
    *,
    horizon: str = "both",
    draws: Bands = 0,
    seed: Count = 1,
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Where a pair's exit cost stands among those of past disputes, whose sides yielded or did not.

    Parameters
    ----------
    a, b : Side
        A state, or a group of them: code or English name.
    horizon : str
        short, long or both.

    Returns
    -------
    Answer
        Tables ``disputes``, ``near-cases``, ``case-spread``, ``pair-place``, ``own-cases`` (with the data base in the
        store), ``case-losses`` and ``logit-scores``; empty where a state is not in the world's table.

    Examples
    --------
    >>> su.defiance("PHL", "CHN", horizon="long")
    <Answer defiance PHL CHN: disputes (...>
    """
    from suasion.outlook.defiance import place
    from suasion.outlook.defiance.place import HORIZONS
    from suasion.sources.groups import is_group

    economy = usual(world)
    codes = code_or_group(a), code_or_group(b)
    asked: dict[str, Value] = {"a": Country(codes[0]), "b": Country(codes[1])}
    if not any(map(is_group, codes)) and (absent := pair_outside("defiance", *codes, economy)):
        return Answer("defiance", asked, absent=absent)
    horizons = HORIZONS if horizon == "both" else (horizon,)
    if progress is not None:
        progress(0, 1, "exit costs")
    found = place.defiance(a, b, economy, horizons, draws=draws, seed=seed)
    sides = [row for row in found.rows if row["weaker"] is not None]
    if not sides:
        return Answer("defiance", asked, absent=Finding("defiance.no_cost", asked), sources=SOURCES)
    tables = (*_tables(found, sides, asked, draws), *_own(asked, economy))
    beyond = tie_cautions(economy, *codes, horizons, "balance")
    return Answer(
        "defiance",
        asked,
        (*_placed(sides), *_beside(found, sides), *_scored(found, sides), *beyond, *few(draws)),
        tables,
        sources=SOURCES,
        result=found,
    )


def _tables(
    found: Defiance, sides: list[dict[str, Any]], asked: dict[str, Value], draws: int
) -> Iterator[Table]:
    yield Table.of(
        "disputes",
        "dispute year weaker stronger horizon loss_percent stronger_loss_percent gave_in table_year",
        [*_now(sides), *_past(found)],
        axes="dispute horizon",
        values=asked,
        picture=Picture("ranges", "loss_percent", "dispute", series="gave_in", panel="horizon"),
        notes=tuple(Finding(f"defiance.{name}") for name in ("coding", "full_cut", "late_tables", "imposed")),
        brief="dispute horizon weaker loss_percent stronger_loss_percent gave_in",
    )
    yield Table.of(
        "near-cases", "horizon loss_percent nearby gave_in_share", _near(sides), axes="horizon", values=asked
    )
    yield _spread(sides, asked)
    yield _place_of(sides, asked)
    yield _strip(sides)
    yield _scores(found)


def _place_of(sides: list[dict[str, Any]], asked: dict[str, Value]) -> Table:
    """Rank of the pair's loss, and what the logit makes of it."""
    return Table.of(
        "pair-place",
        "horizon weaker stronger above_all above_defied above_yielded probability base prior_rate cases_count",
        [
            row | _ends(row, "probability") | {"base": row["base_rate"], "cases_count": row["cases"]}
            for row in sides
        ],
        axes="horizon",
        values=asked,
    )


def _scores(found: Defiance) -> Table:
    return Table.of(
        "logit-scores",
        "horizon logit forecasts_count log_loss brier auc log_gain",
        [
            score
            | {
                "logit": score["model"].replace(" ", "_"),
                "forecasts_count": score["forecasts"],
                "log_loss": score["log"],
            }
            | {"log_gain_low": score["gain_low"], "log_gain_high": score["gain_high"]}
            for score in found.scores
        ],
        axes="horizon logit",
        detail=True,
    )


def _ends(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {f"{name}_low": row["low"], f"{name}_high": row["high"]}


def _now(sides: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The pair itself, whose dispute is open."""
    for row in sides:
        yield {
            "dispute": f"{row['weaker']} – {row['stronger']}",
            "year": None,
            "weaker": row["weaker"],
            "stronger": row["stronger"],
            "horizon": row["horizon"],
            **{
                name: row[name]
                for one in ("loss_percent", "stronger_loss_percent")
                for name in (one, *(one + end for end in BAND))
                if row[name] == row[name]
            },
            "gave_in": "open",
            "table_year": None,
        }


def _past(found: Defiance) -> Iterator[dict[str, Any]]:
    """Named disputes; some stand on the tables of two years."""
    for row in found.disputes:
        year = int(str(row["world"])[-4:])
        yield {
            **row,
            "dispute": f"{row['dispute']}, {row['year']} ({year})",
            "gave_in": "yes" if row["yielded"] else "no",
            "table_year": year,
        }


def _near(sides: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    from suasion.outlook.defiance.place import near

    for row in sides:
        about = near(row["horizon"], row["loss_percent"])
        yield {
            "horizon": row["horizon"],
            "loss_percent": row["loss_percent"],
            "nearby": about["cases"],
            "gave_in_share": about["share"],
            **_ends(about, "gave_in_share"),
        }


def _spread(sides: list[dict[str, Any]], asked: dict[str, Value]) -> Table:
    """Distribution of what sanctioned sides stood to lose, by what they did, and the pair's place in it."""
    from suasion.outlook.defiance.place import GROUPS, loss_at

    rows: list[dict[str, Any]] = []
    for row in sides:
        run = row["horizon"]
        for group in GROUPS:
            ends = {name: loss_at(run, group, part) for name, part in ENDS.items()}
            place = {"side_group": group, "horizon": run, "loss_percent": loss_at(run, group, 0.5)}
            rows.append(place | ends | {"smaller": row[f"above_{group}"]})
        own = {"side_group": "pair", "horizon": run, "loss_percent": row["loss_percent"], "smaller": None}
        rows.append(own | dict.fromkeys(ENDS))
    return Table.of(
        "case-spread",
        "side_group horizon loss_percent quarter_percent three_quarters_percent smaller",
        rows,
        axes="side_group horizon",
        values=asked,
        picture=Picture("ranges", "loss_percent", "side_group", panel="horizon"),
        notes=(Finding("defiance.ranks"),),
        brief="side_group horizon loss_percent smaller",
    )


def _strip(sides: list[dict[str, Any]]) -> Table:
    """The whole distribution in steps of a twentieth."""
    from suasion.outlook.defiance.place import GROUPS, loss_at

    return Table.of(
        "case-losses",
        "side_group horizon case_part loss_percent",
        [
            {
                "side_group": group,
                "horizon": row["horizon"],
                "case_part": step / STRIP,
                "loss_percent": loss_at(row["horizon"], group, step / STRIP),
            }
            for row in sides
            for group in GROUPS
            for step in range(STRIP + 1)
        ],
        axes="side_group horizon case_part",
        picture=Picture("curve", "loss_percent", "case_part", series="side_group", panel="horizon"),
        detail=True,
    )


def _own(asked: dict[str, Value], economy: World) -> Iterator[Table]:
    """Cases of the pair itself, where the data base is in the store."""
    from suasion.outlook.defiance.place import own_cases

    a, b = (side.code for side in asked.values() if isinstance(side, Country))
    cases = own_cases(a, b, economy.countries)
    if cases is None or cases.empty:
        return
    known = {1.0: "yes", 0.0: "no"}
    yield Table.of(
        "own-cases",
        "target sender first last multilateral gave_in",
        [
            row
            | {"first": row["begin"], "last": row["end"], "gave_in": known.get(row["yielded"], "open")}
            | {"multilateral": "yes" if row["multilateral"] else "no"}
            for row in cases.to_dict("records")
        ],
        values=asked,
    )


def _sides(row: Mapping[str, Any]) -> dict[str, Value]:
    return {
        "weaker": Country(row["weaker"]),
        "stronger": Country(row["stronger"]),
        "loss": ranged(row, "loss_percent", "percent"),
        "when": when_of(row["horizon"]),
    }


def _placed(sides: list[dict[str, Any]]) -> Iterator[Finding]:
    from suasion.outlook.defiance.place import near

    for place, row in enumerate(sides):
        rank = ranged(row, "above_defied", "probability")
        values = _sides(row) | {"rank": rank, "rank_yielded": ranged(row, "above_yielded", "probability")}
        half = Comparison(rank, Quantity(0.5, "probability"))
        yield Finding("defiance.rank", values, half, weight=MAIN + 0.9 - place / 10)
        about = near(row["horizon"], row["loss_percent"])
        if about["cases"]:
            yield Finding(
                "defiance.near",
                {
                    "cases": Quantity(about["cases"], "count"),
                    "share": Quantity(about["share"], "probability", about["low"], about["high"]),
                    "when": when_of(row["horizon"]),
                },
                weight=MAIN + 0.5 - place / 10,
            )


def _beside(found: Defiance, sides: list[dict[str, Any]]) -> Iterator[Finding]:
    """The pair beside each named dispute, on its latest table."""
    for row in sides:
        named = {one["dispute"]: one for one in reversed(found.disputes) if one["horizon"] == row["horizon"]}
        for one in named.values():
            then = Quantity(one["loss_percent"], "percent")
            values: dict[str, Value] = {
                **_sides(row),
                "loss": Quantity(row["loss_percent"], "percent"),
                "side": Country(one["weaker"]),
                "other": Country(one["stronger"]),
                "year": one["year"],
                "then": then,
            }
            key = "defiance.beside_yielded" if one["yielded"] else "defiance.beside_defied"
            yield Finding(
                key, values, Comparison(Quantity(row["loss_percent"], "percent"), then), weight=DETAIL
            )


def _scored(found: Defiance, sides: list[dict[str, Any]]) -> Iterator[Finding]:
    """What the losses make of the base rate, and whether past forecasts bear that out."""
    from suasion.outlook.defiance.place import MODEL

    for row in sides:
        score = next(
            one for one in found.scores if one["model"] == MODEL and one["horizon"] == row["horizon"]
        )
        tells = "tells" if score["gain_low"] > 0 else "tells_not"
        yield Finding(
            f"defiance.{tells}",
            {
                "when": when_of(row["horizon"]),
                "base": Quantity(row["base_rate"], "probability"),
                "prior": Quantity(row["prior_rate"], "probability"),
                "fitted": Quantity(row["probability"], "probability", row["low"], row["high"]),
                "cases": Quantity(score["forecasts"], "count"),
                "mine": Quantity(score["log"], "score"),
                "score": Quantity(score["log"] + score["log_gain"], "score"),
            },
            weight=USUAL,
        )
