"""The third screen: what each buys from the other, and who else would sell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.chokepoints import Good, chokepoints
from suasion.answers.values import Country, Quantity, Value, Word
from suasion.dossier.context import Dossier
from suasion.dossier.screens.facts import at_war, both, guessed, sides
from suasion.dossier.screens.screen import Chart, DossierScreen, Light, light
from suasion.dossier.tables import rows_of
from suasion.questions.bands import ranged
from suasion.wars import BELLIGERENTS

MOST = 5
"""Goods shown each way."""
FILLERS = 2
"""Other sellers named for each."""
WHOLE = 100.0
LEAST_PART = 0.5
"""Per cent of what is lost from which on who fills it is named."""
MOSTLY = 0.5
"""Part of services from which on a chart of goods alone would mislead."""
LEAST_PRICE = 0.5
"""Per cent from which on a price is said to move."""
LEAST_MUSD = 10.0
"""Million USD a year from which on a raw material is told."""
LEAST = {"least": Quantity(LEAST_MUSD, "musd")}
SERVICES = ("B09", *"EFGHIJKLMNOPQRST")
"""Beginnings of codes of industries that make no goods."""
HELD = {
    "modelled": ("substitutes", "substitutes-all"),
    "shares": ("dependence", "imports"),
    "raw": ("materials", "materials"),
}
FOLDS = {"modelled": "industries", "shares": "industries", "raw": "materials"}
Row = dict[str, Any]


def why(dossier: Dossier) -> DossierScreen:
    """Return the third screen: by industry where the model says who else sells, by raw material otherwise."""
    goods = {side: _bought(dossier, code) for side, code, _ in both(dossier)}
    source = _source(dossier)
    if not any(goods.values()):
        known = bool(rows_of(dossier, *HELD["raw"]))
        return DossierScreen(
            "why",
            Finding(f"front.why.{'little' if known else 'unknown'}", sides(dossier)),
            light(observed=True) if known else Light.UNKNOWN,
            Finding("light.measured" if known else "light.unknown"),
            (Finding("front.why.raw", LEAST) if known else Finding("front.why.no_record", sides(dossier)),),
            basis=Finding("front.why.basis_raw" if known else "front.why.basis_unknown"),
            better=Finding("front.why.better"),
        )
    told = [one for one in both(dossier) if goods[one[0]]]
    charts = tuple(_chart(dossier, one, goods[one[0]], source, again=bool(place) and source == "modelled")
                   for place, one in enumerate(told))  # fmt: skip
    doubt = source != "raw" and guessed(dossier)
    plain = "light.shares_measured" if source == "modelled" else "light.measured"
    return DossierScreen(
        "why",
        _heading(dossier, goods),
        light(observed=True, doubted=doubt),
        Finding("light.guessed" if doubt else plain),
        charts=charts,
        aside=_aside(dossier, source),
        basis=Finding(
            f"front.why.basis{'_guessed' if doubt else '' if source == 'modelled' else f'_{source}'}"
        ),
        better=Finding("front.why.better"),
    )


def _aside(dossier: Dossier, source: str) -> Finding:
    """What charts leave out: other sellers, and services where they are most of what one side buys of the other."""
    if source != "modelled":
        return Finding(f"front.why.{source}", LEAST)
    part = {side: _services(dossier, code) for side, code, _ in both(dossier)}
    if max(part.values()) < MOSTLY:
        return Finding("front.why.rest")
    told = {f"services_{side}": Quantity(one, "probability") for side, one in part.items()}
    return Finding("front.why.rest_services", {**sides(dossier), **told})


def _services(dossier: Dossier, code: str) -> float:
    """Part of services in the value of what a state buys from the other."""
    bought = [row for row in rows_of(dossier, *HELD["modelled"]) if row["buyer"] == code]
    whole = sum(row["value_musd"] for row in bought)
    services = (row["value_musd"] for row in bought if str(row["industry"]).startswith(SERVICES))
    return sum(services) / whole if whole else 0.0


def _source(dossier: Dossier) -> str:
    """Which answer tells of goods: with other sellers, shares by industry alone, or raw materials."""
    if rows_of(dossier, "substitutes", "substitutes-all"):
        return "modelled"
    return "shares" if rows_of(dossier, "dependence", "imports") else "raw"


def _bought(dossier: Dossier, code: str) -> list[Row]:
    """Goods that a state buys from the other, the largest value first."""
    name, table = HELD[_source(dossier)]
    rows = [row for row in rows_of(dossier, name, table) if row["buyer"] == code]
    if name == "materials":
        rows = [{**row, "industry": None} for row in rows if row["material"] not in ("all", "energy")]
    if name == "materials":
        rows = [row for row in rows if row["value_musd"] >= LEAST_MUSD]
    goods = [row for row in rows if row["industry"] is None or not str(row["industry"]).startswith(SERVICES)]
    return sorted((row for row in goods if row["import_share"]), key=lambda row: -row["value_musd"])[:MOST]


def _name(row: Row) -> str:
    if row["industry"] is None:
        return DEFAULT_LANGUAGE.inside(DEFAULT_LANGUAGE.show(Word("material", row["material"])))
    return DEFAULT_LANGUAGE.industry(row["industry"], "goods")


def _heading(dossier: Dossier, goods: dict[str, list[Row]]) -> Finding:
    """What each would miss most, where prices tell; else what it buys most of."""
    hardest = {side: max(rows, key=_missed) for side, rows in goods.items() if rows}
    missed = len(hardest) > 1 and all(_missed(row) for row in hardest.values())
    first = {side: row if missed else goods[side][0] for side, row in hardest.items()}
    told = (
        next(iter(first)) if len(first) < 2 else "war" if at_war(dossier) else "missed" if missed else "both"
    )
    return Finding(
        f"front.why.{told}", {**sides(dossier), **{f"good_{side}": _name(row) for side, row in first.items()}}
    )


def _missed(row: Row) -> float:
    """What a good costs more a year without the other, where its price is sure to rise; zero where it is not."""
    price = row.get("price_percent") or 0.0
    open_end = price and ranged(row, "price_percent", "percent").covers_zero
    return 0.0 if open_end or price < LEAST_PRICE else float(price * row["value_musd"])


def _chart(
    dossier: Dossier, who: tuple[str, str, str], rows: Sequence[Row], source: str, *, again: bool
) -> Chart:
    side, code, partner = who
    drawn = [_good(dossier, code, row) for row in rows]
    values: dict[str, Value] = {"a": Country(code), "b": Country(partner)}
    said = "; ".join(
        ", ".join(filter(None, (f"{one.name} {one.text}", one.beside, one.under))) for one in drawn
    )
    end = "" if source == "modelled" else f"_{source}"
    ranged = source == "modelled" and any(row.get("price_percent_low") is not None for row in rows)
    sub = Finding(f"front.why.sub{'_ranged' if ranged else end}", values)
    return Chart(
        Finding(f"front.why.chart{'_war' if at_war(dossier) else ''}", values),
        Finding("front.why.sub_same", values) if again else sub,
        chokepoints(
            drawn, "a" if side == "a" else "b", Finding("front.why.alt", {**values, "rows": said}).sentence()
        ),
        Finding(
            f"front.why.source{end}",
            {"year": rows[0]["year"] if source == "raw" else dossier.provenance.year},
        ),
        FOLDS[source],
        _told(drawn, values),
        sub,
    )


def _told(drawn: Sequence[Good], values: dict[str, Value]) -> tuple[tuple[str, ...], ...]:
    """The goods as cells under heads; who would fill the gap has a column where it is known."""
    keys = ("good", "share", "value", *(["gap"] if any(one.under for one in drawn) else []))
    heads = tuple(DEFAULT_LANGUAGE.say(f"front.why.head_{key}", values) for key in keys)
    cells = ((one.name, one.text, one.beside, one.under) for one in drawn)
    return (heads, *(row[: len(heads)] for row in cells))


def _good(dossier: Dossier, code: str, row: Row) -> Good:
    share = float(row["import_share"])
    money = DEFAULT_LANGUAGE.numbers.usd(row["value_musd"]).replace(" ", "\N{NO-BREAK SPACE}")
    price = row.get("price_percent")
    if price is not None:
        one = ranged(row, "price_percent", "percent")
        low, high = (front.plain(end or 0.0, price) for end in (one.low, one.high))
        ends = front.joined(low, high) if one.low is not None else ""
        still = abs(price) < LEAST_PRICE
        known = "price_falls" if price < 0 else "price" if ends else "price_bare"
        key = "price_unclear" if one.covers_zero else "price_still" if still else known
        money = DEFAULT_LANGUAGE.say(
            f"front.why.{key}", {"money": money, "size": front.plain(price), "ends": ends}
        )
    return Good(
        capital(_name(row)),
        share,
        front.share(100 * share, DEFAULT_LANGUAGE.numbers),
        money,
        _under(dossier, code, row),
    )


def _under(dossier: Dossier, code: str, row: Row) -> str:
    """The two other sellers that would gain most, with the part of what is lost that each would take."""
    others = rows_of(dossier, "substitutes", "fillers") if row["industry"] else []
    same = [one for one in others if (one["buyer"], one["industry"]) == (code, row["industry"])]
    # Elasticities do not know of a war.
    same = [one for one in same if {code, one["filler"]} != BELLIGERENTS]
    large = [one for one in same if one["part_percent"] >= LEAST_PART][:FILLERS]
    home = row.get("home_percent")
    # Others sell less too where the buyer's own industry takes so much: more than all told would read as a mistake.
    while large and sum(one["part_percent"] for one in large) + (home or 0.0) > WHOLE:
        large.pop()
    named = [
        f"{DEFAULT_LANGUAGE.country(one['filler'], 'plain')} {_part(one, 'part_percent')}" for one in large
    ]
    if home is not None and home >= LEAST_PART:
        key = "front.why.home_all" if home > WHOLE else "front.why.home"
        named.append(DEFAULT_LANGUAGE.say(key, {"size": _part(row, "home_percent")}))
    return ", ".join(named)


def _part(row: Row, name: str) -> str:
    """A part of what is lost, with its range where one was run; no end of it is told below nothing or above all."""
    one = ranged(row, name, "percent")
    if one.low is not None and one.high is not None:
        one = replace(one, low=max(one.low, 0.0), high=min(one.high, WHOLE))
    ends = front.span(one, DEFAULT_LANGUAGE.numbers, short=True)
    return f"{front.plain(row[name])} ({ends})" if ends else front.plain(row[name])
