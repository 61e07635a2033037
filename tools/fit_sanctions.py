"""Fit the chances of sanctions anew from the user's data, and write the two objects that ship.

``SUASION_TEST_DATA=FOLDER python tools/fit_sanctions.py`` reads the published files in the folder and writes
src/suasion/statecraft/tables/sanction_onsets.parquet and sanction_model.json. ``--check`` compares instead of writing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fits.logit import Logit
from fits.pacts.record import pact_record
from fits.sanctions import FACTORS, NAMES, design, drift, fit, panel, recalibration, rolling, scores
from suasion.sources.gsdb import read_gsdb
from suasion.statecraft.sanctions import (
    HISTORY,
    LEVEL,
    MODEL,
    ONSETS,
    UNIT,
    OnsetFactor,
    sanction_cases,
    sanction_model,
    sender_rates,
)  # fmt: skip

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "suasion" / "statecraft" / "tables"
LAST, YEAR = 2023, 2027
"""Last year of the register; year for which the chances are frozen."""
ORIGINS = range(2002, LAST + 1)
SCHEMES = {"one_year": 1, "as_frozen": YEAR - LAST}
"""Years from the last known case to the year forecast."""
DRAWS = 30
GROUPS = {**FACTORS, OnsetFactor.CASES: HISTORY}


@cache
def cases() -> pd.DataFrame:
    """Cases of the register."""
    return sanction_cases(read_gsdb(Path(os.environ["SUASION_TEST_DATA"]) / "gsdb" / "GSDB_V4.csv"))


@cache
def table() -> pd.DataFrame:
    """All senders, targets and years, from the folder of SUASION_TEST_DATA."""
    return panel(pact_record(os.environ["SUASION_TEST_DATA"]).table, cases(), LAST)


@cache
def forecasts(scheme: str) -> pd.DataFrame:
    """Forecasts of a scheme from the past alone."""
    return rolling(table(), cases(), ORIGINS, SCHEMES[scheme])


def scored() -> dict[str, dict[str, dict[str, float]]]:
    """Scores of forecasts from the past alone, one year ahead and as frozen, of all senders and of each."""
    found = {}
    for scheme in SCHEMES:
        parts = {"all": forecasts(scheme), **dict(iter(forecasts(scheme).groupby("sender")))}
        found[scheme] = {
            name: {key: float(f"{value:.4g}") for key, value in scores(part).items()}
            for name, part in parts.items()
        }
    return found


def onsets() -> tuple[pd.DataFrame, Logit]:
    """Log odds of the year that is frozen by factor, their spread over draws of targets, and the fit."""
    whole = table()
    now = whole[whole["year"] == whole["year"].max()].reset_index(drop=True)
    model = fit(whole, LAST)
    rng = np.random.default_rng(0)
    names = whole["target"].unique()
    made = []
    for _ in range(DRAWS):
        count = pd.Series(rng.choice(names, len(names))).value_counts()
        times = whole["target"].map(count).fillna(0).astype(int)
        odds = fit(whole.loc[whole.index.repeat(times)], LAST).eta(design(now))
        made.append(odds - pd.Series(odds).groupby(now["sender"]).transform("mean"))
    terms = model.standard(design(now))[:, 1:] * model.beta[1:]
    rows = now[["sender", "target"]].assign(sd=np.std(made, axis=0))
    for factor, parts in GROUPS.items():
        rows[factor] = terms[:, [NAMES.index(name) for name in parts]].sum(axis=1)
    return rows, model


def to_ship(rows: pd.DataFrame, model: Logit) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table in whole thousandths, and what ships beside it."""
    numbers = [*OnsetFactor, "sd"]
    small = rows[["sender", "target"]].astype("category")
    small[numbers] = (rows[numbers] * UNIT).round().astype(np.int16)
    at = {name: NAMES.index(name) for name in NAMES}
    values = {
        "year": YEAR,
        "last_year": LAST,
        "half_life": LEVEL,
        "per_sd": {name: _digits(model.beta[at[name] + 1]) for name in NAMES},
        "history": {
            name: {
                "per_unit": _digits(model.beta[at[name] + 1] / model.scale[at[name]]),
                "centre": _digits(model.centre[at[name]]),
            }
            for name in HISTORY
        },
        "rates": {n: _digits(v) for n, v in sender_rates(cases(), rows, LAST).items()},
        "recalibration": _digits(recalibration(table(), cases(), LAST)),
        "drift": {str(k): _digits(drift(table(), cases(), LAST, k)) for k in range(1, YEAR - LAST + 1)},
        "scores": scored(),
    }
    return small.sort_values(["sender", "target"], ignore_index=True), values


def _digits(value: float) -> float:
    return float(f"{value:.6g}")


def main(argv: Sequence[str] | None = None) -> int:
    """Fit, and write or compare."""
    parser = argparse.ArgumentParser(description="Fit the chances of sanctions from your data.")
    parser.add_argument("--check", action="store_true", help="compare with what ships, write nothing")
    small, values = to_ship(*onsets())
    if parser.parse_args(argv).check:
        kept = pd.read_parquet(FOLDER / ONSETS)
        same = kept.astype(str).equals(small.astype(str)) and values == sanction_model()
        print("the same" if same else "different", file=sys.stderr)
        return 0 if same else 1
    small.to_parquet(FOLDER / ONSETS, index=False, compression="zstd")
    (FOLDER / MODEL).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
