"""How trade responds by years since a tariff, on sigma - 1, from all episodes of known size together.

    f(h) = fS w + fL (1 - w),   w = exp(-k (h - 1)),   f = (sigma(h) - 1) / (sigma_long - 1)

with ``sigma(h)`` of an episode and year from what happened over the rate, and ``sigma_long`` the preset's of the same
flows. Minimum distance with an effect of each episode (its variance by DerSimonian and Laird) and errors correlated
by a half within one; the ranges draw whole episodes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fits import trial
from suasion.types import Z90, FloatArray

WITHIN = 0.5
"""Correlation of errors of one episode."""
COMPOSITION = 1.15
"""What was felt over what was collected: buyers leave the goods that pay most. Assumption, 1 to the list (about 2)."""
RATE_SD = 0.1
"""Standard deviation of the log of that. Assumption."""
RESAMPLES, SEED = 1000, 7
SPEED = 0.336


def points(table: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Response of each episode and year: ``episode``, ``years``, ``f`` and its standard error.

    table, cells: of :func:`fits.trial.episodes` and :func:`fits.trial.cells`.
    """
    long = trial.sigmas(10.0)[0]
    rows = []
    for row in table.to_dict("records"):
        one = next(e for e in trial.EPISODES if e.name == row["episode"])
        part = cells[
            (cells["episode"] == one.name) & (cells["year"] == min(int(row["year"]), max(one.after)))
        ]
        w = part["weight"] * part["rate"]
        far = float((w * long.reindex(part["industry"]).to_numpy()).sum() / w.sum())
        felt = COMPOSITION if one.kind == "collected" else 1.0
        rate = float(np.log1p(row["rate"]))
        at_preset = row["foreseen"] / -rate
        whole = np.isnan(row["slope"])
        sigma = (row["actual"] / -rate if whole else row["slope"] * at_preset) / felt
        noise = (row["high_noise"] - row["low_noise"]) / 2 / Z90 / rate
        error = noise if whole else np.hypot(row["error"], row["placebo"]) * at_preset
        error = np.hypot(error / felt, RATE_SD * sigma)
        rows.append((row["episode"], row["years"], (sigma - 1) / (far - 1), error / (far - 1)))
    return pd.DataFrame(rows, columns=["episode", "years", "f", "error"])


def fitted(table: pd.DataFrame, tau: float) -> tuple[FloatArray, FloatArray]:
    """First-year and long-run factor, (2,), and their covariance, for a spread of episodes."""
    same = table["episode"].to_numpy()[:, None] == table["episode"].to_numpy()[None, :]
    error = table["error"].to_numpy(float)
    spread = np.outer(error, error) * np.where(np.eye(len(table), dtype=bool), 1.0, WITHIN * same)
    inverse = np.linalg.inv(spread + tau**2 * same)
    weight = np.exp(-SPEED * (table["years"].to_numpy(float) - 1))
    design = np.column_stack([weight, 1 - weight])
    covariance = np.linalg.inv(design.T @ inverse @ design)
    return covariance @ design.T @ inverse @ table["f"].to_numpy(float), covariance


def spread_of(table: pd.DataFrame) -> float:
    """Standard deviation between episodes, by DerSimonian and Laird on their mean residuals."""
    found, _ = fitted(table, 0.35)
    weight = np.exp(-SPEED * (table["years"].to_numpy(float) - 1))
    rest = table.assign(rest=table["f"] - found[0] * weight - found[1] * (1 - weight))
    by = rest.groupby("episode")
    mean, size = by["rest"].mean(), by.size()
    variance = by["error"].apply(lambda e: (e**2).mean()) * (WITHIN + WITHIN / size)
    w = 1 / variance
    q, freedom = float((w * mean**2).sum()), max(len(mean) - 2, 1)
    return float(np.sqrt(max(0.0, (q - freedom) / (w.sum() - (w**2).sum() / w.sum()))))


def resampled(table: pd.DataFrame, tau: float) -> FloatArray:
    """Factors of resampled episodes, with effects and errors drawn anew, (R, 2)."""
    rng = np.random.default_rng(SEED)
    names: list[str] = sorted(set(table["episode"]))
    found: list[FloatArray] = []
    while len(found) < RESAMPLES:
        parts = []
        for place, name in enumerate(rng.choice(names, len(names))):
            part = table[table["episode"] == name]
            common, own = rng.normal(), rng.normal(size=len(part))
            shift = rng.normal(0, tau) + part["error"] * np.sqrt(WITHIN) * (common + own)
            parts.append(part.assign(episode=f"{name} {place}", f=part["f"] + shift))
        drawn = pd.concat(parts)
        if drawn["years"].max() >= 3:  # the long run is seen
            found.append(fitted(drawn, tau)[0])
    return np.array(found)


def response(table: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Factors on sigma - 1 of goods without exchange: centre and 90 % range, by what they rest on.

    table, cells: as for :func:`points`.
    """
    names = table["episode"]
    by = {"collected": (trial.PAID, trial.ANSWER), "list": (trial.LAW, trial.ANSWER)}
    return pd.DataFrame([_row(basis, points(table[names.isin(kept)], cells)) for basis, kept in by.items()])


def _row(basis: str, table: pd.DataFrame) -> dict[str, object]:
    tau = spread_of(table)
    centre, _ = fitted(table, tau)
    ends = np.quantile(resampled(table, tau), trial.ENDS, axis=0)
    return {
        "basis": basis, "episodes": table["episode"].nunique(), "points": len(table), "spread": tau,
        "first": centre[0], "first_low": ends[0, 0], "first_high": ends[1, 0],
        "long": centre[1], "long_low": ends[0, 1], "long_high": ends[1, 1],
    }  # fmt: skip
