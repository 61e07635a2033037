"""Fit the alliance model anew from the user's data and write src/suasion/statecraft/tables/alliance_model.json.

``SUASION_TEST_DATA=FOLDER python tools/fit_alliance.py`` reads the published files in the folder (or the store, without
the variable) and takes the scores from docs/evidence/alliance_evaluation.csv; ``python tools/evidence.py
alliance_evaluation`` computes them. ``--check`` compares instead of writing.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.statecraft.alliance.evaluation import shipped_scores
from suasion.statecraft.alliance.model import FILE, AllianceModel, fit_alliance_model, load_alliance_model
from suasion.statecraft.alliance.panel import AlliancePanel, risk_sets
from suasion.statecraft.dyads.table import dyad_years

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "suasion" / "statecraft" / "tables" / FILE
SCORES = ROOT / "docs" / "evidence" / "alliance_evaluation.csv"
LAST_YEAR = 2018
"""Last year of pacts in ATOP 5.1."""


def panel_of_data() -> AlliancePanel:
    """Risk sets from the folder of SUASION_TEST_DATA, or from the store."""
    return risk_sets(dyad_years(os.environ.get("SUASION_TEST_DATA"), 1816, LAST_YEAR))


def differences(old: AllianceModel, new: AllianceModel) -> dict[str, float]:
    """Largest difference of each kind of number, in its own unit; coefficients in standard errors."""
    found: dict[str, float] = {}
    for kind, fit in old.kinds.items():
        other = new.kinds[kind]
        error = np.sqrt(np.diag(fit.covariance))
        found[f"{kind}: coefficients"] = float(np.abs((fit.logit.beta - other.logit.beta) / error).max())
        found[f"{kind}: base rate"] = abs(fit.base_rate - other.base_rate)
        found[f"{kind}: standard errors"] = float(
            np.abs(np.sqrt(np.diag(other.covariance)) / error - 1).max()
        )
    for name, pair in old.pairs.items():
        for kind in old.kinds:
            if kind in pair:
                gap = abs(pair[kind]["eta"] - new.pairs[name][kind]["eta"])
                found["pairs: log odds"] = max(found.get("pairs: log odds", 0.0), gap)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write, or compare."""
    parser = argparse.ArgumentParser(description="Fit the alliance model from your data.")
    parser.add_argument(
        "--check", action="store_true", help="compare with the file that ships, write nothing"
    )
    check = parser.parse_args(argv).check
    made = fit_alliance_model(panel_of_data(), shipped_scores(pd.read_csv(SCORES)), trees=not check)
    if check:
        for name, value in differences(load_alliance_model(), made).items():
            print(f"{name}: {value:.3g}", file=sys.stderr)
    else:
        TARGET.write_text(made.to_json(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
