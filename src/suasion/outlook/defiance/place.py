"""Revealed defiance: where a pair's exit cost stands among those of past disputes, and what their outcomes teach.

This is the fourth reading of a critical level of dependence: not what theory calls unbearable, but what sanctioned
sides have borne. The distribution, the fitted logit and its scores are kept in ``defiance.json``; the cases are not,
because the data base they come from may not be passed on. ``tools/evidence.py defiance`` computes all of it again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import betaincinv, expit

from suasion.coercion import exit_cost
from suasion.coercion.leverage.intervals import shipped_ends
from suasion.errors import InputError, SourceFileError
from suasion.files import shipped
from suasion.outlook.defiance.cases import HORIZONS
from suasion.sources.groups import is_group
from suasion.types import Brief
from suasion.world import World, load_world

FILE = "defiance.json"
PRIOR_RATE = 0.33
"""Share of imposed sanctions that worked at least in part, a usual reading of case studies. Assumption, range 0.2 to
0.5: the reference beside the base rate of these cases."""
FLOOR = 1e-3
"""Losses below this (per cent of real expenditure) are taken there before the logarithm: a thousandth of a per cent."""
QUANTILES = tuple(np.linspace(0, 1, 41).tolist())
"""Parts of the cases at which losses are kept."""
MODEL = "all three"
"""The logit in both losses and multilateral: it has shown something if its gain's interval lies above zero."""
NEAR = 2.0
"""Losses between this part and this multiple of a pair's are near it. Assumption, range 1.5 to 4."""
Z90 = 1.645
GROUPS = ("defied", "yielded")
"""What sanctioned sides did."""


@dataclass(frozen=True, slots=True, repr=False)
class Defiance(Brief):
    """A pair beside past disputes.

    Attributes
    ----------
    a, b : str
        As asked.
    rows : tuple of dict
        One a horizon: ``horizon``, ``weaker`` (the side that loses more in per cent), ``stronger``, ``loss_percent``
        and ``stronger_loss_percent`` (of own real expenditure), ``above_all``, ``above_defied``, ``above_yielded``
        (share of the cases, of those that did not yield, and of those that did, with a smaller loss), ``probability``
        of yielding by the logit with ``low`` and ``high`` (90 %), ``base_rate``, ``prior_rate``, ``cases``, ``reason``
        (why there is no number). The losses and the shares with a smaller one have ``_low`` and ``_high``, 90 % of the
        draws of the elasticities, or of the ranges that ship; NaN where there are none. Past cases stay where they are.
    disputes : tuple of dict
        Named past disputes: ``dispute``, ``year``, ``world``, ``horizon``, ``weaker``, ``stronger``, ``loss_percent``,
        ``stronger_loss_percent``, ``yielded``, ``judged`` (on what ground).
    scores : tuple of dict
        One a horizon and model: ``horizon``, ``model``, ``forecasts``, ``log``, ``brier``, ``auc``, ``log_gain``,
        ``gain_low``, ``gain_high``.
    """

    a: str
    b: str
    rows: tuple[dict[str, Any], ...]
    disputes: tuple[dict[str, Any], ...]
    scores: tuple[dict[str, Any], ...]


@cache
def fitted() -> Mapping[str, Any]:
    """Distribution, logit and scores that were computed from past disputes; not to be changed.

    Raises SourceFileError if the installation lacks the file, or it is damaged.
    """
    content: dict[str, Any] = shipped("suasion.outlook.defiance", FILE, json.load)
    if set(content.get("horizons", ())) != set(HORIZONS):
        raise SourceFileError(f"{FILE} lacks a horizon. Install the package again.")
    return content


def defiance(
    a: str,
    b: str,
    world: World | None = None,
    horizons: Sequence[str] = HORIZONS,
    *,
    multilateral: bool | None = None,
    draws: int = 0,
    seed: int = 1,
) -> Defiance:
    """Place a pair among past disputes.

    Parameters
    ----------
    a, b : country code, name or group
    world : World; the embedded one without
    horizons : ``"short"`` and ``"long"``, those for which past disputes were computed
    multilateral : whether the stronger side counts as several; by default where it is a group
    draws, seed : draws of the elasticities for the ranges of the pair's losses, and their seed; those that ship without

    Returns
    -------
    Defiance

    Raises
    ------
    InputError
        If a horizon is another one.
    SameCountryError, NotInWorldError
        As :func:`suasion.coercion.exit_cost`.
    """
    wrong = [h for h in horizons if h not in HORIZONS]
    if wrong or not horizons:
        raise InputError(
            f"horizons={list(horizons)!r}: past disputes were computed for {' and '.join(HORIZONS)}; choose among them."
        )
    where = world or load_world()
    past, rows = fitted(), []
    for horizon in horizons:
        table = exit_cost(where, a, b, horizon=horizon, draws=draws, seed=seed).table
        losses = dict(zip(table["country"], table["loss_percent"], strict=True))
        reason = next((str(r) for r in table["reason"] if r), "")
        row = _row(losses, horizon, past["horizons"][horizon], multilateral, reason)
        rows.append(row | _ends(row, past["horizons"][horizon], _ranges(where, table, horizon, draws)))
    disputes = tuple(d for d in past["named"] if d["horizon"] in horizons)
    scores = tuple({"horizon": h, **s} for h in horizons for s in past["horizons"][h]["scores"])
    return Defiance(a, b, tuple(rows), disputes, scores)


def _ranges(world: World, table: pd.DataFrame, horizon: str, draws: int) -> Mapping[str, tuple[float, float]]:
    """Ranges of the losses of both sides, per cent: of the draws, or those that ship."""
    if draws:
        ends = zip(table["low_percent"], table["high_percent"], strict=True)
        return dict(zip(table["country"], ends, strict=True))
    return shipped_ends(world, dict(zip(table["country"], table["loss_percent"], strict=True)), horizon)


def _ends(
    row: Mapping[str, Any], past: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]]
) -> dict[str, float]:
    """Ends of the losses, and of the weaker side's place: a larger loss is above more of the cases."""
    if row["weaker"] is None:
        return {}
    none = (math.nan, math.nan)
    found: dict[str, float] = {}
    for name, side in (("loss_percent", "weaker"), ("stronger_loss_percent", "stronger")):
        found |= dict(zip((f"{name}_low", f"{name}_high"), ranges.get(row[side], none), strict=True))
    for group in ("all", "defied", "yielded"):
        for end in ("low", "high"):
            loss = found[f"loss_percent_{end}"]
            place = math.nan if math.isnan(loss) else share_below(past["quantiles"][group], loss)
            found[f"above_{group}_{end}"] = place
    return found


def _row(
    losses: Mapping[str, float], horizon: str, past: Mapping[str, Any], multilateral: bool | None, reason: str
) -> dict[str, Any]:
    """Place the weaker side."""
    names = list(losses)
    if not all(math.isfinite(v) for v in losses.values()):
        return {"horizon": horizon, "weaker": None, "stronger": None, "reason": reason or "no equilibrium"}
    weaker = max(names, key=lambda name: losses[name])
    stronger = next(name for name in names if name != weaker)
    mine, theirs = losses[weaker], losses[stronger]
    many = is_group(stronger) if multilateral is None else multilateral
    x = np.array([1.0, math.log(max(mine, FLOOR)), math.log(max(theirs, FLOOR)), float(many)])
    middle = x @ np.array(past["coefficients"])
    half = Z90 * math.sqrt(x @ np.array(past["covariance"]) @ x)
    low, probability, high = expit([middle - half, middle, middle + half]).tolist()
    return {
        "horizon": horizon, "weaker": weaker, "stronger": stronger, "loss_percent": mine,
        "stronger_loss_percent": theirs,
        **{f"above_{k}": share_below(past["quantiles"][k], mine) for k in ("all", "defied", "yielded")},
        "probability": probability, "low": low, "high": high,
        "base_rate": past["base_rate"], "prior_rate": PRIOR_RATE, "cases": past["cases"], "reason": "",
    }  # fmt: skip


def share_below(quantiles: Sequence[float], loss: float) -> float:
    """Share of past losses that are smaller, from their kept quantiles.

    quantiles: at :data:`QUANTILES`, per cent.
    loss: per cent.
    Returns: Between the quantiles by interpolation in the logarithm of the loss.
    """
    at = np.log(np.maximum(np.asarray(quantiles, dtype=float), FLOOR))
    return float(np.interp(math.log(max(loss, FLOOR)), at, QUANTILES))


def loss_at(horizon: str, group: str, part: float) -> float:
    """Loss that a part of past cases stayed below, per cent of own real expenditure.

    horizon: ``short`` or ``long``.
    group: ``all``, ``defied`` or ``yielded``.
    part: 0 to 1.
    Returns: Between the kept quantiles by interpolation in the logarithm of the loss, as :func:`share_below`
      has it.
    """
    kept = fitted()["horizons"][horizon]["quantiles"][group]
    at = np.log(np.maximum(np.asarray(kept, dtype=float), FLOOR))
    return float(np.exp(np.interp(part, QUANTILES, at)))


def near(horizon: str, loss: float) -> dict[str, float]:
    """What the sanctioned sides did that stood to lose about as much.

    horizon: ``short`` or ``long``.
    loss: per cent of own real expenditure.
    Returns: ``cases`` whose loss is within a factor :data:`NEAR`, counted by interpolation between the kept
      quantiles, and the ``share`` of them that yielded with ``low`` and ``high`` (90 %, Jeffreys); all three
      NaN without a case.
    """
    kept = fitted()["horizons"][horizon]
    counts = {"defied": kept["defied"], "yielded": kept["cases"] - kept["defied"]}
    found = {}
    for group, count in counts.items():
        low, high = (share_below(kept["quantiles"][group], loss * end) for end in (1 / NEAR, NEAR))
        found[group] = round(count * (high - low))
    cases, yielded = sum(found.values()), found["yielded"]
    if not cases:
        return {"cases": 0, **dict.fromkeys(("share", "low", "high"), math.nan)}
    low, high = betaincinv(yielded + 0.5, cases - yielded + 0.5, (0.05, 0.95))
    return {"cases": cases, "share": yielded / cases, "low": float(low), "high": float(high)}
