"""Many scenarios at once: every combination of coalition, target, instrument, size, goods and horizon of an address.

``by=USA~EU&on=RUS~CHN&do=embargo~tariff&size=10~25&in=all~energy&years=1~10``: each name is a side of its own. The
address becomes a grid file, which the command ``suasion sweep`` takes as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import ENGLISH, capital
from suasion.dossier.explore.rows_pages import SCHEMA
from suasion.equilibrium.scenario.places import ALL, party
from suasion.errors import InputError
from suasion.questions.scenarios.address import (
    LONG,
    LONGEST_TEXT,
    SEPARATOR,
    SHORT,
    Measure,
    Query,
    digest,
    plain,
    to_address,
)
from suasion.questions.scenarios.instruments import BUNDLES, KINDS
from suasion.questions.scenarios.sides import code_of
from suasion.questions.scenarios.warm_model import WarmModel

MOST_TASKS = 1_000
"""Scenarios of one sweep; more belong to the command line."""
MOST_SHOWN = 200
TWO_SIDED = tuple(kind for kind, about in KINDS.items() if about.two_sided)
"""Instruments between two sides."""
_KEYS = ("by", "on", "do", "size", "in", "years")


@dataclass(frozen=True, slots=True)
class SweepQuery:
    """What to vary; every combination is one scenario.

    Attributes
    ----------
    by, on : tuple of str
        Coalitions and targets, each a side of its own.
    kinds : tuple of str
        Instruments.
    sizes : tuple of float
        Sizes of those that have one, in the unit of the builder; empty is the usual size of each.
    goods : tuple of str
        Bundles or codes; ``all`` is everything.
    years : tuple of float
        Horizons.
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


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One scenario of a sweep.

    Attributes
    ----------
    coalition, target, measure, goods : str
        As printed.
    years : float
        Horizon.
    target_percent, target_usd, coalition_percent, coalition_usd : float or None
        Change of welfare of each side: per cent of own real expenditure, million USD; None without an equilibrium.
    target_text, coalition_text : str
        The changes in per cent as printed.
    ratio : float or None
        The target's loss over the coalition's, both in per cent; None unless both lose.
    address : str
        Query string of the scenario in the builder.
    reason : str
        Why there is no number.
    """

    coalition: str
    target: str
    measure: str
    goods: str
    years: float
    target_percent: float | None
    target_usd: float | None
    coalition_percent: float | None
    coalition_usd: float | None
    target_text: str
    coalition_text: str
    ratio: float | None
    address: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SweepContext:
    """All scenarios of a sweep.

    Attributes
    ----------
    address : str
        Query string that gives it again.
    question, sentence : str
        Title and answer.
    rows : tuple of SweepRow
        The largest loss of a target first; all of them.
    shown : int
        How many of them the page lists.
    unsolved : int
        Scenarios without an equilibrium.
    yaml : str
        The grid file.
    residual : float
        Largest gap of an equilibrium.
    source, run_id : str
        Data set and year; hash of question, data and version.
    schema : int
        Version of this context.
    """

    address: str
    question: str
    sentence: str
    rows: tuple[SweepRow, ...]
    shown: int
    unsolved: int
    yaml: str
    residual: float
    source: str
    run_id: str
    schema: int = SCHEMA


def parse_sweep(pairs: Iterable[tuple[str, str]]) -> SweepQuery:
    """Read a sweep from the pairs of a query string; parts of one key may be repeated or joined by ``~`` or commas.

    Parameters
    ----------
    pairs : iterable of (str, str)
        Keys and values, decoded.

    Returns
    -------
    SweepQuery

    Raises
    ------
    InputError
        A key, word or number is not allowed; the message says which.
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
        tuple(_number("size", text, -99, 900) for text in parts["size"]),
        parts["in"] or ("all",),
        tuple(_number("years", text, SHORT, LONG) for text in parts["years"]) or (SHORT, LONG),
    )


def _number(key: str, text: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not least <= value <= most:
        raise InputError(f"`{key}` is {text[:40]!r}; it must be a number from {least:g} to {most:g}.")
    return value + 0.0


def sides_of_sweep(query: SweepQuery, desk: WarmModel) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Coalitions and targets, with ``all`` taken apart into every economy.

    Parameters
    ----------
    query : SweepQuery
        What to vary.
    desk : WarmModel
        The warm model.

    Raises
    ------
    InputError
        A side is missing or unknown.
    """
    if not query.by or not query.on:
        raise InputError("Name at least one coalition (`by`) and one target (`on`).")
    world = desk.world
    found = []
    for key, own, other in (("by", query.by, query.on), ("on", query.on, query.by)):
        names = [
            name
            for part in own
            for name in (world.countries if part.casefold() == ALL else (part,))
            if part.casefold() != ALL or name not in other
        ]
        for name in names:
            party([name], world, world.year)  # raises where nothing has this name
        if not names:
            raise InputError(f"`{key}` names nobody.")
        found.append(tuple(dict.fromkeys(names)))
    return found[0], found[1]


def grid_text(query: SweepQuery, desk: WarmModel) -> str:
    """Grid file of a sweep.

    Parameters
    ----------
    query : SweepQuery
        What to vary.
    desk : WarmModel
        The warm model.

    Raises
    ------
    InputError
        A side is missing or unknown, or there are too many scenarios.
    """
    by, on = sides_of_sweep(query, desk)
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
        "name": say("sweep.name"),
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
    return ["all"] if word == "all" else list(BUNDLES.get(word.casefold(), ("", (word,)))[1])


def sweep_context(query: SweepQuery, desk: WarmModel, table: pd.DataFrame) -> SweepContext:
    """Put the page of a solved sweep together.

    Parameters
    ----------
    query : SweepQuery
        What was varied.
    desk : WarmModel
        The warm model.
    table : DataFrame
        One row for each scenario and country, as :func:`suasion.sweep.collect` gives it.
    """
    world = desk.world
    income = dict(zip(world.countries, map(float, desk.accounts().income), strict=True))
    by, on = sides_of_sweep(query, desk)
    members = {name: _members(desk, name) for name in (*by, *on)}
    goods = {",".join(_codes(word)): word for word in query.goods}
    rows = [_row(part, members, income, goods) for _, part in table.groupby("task", sort=True)]
    rows.sort(key=lambda row: (row.target_percent is None, row.target_percent or 0.0))
    return SweepContext(
        address=query.address,
        question=say("sweep.question", count=f"{len(rows):,}"),
        sentence=_sentence(rows),
        rows=tuple(rows),
        shown=min(len(rows), MOST_SHOWN),
        unsolved=sum(row.target_percent is None for row in rows),
        yaml=grid_text(query, desk),
        residual=float(np.nanmax(table["residual"].to_numpy(float), initial=0.0)),
        source=f"{world.provenance.dataset}, {world.year}",
        run_id=digest(["sweep", query.address, world.checksum]),
    )


def _members(desk: WarmModel, name: str) -> frozenset[str]:
    mask = party([name], desk.world, desk.world.year).mask
    return frozenset(code for code, inside in zip(desk.world.countries, mask, strict=True) if inside)


def _row(
    part: pd.DataFrame,
    members: Mapping[str, frozenset[str]],
    income: Mapping[str, float],
    goods: Mapping[str, str],
) -> SweepRow:
    """One scenario from its rows by country."""
    first = part.iloc[0]
    by, on, kind = str(first["a"]), str(first["b"]), str(first["instrument"]).split()[0]
    word = goods.get(str(first["sectors"]).replace(" ", "").replace("+", ","), str(first["sectors"]))
    loss = dict(zip(part["country"], part["loss_usd"].astype(float), strict=True))
    changes = [_change(loss, members[name], income) for name in (on, by)]
    percent = [None if one is None else one[0] for one in changes]
    both = percent[0] is not None and percent[1] is not None and percent[0] < 0 and percent[1] < 0
    size = None if pd.isna(first["size"]) else float(first["size"])
    shown = _size(kind, size)
    sectors = () if word == "all" else (word,)
    asked = Query((Measure(kind, (by,), (on,), sectors, shown or 0.0),), years=float(first["horizon"]))
    return SweepRow(
        coalition=capital(ENGLISH.country(code_of(by))),
        target=capital(ENGLISH.country(code_of(on))),
        measure=kind.replace("_", " ") + ("" if shown is None else f" {plain(shown)} %"),
        goods=BUNDLES[word][0].split(":")[0] if word in BUNDLES else word,
        years=float(first["horizon"]),
        target_percent=percent[0],
        target_usd=None if changes[0] is None else changes[0][1],
        coalition_percent=percent[1],
        coalition_usd=None if changes[1] is None else changes[1][1],
        target_text=n.signed_percent(percent[0]),
        coalition_text=n.signed_percent(percent[1]),
        ratio=percent[0] / percent[1] if both and percent[0] and percent[1] else None,
        address=to_address(asked),
        reason=str(first["reason"] or ""),
    )


def _change(
    loss: Mapping[str, float], codes: frozenset[str], income: Mapping[str, float]
) -> tuple[float, float] | None:
    usd = -sum(loss.get(code, np.nan) for code in codes)
    return None if usd != usd else (100.0 * usd / sum(income[code] for code in codes), usd)


def _size(kind: str, value: float | None) -> float | None:
    """Size in the unit of the builder, from the size in a grid file."""
    offer = KINDS[kind].offer
    return None if value is None or not offer.argument else offer.size(value)


def _sentence(rows: Sequence[SweepRow]) -> str:
    worst = next((row for row in rows if row.target_percent is not None and row.target_percent < 0), None)
    if worst is None:
        return say("sweep.no_loss")
    coalition = re.sub("^The ", "the ", worst.coalition)
    key = "sweep.worst_first_year" if worst.years == 1 else "sweep.worst"
    goods = "" if worst.goods == BUNDLES["all"][0] else say("sweep.goods", goods=worst.goods.lower())
    words = {"target": worst.target, "measure": worst.measure, "own": worst.coalition_text}
    loss = n.percent(worst.target_percent or 0.0)
    return say(key, **words, coalition=coalition, goods=goods, loss=loss, years=plain(worst.years))
