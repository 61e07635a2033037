"""The second block: how large each was in the other's trade, and how that has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from suasion.answers import Country, Finding, Quantity, Value, Word, front
from suasion.answers.front import LEAST_PERCENT
from suasion.questions.bands import ranged
from suasion.questions.ties.since import KEY, STEP, turned
from suasion.questions.trade_history import DENIED
from suasion.questions.verdict.headings import over_time
from suasion.questions.verdict.parts import Block, Light, PairAnswers, Row, light

SPAN = 10
"""Years before the last one from which a change is told."""
TINY = 0.001
"""Share from which on a change is told."""
GROWN, FADED = 1.3, 0.6
"""Ratios of the last loss to the first, and to the largest, from which on it has grown, and below which it has faded.
Assumption: 1.2 to 1.5, and 0.5 to 0.7."""
APART, POINT = 0.1, 0.01
"""Part of a share, and size, by which sources disagree enough to be said."""
Ends = Mapping[str, tuple[Row, Row] | None]


def changed(parts: PairAnswers) -> Block:
    """Return the second block."""
    own = by_side(parts)
    if not any(own.values()):
        return _unrecorded(parts)
    denied, whole = denial(parts), denies_all(parts)
    # A published share that contradicts the record is no last point of it.
    ends = {side: _ends(recorded(rows) if whole else rows) for side, rows in own.items()}
    doubt = "contradicted" if denied else _lacking(ends)
    split = sources_part(parts)
    known = doubt or ("split" if split else "")
    lines = losses_of(parts)
    line = None if parts.at_war else over_years(lines, {code: own[side] for side, code, _ in parts.both})
    return Block(
        "changed",
        Finding("verdict.changed.contradicted", denied.values)
        if denied and whole
        else line or _heading(parts, ends),
        light(observed=True, doubted=bool(doubt or lines)),
        doubt or ("since" if lines else known) or "measured",
        f"changed_{known}" if known else "changed",
        "changed",
        tuple(_as_recorded(parts, ends)) if whole else (*_text(parts, ends), *([denied] if denied else [])),
    )


def by_side(parts: PairAnswers) -> dict[str, list[Row]]:
    """Return the shares of each side's partner over the years, by side."""
    rows = parts.rows("trade_history", "trade-history")
    return {side: [row for row in rows if row["country"] == code] for side, code, _ in parts.both}


def denial(parts: PairAnswers) -> Finding | None:
    """What was published, where it contradicts what is recorded: of all trade first, else of exports or imports."""
    notes = parts.notes("trade_history")
    return next((note for key in DENIED.values() for note in notes if note.key == key), None)


def denies_all(parts: PairAnswers) -> bool:
    """Whether what was published contradicts the record of all trade."""
    denied = denial(parts)
    return denied is not None and denied.key == DENIED["turnover"]


def _lacking(ends: Ends) -> str:
    """Why the last share is no report of the two: none of that year, or none since; empty where it is one."""
    from suasion.sources.goods_totals import LINE

    last = [pair[1] for pair in ends.values() if pair and max(row["trade_share"] for row in pair) >= TINY]
    if any(row["share_record"] == "estimate" for row in last):
        return "guessed"
    return "ended" if any(row["year"] < LINE[-1] for row in last) else ""


def _unrecorded(parts: PairAnswers) -> Block:
    """No trade by year: what the world's table says of its one year, where it has both."""
    now = {
        str(row["country"]): Quantity(row["partner_share"], "probability")
        for row in parts.rows("dependence", "shares")
        if row["channel"] == "turnover" and row["partner_share"]
    }
    values, two = parts.sides | {"year": parts.year}, len(now) == 2
    if two:
        values |= {"share_a": now[parts.a], "share_b": now[parts.b]}
    return Block(
        "changed",
        Finding(f"verdict.changed.{'one_year' if two else 'unknown'}", values),
        light(observed=True, doubted=parts.guessed) if two else Light.UNKNOWN,
        "unknown" if not two else "guessed" if parts.guessed else "measured",
        "changed_one_year" if two else "changed_unknown",
        "changed",
        (Finding(f"verdict.changed.no_record{'_one_year' if two else ''}", values),),
    )


def losses_of(parts: PairAnswers) -> tuple[list[Row], ...]:
    """Return what each would have lost without the other by year, a line a state, the larger one first."""
    rows = parts.rows("trade_history", KEY)
    lines = ([row for row in rows if row["country"] == code] for code in (parts.a, parts.b))
    return tuple(sorted(filter(None, lines), key=lambda line: -line[-1]["loss_percent"]))


def over_years(
    lines: Sequence[Sequence[Row]], shares: Mapping[str, Sequence[Row]] | None = None
) -> Finding | None:
    """Return how the larger of two losses has changed, where it has, beside the smaller one and the shares of trade.

    lines: as :func:`losses_of` gives them.
    shares: the partner's share in the trade of each state by year, by code.
    """
    rows = lines[0] if lines else []
    if not rows or max(row["loss_percent"] for row in rows) < LEAST_PERCENT:
        return None
    first, last, high = rows[0], rows[-1], max(rows, key=lambda row: row["loss_percent"])
    rare = over_time(lines, shares or {})
    if rare:
        return Finding(f"verdict.changed.{rare[0]}", rare[1])
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
    values |= {"first": first["year"], "year": high["year"], "last": last["year"]}
    return Finding(f"verdict.changed.{word}", values) if word else None


def since_when(parts: PairAnswers) -> Iterator[Finding]:
    """Yield how the larger of the two losses has changed, and when it turned."""
    for rows in losses_of(parts)[:1]:
        first, last = rows[0], rows[-1]
        about: dict[str, Value] = {"a": Country(first["country"]), "b": Country(first["partner"])}
        then, now = (ranged(row, "loss_percent", "percent") for row in (first, last))
        years: dict[str, Value] = {"first": first["year"], "last": last["year"]}
        yield Finding("verdict.changed.since", {**about, **years, "then": then, "now": now})
        if turn := turned(rows):
            kind, row = turn
            size = ranged(row, "loss_percent", "percent")
            yield Finding(f"verdict.changed.{kind}", {**about, "year": row["year"], "size": size})


def recorded(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the table of all pairs, without published totals."""
    return [row for row in rows if row["share_record"] != "dot"]


def published(rows: Sequence[Row]) -> list[Row]:
    """Return published totals."""
    return [row for row in rows if row["share_record"] == "dot"]


def _ends(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """The last share on record, a published total where it is later, and that of ten years before."""
    line = recorded(rows)
    if not line:
        return None
    later = [row for row in published(rows) if row["year"] > line[-1]["year"]]
    last = later[-1] if later else line[-1]
    before = [row for row in line if row["year"] <= last["year"] - SPAN] or line[:1]
    return before[-1], last


def sources_part(parts: PairAnswers) -> bool:
    """Whether sources on the trade of either are more than a tenth apart in a year."""
    return any(_split(rows) for rows in by_side(parts).values())


def _split(rows: Sequence[Row]) -> bool:
    """Whether sources on one year are more than a tenth apart."""
    for year in {row["year"] for row in rows}:
        year_rows = [row for row in rows if row["year"] == year]
        names = ("trade_share", "trade_share_least", "trade_share_most")
        seen = [row[name] for row in year_rows for name in names if row[name]]
        if len(seen) > 1 and max(seen) - min(seen) > max(APART * max(seen), POINT):
            return True
    return False


def _heading(parts: PairAnswers, ends: Ends) -> Finding:
    # The larger of the two shares leads: who is more of the other's trade.
    told = max(ends, key=lambda side: _last(ends[side]))
    pair, sides = ends[told], parts.sides
    values = sides if told == "a" else {"a": sides["b"], "b": sides["a"]}
    if pair is None:
        return Finding("verdict.changed.points", values)
    first, last = pair
    count = last["year"] - first["year"]
    to = "" if last["year"] >= parts.year else "_to"
    values |= {
        "share_a": Quantity(last["trade_share"], "probability"),
        "first": first["year"],
        "count": count,
        "span": Word("span", f"{'ten' if count == SPAN else 'years'}{to}"),
        "last": last["year"],
    }
    if max(first["trade_share"], last["trade_share"]) < TINY:
        return Finding("verdict.changed.little", values)
    if parts.at_war:
        before = {"before": Quantity(first["trade_share"], "probability")}
        return Finding("verdict.changed.war", values | before)
    known = first["trade_share"] >= TINY
    word = front.change(last["trade_share"] / first["trade_share"]) if known else "rose"
    return Finding(f"verdict.changed.{word}", values)


def _last(ends: tuple[Row, Row] | None) -> float:
    return float(ends[1]["trade_share"]) if ends else -1.0


def _text(parts: PairAnswers, ends: Ends) -> Iterator[Finding]:
    told = [values for side, code, partner in parts.both if (values := _from_to(code, partner, ends[side]))]
    if len(told) == 2 and told[0]["first"] == told[1]["first"] and told[0]["last"] == told[1]["last"]:
        back = {f"back_{name}": told[1][name] for name in ("then", "now")}
        yield Finding("verdict.changed.both", {**told[0], **back})
    else:
        yield from (Finding("verdict.changed.from_to", values) for values in told)


def _as_recorded(parts: PairAnswers, ends: Ends) -> Iterator[Finding]:
    """What a record says that published shares contradict."""
    for side, code, partner in parts.both:
        if values := _from_to(code, partner, ends[side]):
            yield Finding("verdict.changed.recorded", values)


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
