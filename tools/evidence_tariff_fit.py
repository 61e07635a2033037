"""How applied tariffs fit what took no part in making them: revenue, a worldwide matrix, and a solver in levels."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

import evidence_tariffs
from evidence import ROOT
from levels import in_levels
from suasion.equilibrium import Embargo, Scenario, Tariff, resolve
from suasion.equilibrium.economy import certificate_of, log_welfare, prepare, respond
from suasion.equilibrium.scenario.scenario import compile_scenario
from suasion.sources.groups import members
from suasion.types import DeficitRule, FloatArray
from suasion.world import World, load_world
from suasion.world.applied import applied_tariffs, assumed, nearest_year, shown_means

RULES: tuple[DeficitRule, ...] = ("balance", "world", "gdp")
HORIZONS = ("short", "long")
CLOSE = 1e-8
"""Logs of welfare to which two solvers agree that close their equations to 1e-10."""
SIDES = ["USA", "CHN", "DEU", "IND", "RUS", "VNM"]
GOODS = ["A01", "B06", "C26", "C29"]
CASES = {
    "IND without CHN": ("IND", Embargo("IND", "CHN")),
    "VNM without CHN": ("VNM", Embargo("VNM", "CHN")),
    "USA without CHN": ("USA", Embargo("USA", "CHN")),
    "USA tariff of 25 on CHN": ("USA", Tariff("USA", "CHN", 0.25)),
    "RUS without CHN": ("RUS", Embargo("RUS", "CHN")),
    "IRN without CHN": ("IRN", Embargo("IRN", "CHN")),
}
SMALL, WHOLE, EVERY = "7 x 5", "81 x 50", "196 x 50"
"""Economies by industries: an aggregate, the usual world, the world of every state."""
USUAL = tuple(CASES)[:5]
TAXED = "USA tariff of 25 on CHN"
SOLVED = (
    *((SMALL, case, rule, horizon) for case in USUAL for rule in RULES for horizon in HORIZONS),
    *((WHOLE, case, "balance", horizon) for case in USUAL for horizon in HORIZONS),
    *((WHOLE, TAXED, rule, horizon) for rule in RULES[1:] for horizon in HORIZONS),
    *((EVERY, case, "balance", "long") for case in ("IRN without CHN", "USA without CHN", TAXED)),
    (EVERY, "IRN without CHN", "balance", "short"),
)
"""What both solvers answer: all rules and horizons where that is quick, a choice where one answer takes a minute."""
REVENUE_YEAR = 2023
NEAR = (0.5, 2.0)
WHY = {
    "exports": ("ARG", "BLR", "CIV", "KAZ", "RUS"),
    "pool": ("BWA", "LSO", "NAM"),
    "collected": ("PHL",),
    "union": members("EU", REVENUE_YEAR),
    "central": ("ARE", "BIH", "KIR", "SMR"),
    "excise": ("CRI", "NZL"),
    "preferences": ("ALB", "CHL"),
}
"""Why revenue is far from taxes on trade. exports: a seventh and more of tax revenue were export taxes in 2019 (World
Bank, GC.TAX.EXPT.ZS, as listed by indexmundi.com). pool: shares of the pool of customs and excise of the Southern
African Customs Union (sundaystandard.info). collected: all that customs collects, of which duties were 11 % in 2022
(businessmirror.com.ph, 15 November 2023). union: members keep a quarter. central: the figures are of the central
government alone, and hold next to nothing. excise: taxes on tobacco, drink, fuel and other goods that are laid on at
the border are in it (customs.govt.nz, 26 October 2022; costaricalaw.com on law 4961). preferences: what is paid is
above the published mean, which takes preferences as used: Chile's chamber of commerce reads 1.1 % paid
(maritimoportuario.cl on 2014), customs duties of Albania were 6.5 bn lek in 2019 (indexmundi.com after the IMF),
about one per cent of imports."""
MATRIX_YEAR = 2021


def sources() -> Sequence[Path]:
    """Files of the tariffs, and the solver in levels."""
    snapshot = ROOT / "src" / "suasion" / "snapshot"
    flows = [snapshot / name for name in ("states2023.parquet", "state_goods.csv")]
    return [*evidence_tariffs.sources(), *flows, ROOT / "tests" / "levels.py"]


# --- a solver in levels --------------------------------------------------------------------------------------------


@cache
def _economies(size: str) -> World:
    """At applied tariffs; the small one has six economies and all others, four industries and all others."""
    if size == EVERY:
        return load_world(states="all")
    return load_world().select(SIDES, GOODS) if size == SMALL else load_world()


def solver(asked: Sequence[tuple[str, str, DeficitRule, str]] = SOLVED) -> pd.DataFrame:
    """A case a row, under a rule for deficits at a horizon: change of the first, and whether solvers agree."""
    return pd.DataFrame([_agreement(*one) for one in asked])


def small_solver(case: str) -> pd.DataFrame:
    """One case under all rules, at both horizons, in the small economy."""
    return solver([one for one in SOLVED if one[:2] == (SMALL, case)])


def sampled_solver(committed: pd.DataFrame) -> pd.DataFrame:
    """One case again."""
    return small_solver(TAXED)


def _agreement(size: str, case: str, rule: DeficitRule, horizon: str) -> dict[str, object]:
    world, (who, what) = _economies(size), CASES[case]
    shock = compile_scenario(world, Scenario(case, [what]))
    economy = prepare(world, resolve(world, horizon), rule, resolve(world, "long"))
    solved, _ = respond(economy, shock)
    if not certificate_of(solved).ok(1e-10):
        raise ValueError(f"{case}, {rule}, {horizon}: no certificate")
    base = economy.accounts
    assert base.tariff is not None
    before = base.tariff.transpose(1, 2, 0)
    tariff = before if shock.tariff is None else shock.tariff
    left = np.ones_like(before) if shock.cut is None else 1.0 - shock.cut
    transfer = _kept(rule, base.factor_income.sum((1, 2)), world.array("transfer"))
    expected = in_levels(
        base, economy.parameters, ((1.0 + tariff) / (1.0 + before), left, tariff), transfer=transfer
    )
    found = log_welfare(solved)
    return {
        "economies": size,
        "case": case,
        "deficits": rule,
        "horizon": horizon,
        "who": who,
        "welfare_change_percent": 100.0 * float(np.expm1(found[world.countries.index(who)])),
        "agrees": "yes" if np.abs(found - expected).max() < CLOSE else "no",
    }


def _kept(rule: str, paid: FloatArray, before: FloatArray) -> Callable[[FloatArray], FloatArray] | None:
    """What a country receives under a rule, of what all earn (docs/explanation/model.md)."""

    def by_income(earned: FloatArray) -> FloatArray:
        own = before / paid * earned
        return np.asarray(own - own.sum() * earned / earned.sum())

    return {"balance": None, "world": lambda earned: before, "gdp": by_income}[rule]


# --- taxes on international trade ------------------------------------------------------------------------------------


def revenue(folder: Path | None = None) -> pd.DataFrame:
    """What applied tariffs bring in the world of every state, beside taxes on international trade, by importer."""
    world = load_world("every")
    rates, flow = applied_tariffs(world).rates, _goods(world)
    table = pd.read_csv(
        (folder or _folder()) / "tariffs" / "wdi_taxes_on_international_trade.csv", keep_default_na=False
    )
    paid = (
        table[table["year"] == REVENUE_YEAR].set_index("iso3")["intt_usd"].pipe(pd.to_numeric).dropna() / 1e6
    )
    rows = []
    for n, code in enumerate(world.countries):
        if code in paid.index:
            duty, bought = float((rates[n] * flow[n]).sum()), float(flow[n].sum())
            ratio = duty / float(paid[code])
            rows.append(
                {
                    "importer": code,
                    "duty_musd": duty,
                    "taxes_on_trade_musd": float(paid[code]),
                    "ratio": ratio,
                    "tariff_percent": 100.0 * duty / bought,
                    "taxes_percent": 100.0 * float(paid[code]) / bought,
                    "why": _why(code, ratio),
                }
            )
    return pd.DataFrame(rows).sort_values("ratio", ignore_index=True)


def _why(code: str, ratio: float) -> str:
    if NEAR[0] <= ratio <= NEAR[1]:
        return "near"
    found = [name for name, codes in WHY.items() if code in codes]
    return found[0] if found else "mean" if ratio > NEAR[1] else "unexplained"


def _goods(world: World) -> FloatArray:
    """Goods that cross a border (importer, exporter, sector)."""
    flow = world.array("intermediate") + world.array("final")
    n = len(world.countries)
    flow[np.arange(n), np.arange(n)] = 0.0
    flow[..., [k for k, code in enumerate(world.sectors) if code >= "D"]] = 0.0
    return flow


# --- the worldwide matrix of 2021 ------------------------------------------------------------------------------------


def matrix(folder: Path | None = None) -> pd.DataFrame:
    """By importer: cells, rank correlation, median difference, and means on the flows of 2022 of ours and of theirs."""
    world = load_world(year=2022)
    made = applied_tariffs(world, MATRIX_YEAR)
    theirs = pd.read_parquet((folder or _folder()) / "tariffs" / "teti_2021_tests_only.parquet")
    keys = ["importer", "exporter", "sector"]
    both = (
        made.frame.merge(theirs, "left", on=keys)
        .query("importer != 'USA'")
        .assign(rate=lambda t: 100.0 * t["rate"])
    )
    at = [pd.Index(labels).get_indexer(both[key]) for labels, key in zip(_labels(world), keys, strict=True)]
    both["flow"] = _goods(world)[tuple(at)]
    groups = {code: name for name in ("manufactured", "primary") for code in assumed()["profile"][name]}
    both["group"] = both["sector"].map(groups)
    known = both[both["importer"].isin(theirs["importer"])]
    rows = [_importer(str(code), own) for code, own in known.groupby("importer")]
    return pd.DataFrame([_importer("all", known), *rows])


def _labels(world: World) -> Iterator[tuple[str, ...]]:
    yield from (world.countries, world.countries, world.sectors)


def _importer(code: str, own: pd.DataFrame) -> dict[str, object]:
    """Cells that the matrix has; in means, on what comes from outside the Union, those that it lacks are nought."""
    there, union = own.dropna(subset="rate"), members("EU", MATRIX_YEAR)
    own = own[~(own["importer"].isin(union) & own["exporter"].isin(union))]
    flow = own["flow"]
    gap = there["tariff_percent"] - there["rate"]
    ours, theirs = (
        float((own[name].fillna(0.0) * flow).sum() / flow.sum()) for name in ("tariff_percent", "rate")
    )
    alike = there["tariff_percent"].nunique() == 1 or there["rate"].nunique() == 1
    return {
        "importer": code,
        "cells": len(there),
        "rank_correlation": np.nan if alike else float(spearmanr(there["tariff_percent"], there["rate"])[0]),
        "median_difference": float(gap.median()),
        "mean_percent": ours,
        "matrix_mean_percent": theirs,
        "published_percent": np.nan if code in ("all", "TWN") else _published(code, own),
        "largest_sector": str(gap.abs().groupby(there["sector"]).median().idxmax()),
    }


def _published(code: str, own: pd.DataFrame) -> float:
    """Mean of the World Bank's two means, weighed by what is bought of either group."""
    table = shown_means("DEU" if code in members("EU", MATRIX_YEAR) else code)
    row = table.loc[nearest_year(table.index, MATRIX_YEAR)]
    size = own.groupby("group")["flow"].sum()
    return float(sum(row[group] * size[group] for group in size.index) / size.sum())


def sampled(committed: pd.DataFrame) -> pd.DataFrame:
    """The table again: it takes seconds."""
    return revenue() if "ratio" in committed else matrix()


def _folder() -> Path:
    folder = os.environ.get("SUASION_TEST_DATA")
    if not folder:
        raise SystemExit("set SUASION_TEST_DATA to the folder that holds tariffs/")
    return Path(folder)
