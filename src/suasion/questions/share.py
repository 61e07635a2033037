"""How large a partner's share of a state's goods trade will be, from the last observation on, by regime."""

from __future__ import annotations

from collections.abc import Iterator
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
from suasion.questions.question import State, question

if TYPE_CHECKING:
    from suasion.outlook.learner.fan import ShareFan

SOURCES = (Source("share.source"),)
YEARS = (2026, 2030, 2036)
COLUMNS = "regime year share_status trade_share share_80_from share_80_to share_95_from share_95_to"
BANDS = {
    "trade_share_low": "p5",
    "trade_share_high": "p95",
    "share_80_from": "p10",
    "share_80_to": "p90",
    "share_95_from": "p2.5",
    "share_95_to": "p97.5",
}
TRIED = (
    "ahead part crps crps_walk crps_smoothed crps_stack gain_walk gain_stack held_80 held_95 forecasts_count"
)


@question
def share(a: State, b: State, *, years: tuple[int, ...] = YEARS) -> Answer:
    """How large the share of b in the goods trade of a will be, by what becomes of its last break.

    Parameters
    ----------
    years : tuple of int
        Years to forecast, with commas.

    Returns
    -------
    Answer
        Tables ``share-ahead`` and ``share-record``; empty where b has had less than 1 % of the trade of a.
    """
    from suasion.outlook.learner.fan import share_fan

    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    fan = share_fan(a, b, years)
    if fan is None or not fan.share:  # none at all is what nobody reported
        return Answer("share", asked, absent=Finding("share.small", asked, weight=DETAIL), sources=SOURCES)
    ahead = Table.of(
        "share-ahead",
        COLUMNS,
        _rows(fan),
        picture=Picture("lines", "year", "trade_share", series="regime"),
        values={**asked, "start": fan.start},
        axes="regime year",
        notes=(Finding("share.note"), Finding("share.untested", {"tested": Quantity(fan.tested, "years")})),
        brief="regime year share_status trade_share share_80_from share_80_to",
    )
    return Answer("share", asked, tuple(share_findings(fan)), (ahead, _tried()), sources=SOURCES, result=fan)


def _rows(fan: ShareFan) -> Iterator[dict[str, Any]]:
    """What was observed, and the regimes: each starts at the last observation."""
    empty = dict.fromkeys(BANDS)
    for year, known in fan.past[["year", "share"]].to_numpy():
        status = "published" if fan.published and year == fan.start else "observed"
        yield {"regime": "usual", "year": int(year), "share_status": status, "trade_share": known, **empty}
    for regime, part in fan.table.groupby("regime", sort=False):
        if regime != "usual":
            yield {
                "regime": str(regime),
                "year": fan.start,
                "share_status": "observed",
                "trade_share": fan.share,
                **empty,
            }
        for row in part.to_dict("records"):
            ends = {name: row[level] for name, level in BANDS.items()}
            status = "projected" if row["tested"] else "extrapolated"
            yield {
                "regime": str(regime),
                "year": row["year"],
                "share_status": status,
                "trade_share": row["share"],
                **ends,
            }


def _tried() -> Table:
    """How good such forecasts were at rolling origins, all pairs together."""
    from suasion.outlook.learner.tried import tried

    return Table.of(
        "share-record",
        TRIED,
        tried("goods").rename(columns={"horizon": "ahead", "forecasts": "forecasts_count"}),
        axes="ahead part",
        detail=True,
    )


def share_findings(fan: ShareFan) -> Iterator[Finding]:
    """Say where a share goes, by regime, and what its bands do not hold."""
    told: dict[str, Value] = {"a": Country(fan.of), "b": Country(fan.partner), "start": fan.start}
    now = Quantity(fan.share, "probability")
    for place, row in enumerate(fan.table[fan.table["regime"] == "usual"].to_dict("records")):
        then = Quantity(row["share"], "probability", row["p5"], row["p95"])
        values: dict[str, Value] = {**told, "now": now, "then": then, "year": row["year"]}
        gap = Quantity(row["share"] - fan.share, "probability", row["p5"] - fan.share, row["p95"] - fan.share)
        kind = "ahead" if row["tested"] else "far"
        yield Finding(f"share.{kind}", values, Comparison(then, now, gap), weight=MAIN - place / 10)
    if fan.broke is not None:
        last = fan.table[fan.table["year"] == fan.table["year"].max()].set_index("regime")
        lasts, undone = (
            Quantity(float(last.loc[name, "share"]), "probability") for name in ("lasts", "half_undone")
        )
        before = Quantity(fan.before, "probability")
        year = int(fan.table["year"].max())
        values = {**told, "before": before, "broke": fan.broke, "lasts": lasts, "undone": undone, "now": now}
        yield Finding("share.regimes", {**values, "year": year}, Comparison(now, before), weight=USUAL)
    yield from _since(fan)
    first = int(fan.past["year"].min())
    yield Finding("share.war", {**told, "first": first}, caution=True)


def _since(fan: ShareFan) -> Iterator[Finding]:
    """What was published of the trade of the two after the year in which the fan starts, and does not move it."""
    from suasion.sources.totals import totals

    cited = totals()
    amounts = cited[(cited["measure"] == "turnover") & (cited["year"] >= fan.start)].sort_values("year")
    own = amounts[(amounts["reporter"] == fan.of) & (amounts["partner"] == fan.partner)]
    theirs = amounts[(amounts["reporter"] == fan.partner) & (amounts["partner"] == fan.of)]
    # Two customs differ by a fifth and more: a change is one of one reporter, its own if it has two years.
    rows: list[dict[Any, Any]] = (own if len(own) > 1 else theirs).to_dict("records")
    if rows and rows[0]["year"] < rows[-1]["year"]:
        first, last = (Quantity(1000.0 * float(row["value"]), "musd") for row in (rows[0], rows[-1]))
        yield Finding(
            "share.since",
            {
                "a": Country(fan.of),
                "b": Country(fan.partner),
                "start": fan.start,
                "before": int(rows[0]["year"]),
                "year": int(rows[-1]["year"]),
                "then": first,
                "now": last,
            },
            Comparison(last, first),
            caution=True,
        )
