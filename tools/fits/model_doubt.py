"""How much wider ranges of losses would be if they held the sets of elasticities that others found, and deficit rules.

The range that ships, of flows, tariffs and draws within the usual set, is laid around the loss under each set, in logs;
quantiles of the mixture are set against its ends. And how many published losses either range holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

from suasion.equilibrium.batch.flow_ranges import ENDS
from suasion.equilibrium.elasticities.alternatives import USUAL, alternative, mixture
from suasion.types import Z90, FloatArray

HORIZONS = {"short": 1.0, "long": 10.0}
NAMED = (("RUS", "CHN"), ("RUS", "DEU"), ("DEU", "CHN"), ("USA", "CHN"), ("KAZ", "RUS"), ("TWN", "CHN"))
DRAWN, SEED, SEEN = 34, 0, 0.1
"""Pairs that are drawn beside the named ones, one from each part of the losses in order; least loss, per cent."""
OTHER_RULE, RULE = "world", 0.25
"""Deficit rule that stands for doubt about the usual one, and its share of the usual set's weight. Assumption."""
SCORES = ndtri((np.arange(2000) + 0.5) / 2000)
PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "evidence" / "published.csv"
Pair = tuple[str, str]


def pairs_of(shipped: pd.DataFrame) -> list[Pair]:
    """The named pairs, and others from each part of the long-run losses."""
    large = shipped[(shipped["horizon"] == "long") & (shipped["loss_percent"] >= SEEN)]
    order = large.sort_values(["loss_percent", "country", "partner"]).reset_index(drop=True)
    ends = np.linspace(0, len(order), DRAWN + 1).astype(int)
    rng = np.random.default_rng(SEED)
    rows = [order.iloc[int(rng.integers(a, b))] for a, b in pairwise(ends)]
    return list(dict.fromkeys([*NAMED, *((str(row["country"]), str(row["partner"])) for row in rows)]))


def table(only: Sequence[Pair] = (), horizons: Sequence[str] = tuple(HORIZONS)) -> pd.DataFrame:
    """A row a horizon and side: the shipped loss, those under each set and rule over it, and how much wider it gets."""
    from suasion import load_world
    from suasion.coercion import loss_intervals

    world = load_world()
    shipped = loss_intervals(world).astype({"country": str, "partner": str, "horizon": str})
    pairs = list(only) or pairs_of(shipped)
    ends = shipped.set_index(["horizon", "country", "partner"])
    rows = []
    for horizon in horizons:
        found = {name: _losses(world, horizon, name, pairs) for name in (*mixture(), OTHER_RULE)}
        sides = [*pairs, *(pair[::-1] for pair in pairs)]
        for place, side in enumerate(sides):
            known: pd.Series[float] = ends.loc[(horizon, *side)]  # type: ignore[index]
            if known["loss_percent"] < SEEN or not known["low_percent"] > 0:
                continue
            ratios = {name: float(values[place] / found[""][place]) for name, values in found.items() if name}
            widths = np.log(
                [known["low_percent"] / known["loss_percent"], known["high_percent"] / known["loss_percent"]]
            )
            low, high = mixed(widths, ratios) / widths
            row = {
                "horizon": horizon,
                "country": side[0],
                "partner": side[1],
                "loss_percent": known["loss_percent"],
            }
            rows.append({**row, **ratios, "low_factor": low, "high_factor": high})
    return pd.DataFrame(rows)


def _losses(world: object, horizon: str, name: str, pairs: Sequence[Pair]) -> FloatArray:
    """Losses of first and then second sides, per cent, under a set or the other deficit rule."""
    from suasion.coercion.leverage.solve import MatrixPlan, measure_of, solve_plan
    from suasion.equilibrium import resolve

    other = name == OTHER_RULE
    own = alternative("" if other else name, HORIZONS[horizon])
    states = list(world.states)  # type: ignore[attr-defined]
    ties = [(states.index(a), states.index(b)) for a, b in pairs]
    rule = OTHER_RULE if other else "balance"
    measure, sides = measure_of("embargo", 0.0), {code: (code,) for code in states}
    parameters = resolve(world, horizon, own)  # type: ignore[arg-type]
    plan = MatrixPlan(world, parameters, rule, None, None, measure, sides, ties)  # type: ignore[arg-type]
    solved = solve_plan(plan, brackets=False)
    return np.concatenate([solved["first_percent"], solved["second_percent"]])


def mixed(widths: FloatArray, ratios: dict[str, float]) -> FloatArray:
    """Ends of the mixture, logs over the loss, (2,): the shipped range around the loss under each set and rule."""
    weights = {**mixture(), "": USUAL * (1 - RULE), OTHER_RULE: USUAL * RULE}
    own = np.where(SCORES < 0, -SCORES * widths[0], SCORES * widths[1]) / Z90
    values = np.concatenate([own + np.log(ratios.get(name, 1.0)) for name in weights])
    weight = np.repeat(list(weights.values()), SCORES.size) / SCORES.size
    order = np.argsort(values)
    return np.asarray(values[order][np.searchsorted(np.cumsum(weight[order]), ENDS)])


def published_held(doubt: pd.DataFrame) -> pd.DataFrame:
    """How many published losses the median range holds, as it ships and widened by the median factors."""
    from suasion import load_world
    from suasion.coercion import loss_intervals

    shipped = loss_intervals(load_world()).astype({"horizon": str})
    shipped = shipped[(shipped["loss_percent"] >= SEEN) & (shipped["low_percent"] > 0)]
    theirs = pd.read_csv(PUBLISHED)
    theirs = theirs[(theirs["inputs"] == "world") & theirs["match"].isin(["same", "near"])]
    theirs = theirs[(theirs["high"] < 0) & (theirs["ours"] < 0) & (theirs["role"] != "calibration")]
    rows = []
    for horizon, years in HORIZONS.items():
        part, own = theirs[theirs["years"] == years], shipped[shipped["horizon"] == horizon]
        ends = [
            float(np.log((own[f"{end}_percent"] / own["loss_percent"]).median())) for end in ("low", "high")
        ]
        factors = doubt[doubt["horizon"] == horizon][["low_factor", "high_factor"]].median()
        middle = np.sqrt(part["low"] * part["high"])
        gap = np.log(middle / -part["ours"]).to_numpy(float)
        for name, by in (("shipped", np.ones(2)), ("with_model", factors.to_numpy(float))):
            low, high = by * ends
            outside = np.maximum(low - gap, 0) + np.maximum(gap - high, 0)
            rows.append({
                "horizon": horizon, "range": name, "cases": len(part), "held": int((outside == 0).sum()),
                "width": float(np.exp(high - low)),
                "interval_score": float(np.mean(high - low + 2 / (1 - (ENDS[1] - ENDS[0])) * outside)),
            })  # fmt: skip
    return pd.DataFrame(rows)
