"""WIOD's tables as a truth to fit destinations on and to try them on: 40 economies inside, the world's rest out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from snapshot import growth
from snapshot.destinations import WEIGHT_OF_COLUMNS
from snapshot.seed import FloatArray, Known, Logits, Truth, seed
from suasion.sources.final_split import ras
from suasion.sources.wiod13 import INDUSTRIES, read_wiod13
from suasion.world import World, from_arrays
from suasion.world.nowcast import moved

GOODS = np.array([int(code[1:]) <= 16 for code in INDUSTRIES])
INSIDE = 40
ENTREPOT = 1.5
"""Goods trade over sales of goods inputs, for Taiwan, which BACI lacks (assumption: a third of trade is final)."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year of WIOD.

    Parameters
    ----------
    truth : destinations inside and sales outside
    countries : codes, ``ROW`` last
    flows : (seller, industry, buyer, industry) sales to industries of all 41
    final : (buyer, seller, industry) of all 41; withdrawals from stocks are zero
    columns : (country,) absorption by national accounts, as an estimate knows it
    """

    truth: Truth
    countries: tuple[str, ...]
    flows: FloatArray
    final: FloatArray
    columns: FloatArray


def truth(folder: Path, year: int, trade: pd.DataFrame) -> Year:
    """Read a year; ``trade`` has the columns of ``goods_totals.parquet``."""
    table = read_wiod13(folder / "wiod13", year)
    size, kinds = len(table.countries), len(table.industries)
    flows = table.inter.reshape(size, kinds, size, kinds)
    final = np.maximum(table.final.reshape(size, kinds, size, 5).sum(3).transpose(2, 0, 1), 0.0)
    inputs = flows.sum(3).transpose(2, 0, 1)
    inside, outside = final[:INSIDE, :INSIDE], (inputs + final)[INSIDE, :INSIDE]
    codes = table.countries[:INSIDE]
    pairs, share, bought = customs(trade, year, codes, inputs[:INSIDE, :INSIDE][:, :, GOODS].sum(2))
    known = Known(
        inputs[:INSIDE, :INSIDE],
        inside.sum(0) + outside,
        pairs,
        share,
        GOODS,
        np.arange(kinds),
        inside.sum((1, 2)),
    )
    sold = (inputs + final).sum(2)
    value_added = (inputs + final).sum(0)[:INSIDE] - flows[:INSIDE, :, :INSIDE].sum((0, 1))
    net = (sold.sum(0) - sold.sum(1))[:INSIDE]
    foreign = known.abroad.sum((1, 2))
    shares = 0.8 * bought / bought.sum() + 0.2 * foreign / foreign.sum()
    total = outside.sum()
    columns = value_added.sum(1) - net - (total - net.sum()) * shares
    return Year(Truth(known, inside, outside), table.countries, flows, final, columns)


def customs(
    trade: pd.DataFrame, year: int, codes: tuple[str, ...], inputs: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Lay goods trade out: inside, exports outside over inside, and imports from outside."""
    everyone = sorted(set(trade["exporter"]) | set(trade["importer"]) | set(codes))
    whole = np.nan_to_num(growth.square(trade, year, everyone))
    at = [everyone.index(code) for code in codes]
    inside = whole[np.ix_(at, at)]
    sold, bought = whole.sum(0)[at] - inside.sum(0), whole.sum(1)[at] - inside.sum(1)
    lacking = inside.sum(0) == 0
    share = np.divide(sold, inside.sum(0), out=np.zeros_like(sold), where=~lacking)
    own = inputs - np.diag(np.diag(inputs))
    for j in np.flatnonzero(lacking):
        inside[:, j], inside[j] = own[:, j] * ENTREPOT, own[j] * ENTREPOT
        share[j] = np.median(share[~lacking])
        bought[j] = own[j].sum() * bought[~lacking].sum() / own[~lacking].sum()
    return inside, share, bought


def estimated(year: Year, logits: Logits) -> tuple[FloatArray, FloatArray]:
    """Estimate a year's destinations: (buyer, seller, industry) inside, and sales outside."""
    known = year.truth.known
    start = seed(known, logits)
    flows = np.concatenate([start.inside, start.outside[None]])
    said, accounts = flows.sum((1, 2)), np.append(year.columns, start.outside.sum())
    aim = said ** (1 - WEIGHT_OF_COLUMNS) * accounts**WEIGHT_OF_COLUMNS
    # A hundred-thousandth is far below what the columns themselves are worth.
    final = ras(flows, known.final, aim * known.final.sum() / aim.sum(), tolerance=1e-5).final
    return final[:INSIDE], final[INSIDE]


def moved_on(
    base: Year, trade: tuple[FloatArray, FloatArray], accounts: tuple[FloatArray, ...], of: int, year: int
) -> World:
    """Move a true table of one year to another by customs, as worlds of later years are.

    Parameters
    ----------
    base : Year
    trade : goods trade of both years, (buyer, seller)
    accounts : (country,) growth of value added, of exports, of imports
    of, year : the years
    """
    income, exports, imports = accounts
    world = inside_world(base, base.truth.final, base.truth.outside, of)
    flows = world.array("intermediate") + world.array("final")
    both = 0.5 * np.log(np.outer(imports, exports))
    found = growth.pair_growth(flows, trade, ({}, {}), both, tuple(INDUSTRIES), GOODS, {})
    factor = growth.meet_totals(flows, found, GOODS, exports, imports)
    return moved(world, factor, income, year)


def whole_world(year: Year, of: int) -> World:
    """Return the table as published, rest of the world included."""
    return _world(year.countries, year.flows, year.final, of)


def inside_world(year: Year, final: FloatArray, outside: FloatArray, of: int) -> World:
    """Return the 40 economies with given destinations, sales outside booked at home."""
    booked, home = final.copy(), np.arange(INSIDE)
    booked[home, home] += outside
    return _world(year.countries[:INSIDE], year.flows[:INSIDE, :, :INSIDE], booked, of)


def _world(countries: tuple[str, ...], flows: FloatArray, final: FloatArray, year: int) -> World:
    inputs, use = flows.sum(3).transpose(2, 0, 1), flows.sum(0).transpose(1, 2, 0)
    income = (inputs + final).sum(0) - use.sum(2)
    home, final = np.arange(len(countries)), final.copy()
    final[home, home] += np.maximum(
        -income, 0.0
    )  # value added below zero is raised to zero, as from_table does
    return from_arrays(
        countries,
        tuple(INDUSTRIES),
        year,
        intermediate=inputs,
        final=final,
        input_use=use,
        factor_income=np.maximum(income, 0.0),
    )
