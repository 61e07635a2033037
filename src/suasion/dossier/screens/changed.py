"""The second screen: how large each was in the other's trade, what it would have lost without it, and what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.series import EVENTS, WIDE, DatedEvent, Series, series
from suasion.answers.relevance import LEAST_PERCENT
from suasion.answers.values import Country, Quantity, Value
from suasion.dossier.context import Dossier
from suasion.dossier.screens.facts import at_war, both, guessed, sides
from suasion.dossier.screens.screen import Chart, DossierScreen, Light, light
from suasion.dossier.tables import rows_of
from suasion.questions.bands import ranged
from suasion.questions.ties.since import KEY, ONE_TABLE, STEP, turned
from suasion.questions.trade_history import DENIED
from suasion.sources.goods_totals import LINE
from suasion.wars import WAR_SINCE

SPAN = 10
"""Years before the last one from which a change is told."""
TINY = 0.001
"""Share from which on a change is told."""
HALF, LOW, HIGH = 530, 160, 268
"""Pixels of a drawing beside another, and heights of a plot there and alone."""
GROWN, FADED = 1.3, 0.6
"""Ratios of the last loss to the first, and to the largest, from which on it has grown, and below which it has faded.
Assumption: 1.2 to 1.5, and 0.5 to 0.7."""
APART, POINT = 0.1, 0.01
"""Part of a share, and size, by which sources disagree enough to be said."""
BROAD = ("us_2018", "us_april_2025", "us_tariffs_2026_07")
"""Measures on many at once: of a pair, one of its own comes first."""
Row = dict[str, Any]


def changed(dossier: Dossier) -> DossierScreen:
    """Return the second screen."""
    rows = rows_of(dossier, "trade_history", "trade-history")
    own = {side: [row for row in rows if row["country"] == code] for side, code, _ in both(dossier)}
    if not any(own.values()):
        return _unrecorded(dossier)
    denied = _denied(dossier)
    whole = denied is not None and denied.key == DENIED["turnover"]
    # A published share that contradicts the record is no last point of it.
    ends = {side: _ends(_table(part) if whole else part) for side, part in own.items()}
    doubt = "contradicted" if denied else _lacking(ends)
    split = any(_split(part) for part in own.values())
    known = doubt or ("split" if split else "")
    losses = rows_of(dossier, "trade_history", KEY)
    return DossierScreen(
        "changed",
        Finding("front.changed.contradicted", denied.values)
        if denied and whole
        else (None if at_war(dossier) else over_years(losses)) or _heading(dossier, ends),
        light(observed=True, doubted=bool(doubt or losses)),
        Finding(f"light.{doubt or ('since' if losses else known) or 'measured'}"),
        (
            *(_recorded(dossier, ends) if whole else _text(dossier, own, ends)),
            *([denied] if denied and not whole else []),
        ),
        charts=(
            _chart(dossier, own, joined=not whole, wide=HALF if losses else WIDE),
            *_losses(dossier, losses),
        ),
        basis=Finding(f"front.changed.basis_{known}" if known else "front.changed.basis"),
        better=Finding("front.changed.better"),
    )


def _denied(dossier: Dossier) -> Finding | None:
    """What was published, where it contradicts what is recorded: of all trade first, else of exports or imports."""
    answer = dossier.answers.get("trade_history")
    notes = [note for table in (answer.tables if answer else ()) for note in table.notes]
    return next((note for key in DENIED.values() for note in notes if note.key == key), None)


def _lacking(ends: dict[str, tuple[Row, Row] | None]) -> str:
    """Why the last share is no report of the two: none of that year, or none since; empty where it is one."""
    last = [pair[1] for pair in ends.values() if pair and max(row["trade_share"] for row in pair) >= TINY]
    if any(row["share_record"] == "estimate" for row in last):
        return "guessed"
    return "ended" if any(row["year"] < LINE[-1] for row in last) else ""


def _unrecorded(dossier: Dossier) -> DossierScreen:
    """No trade by year: what the world's table says of its one year, where it has both."""
    now = {
        str(row["country"]): Quantity(row["partner_share"], "probability")
        for row in rows_of(dossier, "dependence", "shares")
        if row["channel"] == "turnover" and row["partner_share"]
    }
    values = sides(dossier) | {"year": dossier.provenance.year}
    if len(now) == 2:
        values |= {"share_a": now[dossier.a.code], "share_b": now[dossier.b.code]}
    kind = "one_year" if len(now) == 2 else "unknown"
    return DossierScreen(
        "changed",
        Finding(f"front.changed.{kind}", values),
        light(observed=True, doubted=guessed(dossier)) if len(now) == 2 else Light.UNKNOWN,
        Finding(f"light.{'unknown' if len(now) < 2 else 'guessed' if guessed(dossier) else 'measured'}"),
        (Finding(f"front.changed.no_record{'_one_year' if len(now) == 2 else ''}", values),),
        basis=Finding("front.changed.basis_one_year" if len(now) == 2 else "front.changed.basis_unknown"),
        better=Finding("front.changed.better"),
    )


def _span(count: int, last: int, newest: int) -> str:
    """A number of years in words; where they end before the year of the table, with their end."""
    words = DEFAULT_LANGUAGE.say("front.years_ten" if count == SPAN else "number.years", {"count": count})
    return words if last >= newest else DEFAULT_LANGUAGE.say("front.years_to", {"span": words, "last": last})


def _table(rows: Sequence[Row]) -> list[Row]:
    """Rows of the table of all pairs, without published totals."""
    return [row for row in rows if row["share_record"] != "dot"]


def _dots(rows: Sequence[Row]) -> list[Row]:
    """Published totals."""
    return [row for row in rows if row["share_record"] == "dot"]


def _ends(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """The last share on record, a published total where it is later, and that of ten years before."""
    line = _table(rows)
    later = [row for row in _dots(rows) if not line or row["year"] > line[-1]["year"]]
    if not line:
        return None
    last = later[-1] if later else line[-1]
    before = [row for row in line if row["year"] <= last["year"] - SPAN] or line[:1]
    return before[-1], last


def _split(rows: Sequence[Row]) -> bool:
    """Whether sources on one year are more than a tenth apart."""
    for year in {row["year"] for row in rows}:
        year_rows = [row for row in rows if row["year"] == year]
        names = ("trade_share", "trade_share_least", "trade_share_most")
        seen = [row[name] for row in year_rows for name in names if row[name]]
        if len(seen) > 1 and max(seen) - min(seen) > max(APART * max(seen), POINT):
            return True
    return False


def _heading(dossier: Dossier, ends: dict[str, tuple[Row, Row] | None]) -> Finding:
    # The larger of the two shares leads: who is more of the other's trade.
    told = max(ends, key=lambda side: _last(ends[side]))
    pair = ends[told]
    values = sides(dossier) if told == "a" else {"a": sides(dossier)["b"], "b": sides(dossier)["a"]}
    if pair is None:
        return Finding("front.changed.points", values)
    first, last = pair
    values |= {
        "share_a": Quantity(last["trade_share"], "probability"),
        "first": first["year"],
        "span": _span(last["year"] - first["year"], last["year"], dossier.provenance.year or 0),
        "last": last["year"],
    }
    if max(first["trade_share"], last["trade_share"]) < TINY:
        return Finding("front.changed.little", values)
    if at_war(dossier):
        return Finding(
            "front.changed.war", values | {"before": Quantity(first["trade_share"], "probability")}
        )
    word = (
        front.change(last["trade_share"] / first["trade_share"]) if first["trade_share"] >= TINY else "rose"
    )
    return Finding(f"front.changed.{word}", values)


def _last(ends: tuple[Row, Row] | None) -> float:
    return float(ends[1]["trade_share"]) if ends else -1.0


def _text(
    dossier: Dossier, own: dict[str, list[Row]], ends: dict[str, tuple[Row, Row] | None]
) -> Iterator[Finding]:
    told = [
        values for side, code, partner in both(dossier) if (values := _from_to(code, partner, ends[side]))
    ]
    if len(told) == 2 and told[0]["first"] == told[1]["first"] and told[0]["last"] == told[1]["last"]:
        back = {f"back_{name}": told[1][name] for name in ("then", "now")}
        yield Finding("front.changed.both", {**told[0], **back})
    else:
        yield from (Finding("front.changed.from_to", values) for values in told)


def _recorded(dossier: Dossier, ends: dict[str, tuple[Row, Row] | None]) -> Iterator[Finding]:
    """What a record says that published shares contradict."""
    for side, code, partner in both(dossier):
        if values := _from_to(code, partner, ends[side]):
            yield Finding("front.changed.recorded", values)


def _from_to(code: str, partner: str, pair: tuple[Row, Row] | None) -> dict[str, Value]:
    """The first and the last share of a partner, as a sentence says them; nothing of a tiny one."""
    if pair is None or max(row["trade_share"] for row in pair) < TINY:
        return {}
    first, last = pair
    return {
        "a": Country(code),
        "b": Country(partner),
        "then": Quantity(first["trade_share"], "probability"),
        "now": Quantity(last["trade_share"], "probability"),
        "first": first["year"],
        "last": last["year"],
    }


def _chart(dossier: Dossier, own: dict[str, list[Row]], *, joined: bool, wide: int) -> Chart:
    """Shares as lines, which go on to a later published one where that is of the same trade."""
    lines = [
        line
        for side, code, partner in both(dossier)
        for line in _line(side, code, partner, own[side], joined)
    ]
    years = [int(year) for line in lines for year, _ in line.points]
    values = {**sides(dossier), "first": min(years), "last": max(years)}
    said = "; ".join(f"{one.name} {one.end}" for one in lines)
    dots = any(one.strokes for one in lines)
    bands = any(one.band for one in lines)
    kind = "both" if dots and bands else "dots" if dots else "bands" if bands else "plain"
    drawn = series(
        lines,
        Finding("front.changed.alt", {**values, "lines": said}).sentence(),
        events=_events(dossier, years),
        wide=wide,
        height=LOW if wide == HALF else HIGH,
    )
    return Chart(
        Finding("front.changed.chart", values),
        Finding(f"front.changed.sub_{kind}", values),
        drawn,
        Finding("front.changed.source_totals" if dots else "front.changed.source"),
        "history",
    )


def _line(side: str, code: str, partner: str, rows: Sequence[Row], joined: bool) -> Iterator[Series]:
    table = _table(rows)
    dots = tuple((float(row["year"]), 100 * row["trade_share"]) for row in _dots(rows))
    points = [(float(row["year"]), 100 * row["trade_share"]) for row in table]
    if not points:
        return
    later = [dot for dot in dots if joined and dot[0] > points[-1][0]]
    whole = (*points, *later[-1:])
    plain = [row["year"] for row in table if row["share_record"] == "line"]
    band = tuple(
        (
            float(row["year"]),
            100 * (row["trade_share_least"] or row["trade_share"]),
            100 * (row["trade_share_most"] or row["trade_share"]),
        )
        for row in table
        if row["year"] >= max(plain, default=0)
    )
    words = {"a": Country(code), "b": Country(partner)}
    yield Series(
        "a" if side == "a" else "b",
        capital(DEFAULT_LANGUAGE.say("front.changed.line", words)),
        whole,
        front.share(whole[-1][1], DEFAULT_LANGUAGE.numbers),
        DEFAULT_LANGUAGE.say("front.changed.published") if later else "",
        max(plain, default=None),
        dots,
        band if len(band) > 1 and any(high - low > 1 for _, low, high in band) else (),
    )


def _since_when(losses: Sequence[Row]) -> Iterator[Finding]:
    """How the larger of the two losses has changed, and when it turned."""
    lines = _by_state(losses)
    if not lines:
        return
    rows = max(lines, key=lambda line: line[-1]["loss_percent"])
    first, last = rows[0], rows[-1]
    about: dict[str, Value] = {"a": Country(first["country"]), "b": Country(first["partner"])}
    then, now = (ranged(row, "loss_percent", "percent") for row in (first, last))
    years = {"first": first["year"], "last": last["year"]}
    yield Finding("front.changed.since", {**about, **years, "then": then, "now": now})
    if turn := turned(rows):
        kind, row = turn
        size = ranged(row, "loss_percent", "percent")
        yield Finding(f"front.changed.{kind}", {**about, "year": row["year"], "size": size})


def over_years(losses: Sequence[Row]) -> Finding | None:
    """Return how the larger of two losses has changed, where it has: grown, past its peak, or faded.

    losses: of both states by year, as the answer has them.
    """
    lines = _by_state(losses)
    rows = max(lines, key=lambda line: line[-1]["loss_percent"]) if lines else []
    if not rows or max(row["loss_percent"] for row in rows) < LEAST_PERCENT:
        return None
    first, last, high = rows[0], rows[-1], max(rows, key=lambda row: row["loss_percent"])
    peak, end = high["loss_percent"], last["loss_percent"]
    word = (
        "grown" if end * STEP >= peak and end >= GROWN * first["loss_percent"]
        else "faded" if end < FADED * peak
        else "peaked" if turned(rows) == ("peak", high)
        else ""
    )  # fmt: skip
    values: dict[str, Value] = {"a": Country(last["country"]), "b": Country(last["partner"])}
    for name, row in (("then", first), ("size", high), ("now", last)):
        values[name] = ranged(row, "loss_percent", "percent")
    years = {"first": first["year"], "year": high["year"], "last": last["year"]}
    return Finding(f"front.changed.{word}", {**values, **years}) if word else None


def _by_state(losses: Sequence[Row]) -> list[list[Row]]:
    states = dict.fromkeys(row["country"] for row in losses)
    return [[row for row in losses if row["country"] == state] for state in states]


def _losses(dossier: Dossier, losses: Sequence[Row]) -> Iterator[Chart]:
    """What each would have lost without the other, by the economy of each year."""
    numbers, lines = DEFAULT_LANGUAGE.numbers, []
    for rows in _by_state(losses):
        last = ranged(rows[-1], "loss_percent", "percent")
        about: dict[str, Value] = {"a": Country(rows[0]["country"]), "b": Country(rows[0]["partner"])}
        lines.append(
            Series(
                "a" if rows[0]["country"] == dossier.a.code else "b",
                capital(DEFAULT_LANGUAGE.say("front.changed.without", about)),
                tuple((float(row["year"]), row["loss_percent"]) for row in rows),
                front.percent(last.value or 0.0, numbers),
                front.span(last, numbers, short=True),
                ONE_TABLE,
                band=tuple(
                    (float(row["year"]), row["loss_percent_low"], row["loss_percent_high"]) for row in rows
                ),
            )
        )
    if lines:
        said = "; ".join(f"{one.name} {one.end}" for one in lines)
        values = {**sides(dossier), "year": ONE_TABLE}
        yield Chart(
            Finding("front.changed.losses", values),
            Finding("front.changed.losses_sub", values),
            series(
                lines,
                Finding("front.changed.losses_alt", {**values, "lines": said}).sentence(),
                wide=HALF,
                height=LOW,
            ),
            Finding("front.changed.losses_source"),
            "history",
            under=tuple(_since_when(losses)),
        )


def _events(dossier: Dossier, years: Sequence[int]) -> list[DatedEvent]:
    """What happened between the two, and then the wars and clashes of either with others; nothing of third parties."""
    if at_war(dossier):
        return [DatedEvent(WAR_SINCE, str(WAR_SINCE), DEFAULT_LANGUAGE.say("front.changed.war_began"))]
    rows = [row for row in rows_of(dossier, "trade_history", "trade-events")
            if min(years) <= int(row["date"][:4]) <= max(years)]  # fmt: skip
    pair = {dossier.a.code, dossier.b.code}
    kept: list[Row] = []
    for row in sorted(
        rows, key=lambda row: ({row["senders"], row["targets"]} != pair, row["event"] in BROAD, row["date"])
    ):
        if len(kept) < EVENTS and all(
            abs(_decimal(row["date"]) - _decimal(one["date"])) > 0.9 for one in kept
        ):
            kept.append(row)
    return [
        DatedEvent(_decimal(row["date"]), row["date"][:4], DEFAULT_LANGUAGE.say(f"word.event.{row['event']}"))
        for row in kept
    ]


def _decimal(date: str) -> float:
    year, month = date.split("-")[:2]
    return int(year) + (int(month) - 0.5) / 12
