"""Compute what ``defiance.json`` keeps, from the cases of the data base and the tables of past worlds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fits.defiance.fit import (
    FEATURES,
    fit_yielding,
    loss_quantiles,
    rolling_forecasts,
    rolling_scores,
    variables,
)
from suasion.coercion import exit_cost, leverage_matrix
from suasion.outlook.defiance.place import EMBEDDED, HORIZONS, Coding, dispute_cases, open_world
from suasion.sources.gsdb import read_gsdb
from suasion.world import World

SOURCE = (
    "Global Sanctions Data Base, release 3 (globalsanctionsdatabase.com): 1,325 cases, objective and success"
)
LICENCE = (
    "The data base is given out by its authors on request; no sentence that lets others pass it on was found. Kept "
    "here are only numbers computed from it by this project: coefficients, scores, base rates and quantiles; no case "
    "is among them."
)
NOTES = (
    "A side yielded where the data base codes partial or total success for one objective or more; a negotiated "
    "settlement alone is not counted as yielding, and a case unfinished after 5 years as defied so far.",
    "The exit cost is that of a full cut between target and senders, whatever the sanctions of the day were.",
    "Most cases are placed on the world of 2022, which is later than they are and in which old sanctions have "
    "already cut trade; 30 or so are placed on the table of the year before they began.",
    "Cases are those where sanctions were imposed: where a threat sufficed there is none.",
)
_GSDB_2014 = "the data base codes all seven trade sanctions on Russia of 2014 as unfinished in 2022"
_AUSTRALIA = "assumption: no policy China complained of was withdrawn; not a case of the data base"
DISPUTES = (
    ("Russia and the EU", 2014, "RUS", "EU", "wiod13 2011", False, _GSDB_2014),
    ("Australia and China", 2020, "AUS", "CHN", EMBEDDED, False, _AUSTRALIA),
    ("Australia and China", 2020, "AUS", "CHN", "wiod13 2011", False, _AUSTRALIA),
)
"""Dispute, year, sides, world (the nearest in time first), whether the weaker side yielded, and on what ground."""
VARIANTS: dict[str, tuple[Coding, str]] = {
    "main": (Coding(), "begin > 0"),
    "settlement is yielding": (Coding(settlement=True), "begin > 0"),
    "unfinished cases left out": (Coding(lasting=None), "begin > 0"),
    "begun 1990 or later": (Coding(), "begin >= 1990"),
    "table of the year before": (Coding(), f"world != '{EMBEDDED}'"),
}
"""Name to what counts as yielding and which cases are used."""


def costs_of_cases(
    gsdb: str | Path, wiod: str | Path | None = None, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Exit costs of all past disputes with a world.

    Parameters
    ----------
    gsdb, wiod : files or folders; for ``wiod`` the user's store without
    progress : called with (done, worlds)

    Returns
    -------
    DataFrame
        As :func:`case_costs`.
    """
    economies = {
        "wiod13": [c for c in open_world("wiod13 2011", wiod).countries if c != "ROW"],
        EMBEDDED: list(open_world(EMBEDDED).countries),
    }
    table = dispute_cases(read_gsdb(gsdb), economies)
    return case_costs(table, lambda name: open_world(name, wiod), progress=progress)


def case_costs(
    table: pd.DataFrame,
    worlds: Callable[[str], World],
    *,
    horizons: Sequence[str] = HORIZONS,
    cache: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Exit costs of both sides of each case, solved in a batch for each world and horizon.

    table: from :func:`dispute_cases`.
    worlds: from the name of a world to it.
    horizons: labels of the elasticity presets.
    cache: whether solved ties are kept in the user's cache.
    progress: called with (done, worlds).
    Returns: The table with ``target_short``, ``sender_short``, ``target_long``, ``sender_long``: losses in
      per cent of own real expenditure; NaN without an equilibrium.
    """
    found = table.copy()
    for horizon in horizons:
        found[[f"target_{horizon}", f"sender_{horizon}"]] = np.nan
    groups = list(found.groupby("world", sort=True))
    for done, (name, part) in enumerate(groups):
        world = worlds(str(name))
        keys = list(zip(part["target"], part["senders"], strict=True))
        ties = list(dict.fromkeys(keys))
        for horizon in horizons:
            losses = _losses(world, ties, horizon, cache)
            found.loc[part.index, [f"target_{horizon}", f"sender_{horizon}"]] = [losses[k] for k in keys]
        if progress:
            progress(done + 1, len(groups))
    return found


def _losses(
    world: World, ties: Sequence[tuple[str, tuple[str, ...]]], horizon: str, cache: bool
) -> dict[tuple[str, tuple[str, ...]], tuple[float, float]]:
    names = {tie: f"senders {k}" for k, tie in enumerate(ties)}
    pairs = [(names[tie], tie[0]) for tie in ties]
    made = leverage_matrix(
        world, horizon, pairs=pairs, coalitions={names[tie]: tie[1] for tie in ties}, cache=cache
    )
    damage, loss = made.damage_percent, made.loss_percent
    return {
        tie: (float(damage.loc[key].item()), float(loss.loc[key].item()))
        for tie, key in zip(ties, pairs, strict=True)
    }


def known_from(coding: Coding, success: Sequence[str], begin: int, end: int) -> int:
    """First year in which the outcome could be known."""
    unfinished = "ongoing" in success and not set(success) & {"success_part", "success_total"}
    return begin + (coding.lasting or 0) if unfinished else end + 1


def coded(costs: pd.DataFrame, coding: Coding, horizon: str) -> pd.DataFrame:
    """Cases with a known outcome and both losses, and when the outcome could be known.

    Parameters
    ----------
    costs : from :func:`costs_of_cases`
    coding : what counts as yielding
    horizon : whose losses
    """
    cases = list(zip(costs["success"], costs["begin"], costs["end"], strict=True))
    table = costs.assign(
        yielded=[coding.yielded(s, b) for s, b, _ in cases],
        known_from=[known_from(coding, s, b, e) for s, b, e in cases],
    )
    return table.dropna(subset=["yielded", f"target_{horizon}", f"sender_{horizon}"])


def kept_numbers(costs: pd.DataFrame, disputes: list[dict[str, Any]]) -> dict[str, Any]:
    """Content of ``defiance.json``.

    Parameters
    ----------
    costs : from :func:`costs_of_cases`
    disputes : from :func:`named_disputes`

    Returns
    -------
    dict
        Plain numbers and texts.
    """
    return {
        "source": SOURCE,
        "licence": LICENCE,
        "notes": list(NOTES),
        "horizons": {h: _horizon(coded(costs, Coding(), h), h) for h in HORIZONS},
        "named": disputes,
    }


def _horizon(table: pd.DataFrame, horizon: str) -> dict[str, Any]:
    y, loss = table["yielded"].to_numpy(float), table[f"target_{horizon}"].to_numpy(float)
    fit = fit_yielding(variables(table, horizon), y, table["target"], FEATURES)
    scores = rolling_scores(rolling_forecasts(table, horizon))
    return {
        "cases": y.size,
        "defied": int((y == 0).sum()),
        "base_rate": float(y.mean()),
        "quantiles": {
            "all": loss_quantiles(loss),
            "defied": loss_quantiles(loss[y == 0]),
            "yielded": loss_quantiles(loss[y == 1]),
        },
        "names": list(fit.names),
        "coefficients": fit.coefficients.tolist(),
        "covariance": fit.covariance.tolist(),
        "scores": scores.to_dict("records"),
    }


def named_disputes(worlds: Callable[[str], World]) -> list[dict[str, Any]]:
    """Exit costs of the disputes in :data:`DISPUTES`, at both horizons.

    Parameters
    ----------
    worlds : from the name of a world to it
    """
    return [row for dispute in DISPUTES for row in dispute_rows(dispute, worlds(dispute[4]))]


def dispute_rows(dispute: tuple[str, int, str, str, str, bool, str], world: World) -> list[dict[str, Any]]:
    """Exit costs of one dispute, a row a horizon.

    Parameters
    ----------
    dispute : one of :data:`DISPUTES`
    world : the one that it names
    """
    name, year, one, other, label, yielded, judged = dispute
    table = exit_cost(world, one, other).table
    rows = []
    for _, part in table.groupby("horizon", sort=False):
        losses = part.sort_values("loss_percent", ascending=False)
        weaker, stronger = losses["country"]
        mine, theirs = map(float, losses["loss_percent"])
        horizon = str(losses["horizon"].iloc[0]).split()[0].rstrip(",")
        rows.append(
            {
                "dispute": name, "year": year, "world": label, "horizon": horizon,
                "weaker": str(weaker), "stronger": str(stronger),
                "loss_percent": mine, "stronger_loss_percent": theirs, "yielded": yielded, "judged": judged,
            }
        )  # fmt: skip
    return rows


def variant_table(costs: pd.DataFrame) -> pd.DataFrame:
    """What the answer owes to the coding and to the cases: the logit and its scores in every variant and horizon.

    Parameters
    ----------
    costs : from :func:`costs_of_cases`

    Returns
    -------
    DataFrame
        ``variant``, ``horizon``, ``cases``, ``targets``, ``base_rate``, ``median_defied`` and ``median_yielded`` (per
        cent), a coefficient and its robust standard error for each variable, ``forecasts``, ``log_base``,
        ``log_prior``, ``log_target``, ``log_all``, ``auc_all``, ``gain``, ``gain_low``, ``gain_high`` (of all three
        over the base rate; NaN where too few cases were known early enough).
    """
    rows = []
    for name, (coding, chosen) in VARIANTS.items():
        for horizon in HORIZONS:
            table = coded(costs.query(chosen), coding, horizon)
            rows.append({"variant": name, "horizon": horizon, **_variant(table, horizon)})
    return pd.DataFrame(rows)


def _variant(table: pd.DataFrame, horizon: str) -> dict[str, object]:
    y, loss = table["yielded"].to_numpy(float), table[f"target_{horizon}"].to_numpy(float)
    fit = fit_yielding(variables(table, horizon), y, table["target"], FEATURES)
    errors = np.sqrt(np.diag(fit.covariance))
    short = {"constant": "constant", **dict(zip(FEATURES, ("target", "sender", "multilateral"), strict=True))}
    row: dict[str, object] = {
        "cases": y.size, "targets": table["target"].nunique(), "base_rate": float(y.mean()),
        "median_defied": float(np.median(loss[y == 0])), "median_yielded": float(np.median(loss[y == 1])),
    }  # fmt: skip
    for name, value, error in zip(fit.names, fit.coefficients, errors, strict=True):
        row |= {f"b_{short[name]}": float(value), f"se_{short[name]}": float(error)}
    made = rolling_forecasts(table, horizon)
    row["forecasts"] = len(made)
    empty = dict.fromkeys(
        ("log_base", "log_prior", "log_target", "log_all", "auc_all", "gain", "gain_low", "gain_high")
    )
    if not len(made):
        return {**row, **dict.fromkeys(empty, float("nan"))}
    score = rolling_scores(made).set_index("model")
    last = score.loc["all three"]
    return {
        **row, "log_base": score.loc["base rate", "log"], "log_prior": score.loc["prior", "log"],
        "log_target": score.loc["target loss", "log"], "log_all": last["log"], "auc_all": last["auc"],
        "gain": last["log_gain"], "gain_low": last["gain_low"], "gain_high": last["gain_high"],
    }  # fmt: skip
