"""A question to the scenario builder as an address, and back: the whole scenario stands in the query string.

``do=embargo&by=USA~EU&on=RUS&in=energy&years=1`` is one measure at one horizon. ``do``, ``by``, ``on``, ``in``,
``size``, ``how``, ``use``, ``part``, ``since`` and ``until`` are repeated, in step, for further measures. Sizes are per
cent, except for transfers. ``day`` takes the measures in force on that day.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast, get_args
from urllib.parse import urlencode

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.instrument import Instrument
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.scenario.scenario import Scenario
from suasion.errors import InputError
from suasion.nearest import did_you_mean
from suasion.questions.scenarios.instruments import BUNDLES, KINDS
from suasion.types import DeficitRule

MOST_MEASURES = 8
MOST_NAMES = 90
LONGEST_TEXT = 120
SHORT, LONG = 1.0, 10.0
LEAST_EASE, MOST_EASE = 0.25, 4.0
DRAWS = 32
SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Measure:
    """One instrument as it stands in an address.

    kind: Key of :data:`KINDS`.
    by, on: Coalition and target: codes, names, groups, or "all".
    sectors: Words of :data:`BUNDLES`, codes or names; empty is everything.
    size: In the unit of its kind.
    how: Variant; empty is the usual one.
    use: "inputs" or "final"; empty is all purchases.
    part: Per cent of each flow that it hits.
    since, until: First and last day in force; empty is always.
    """

    kind: str
    by: tuple[str, ...]
    on: tuple[str, ...]
    sectors: tuple[str, ...] = ()
    size: float = 0.0
    how: str = ""
    use: str = ""
    part: float = 100.0
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A whole question to the builder.

    measures: In the order of the address.
    years: Horizon, from 1 (the first year, the usual one) to 10.
    ease: Factor on the trade elasticity, sigma - 1.
    swap: Factor on substitution among inputs and factors, zeta and epsilon.
    deficits: Deficit rule.
    draws: Draws of the elasticities for bands; 0 for none.
    name: The reader's own title; empty for one made from the measures.
    year: Year of membership of groups; None is the world's.
    day: Only measures in force on it; empty is all.
    """

    measures: tuple[Measure, ...]
    years: float = SHORT
    ease: float = 1.0
    swap: float = 1.0
    deficits: DeficitRule = "balance"
    draws: int = 0
    name: str = ""
    year: int | None = None
    day: str = ""
    certify = True  # an equilibrium that fails its check is none

    @property
    def scenario(self) -> Scenario:
        """What happens."""
        return scenario_of(self)

    @property
    def horizon(self) -> float:
        """Years, as every question to the model has them."""
        return self.years

    @property
    def cases(self) -> tuple[tuple[str, Query], ...]:
        """Label and question of each horizon that is told: short, the reader's where it is another, long."""
        own = [] if self.years in (SHORT, LONG) else [(shown_horizon(self), self)]
        return (("short", replace(self, years=SHORT)), *own, ("long", replace(self, years=LONG)))

    @property
    def address(self) -> str:
        """The question as a query string that :func:`parse_query` reads back."""
        return to_address(self)


def shown_horizon(query: Query) -> str:
    """Label of the horizon whose map, trade and prices are shown."""
    return {SHORT: "short", LONG: "long"}.get(query.years, plain(query.years))


def digest(what: Any) -> str:
    """Hash of plain data, for the keys of stored results."""
    text = json.dumps(what, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


_LIMITS = ("use", "part", "since", "until")
_ARGUMENTS = {"use": "use", "part": "coverage", "since": "date", "until": "until"}
_REPEATED = ("do", "by", "on", "in", "size", "how", *_LIMITS)
_SINGLE = ("years", "ease", "swap", "deficits", "bands", "name", "year", "day")


def parse_query(pairs: Iterable[tuple[str, str]]) -> Query:
    """Read a question from the pairs of a query string.

    pairs: Keys and values, decoded, in their order.
    Raises InputError: A key, a number or a word is not allowed, or there is too much of something; the
      message says which.
    """
    columns: dict[str, list[str]] = {key: [] for key in _REPEATED}
    single: dict[str, str] = {}
    for key, value in pairs:
        if key in columns:
            columns[key].append(value.strip())
        elif key in _SINGLE and single.setdefault(key, value.strip()) == value.strip():
            continue
        elif key in _SINGLE:
            raise InputError(f"`{key}` stands twice with different values; give it once.")
        else:
            raise InputError(
                f"There is no parameter {key!r}.{did_you_mean(key, (*_REPEATED, *_SINGLE), show=repr)}"
            )
    bands = single.get("bands", "") not in ("", "0", "no")
    return Query(
        measures=_measures(columns),
        years=number("years", single.get("years", ""), SHORT, SHORT, LONG),
        ease=number("ease", single.get("ease", ""), 1.0, LEAST_EASE, MOST_EASE),
        swap=number("swap", single.get("swap", ""), 1.0, LEAST_EASE, MOST_EASE),
        deficits=_rule(single.get("deficits", "") or "balance"),
        draws=DRAWS if bands else 0,
        name=_text("name", single.get("name", "")),
        year=_year(single.get("year", "")),
        day=_day("day", single.get("day", "")),
    )


def _measures(columns: dict[str, list[str]]) -> tuple[Measure, ...]:
    count = max(len(values) for values in columns.values())
    if count > MOST_MEASURES:
        raise InputError(f"There are {count} measures; at most {MOST_MEASURES} can be laid on one scenario.")
    short = [key for key in ("do", "by", "on") if len(columns[key]) not in (0, count)]
    for key in short:
        raise InputError(
            f"`{key}` stands {len(columns[key])} times for {count} measures; give it once for each."
        )
    rows = [
        {key: (values[k] if k < len(values) else "") for key, values in columns.items()} for k in range(count)
    ]
    return tuple(_measure(row) for row in rows if row["by"] or row["on"])


def _measure(row: dict[str, str]) -> Measure:
    kind = row["do"] or "embargo"
    if kind not in KINDS:
        raise InputError(
            f"There is no instrument {kind!r}.{did_you_mean(kind, KINDS, show=repr)} Known: {', '.join(KINDS)}."
        )
    about = KINDS[kind]
    by, on = _names("by", row["by"]), _names("on", row["on"])
    keys = _keys(kind)
    if not on or ("senders" in keys and not by):
        raise InputError(
            f"The {kind} lacks its {'target (`on`)' if not on else 'coalition (`by`)'}: name one."
        )
    sectors = () if "sectors" not in keys else tuple(s for s in _names("in", row["in"]) if s != "all")
    how = row["how"]
    if how and how not in about.how[1:]:
        allowed = " or ".join(about.how[1:]) or "nothing"
        raise InputError(f"`how` is {how!r}; for {kind} it must be {allowed}.")
    offer = about.offer
    size = number("size", row["size"], offer.usual, offer.least, offer.most) if offer.argument else 0.0
    how = "" if about.how and how == about.how[1] else how
    return Measure(kind, by if "senders" in keys else (), on, sectors, size, how, **_limits(kind, row))


def _limits(kind: str, row: dict[str, str]) -> dict[str, Any]:
    """Which purchases, what part of each flow, and which days a measure is limited to."""
    keys = _keys(kind)
    for key in _LIMITS:
        if row[key] and _ARGUMENTS[key] not in keys:
            raise InputError(f"`{key}` has no meaning for {kind}; leave it out.")
    use = row["use"]
    if use and use not in checks.WORDS["use"]:
        raise InputError(f"`use` is {use[:40]!r}; it must be {' or '.join(checks.WORDS['use'])}.")
    part = number("part", row["part"], 100.0, 1e-6, 100.0)
    return {"use": use, "part": part, **{key: _day(key, row[key]) for key in ("since", "until")}}


def _day(key: str, text: str) -> str:
    return checks.day(f"`{key}`", text[:40]) if text else ""


def _keys(kind: str) -> tuple[str, ...]:
    from suasion.equilibrium.scenario.scenario import argument_keys

    return argument_keys(INSTRUMENTS[kind])[0]


def _names(key: str, text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.replace(",", SEPARATOR).replace(";", SEPARATOR).split(SEPARATOR)]
    found = tuple(dict.fromkeys(part for part in parts if part))
    if len(found) > MOST_NAMES or any(len(part) > LONGEST_TEXT for part in found):
        raise InputError(f"`{key}` is too long: at most {MOST_NAMES} names of {LONGEST_TEXT} letters.")
    return found


def number(key: str, text: str, usual: float, least: float, most: float) -> float:
    """Read a number of an address; empty is what is usual.

    key: its field, for messages.
    Raises InputError: It is no number from ``least`` to ``most``.
    """
    if not text:
        return usual
    try:
        value = float(text)
    except ValueError as error:
        raise InputError(
            f"`{key}` is {text[:40]!r}; it must be a number from {least:g} to {most:g}."
        ) from error
    if not (math.isfinite(value) and least <= value <= most):
        raise InputError(f"`{key}` is {text[:40]}; it must be a number from {least:g} to {most:g}.")
    return value + 0.0  # no negative zero


def _rule(text: str) -> DeficitRule:
    if text not in get_args(DeficitRule):
        raise InputError(
            f"`deficits` is {text[:40]!r}; it must be one of {', '.join(get_args(DeficitRule))}."
        )
    return cast(DeficitRule, text)


def _text(key: str, text: str) -> str:
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise InputError(f"`{key}` must be plain text of at most {LONGEST_TEXT} letters.")
    return text


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1950 <= int(text) <= 2100):
        raise InputError(f"`year` is {text[:40]!r}; it must be a year from 1950 to 2100.")
    return int(text)


def to_address(query: Query, **changed: str) -> str:
    """Write a question as a query string.

    query: The question.
    **changed: Single parameters to replace; an empty value takes one away.
    Returns: Without a question mark. What has its usual value is left out.
    """
    rows = [_columns(measure) for measure in query.measures]
    shown = [key for key in _REPEATED if key in ("do", "by", "on") or any(row[key] for row in rows)]
    pairs = [(key, row[key]) for row in rows for key in shown]
    single = {
        "years": "" if query.years == SHORT else plain(query.years),
        "ease": "" if query.ease == 1.0 else plain(query.ease),
        "swap": "" if query.swap == 1.0 else plain(query.swap),
        "deficits": "" if query.deficits == "balance" else query.deficits,
        "bands": "1" if query.draws else "",
        "name": query.name,
        "year": "" if query.year is None else str(query.year),
        "day": query.day,
    }
    pairs += [(key, value) for key, value in {**single, **changed}.items() if value]
    return urlencode(pairs, safe="~,")


def _columns(measure: Measure) -> dict[str, str]:
    return {
        "do": measure.kind,
        "by": SEPARATOR.join(measure.by),
        "on": SEPARATOR.join(measure.on),
        "in": SEPARATOR.join(measure.sectors),
        "size": plain(measure.size) if KINDS[measure.kind].offer.argument else "",
        "how": measure.how,
        "use": measure.use,
        "part": "" if measure.part == 100.0 else plain(measure.part),
        "since": measure.since,
        "until": measure.until,
    }


def plain(value: float) -> str:
    """Number as a reader would type it: ``"25"``, ``"0.5"``."""
    return f"{value:.10g}"


def scenario_of(query: Query) -> Scenario:
    """Build the scenario that a question asks for.

    Raises InputError: There is no measure, or one of them is not valid.
    """
    if not query.measures:
        raise InputError("There is no measure yet: name a coalition (`by`) and a target (`on`).")
    made = Scenario(query.name or title(query), [_instrument(m) for m in query.measures], year=query.year)
    return made.on(query.day) if query.day else made


def _instrument(measure: Measure) -> Instrument:
    about, keys = KINDS[measure.kind], _keys(measure.kind)
    given: dict[str, Any] = {"targets": list(measure.on)}
    if "senders" in keys:
        given["senders"] = list(measure.by)
    codes = [code for word in measure.sectors for code in BUNDLES.get(word.casefold(), (word,))]
    if codes:
        given["sectors"] = codes
    if about.offer.argument:
        given[about.offer.argument] = about.offer.value(measure.size)
    if measure.how:
        given[about.how[0]] = measure.how
    limits = {"use": measure.use, "date": measure.since, "until": measure.until}
    given |= {key: value for key, value in limits.items() if value}
    if measure.part != 100.0:
        given["coverage"] = round(measure.part / 100.0, 12)
    return INSTRUMENTS[measure.kind](**given)


def title(query: Query) -> str:
    """Short title from the first measure: ``"embargo, USA + EU on RUS, energy"``."""
    first = query.measures[0]
    sides = f"{' + '.join(first.by)} on {' + '.join(first.on)}" if first.by else " + ".join(first.on)
    where = f", {' + '.join(first.sectors)}" if first.sectors else ""
    size = f" {plain(first.size)}" if KINDS[first.kind].offer.argument else ""
    more = f" and {len(query.measures) - 1} more" if len(query.measures) > 1 else ""
    return f"{first.kind.replace('_', ' ')}{size}, {sides}{where}{more}"
