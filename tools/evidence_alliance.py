"""Evaluation of the alliance model: rolling forecasts, whole treaties left out, learning curve."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from evidence import ROOT

FOLDER = ROOT / "src" / "suasion" / "statecraft" / "alliance"
SIMULATED = {"pairs": 300, "years": 45, "seed": 7}
KEYS = ("kind", "method", "scheme", "horizon")


def sources() -> Sequence[Path]:
    """Code of the model; the data are not in the repository."""
    parts = ("covariates", "flexible", "evaluation", "logit", "panel", "scores", "treaties")
    return [FOLDER / f"{part}.py" for part in parts]


def evaluation() -> pd.DataFrame:
    """Every score of the model, from the user's data; and one made-up record."""
    from fit_alliance import panel_of_data
    from suasion.statecraft.alliance.evaluation import alliance_evaluation

    table = alliance_evaluation(panel_of_data(), tell=lambda text: print(text, file=sys.stderr))
    return pd.concat([table, simulated()], ignore_index=True)


def calibration() -> pd.DataFrame:
    """Forecasts in groups against what happened, from the user's data; and of the made-up record."""
    from fit_alliance import panel_of_data
    from suasion.statecraft.alliance.evaluation import alliance_calibration

    return pd.concat([alliance_calibration(panel_of_data()), simulated_calibration()], ignore_index=True)


def simulated_calibration(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Groups of the made-up record."""
    from suasion.scores import calibration_table

    made = simulated_forecasts()
    table = calibration_table(made["forecast"], made["event"], 5)
    events = (table["count"] * table["rate"]).round().astype(int)
    return table.assign(kind="made-up", group=[str(k + 1) for k in range(len(table))], events=events)


def simulated(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Scores of the made-up record."""
    from suasion.statecraft.alliance.scores import scores_of

    names = {"kind": "made-up", "method": "logit", "scheme": "rolling", "horizon": "1"}
    return pd.DataFrame([{**names, **scores_of(simulated_forecasts(), draws=100)}])


def simulated_forecasts() -> pd.DataFrame:
    """Rolling forecasts of made-up pairs whose hazard is known; needs no data."""
    from suasion.statecraft.alliance.logit import logistic
    from suasion.statecraft.alliance.panel import names_of
    from suasion.statecraft.alliance.scores import Sample, rolling_forecasts

    rng = np.random.default_rng(SIMULATED["seed"])
    pair = np.repeat(np.arange(SIMULATED["pairs"]), SIMULATED["years"])
    year = np.tile(1950 + np.arange(SIMULATED["years"]), SIMULATED["pairs"])
    names = names_of("ending")
    x = rng.standard_normal((len(pair), len(names)))
    truth = logistic(-4.0 + x @ np.linspace(1.0, -1.0, len(names)))
    event = rng.random(len(pair)) < truth
    sample = Sample("ending", x, event, year, pair, 10_000 + pair, pair * 4096 + year)
    return rolling_forecasts(sample, first=1985)
