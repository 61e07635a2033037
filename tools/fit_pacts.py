"""Fit the forecasts of pacts anew from the user's data, and write the two objects that ship.

``SUASION_TEST_DATA=FOLDER python tools/fit_pacts.py`` reads the published files in the folder and writes
src/suasion/statecraft/tables/pact_hazards.parquet and pact_model.json. ``--check`` compares instead of writing.
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

from fits.pacts.hazards import CLASS_SD, fit_hazards, to_ship
from fits.pacts.origins import HALF_LIVES, from_origin, hazards, rate_of, rolling, sample_of
from fits.pacts.panel import CLASSES, KINDS, AlliancePanel, names_of
from fits.pacts.rank import Rank, fit_rank, priors_of
from fits.pacts.ratios import evidence_ratios
from fits.pacts.record import SINCE_THE_FREEZE, pact_record
from fits.pacts.scores import scores_of
from suasion.statecraft.alliance.hazards import HAZARDS, MODEL, load_hazards, load_pact_model
from suasion.statecraft.alliance.number import TITLE, Mover

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "suasion" / "statecraft" / "tables"
ORIGIN, UNTIL = 2018, 2025
POWERS = ("USA", "RUS", "CHN", "GBR", "FRA", "DEU", "JPN", "IND")
MORE_PAIRS = (
    "CHN-PAK",
    "CHN-IRN",
    "IRN-RUS",
    "ISR-USA",
    "SAU-USA",
    "SAU-CHN",
    "CHN-SRB",
    "RUS-SRB",
    "IND-RUS",
    "POL-UKR",
)
"""Pairs besides those of the powers for which it is shipped what moves their hazard."""
PAST_ARMS = (1996, 2005)
OF_THE_REGISTER = (Mover.NO_ARMS.value, Mover.ARMS_OF_THE_PAST.value)
KEPT = (
    "events",
    "clusters",
    "auc",
    "log_skill",
    "log_skill_low",
    "log_skill_high",
    "expected",
    "calibration_slope",
)


@cache
def record() -> AlliancePanel:
    """Risk sets from the folder of SUASION_TEST_DATA, with all that is known: what forecasts are scored by."""
    return pact_record(os.environ["SUASION_TEST_DATA"])


@cache
def frozen_record() -> AlliancePanel:
    """The same as of the last freeze: what the hazards, the movers and the ratios that ship are fitted to."""
    return pact_record(os.environ["SUASION_TEST_DATA"], without=SINCE_THE_FREEZE)


def scores() -> dict[str, dict[str, dict[str, float]]]:
    """Scores of forecasts from the past alone, by question and scheme."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for kind in KINDS:
        sample = sample_of(record(), kind)
        made = {"rolling": rolling(sample), "questions": from_origin(sample, ORIGIN, UNTIL)}
        found[kind] = {
            scheme: shipped_scores(forecasts)
            for scheme, forecasts in made.items()
            if forecasts["event"].any()
        }
    return found


def shipped_scores(forecasts: pd.DataFrame) -> dict[str, float]:
    """Scores of some forecasts under the names of columns."""
    scored = scores_of(forecasts) | {"expected": float(forecasts["forecast"].sum())}
    kept = {name: float(f"{scored[name]:.4g}") for name in KEPT}
    return {"area" if name == "auc" else name: value for name, value in kept.items()}


def movers(panel: AlliancePanel) -> dict[str, dict[str, float]]:
    """Log ratio of the hazard of a bilateral pact, by what would be otherwise, of the pairs that ship."""
    sample = sample_of(panel, "bilateral")
    year, rank = panel.last_year, fit_rank("bilateral", sample.rows)
    last = panel.table.iloc[sample.index]
    now = (sample.year == year).nonzero()[0]
    codes = last[["country1", "country2"]].astype(str).to_numpy()
    chosen = {"-".join(sorted((a, b))) for a in POWERS for b in POWERS if a < b} | {
        "-".join(sorted(pair.split("-"))) for pair in MORE_PAIRS
    }
    judged = _judged(sample, year)
    found = {}
    for row in now:
        name = "-".join(sorted(codes[row]))
        if name in chosen:
            own = _otherwise(panel, rank, sample.x[row], last.iloc[row])
            if name != "-".join(
                TITLE
            ):  # of one pair it is a single figure; of forty it would be a part of the register
                own = {mover: log for mover, log in own.items() if mover not in OF_THE_REGISTER}
            found[name] = own | {
                k: float(h[row] - judged["own"][row]) for k, h in judged.items() if k != "own"
            }
    return {
        name: {k: round(v, 3) for k, v in own.items() if abs(v) > 0.01} for name, own in sorted(found.items())
    }


def _judged(sample: Any, year: int) -> dict[str, dict[int, float]]:
    """Log hazards of the last year by row, as fitted and with other judgements."""

    def logs(rank: Rank, rate: float) -> dict[int, float]:
        at, hazard = hazards(sample, rank, rate, year)
        return dict(zip(at.tolist(), np.log(hazard).tolist(), strict=True))

    priors, rate = priors_of("bilateral"), rate_of(sample, year)
    bound, free = (
        fit_rank("bilateral", sample.rows, priors | {name: priors[name]._replace(sd=sd) for name in CLASSES})
        for sd in CLASS_SD
    )
    own = fit_rank("bilateral", sample.rows)
    fast, slow = (rate_of(sample, year, (half,)) for half in HALF_LIVES)
    made = {"own": (own, rate), Mover.CLASS_BOUND: (bound, rate), Mover.CLASS_FREE: (free, rate)}
    made |= {Mover.FAST_LEVEL: (own, fast), Mover.SLOW_LEVEL: (own, slow)}
    return {str(name): logs(*parts) for name, parts in made.items()}


def _otherwise(panel: AlliancePanel, rank: Rank, x: np.ndarray, row: pd.Series) -> dict[str, float]:
    """Log ratio of the hazard if a covariate were otherwise."""
    names = names_of("bilateral")
    value = dict(zip(names, x.tolist(), strict=True))
    table = panel.table
    apart = table[(table["year"] == panel.last_year) & _is(table, "RUS", "USA")]["ideal_distance"].iloc[0]
    past = table[(table["year"] == PAST_ARMS[1]) & (table["pair"] == row["pair"])]["arms"]
    to = {
        Mover.NO_ARMS: {"arms": 0.0},
        Mover.ARMS_OF_THE_PAST: {"arms": float(past.iloc[0]) if len(past) else value["arms"]},
        Mover.FATAL_CLASH: {"hostility": 1.0},
        Mover.LAPSED_LAST_YEAR: {"quiet": float(np.log(2.0)), "past_pact": 1.0},
        Mover.VOTES_APART: {"ideal_distance": float(apart)},
        Mover.NO_TRADE: {"trade_dependence": 0.0},
        Mover.NO_OPPOSED: {"opposed": 0.0},
    }
    return {
        mover.value: sum(rank.effect(name) * (new - value[name]) for name, new in changes.items())
        for mover, changes in to.items()
    }


def _is(table: pd.DataFrame, a: str, b: str) -> pd.Series:
    one, two = table["country1"].astype(str), table["country2"].astype(str)
    return ((one == a) & (two == b)) | ((one == b) & (two == a))


def made() -> tuple[pd.DataFrame, dict[str, Any]]:
    """The two objects."""
    table, kinds = fit_hazards(frozen_record())
    ratios = evidence_ratios(frozen_record()).round(4)
    model = {
        "last_year": frozen_record().last_year,
        "kinds": kinds,
        "scores": scores(),
        "movers": movers(frozen_record()),
        "ratios": ratios.to_dict("records"),
    }
    return to_ship(table), model


def differences(table: pd.DataFrame, model: dict[str, Any]) -> dict[str, float]:
    """Largest differences from what ships: of the hazards in logarithms, of the coefficients in standard errors."""
    fresh = (
        table.astype({"a": str, "b": str, "kind": str}).set_index(["a", "b", "kind"])["hazard"].astype(float)
    )
    old = load_hazards()["hazard"]
    found = {"pairs": float(len(old.index.symmetric_difference(fresh.index)))}
    found["hazards"] = float(np.abs(np.log(old) - np.log(fresh.reindex(old.index))).max())
    for kind, values in load_pact_model()["kinds"].items():
        new = model["kinds"][kind]
        gap = np.abs(np.array(values["beta"]) - np.array(new["beta"])) / np.maximum(values["sd"], 1e-3)
        found[f"{kind}: coefficients"] = float(gap.max())
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write, or compare."""
    parser = argparse.ArgumentParser(description="Fit the forecasts of pacts from your data.")
    parser.add_argument("--check", action="store_true", help="compare with what ships, write nothing")
    check = parser.parse_args(argv).check
    table, model = made()
    if check:
        for name, value in differences(table, model).items():
            print(f"{name}: {value:.3g}", file=sys.stderr)
        return 0
    table.to_parquet(FOLDER / HAZARDS, index=False, compression="zstd")
    (FOLDER / MODEL).write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
