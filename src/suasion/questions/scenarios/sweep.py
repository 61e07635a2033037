"""Many scenarios at once: every combination of coalition, target, instrument, size, goods and horizon of an address.

``by=USA~EU&on=RUS~CHN&do=embargo~tariff&size=10~25&in=all~energy&years=1~10``: each name is a side of its own. The
address becomes a grid file, which the command ``suasion sweep`` takes as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from suasion import __version__
from suasion.answers import MAIN, Answer, Check, Country, Finding, Quantity, Run, Source, Table, Value, Word
from suasion.equilibrium.certificate import LIMIT
from suasion.equilibrium.scenario.places import ALL, party
from suasion.errors import InputError
from suasion.questions.bands import when_of
from suasion.questions.scenarios.address import (
    LONG,
    LONGEST_TEXT,
    SEPARATOR,
    SHORT,
    Measure,
    Query,
    digest,
    number,
    plain,
    to_address,
)
from suasion.questions.scenarios.instruments import BUNDLES, KINDS
from suasion.questions.scenarios.runs import code_of, label_of
from suasion.types import FloatArray
from suasion.world import World

MOST_TASKS = 1_000
"""Scenarios of one sweep; more belong to the command line."""
MOST_SHOWN = 200
COLUMNS = (
    "coalition target instrument size goods horizon loss_percent loss_musd own_loss_percent own_loss_musd loss_ratio "
    "cost_status address"
)
BRIEF = "target coalition instrument size goods horizon loss_percent own_loss_percent loss_ratio"
TWO_SIDED = tuple(kind for kind, about in KINDS.items() if about.two_sided)
"""Instruments between two sides."""
_KEYS = ("by", "on", "do", "size", "in", "years")


@dataclass(frozen=True, slots=True)
class SweepQuery:
    """What to vary; every combination is one scenario.

    by, on: Coalitions and targets, each a side of its own.
    kinds: Instruments.
    sizes: Sizes of those that have one, in the unit of the builder; empty is the usual size of each.
    goods: Bundles or codes; ``all`` is everything.
    years: Horizons.
    """

    by: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("embargo",)
    sizes: tuple[float, ...] = ()
    goods: tuple[str, ...] = ("all",)
    years: tuple[float, ...] = (SHORT, LONG)

    @property
    def address(self) -> str:
        """The question as a query string that :func:`parse_sweep` reads back."""
        pairs = {
            "by": SEPARATOR.join(self.by),
            "on": SEPARATOR.join(self.on),
            "do": SEPARATOR.join(self.kinds),
            "size": SEPARATOR.join(map(plain, self.sizes)),
            "in": "" if self.goods == ("all",) else SEPARATOR.join(self.goods),
            "years": "" if self.years == (SHORT, LONG) else SEPARATOR.join(map(plain, self.years)),
        }
        return urlencode({key: value for key, value in pairs.items() if value}, safe="~,")


def parse_sweep(pairs: Iterable[tuple[str, str]]) -> SweepQuery:
    """Read a sweep from the pairs of a query string; parts of one key may be repeated or joined by ``~`` or commas.

    pairs: Keys and values, decoded.
    Raises InputError: A key, word or number is not allowed; the message says which.
    """
    found: dict[str, list[str]] = {key: [] for key in _KEYS}
    for key, value in pairs:
        if key not in found:
            raise InputError(f"There is no parameter {key[:40]!r}; there are {', '.join(_KEYS)}.")
        found[key] += [
            part.strip() for part in value.replace(",", SEPARATOR).split(SEPARATOR) if part.strip()
        ]
    parts = {key: tuple(dict.fromkeys(values)) for key, values in found.items()}
    if any(len(part) > LONGEST_TEXT for values in parts.values() for part in values):
        raise InputError(f"A name has at most {LONGEST_TEXT} letters.")
    for kind in parts["do"]:
        if kind not in TWO_SIDED:
            raise InputError(f"There is no instrument {kind[:40]!r} here; there are {', '.join(TWO_SIDED)}.")
    return SweepQuery(
        parts["by"],
        parts["on"],
        parts["do"] or ("embargo",),
        tuple(number("size", text, 0.0, -99, 900) for text in parts["size"]),
        parts["in"] or ("all",),
        tuple(number("years", text, SHORT, SHORT, LONG) for text in parts["years"]) or (SHORT, LONG),
    )


def sides_of_sweep(query: SweepQuery, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Coalitions and targets, with ``all`` taken apart into every economy.

    query: What to vary.
    world: Its economies.
    Raises InputError: A side is missing or unknown.
    """
    if not query.by or not query.on:
        raise InputError("Name at least one coalition (`by`) and one target (`on`).")
    found = []
    for key, own, other in (("by", query.by, query.on), ("on", query.on, query.by)):
        names = [
            name
            for part in own
            for name in (world.states if part.casefold() == ALL else (part,))
            if part.casefold() != ALL or name not in other
        ]
        for name in names:
            party([name], world, world.year)  # raises where nothing has this name
        if not names:
            raise InputError(f"`{key}` names nobody.")
        found.append(tuple(dict.fromkeys(names)))
    return found[0], found[1]


def grid_text(query: SweepQuery, world: World) -> str:
    """Grid file of a sweep.

    query: What to vary.
    world: Its economies.
    Raises InputError: A side is missing or unknown, or there are too many scenarios.
    """
    by, on = sides_of_sweep(query, world)
    acts = [_instrument(kind, query.sizes) for kind in query.kinds]
    each = sum(len(next((v for k, v in act.items() if k != "type"), [0])) for act in acts)
    count = len(by) * len(on) * each * len(query.goods) * len(query.years)
    if count > MOST_TASKS:
        raise InputError(
            f"These are {count:,} scenarios; at most {MOST_TASKS:,} are solved here. "
            "Name fewer, or use `suasion sweep`."
        )
    coalitions = [{"name": name, "members": [name]} for name in by]
    lines = {
        "name": "Sweep",
        "coalitions": coalitions,
        "targets": [[name] for name in on],
        "instruments": acts,
        "sectors": [_codes(word) for word in query.goods],
        "horizons": list(query.years),
    }
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())


def _instrument(kind: str, sizes: Sequence[float]) -> dict[str, Any]:
    offer = KINDS[kind].offer
    if not offer.argument:
        return {"type": kind}
    allowed = [size for size in sizes or (offer.usual,) if offer.least <= size <= offer.most]
    if not allowed:
        raise InputError(f"No size fits the {kind}: it goes from {offer.least:g} to {offer.most:g}.")
    return {"type": kind, offer.argument: [offer.value(size) for size in allowed]}


def _codes(word: str) -> list[str]:
    return ["all"] if word == "all" else list(BUNDLES.get(word.casefold(), (word,)))


def sweep_answer(query: SweepQuery, world: World, income: FloatArray, table: pd.DataFrame) -> Answer:
    """Put the answer of a solved sweep together.

    query: What was varied.
    world: Its economies.
    income: float array (country,). Real expenditure of the base, million USD.
    table: One row for each scenario and country, as :func:`suasion.sweep.collect` gives it.
    Returns: Table ``scenarios``, the largest loss of a target first.
    """
    by, on = sides_of_sweep(query, world)
    members = {name: _members(world, name) for name in (*by, *on)}
    goods = {",".join(_codes(word)): word for word in query.goods}
    incomes = dict(zip(world.countries, map(float, income), strict=True))
    rows = [_row(part, members, incomes, goods) for _, part in table.groupby("task", sort=True)]
    rows.sort(key=lambda row: (row["loss_percent"] is None, -(row["loss_percent"] or 0.0)))
    shown = Table.of("scenarios", COLUMNS, rows, axes="address", brief=BRIEF)
    residual = float(np.nanmax(table["residual"].to_numpy(float), initial=0.0))
    return Answer(
        "sweep",
        {"count": len(rows), "address": query.address},
        tuple(_findings(rows)),
        (shown,),
        sources=(Source("world.source", world.provenance.dataset, world.year),),
        checks=(Check("scenarios", residual, LIMIT),),
        run=Run(
            digest(["sweep", query.address, world.checksum, __version__]),
            __version__,
            "suasion sweep grid.yaml --out FOLDER",
            {"address": query.address},
            world.checksum,
        ),
    )


def _members(world: World, name: str) -> frozenset[str]:
    mask = party([name], world, world.year).mask
    return frozenset(code for code, inside in zip(world.countries, mask, strict=True) if inside)


def _row(
    part: pd.DataFrame,
    members: Mapping[str, frozenset[str]],
    income: Mapping[str, float],
    goods: Mapping[str, str],
) -> dict[str, Any]:
    """One scenario from its rows by country."""
    first = part.iloc[0]
    by, on, kind = str(first["a"]), str(first["b"]), str(first["instrument"]).split()[0]
    word = goods.get(str(first["sectors"]).replace(" ", "").replace("+", ","), str(first["sectors"]))
    loss = dict(zip(part["country"], part["loss_usd"].astype(float), strict=True))
    (theirs, theirs_musd), (own, own_musd) = (_loss(loss, members[name], income) for name in (on, by))
    both = theirs is not None and own is not None and theirs > 0 and own > 0
    shown = _size(kind, None if pd.isna(first["size"]) else float(first["size"]))
    asked = Query(
        (Measure(kind, (by,), (on,), () if word == "all" else (word,), shown or 0.0),),
        years=float(first["horizon"]),
    )
    return {
        "coalition": code_of(by),
        "target": code_of(on),
        "instrument": kind,
        "size": shown,
        "goods": word,
        "horizon": label_of(float(first["horizon"])),
        "loss_percent": theirs,
        "loss_musd": theirs_musd,
        "own_loss_percent": own,
        "own_loss_musd": own_musd,
        "loss_ratio": theirs / own if both and theirs and own else None,
        "cost_status": "no_equilibrium" if theirs is None else "solved",
        "address": to_address(asked),
    }


def _loss(
    loss: Mapping[str, float], codes: frozenset[str], income: Mapping[str, float]
) -> tuple[float | None, float | None]:
    musd = sum(loss.get(code, np.nan) for code in codes)
    return (None, None) if musd != musd else (100.0 * musd / sum(income[code] for code in codes), musd)


def _size(kind: str, value: float | None) -> float | None:
    """Size in the unit of the builder, from the size in a grid file."""
    offer = KINDS[kind].offer
    return None if value is None or not offer.argument else offer.size(value)


def _findings(rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """The scenario that costs its target most, and how many have no equilibrium."""
    unsolved = sum(row["loss_percent"] is None for row in rows)
    if unsolved:
        yield Finding(
            "sweep.unsolved",
            {
                "unsolved": Quantity(unsolved, "count"),
                "count": Quantity(len(rows), "count"),
            },
            caution=True,
        )
    worst = next((row for row in rows if row["loss_percent"] is not None and row["loss_percent"] > 0), None)
    if worst is None:
        yield Finding("sweep.no_loss", weight=MAIN)
        return
    who: dict[str, Value] = {name: Country(worst[name]) for name in ("coalition", "target")}
    what: dict[str, Value] = {
        "instrument": Word("instrument", worst["instrument"]),
        "when": when_of(worst["horizon"]),
    }
    numbers = {
        "percent": Quantity(worst["loss_percent"], "percent"),
        "own": Quantity(-worst["own_loss_percent"], "change"),
    }
    case = "sized" if worst["size"] is not None else "worst"
    size: dict[str, Value] = {"size": plain(worst["size"])} if case == "sized" else {}
    yield Finding(f"sweep.{case}", {**who, **what, **numbers, **size}, weight=MAIN)
