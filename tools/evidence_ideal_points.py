"""Agreement of our ideal points with the published ones, and with simulated truth."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence import ROOT
from suasion.types import Z90

if TYPE_CHECKING:
    from suasion.statecraft import IdealPoints

FOLDER = ROOT / "src" / "suasion" / "statecraft" / "ideal_points"
Estimate = Callable[..., "IdealPoints"]
SIMULATED = {"seed": 11, "countries": 40, "un_sessions": 6, "calls": 40}


SHIPPED = ROOT / "src" / "suasion" / "statecraft" / "tables" / "ideal_points.parquet"
POWERS = ("USA", "GBR", "FRA", "ISR")
"""States at the end of the scale, whose bands by sd alone are too narrow."""


def sources() -> Sequence[Path]:
    """Code of the model; the votes are not in the repository."""
    return sorted(path for path in FOLDER.glob("*.py") if path.name != "subjects.py")


def shipped_sources() -> Sequence[Path]:
    """The table that ships."""
    return (SHIPPED,)


def shipped() -> pd.DataFrame:
    """What ships against the release of April 2020, by decade and for the powers from 1990 on; and its own sds."""
    from suasion.sources.ideal_points import read_ideal_points

    folder = os.environ.get("SUASION_TEST_DATA")
    if not folder:
        raise SystemExit("set SUASION_TEST_DATA to the folder that holds idealpoints/")
    return pd.concat(
        [against(read_ideal_points(folder), "release of April 2020"), own_sds()], ignore_index=True
    )


def own_sds(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Mean sds of what ships, by decade; needs no data."""
    from suasion.statecraft import shipped_ideal_points

    table = shipped_ideal_points()
    rows = [
        {
            "against": "itself",
            "period": f"{decade}s",
            "country_sessions": len(part),
            "mean_sd": float(part["sd"].mean()),
            "mean_sd2": float(part["sd2"].mean()),
        }
        for decade, part in table.groupby(table["year"] // 10 * 10)
    ]
    return pd.DataFrame(rows)


def against(published: pd.DataFrame, name: str) -> pd.DataFrame:
    """Agreement of what ships with a published release, by UN session after the 74th, decade and power."""
    from suasion.statecraft import shipped_ideal_points

    keys = ["country", "un_session"]
    both = shipped_ideal_points().merge(
        published[[*keys, "mean"]].rename(columns={"mean": "reference"}), on=keys, validate="one_to_one"
    )
    late, decade = both["un_session"] > 74, both["year"] // 10 * 10
    parts = {"all": both, **{f"{d}s": both[decade == d] for d in sorted(decade.unique())}}
    recent = both[both["year"] >= 1990]
    parts |= {f"{c} from 1990": recent[recent["country"] == c] for c in POWERS}
    parts |= {
        f"UN session {n}": both[both["un_session"] == n]
        for n in sorted(both.loc[late, "un_session"].unique())
    }
    return pd.DataFrame([_agreement(name, period, part) for period, part in parts.items()])


def _agreement(name: str, period: str, both: pd.DataFrame) -> dict[str, object]:

    error = both["mean"] - both["reference"]
    return {
        "against": name,
        "period": period,
        "country_sessions": len(both),
        "correlation": float(np.corrcoef(both["mean"], both["reference"])[0, 1]),
        "bias": float(error.mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "band_sd_covers": float((error.abs() < Z90 * both["sd"]).mean()),
        "band_sd2_covers": float((error.abs() < Z90 * both["sd2"]).mean()),
        "band_covers": float(both["reference"].between(both["low"], both["high"]).mean()),
    }


def agreement() -> pd.DataFrame:
    """Whole record 1946-2020 against the release of April 2020, by decade; and one simulated record."""
    from suasion.statecraft import estimate_ideal_points

    return pd.concat([_published(estimate_ideal_points), simulated()], ignore_index=True)


def agreement_as_published() -> pd.DataFrame:
    """The same by the published procedure."""
    from fits.votes_as_published import estimate_as_published

    return pd.concat([_published(estimate_as_published), simulated_as_published()], ignore_index=True)


def simulated(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Recovery of simulated truth; needs no data."""
    from suasion.statecraft import estimate_ideal_points

    return _simulated(estimate_ideal_points, draws=200, burn=150, thin=2)


def simulated_as_published(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """The same by the published procedure."""
    from fits.votes_as_published import estimate_as_published

    return _simulated(estimate_as_published, draws=200, burn=1000, thin=3)


def _simulated(estimate: Estimate, **size: int) -> pd.DataFrame:
    from suasion.statecraft import simulate_votes

    made = simulate_votes(**SIMULATED)
    found = estimate(made.votes, made.matches, "C00", seed=1, **size)
    truth = made.truth.rename(columns={"theta": "reference"})
    return pd.DataFrame([_row("simulated truth", "all", _beside(found, truth))])


def _published(estimate: Estimate) -> pd.DataFrame:
    from suasion.sources.ideal_points import read_ideal_points, read_matches
    from suasion.sources.unga_votes import read_unga_votes

    folder = os.environ.get("SUASION_TEST_DATA")
    if not folder:
        raise SystemExit("set SUASION_TEST_DATA to the folder that holds unvotes/ and idealpoints/")
    votes = read_unga_votes(folder).plenary()
    found = estimate(votes, read_matches(folder))
    reference = read_ideal_points(folder).rename(columns={"mean": "reference"})
    both = _beside(found, reference[["country", "un_session", "reference"]])
    decade = both["year"] // 10 * 10
    rows = [_row("release of April 2020", f"{d}s", both[decade == d]) for d in sorted(decade.unique())]
    return pd.DataFrame([_row("release of April 2020", "all", both), *rows])


def _beside(estimate: IdealPoints, reference: pd.DataFrame) -> pd.DataFrame:
    return estimate.frame.merge(reference, on=["country", "un_session"], validate="one_to_one")


def _row(against: str, period: str, both: pd.DataFrame) -> dict[str, object]:
    near, apart = both["reference"].abs() < 2.0, (both["mean"] - both["reference"]).abs()
    covered = both["reference"].between(both["low"], both["high"])
    beyond = (apart <= 0.1 * both["reference"].abs())[~near]
    return {
        "against": against,
        "period": period,
        "country_sessions": len(both),
        "correlation": float(np.corrcoef(both["mean"], both["reference"])[0, 1]),
        "band_covers": float(covered.mean()),
        "within_015_where_below_2": float((apart <= 0.15)[near].mean()),
        "within_10_percent_beyond": float(beyond.mean()) if len(beyond) else float("nan"),
        "mean_difference": float(apart.mean()),
        "r_hat_99": float(both["r_hat"].quantile(0.99)),
    }
