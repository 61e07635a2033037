"""Evidence on published and reconciled worlds: losses, incomes, trials with hidden tables, contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import contradictions
import contradictions_printed
import suasion as su
from fits.reconcile.blocks import blocks_of, log, mean_seen, ratios
from fits.reconcile.concepts import GOLD, GOLD_CODES, KNOWN, PRIOR, without_gold
from fits.reconcile.record import (
    BLOCKS,
    LAST,
    YEARS,
    Record,
    between,
    places,
    raw_materials,
    read_record,
    with_hubs,
)
from fits.reconcile.totals import goals_of, met
from suasion.sources.macro import macro
from suasion.types import Z90, FloatArray
from suasion.world import World, apart
from suasion.world.load import LATEST, RECONCILED_FROM
from suasion.world.published import base_table, regions

SNAPSHOT = Path(su.__file__).parent / "snapshot"
FILES = (
    "goods_totals.parquet",
    "icio2022.npz",
    "macro.parquet",
    "macro_typed.csv",
    "materials.parquet",
    "published_flows.parquet",
    "reconciled_flows.parquet",
    "totals.csv",
)
APART = SNAPSHOT.parent / "world" / apart.FILE
HIDDEN = ((2018, 2022), (2021, 2022))
"""Last table that is known, and the year whose table is predicted."""


def inputs() -> Sequence[Path]:
    """Embedded files and code that these tables rest on."""
    root = Path(__file__).resolve().parents[1]
    code = [*(root / "tools/fits/reconcile").glob("*.py"), root / "tools/contradictions.py"]
    return [*(SNAPSHOT / name for name in FILES), *code]


def printed_inputs() -> Sequence[Path]:
    """What these rest on, the check of what is printed, and the facts that are told."""
    return [*inputs(), Path(contradictions_printed.__file__), APART]


def incomes(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Growth of value added from 2022 beside that of domestic product, and the level of 2022."""
    gdp = macro("gdp").reindex(list(regions()[:-1]))
    table = pd.DataFrame({"country": gdp.index})
    table["level_2022_over_gdp"] = base_table().earned.sum(1)[:-1] / gdp[2022].to_numpy()
    level = _earned(su.load_world("reconciled", 2022))
    for year in (2023, 2024):
        table[f"gdp_{year}"] = (gdp[year] / gdp[2022]).to_numpy()
        table[f"reconciled_{year}"] = _earned(su.load_world("reconciled", year)) / level
    return table


def _earned(world: World) -> FloatArray:
    return np.asarray(world.array("value_added").sum(1)[:80])


@cache
def _record(last: int = LAST) -> Record:
    return read_record(last)


def flow_trials(cases: Sequence[tuple[int, int]] = HIDDEN) -> pd.DataFrame:
    """Tables hidden after a year, predicted from customs, materials and totals; Russia and Belarus aside after 2020."""
    return pd.concat([_trial(*case) for case in cases], ignore_index=True)


def sampled_trials(committed: pd.DataFrame) -> pd.DataFrame:
    """One case."""
    return flow_trials(HIDDEN[:1])


def _trial(last: int, year: int) -> pd.DataFrame:
    truth, y = _record(), year - YEARS[0]
    known = _record(last - YEARS[0])
    found, ratio = blocks_of(known, last - YEARS[0])
    blind = {code: block.of_the_table() for code, block in found.items()}
    told = {code: replace(block, table=log(truth.table[code])) for code, block in blind.items()}
    goals = goals_of(told, truth, ratio, year)  # totals of economies are known, pairs are not
    flow, spread = met(blind, goals, year)
    use = between()
    if year > 2020:
        for code in ("RUS", "BLR"):
            use[places()[code]] = use[:, places()[code]] = False
    rows = []
    whole, far = flow.sum(0), np.sqrt(((flow * spread) ** 2).sum(0)) / np.maximum(flow.sum(0), 1e-9)
    parts = [("all goods", whole, far, truth.table_total[y], 1000.0)]
    parts += [(c, flow[k], spread[k], truth.table[c][y], 300.0) for k, c in enumerate(BLOCKS) if k]
    for name, guess, deviation, table, least in parts:
        ok = use & (table > least) & (guess > 0)
        error = np.log(guess[ok] / table[ok])
        rows.append(
            {
                "last_table": last,
                "year": year,
                "goods": name,
                "pairs": int(ok.sum()),
                "median_error": float(np.median(np.abs(error))),
                "off_by_a_quarter": float((np.abs(error) > np.log(1.25)).mean()),
                "in_range": float((np.abs(error) < Z90 * deviation[ok]).mean()),
            }
        )
    return pd.DataFrame(rows)


def contradictions_found(years: Sequence[int] = YEARS) -> pd.DataFrame:
    """Facts on which usual worlds, without tariffs, and the record part beyond what is printed, by kind and reason."""
    found = pd.concat([_compared(year) for year in years], ignore_index=True)
    if len(years) == len(YEARS):  # what parts is told in answers, each fact beside both of its numbers
        contradictions.told(found).to_csv(APART, index=False, lineterminator="\n")
    return contradictions.summary(found).astype({"year": str})[
        ["year", "kind", "verdict", "facts", "percent"]
    ]


def sampled_contradictions(committed: pd.DataFrame) -> pd.DataFrame:
    """Two years: a published one and the latest."""
    return contradictions_found((2014, LATEST))


def printed_twice(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Facts that answers, pages and files print twice, on a sample of pairs, by kind and verdict."""
    return contradictions_printed.summary(contradictions_printed.printed())


def sampled_printed(committed: pd.DataFrame) -> pd.DataFrame:
    """Nothing unexplained on one pair: rows that the whole has only if it is so there too."""
    found = contradictions_printed.summary(
        contradictions_printed.printed(contradictions_printed.NAMED[:1], ("DEU",))
    )
    missing = found[found["verdict"] == "unexplained"]
    return committed.head(0) if missing.empty else missing


@cache
def _compared(year: int) -> pd.DataFrame:
    name = "published" if year < RECONCILED_FROM else "reconciled"
    return contradictions.compared(su.load_world(name, year), _record())


def customs_as_counted(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """How much of gold, and of a pair's own ratio, brings customs to the table's level: pairs above 1,000 million."""
    record, rows = _record(), []
    table = log(record.table_total)[:KNOWN]
    for part in (0.0, GOLD, 1.0):
        customs = without_gold(record, part)[:KNOWN]
        apart = table - log(customs) - ratios(table - log(customs), mean_seen(customs)).pair
        gold = raw_materials(GOLD_CODES)[:KNOWN] > 0.1 * record.total[:KNOWN]
        rows.append(_apart("gold", f"{part:g} left out", apart[gold & _large(record)]))
    known, late = 6, slice(8, KNOWN)  # ratios of 2011 to 2016, tried in 2019 and 2020
    customs = without_gold(record)[:KNOWN]
    gap = table - log(customs)
    apart = gap - ratios(gap[:known], mean_seen(customs[:known])).pair
    seen = np.isfinite(apart[:known]).sum(0)
    own = mean_seen(apart[:known]) * seen / (seen + PRIOR)
    for name, chosen in (("hubs", with_hubs()), ("others", ~with_hubs())):
        usable = (_large(record) & chosen & (seen > 0))[late]
        rows.append(_apart(name, "ratios of both sides", apart[late][usable]))
        rows.append(_apart(name, "and of the pair", (apart - own)[late][usable]))
    return pd.DataFrame(rows)


def _large(record: Record) -> NDArray[np.bool_]:
    both = np.fmax(record.table_total, record.total)[:KNOWN]
    return np.asarray(between() & (both > contradictions.LARGE))


def _apart(pairs: str, rule: str, apart: FloatArray) -> dict[str, object]:
    known = apart[np.isfinite(apart)]
    middle, size = float(np.median(known)), np.abs(known)
    half = float(np.quantile(size, 0.9))
    found = {"flows": len(known), "median": middle, "median_size": float(np.median(size)), "half_range": half}
    return {"pairs": pairs, "rule": rule, **found}


def large_flows(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Flows of 2023 that part from customs beyond the ranges for no reason, and large ones off by more than 1.5."""
    found = _compared(LATEST)
    found = found[found.kind != "income"]
    hub = with_hubs()
    at = [[places()[c] for c in found[name]] for name in ("importer", "exporter")]
    large = (found.record > 10_000) & ~hub[at[0], at[1]] & (found.gap.abs() > np.log(1.5))
    kept = found[large | (found.verdict == "unexplained")]
    columns = ["kind", "exporter", "importer", "industry", "world", "record", "verdict"]
    kept = kept.assign(industry=kept.industry.replace("", "all"))
    return kept.sort_values(columns[:4])[columns].reset_index(drop=True)
