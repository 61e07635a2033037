"""Compare what answers, pages and files print for one fact, on samples: none may part that is not told."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pandas as pd

import suasion as su
from contradictions import FACTOR, compared
from fits.reconcile.concepts import goods_counted
from fits.reconcile.record import HUBS, places, read_record
from suasion.answers import Answer
from suasion.answers.render import render
from suasion.measures.history import partner_history
from suasion.sources.materials import mined
from suasion.types import Z90
from suasion.world import World, load_world
from suasion.world.apart import facts_between
from suasion.world.reconciled import goods_deviation

LARGE = 1000.0
"""Million USD from which a fact is compared."""
EVERY = 631
"""One pair in so many is asked, beside the named."""
NAMED = (("RUS", "CHN"), ("DEU", "NOR"), ("IND", "RUS"), ("USA", "NLD"), ("IRL", "USA"))
PARTNERS = 4
DIGITS = 1e-3
"""Relative: losses that ship have four digits."""
Row = tuple[str, str, str, str]
COLUMNS = ["kind", "fact", "verdict", "why"]


def pairs(every: int = EVERY) -> list[tuple[str, str]]:
    """The named pairs, and one in so many of all."""
    codes = load_world().states
    found = [(a, b) for k, a in enumerate(codes) for b in codes[k + 1 :]]
    return list(dict.fromkeys((*NAMED, *found[::every])))


def printed(
    asked: Sequence[tuple[str, str]] | None = None, states: Sequence[str] | None = None
) -> pd.DataFrame:
    """One row a fact that is printed twice: ``kind``, ``fact``, ``verdict`` (agrees, told, unexplained), ``why``."""
    chosen, world = list(asked or pairs()), load_world()
    rows = [row for code in states or world.states for row in _shares(code, world)]
    for a, b in chosen:
        exits = su.exit_cost(a, b, audience=(), horizon="both")
        rows += [*_losses(a, b, exits), *_flows(a, b, exits, world), *_files(exits)]
        swapped = su.substitutes(a, b, draws=0)
        rows += [*_mined(swapped, world), *_files(swapped)]
    return pd.DataFrame(rows, columns=COLUMNS)


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Count facts by kind and verdict."""
    table = found.groupby(["kind", "verdict"]).size().rename("facts").reset_index()
    return table.assign(percent=100.0 * table.facts / table.groupby("kind").facts.transform("sum"))


def _shares(code: str, world: World) -> Iterator[Row]:
    """A partner's share in goods trade: a country's page has it by customs, the measure of dependence by the world."""
    history = partner_history((code,), PARTNERS)
    history = history[history["year"] == world.year]
    goods = (world.array("intermediate") + world.array("final"))[:, :, [k < "D" for k in world.sectors]].sum(
        2
    )
    goods = goods - np.diag(np.diag(goods))
    both, n = goods + goods.T, world.countries.index(code)
    for row in history.to_dict("records"):
        partner = str(row["partner"])
        i = world.countries.index(partner) if partner in world.countries else n
        if i == n or max(both[n, i], float(row["value_musd"])) < LARGE:
            continue
        gap = abs(float(np.log(both[n, i] / both[n].sum() / float(row["goods_share"]))))
        far = max(np.log(FACTOR), Z90 * float(np.hypot(*_doubts(world.year, n, i))))
        hub = "hub" if {code, partner} & set(HUBS) else ""
        told = "told" if hub else "unexplained"
        yield "partner share", f"{code} {partner}", "agrees" if gap <= far else told, hub


@cache
def _spreads(year: int) -> tuple[np.ndarray, np.ndarray]:
    return goods_deviation(year), goods_counted(read_record()).deviation


def _doubts(year: int, n: int, i: int) -> tuple[float, float]:
    """Deviations of the world's flow and of customs; the wider way of the two."""
    world, customs = (max(part[n, i], part[i, n]) for part in _spreads(year))
    return float(world), float(customs)


def _losses(a: str, b: str, exits: Answer) -> Iterator[Row]:
    """A loss: in the answer on the pair, and on the page of the country."""
    frame = exits.table("exit-costs").frame.set_index(["horizon", "country"]).loss_percent
    for one, other in ((a, b), (b, a)):
        page = _page(one).set_index("partner")
        for horizon in ("short", "long"):
            here, there = frame[horizon, one], page.loc[other, f"{horizon}_percent"]
            same = abs(here - there) <= DIGITS * abs(there) + 1e-6
            yield "loss", f"{one} {other} {horizon}", "agrees" if same else "unexplained", ""


@cache
def _page(code: str) -> pd.DataFrame:
    return su.country(code).table("depends-on").frame


def _flows(a: str, b: str, exits: Answer, world: World) -> Iterator[Row]:
    """Goods of the pair, world and customs: what parts is told in the answer."""
    notes = {one.key for table in exits.tables for one in table.notes}
    apart = facts_between(world, a, b)
    found = _apart(world.year)
    sides = found["exporter"].isin([a, b]) & found["importer"].isin([a, b])
    for row in found[sides].to_dict("records"):
        key = "exit_cost.apart_mined" if row["industry"] else "exit_cost.apart"
        listed = ((apart["exporter"] == row["exporter"]) & (apart["industry"] == row["industry"])).any()
        told = "told" if listed and key in notes else "unexplained"
        name = f"{row['exporter']} {row['importer']} {row['industry']}".strip()
        yield "flow", name, "agrees" if row["verdict"] == "agrees" else told, str(row["verdict"])


@cache
def _apart(year: int) -> pd.DataFrame:
    return compared(load_world("reconciled", year))


def _mined(swapped: Answer, world: World) -> Iterator[Row]:
    """Goods of mines: the screen has them by the world, the fold by customs at the border; both stand in a sentence."""
    noted = {
        (one.values["buyer"].code, one.values["industry"].sector)
        for table in swapped.tables
        for one in table.notes
        if one.key == "substitutes.border"
    }
    if swapped.absent:
        return
    customs = mined(world.year).set_index(["industry", "exporter", "importer"])["value"]
    for row in swapped.table("substitutes-all").frame.to_dict("records"):
        at = (row["industry"], row["seller"], row["buyer"])
        if at not in customs.index or customs[at] < LARGE or {row["buyer"], row["seller"]} - set(places()):
            continue
        far = abs(np.log(customs[at] / row["value_musd"])) > np.log(FACTOR)
        told = (row["buyer"], row["industry"]) in noted
        verdict = "agrees" if not far else "told" if told else "unexplained"
        yield "mined", " ".join(at), verdict, "border price" if far else ""


def _files(answer: Answer) -> Iterator[Row]:
    """Every number of an answer's tables, in its files."""
    again = Answer.from_dict(json.loads(render(answer, "json").decode()))
    for table in answer.tables:
        same = table.frame.equals(again.table(table.key).frame)
        yield "file", f"{answer.question} json {table.key}", "agrees" if same else "unexplained", ""
    read = pd.read_csv(io.BytesIO(render(answer, "csv")), keep_default_na=True)
    frame = answer.frame
    for name in frame.select_dtypes("number"):
        if name in read:
            kept = np.allclose(
                read[name].to_numpy(float)[: len(frame)], frame[name], rtol=1e-12, equal_nan=True
            )
            yield "file", f"{answer.question} csv {name}", "agrees" if kept else "unexplained", ""
