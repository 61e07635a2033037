"""Revealed defiance: where a pair's exit cost stands among those of past disputes, and what their outcomes teach.

This is the fourth reading of a critical level of dependence: not what theory calls unbearable, but what sanctioned
sides have borne. The distribution, the fitted logit and its scores are kept in ``defiance.json``; the cases are not,
because the data base they come from may not be passed on. ``tools/evidence.py defiance`` computes all of it again.

Cases are the trade sanctions of the Global Sanctions Data Base whose target and at least one sender are in a world
table. The exit cost is what both sides would lose, had all trade between them been cut, from the exact equilibrium: it
measures dependence, not what the sanctions of the day did. The world is that of the year before the case where the
World Input-Output Database has both sides, and the embedded world of 2022 otherwise, which is later than most cases.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
from scipy.special import betaincinv, expit

from suasion.coercion import exit_cost
from suasion.coercion.leverage.intervals import shipped_ends
from suasion.errors import InputError, SourceFileError
from suasion.files import shipped
from suasion.sources.catalogue_store import load, manifest_of
from suasion.sources.groups import is_group, members
from suasion.sources.gsdb import parties
from suasion.types import Brief
from suasion.world import World, load_world

WIOD_YEARS, GAP = range(1995, 2012), 4
"""WIOD's years, and how many years before a case its last table may lie (assumption, range 1 to 6)."""
EMBEDDED = "icio2022"
LASTING = 5
"""An unfinished case of so many years counts as defied so far. Assumption, range 3 to 10."""
LAST_YEAR = 2022
"""Last year of the data base, release 3."""
HORIZONS = ("short", "long")


@dataclass(frozen=True, slots=True)
class Coding:
    """What counts as yielding.

    settlement: whether a negotiated settlement without success is yielding; else it is not.
    lasting: years after which an unfinished case counts as not yielding; None leaves unfinished cases out.
    """

    settlement: bool = False
    lasting: int | None = LASTING

    def yielded(self, success: Sequence[str], begin: int) -> float:
        """1 if the target yielded at least partly for one objective, 0 if not, NaN if not known."""
        words = set(success)
        if words & {"success_part", "success_total"}:
            return 1.0
        if "nego_settlement" in words:
            return float(self.settlement)
        if "ongoing" in words:
            old = self.lasting is not None and LAST_YEAR - begin >= self.lasting
            return 0.0 if old else float("nan")
        return 0.0


def dispute_cases(cases: pd.DataFrame, worlds: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Trade sanctions whose target and senders are in a world.

    cases: from :func:`suasion.sources.gsdb.read_gsdb`.
    worlds: name of a world (``"wiod13"``, ``"icio2022"``) to its economies.
    Returns: ``case``, ``target``, ``senders`` (tuple of codes in the world), ``multilateral`` (more than one
      sender, or the UN), ``begin``, ``end``, ``success``, ``world`` (such as ``wiod13 2010``).
    """
    rows = []
    for case in cases[cases["trade"]].to_dict("records"):
        targets = parties(str(case["target"]))
        if len(targets) != 1:
            continue
        named = parties(str(case["sender"]))
        place = _place(targets[0], named, int(case["begin"]), worlds)
        if place is None:
            continue
        world, senders = place
        many = len(senders) > 1 or len(named) > 1
        rows.append(
            {
                "case": int(case["case"]), "target": targets[0], "senders": senders, "multilateral": many,
                "begin": int(case["begin"]), "end": int(case["end"]), "success": case["success"], "world": world,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _place(
    target: str, named: Sequence[str], begin: int, worlds: Mapping[str, Sequence[str]]
) -> tuple[str, tuple[str, ...]] | None:
    """World of a case, and its senders there."""
    year = min(begin - 1, WIOD_YEARS[-1])
    choices = [("wiod13", f"wiod13 {year}")] if WIOD_YEARS[0] <= year and begin - year <= GAP else []
    for key, name in (*choices, (EMBEDDED, EMBEDDED)):
        economies = worlds.get(key, ())
        senders = _senders(target, named, begin, economies)
        if target in economies and senders:
            return name, senders
    return None


def _senders(target: str, named: Sequence[str], year: int, economies: Sequence[str]) -> tuple[str, ...]:
    """Economies that impose a case; the UN is everybody else, a group its members of the year."""
    found: dict[str, None] = {}
    for name in named:
        if name == "UN":
            found.update(dict.fromkeys(economies))
        elif is_group(name):
            try:
                found.update(dict.fromkeys(members(name, year)))
            except InputError:  # a group without members in that year
                continue
        else:
            found[name] = None
    return tuple(sorted(c for c in found if c in economies and c != target))


def open_world(name: str, wiod: str | Path | None = None) -> World:
    """World by the name that a case gives it.

    name: ``icio2022``, or ``wiod13`` and a year.
    wiod: folder of the WIOD tables; without it, the user's store.
    """
    dataset, _, year = name.partition(" ")
    return load_world(dataset) if not year else load_world(dataset, int(year), wiod)


def own_cases(a: str, b: str, economies: Sequence[str]) -> pd.DataFrame | None:
    """Trade sanctions of either side of a pair on the other, if the data base was added to the store.

    a, b: codes of states.
    economies: codes of the world that they stand in.
    Returns: ``case``, ``target``, ``sender`` (the other side), ``multilateral``, ``begin``, ``end``,
      ``yielded`` (1, 0, or NaN where it is not known), the latest first; None where the data base was not
      added.
    """
    if not manifest_of("gsdb"):
        return None
    table = dispute_cases(cast(pd.DataFrame, load("gsdb")), {EMBEDDED: economies})
    rule = Coding()
    rows = [
        {
            "case": row["case"],
            "target": row["target"],
            "sender": sender,
            "multilateral": row["multilateral"],
            "begin": row["begin"],
            "end": row["end"],
            "yielded": rule.yielded(row["success"], row["begin"]),
        }
        for row in table.to_dict("records")
        for target, sender in ((a, b), (b, a))
        if row["target"] == target and sender in row["senders"]
    ]
    names = ["case", "target", "sender", "multilateral", "begin", "end", "yielded"]
    return pd.DataFrame(rows, columns=names).sort_values("begin", ascending=False, ignore_index=True)


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
