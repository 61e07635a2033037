"""Dossiers on estimated economies: losses are those that ship, estimates are named, nothing is empty or told twice."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evidence import ROOT
from suasion.coercion import loss_interval
from suasion.dossier import Dossier, dossier
from suasion.dossier.screens import screens
from suasion.questions.verdict.parts import ESTIMATED
from suasion.world import load_world

KEPT = ROOT / "build" / "dossiers"
SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
PAIRS = (
    "IRN-CHN",
    "PRK-CHN",
    "MNG-CHN",
    "MNG-RUS",
    "ARM-RUS",
    "KGZ-RUS",
    "MDA-EU",
    "SRB-EU",
    "QAT-SAU+ARE+EGY+BHR",
    "CUB-VEN",
    "AFG-PAK",
    "AZE-RUS",
    "GEO-RUS",
    "UZB-CHN",
    "IRQ-USA",
    "KWT-SAU",
    "DZA-FRA",
    "LBY-ITA",
    "ETH-CHN",
    "ECU-USA",
    "VEN-USA",
    "CUB-USA",
    "HTI-USA",
    "LBN-SAU",
    "SYR-RUS",
    "NPL-IND",
    "LKA-CHN",
    "SDN-ARE",
    "BOL-BRA",
    "PRY-BRA",
    "TJK-RUS",
    "TKM-CHN",
    "ZMB-CHN",
    "GNQ-ESP",
)
"""Ten that matter most, and two dozen from all continents and classes."""
SAME = 1e-5
"""Relative gap up to which two numbers are one: no table prints more than five digits, and solvers meet at 1e-8."""
HORIZONS = {"short": "first_year", "long": "ten_years"}
Row = Mapping[str, Any]


def state_dossiers() -> pd.DataFrame:
    """One row a dossier; each is kept, so that who stops goes on where it was."""
    return pd.DataFrame([checked(pair, made(pair)) for pair in PAIRS])


def made(pair: str) -> Dossier:
    """Return the dossier of a pair, from what is kept where it is."""
    kept = KEPT / f"{pair}.json"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        dossier(*pair.split("-")).write(str(kept))
        print(pair, file=sys.stderr, flush=True)
    return Dossier.from_dict(json.loads(kept.read_text("utf-8")))


def checked(pair: str, one: Dossier) -> dict[str, object]:
    """What is so of a dossier.

    Returns: ``first_year`` and ``ten_years``: the first side's loss, per cent; ``off_shipped``: largest relative gap
      of the dossier's losses to those that ship (none ship for groups); ``estimated``: states named as such;
      ``places``: parts of the text that say so; ``empty``: chapters and screens with nothing in them; ``numbers`` and
      ``twice``: losses and shares that more than one table has, and how many of these with two values.
    """
    losses = {(row["country"], row["horizon"]): row for row in told(one) if row["outlet"] == "open"}
    first = {name: losses[one.a.code, name]["loss_percent"] for name in HORIZONS}
    shared = several(one)
    return {
        "pair": pair,
        **{head: first[name] for name, head in HORIZONS.items()},
        "off_shipped": off_shipped(one, losses),
        "estimated": " ".join(estimated(one)),
        "places": len(places(one)),
        "empty": len(empty(one)),
        "numbers": len(shared),
        "twice": sum(max(values) - min(values) > SAME * max(map(abs, values)) for values in shared.values()),
    }


def told(one: Dossier) -> list[Row]:
    """Losses of both sides."""
    return list(one.answers["exit_cost"].rows("exit-costs"))


def off_shipped(one: Dossier, losses: Mapping[tuple[str, str], Row]) -> float | None:
    """Largest relative gap of losses to those that ship."""
    sides = one.a.code, one.b.code
    gaps = []
    for (country, horizon), row in losses.items():
        partner = sides[country == sides[0]]
        found = loss_interval(load_world(), country, partner, horizon) if max(map(len, sides)) == 3 else None
        if found is not None:
            gaps.append(abs(row["loss_percent"] / found.loss_percent - 1.0))
    return max(gaps, default=None)


def estimated(one: Dossier) -> tuple[str, ...]:
    """States of which the answer on losses says that no table has them."""
    marks = [mark for mark in one.answers["exit_cost"].findings if mark.key in ESTIMATED]
    return tuple(sorted({state.code for mark in marks for state in mark.values["states"]}))


def places(one: Dossier) -> set[str]:
    """Where a dossier says that an economy is estimated: screens, its summary, chapters, and sources of tables."""
    found = {
        screen.key for screen in screens(one) if "estimate" in " ".join(screen.block.evidence.split("_"))
    }
    found |= {"summary" for mark in one.summary if mark.topic in ESTIMATED}
    found |= {
        chapter.key for chapter in one.chapters if any(mark.topic in ESTIMATED for mark in chapter.findings)
    }
    return found | {name for name, answer in one.answers.items() if "estimated" in str(answer.sources)}


def empty(one: Dossier) -> list[str]:
    """Chapters that have neither a finding nor a table nor a reason, and screens without a heading."""
    bare = [part.key for part in one.chapters if not (part.findings or part.tables or part.reason)]
    return bare + [screen.key for screen in screens(one) if not screen.block.heading.sentence().strip()]


def several(one: Dossier) -> dict[tuple[str, ...], list[float]]:
    """Numbers that more than one table has, each with its values."""
    found: dict[tuple[str, ...], list[float]] = {}
    for key, value in (*losses_of(one), *shares_of(one)):
        found.setdefault(key, []).append(value)
    return {key: values for key, values in found.items() if len(values) > 1}


def losses_of(one: Dossier) -> Iterator[tuple[tuple[str, ...], float]]:
    """Losses by who loses and when: of the cut, of power, on the curve of levels, and beside those of others."""
    cost, levels = one.answers["exit_cost"], one.answers.get("critical_levels")
    for row in told(one):
        if row["outlet"] == "open":
            yield ("loss", row["country"], row["horizon"]), row["loss_percent"]
    for row in cost.rows("power"):
        yield ("loss", row["target"], row["horizon"]), row["loss_percent"]
    for row in levels.rows("critical-curves") if levels else ():
        if row["multiple"] == 1.0:
            yield ("loss", row["country"], row["horizon"]), row["loss_percent"]
    for row in cost.rows("elsewhere"):
        yield ("loss", row["country"], "long"), -row["change_percent"]


def shares_of(one: Dossier) -> Iterator[tuple[tuple[str, ...], float]]:
    """Parts of imports by industry, with their values, and of all trade, wherever they stand."""
    trade, sold = one.answers["dependence"], one.front.get("substitutes")
    for row in (*trade.rows("imports"), *(sold.rows("substitutes-all") if sold else ())):
        for name in ("import_share", "value_musd"):
            yield (name, row["buyer"], row["industry"]), row[name]
    totals = one.answers.get("published_totals")
    for row in trade.rows("shares"):
        yield ("share", row["country"], row["channel"]), row["partner_share"]
    for row in totals.rows("totals") if totals else ():
        if row["standing"] == "derived" and row["source_name"].startswith("OECD"):
            yield ("share", row["country"], row["trade_flow"]), row["total_percent"] / 100.0


def shipped_again(committed: pd.DataFrame) -> pd.DataFrame:
    """Losses that ship of the pairs of two states, which is what their dossiers say to four digits."""
    pairs = [pair for pair in committed["pair"] if len(pair) == 7]
    rows = []
    for pair in pairs:
        ends = {head: loss_interval(load_world(), *pair.split("-"), name) for name, head in HORIZONS.items()}
        rows.append(
            {"pair": pair, **{head: one.loss_percent for head, one in ends.items() if one is not None}}
        )
    return pd.DataFrame(rows)


def dossier_files() -> Sequence[Path]:
    """What the table rests on."""
    return [SNAPSHOT / name for name in ("states2023.parquet", "state_losses.parquet")]
