"""Revealed defiance: where a pair's exit cost stands among those of past disputes, and what their outcomes teach.

This is the fourth reading of a critical level of dependence: not what theory calls unbearable, but what sanctioned
sides have borne. The distribution, the fitted logit and its scores are kept in ``defiance.json``; the cases are not,
because the data base they come from may not be passed on. ``tools/evidence.py defiance`` computes all of it again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from suasion.coercion import exit_cost
from suasion.errors import InputError, SourceFileError
from suasion.outlook.defiance.cases import HORIZONS
from suasion.outlook.defiance.fit import FLOOR, PRIOR_RATE, QUANTILES, Logit
from suasion.sources.countries import country_name
from suasion.sources.groups import is_group
from suasion.world import World, load_world

FILE = "defiance.json"
#: A model whose gain over the base rate has an interval above zero has shown something.
_MODEL = "all three"


@dataclass(frozen=True, slots=True)
class Defiance:
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
        (why there is no number).
    disputes : tuple of dict
        Named past disputes: ``dispute``, ``year``, ``world``, ``horizon``, ``weaker``, ``stronger``, ``loss_percent``,
        ``stronger_loss_percent``, ``yielded``, ``judged`` (on what ground).
    scores : tuple of dict
        One a horizon and model: ``horizon``, ``model``, ``forecasts``, ``log``, ``brier``, ``auc``, ``log_gain``,
        ``gain_low``, ``gain_high``.
    sentences : tuple of str
    notes : tuple of str
    """

    a: str
    b: str
    rows: tuple[dict[str, Any], ...]
    disputes: tuple[dict[str, Any], ...]
    scores: tuple[dict[str, Any], ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts and None, ready for JSON."""
        return asdict(self)


@cache
def fitted() -> Mapping[str, Any]:
    """Distribution, logit and scores that were computed from past disputes; not to be changed.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.
    """
    try:
        text = resources.files("suasion.outlook.defiance").joinpath(FILE).read_text(encoding="utf-8")
        content: dict[str, Any] = json.loads(text)
    except (OSError, ValueError) as reason:
        raise SourceFileError(f"{FILE} cannot be read ({reason}). Install the package again.") from reason
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
) -> Defiance:
    """Place a pair among past disputes.

    Parameters
    ----------
    a, b : country code, name or group
    world : World; the embedded one without
    horizons : ``"short"`` and ``"long"``, those for which past disputes were computed
    multilateral : whether the stronger side counts as several; by default where it is a group

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
        table = exit_cost(where, a, b, horizon=horizon).table
        losses = dict(zip(table["country"], table["loss_percent"], strict=True))
        reason = next((str(r) for r in table["reason"] if r), "")
        rows.append(_row(losses, horizon, past["horizons"][horizon], multilateral, reason))
    disputes = tuple(d for d in past["named"] if d["horizon"] in horizons)
    scores = tuple({"horizon": h, **s} for h in horizons for s in past["horizons"][h]["scores"])
    sentences = [s for row in rows for s in _sentences(row, past)]
    notes = (
        *past["notes"],
        f"The pair's exit cost is computed on: {where.provenance.dataset}, {where.year}.",
    )
    return Defiance(a, b, tuple(rows), disputes, scores, tuple(sentences), notes)


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
    logit = Logit(
        tuple(past["names"]), np.array(past["coefficients"]), np.array(past["covariance"]), past["cases"]
    )
    x = [math.log(max(mine, FLOOR)), math.log(max(theirs, FLOOR)), float(many)]
    low, high = logit.interval(x)
    return {
        "horizon": horizon, "weaker": weaker, "stronger": stronger, "loss_percent": mine,
        "stronger_loss_percent": theirs,
        **{f"above_{k}": share_below(past["quantiles"][k], mine) for k in ("all", "defied", "yielded")},
        "probability": float(logit.probability(x)[0]), "low": low, "high": high,
        "base_rate": past["base_rate"], "prior_rate": PRIOR_RATE, "cases": past["cases"], "reason": "",
    }  # fmt: skip


def share_below(quantiles: Sequence[float], loss: float) -> float:
    """Share of past losses that are smaller, from their kept quantiles.

    Parameters
    ----------
    quantiles : at :data:`suasion.outlook.defiance.fit.QUANTILES`, per cent
    loss : per cent

    Returns
    -------
    float
        Between the quantiles by interpolation in the logarithm of the loss.
    """
    at = np.log(np.maximum(np.asarray(quantiles, dtype=float), FLOOR))
    return float(np.interp(math.log(max(loss, FLOOR)), at, QUANTILES))


def loss_at(horizon: str, group: str, part: float) -> float:
    """Loss that a part of past cases stayed below, per cent of own real expenditure.

    Parameters
    ----------
    horizon : ``short`` or ``long``
    group : ``all``, ``defied`` or ``yielded``
    part : 0 to 1

    Returns
    -------
    float
        Between the kept quantiles by interpolation in the logarithm of the loss, as :func:`share_below` has it.
    """
    kept = fitted()["horizons"][horizon]["quantiles"][group]
    at = np.log(np.maximum(np.asarray(kept, dtype=float), FLOOR))
    return float(np.exp(np.interp(part, QUANTILES, at)))


def _sentences(row: Mapping[str, Any], past: Mapping[str, Any]) -> list[str]:
    run = f"{row['horizon']} run"
    if row["weaker"] is None:
        return [f"In the {run} there is no exit cost to place: {row['reason']}."]
    kept = past["horizons"][row["horizon"]]
    weaker, stronger = _name(row["weaker"]), _name(row["stronger"])
    found = [
        f"Cut off from {stronger}, {weaker} would lose {row['loss_percent']:.2g} % of its real expenditure in the "
        f"{run}: more than {row['above_defied']:.0%} of the {kept['defied']} sanctioned sides that did not yield, and "
        f"more than {row['above_yielded']:.0%} of the {kept['cases'] - kept['defied']} that did."
    ]
    nearest = {d["dispute"]: d for d in reversed(past["named"]) if d["horizon"] == row["horizon"]}
    found += [_beside(row, nearest[name]) for name in sorted(nearest)]
    score = {s["model"]: s for s in kept["scores"]}
    told = score[_MODEL]["gain_low"] > 0
    verdict = (
        "so that exit costs do tell who yields" if told
        else "so that an exit cost alone does not tell who yields"
    )  # fmt: skip
    mine, base = score[_MODEL], score["base rate"]
    found.append(
        f"On {mine['forecasts']} cases forecast from earlier ones, the logit in both losses and multilateral has a log "
        f"score of {mine['log']:.3f} against {base['log']:.3f} of the base rate, {verdict}. For this pair it gives a "
        f"probability of yielding of {row['probability']:.0%} (90 %: {row['low']:.0%} to {row['high']:.0%}); the base "
        f"rate of these cases is {row['base_rate']:.0%}, a usual reading of case studies {row['prior_rate']:.0%} "
        "(assumption)."
    )
    return found


def _beside(row: Mapping[str, Any], dispute: Mapping[str, Any]) -> str:
    more = "more" if row["loss_percent"] > dispute["loss_percent"] else "less"
    ending = "yielded" if dispute["yielded"] else "did not yield"
    _, _, year = str(dispute["world"]).partition(" ")
    table = f"WIOD's table of {year}" if year else "the world of 2022"
    lost = (
        f"{_name(dispute['weaker'])} stood to lose {dispute['loss_percent']:.2g} % (on {table}) and {ending}"
    )
    now = f"{_name(row['weaker'])} has {more} to lose from {_name(row['stronger'])}"
    return f"{dispute['dispute']}, {dispute['year']}: {lost}; {now}."


def _name(side: str) -> str:
    return f"the {side}" if is_group(side) else country_name(side)
