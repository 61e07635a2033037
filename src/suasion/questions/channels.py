"""How far two states depend on each other's technology: shares, looked through, and prices without the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    MAIN,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Word,
)
from suasion.questions.posed import pair_outside, usual
from suasion.questions.question import State, question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

SHARES = {"import share": "technology_share", "look-through share": "technology_behind_share"}
PRICE = "price rise"
TOLD = ("electronics and computers", "machinery")
"""Channels that sentences tell of."""
LEAST = 0.0005
"""Where both shares are smaller they print as nothing, and there is nothing to tell."""


@question
def channels(a: State, b: State, *, world: World | None = None) -> Answer:
    """How far two states depend on each other's technology: by imports, by all output behind it, and by price.

    Returns
    -------
    Answer
        Tables ``technology`` and ``technology-prices``; empty where a state is not in the world's table.

    Examples
    --------
    >>> su.channels("DEU", "CHN")
    <Answer channels DEU CHN: technology (...>
    """
    from suasion.products import technology_channels

    economy = usual(world)
    asked = {"a": Country(a), "b": Country(b)}
    if absent := pair_outside("channels", a, b, economy):
        return Answer("channels", asked, absent=absent)
    found = _marked(technology_channels(a, b, economy), economy)
    return Answer(
        "channels",
        asked,
        tuple(_findings(found, asked)),
        _tables(found, asked),
        sources=(Source("world.source", economy.provenance.dataset, economy.year),),
        result=found,
    )


def _marked(found: pd.DataFrame, world: World) -> pd.DataFrame:
    """Rows whose numbers are of an estimated economy, or of trade with one, say so."""
    from suasion.world.every_state import doubt_of

    rows = zip(found["reason"], found["country"], found["partner"], strict=True)
    return found.assign(
        reason=[
            reason or ("estimated" if doubt_of(world, one, (other,)) else "") for reason, one, other in rows
        ]
    )


def _tables(found: pd.DataFrame, asked: Mapping[str, Country]) -> tuple[Table, ...]:
    order = list(dict.fromkeys(found["channel"]))
    shares = sorted(_shares(found), key=lambda row: order.index(row["channel"]))
    prices = sorted(_prices(found), key=lambda row: order.index(row["channel"]))
    return (
        Table.of(
            "technology",
            "technology country partner technology_share technology_behind_share technology_status",
            shares,
            axes="technology country",
            picture=Picture("ranges", "technology_share", "technology", series="country"),
            values=asked,
            notes=(Finding("channels.behind"),),
        ),
        Table.of(
            "technology-prices",
            "technology country partner absence_percent absence_percent_least absence_percent_most technology_status",
            prices,
            axes="technology country",
            picture=Picture("ranges", "absence_percent", "technology", series="country"),
            values=asked,
            notes=(Finding("channels.prices"),),
        ),
    )


def _shares(found: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Both shares of a channel and side; the import share says why there is none."""
    for _, part in found.groupby(["channel", "country"], sort=False):
        first, numbers = part.iloc[0], part.set_index("measure")["value"].to_dict()
        yield {**_who(first), **{name: numbers.get(measure) for measure, name in SHARES.items()}}


def _prices(found: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rise of the price without the partner; without a number where it is the only supplier."""
    for _, row in found[found["measure"] == PRICE].iterrows():
        sole = row["value"] == float("inf")
        yield {
            **_who(row),
            "absence_percent": None if sole else row["value"],
            "absence_percent_least": None if sole else row["low"],
            "absence_percent_most": None if row["high"] == float("inf") else row["high"],
            **({"technology_status": "sole"} if sole else {}),
        }


def _who(row: Any) -> dict[str, Any]:
    return {
        "channel": row["channel"],
        "technology": row["channel"].replace(" ", "_"),
        "country": row["country"],
        "partner": row["partner"],
        "technology_status": row["reason"] or "measured",
    }


def _findings(found: pd.DataFrame, asked: Mapping[str, Country]) -> Iterator[Finding]:
    known = found[(found["measure"] == "import share") & found["value"].notna()]
    for place, channel in enumerate(TOLD):
        part = known[known["channel"] == channel].set_index("country")["value"]
        if len(part) == len(asked) and max(part) >= LEAST:
            first, second = (Quantity(float(part[side.code]), "probability") for side in asked.values())
            yield Finding(
                "channels.share",
                {
                    **asked,
                    "x": first,
                    "y": second,
                    "what": Word("technology", channel.replace(" ", "_")),
                },
                Comparison(second, first),
                weight=MAIN - 0.1 * place,
            )
