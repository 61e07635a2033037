"""Fit the chances of deadly disputes anew from the user's data, and write the two objects that ship.

``SUASION_TEST_DATA=FOLDER python tools/fit_clashes.py`` reads the published files in the folder and writes
src/suasion/statecraft/tables/clash_odds.parquet and clash_model.json. ``--check`` compares instead of writing.
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

from fits.clashes import NAMES, drift, fit, panel, rolling, scores
from fits.logit import Logit
from fits.pacts.record import pact_record
from suasion.sources.ir_tables import read_mids
from suasion.statecraft.clashes import CHANCES, MODEL, UNIT, clash_model

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "suasion" / "statecraft" / "tables"
LAST = 2014
"""Last year of the disputes."""
ORIGINS = range(1970, LAST - 9)
DRAWS = 20


@cache
def table() -> pd.DataFrame:
    """All pairs and years, from the folder of SUASION_TEST_DATA."""
    folder = Path(os.environ["SUASION_TEST_DATA"])
    disputes = read_mids(folder / "peacesciencer" / "cow_mid_ddydisps.rda")
    return panel(pact_record(folder).table, disputes[disputes["fatality"] > 0], LAST)


def odds(model: Logit) -> pd.DataFrame:
    """Log odds of all pairs of the last year but for how fresh the last dispute is, and spread over draws of pairs."""
    whole = table()
    now = whole[whole["year"] == whole["year"].max()].reset_index(drop=True)
    x = now[list(NAMES)].to_numpy(dtype=float)
    rng = np.random.default_rng(0)
    made = []
    for _ in range(DRAWS):
        weight = pd.Series(rng.poisson(1.0, int(whole["pair"].max()) + 1))
        times = whole["pair"].map(weight).to_numpy()
        made.append(fit(whole.loc[whole.index.repeat(times)], LAST).eta(x))
    names = np.sort(now[["country1", "country2"]].astype(str).to_numpy(), axis=1)
    fresh = model.beta[1 + NAMES.index("recent")] / model.scale[NAMES.index("recent")] * now["recent"]
    values = {"odds": model.eta(x) - fresh, "recent": now["recent"], "sd": np.std(made, axis=0)}
    return pd.DataFrame({"a": names[:, 0], "b": names[:, 1], **values})


def to_ship() -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table in whole thousandths, and what ships beside it."""
    model, past = fit(table(), LAST), rolling(table(), ORIGINS)
    rows = odds(model)
    small = rows[["a", "b"]].astype("category")
    numbers = ["odds", "recent", "sd"]
    small[numbers] = (rows[numbers] * UNIT).round().astype(np.int16)
    fresh = NAMES.index("recent")
    chance = model.predict(table().loc[table()["year"] == table()["year"].max(), list(NAMES)].to_numpy(float))
    values = {
        "year": int(table()["year"].max()),
        "data_to": LAST,
        "recent": _digits(model.beta[1 + fresh] / model.scale[fresh]),
        "base": _digits(chance.mean()),
        "drift": _digits(drift(past)),
        "per_sd": {name: _digits(model.beta[1 + place]) for place, name in enumerate(NAMES)},
        "scores": {
            "all": {key: _digits(value) for key, value in scores(past).items()},
            "from_1990": {key: _digits(value) for key, value in scores(past[past["year"] >= 1990]).items()},
        },
    }
    return small.sort_values(["a", "b"], ignore_index=True), values


def _digits(value: float) -> float:
    return float(f"{value:.5g}")


def main(argv: Sequence[str] | None = None) -> int:
    """Fit, and write or compare."""
    parser = argparse.ArgumentParser(description="Fit the chances of deadly disputes from your data.")
    parser.add_argument("--check", action="store_true", help="compare with what ships, write nothing")
    small, values = to_ship()
    if parser.parse_args(argv).check:
        kept = pd.read_parquet(FOLDER / CHANCES)
        same = kept.astype(str).equals(small.astype(str)) and values == clash_model()
        print("the same" if same else "different", file=sys.stderr)
        return 0 if same else 1
    small.to_parquet(FOLDER / CHANCES, index=False, compression="zstd")
    (FOLDER / MODEL).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
