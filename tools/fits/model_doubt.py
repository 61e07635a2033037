"""How much wider ranges of losses are for the sets of elasticities that others found, and for another deficit rule.

The range over flows, tariffs and draws within the usual set is laid around the loss under each set, in logs; the range
that ships is that of the mixture. And how many published losses either range holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from suasion import load_world
from suasion.coercion.leverage.intervals import loss_intervals
from suasion.coercion.leverage.solve import MatrixPlan, measure_of, solve_plan
from suasion.equilibrium import Parameters, resolve
from suasion.equilibrium.elasticities.alternatives import ALTERNATIVES, alternative
from suasion.questions.scenarios.flow_ranges import DEFICITS, weights_of
from suasion.types import Z90, DeficitRule, FloatArray
from suasion.world import World

HORIZONS = {"short": 1.0, "long": 10.0}
NAMED = (("RUS", "CHN"), ("RUS", "DEU"), ("DEU", "CHN"), ("USA", "CHN"), ("KAZ", "RUS"), ("TWN", "CHN"))
DRAWN, SEED, SEEN = 34, 0, 0.1
"""Pairs that are told beside the named ones, one from each part of the losses in order; least loss, per cent."""
OTHER_RULE = "world"
"""Deficit rule that stands for doubt about the usual one, and the name of that member."""
WEIGHTS = {
    OTHER_RULE if name == DEFICITS else name: weight
    for name, weight in weights_of((*ALTERNATIVES, DEFICITS)).items()
}
"""Of the members of the mixture, those of ranges of flows; the usual set and rule have no name."""
ENDS, STEPS = (0.05, 0.95), 60
"""Quantiles of the range; halvings to find one."""
ENDS_OF = ("loss_percent", "low_percent", "high_percent")
Pair = tuple[str, str]
BoolArray = NDArray[np.bool_]
PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "evidence" / "published.csv"


def pairs_of(shipped: pd.DataFrame) -> list[Pair]:
    """The named pairs, and others from each part of the long-run losses."""
    large = shipped[(shipped["horizon"] == "long") & (shipped["loss_percent"] >= SEEN)]
    order = large.sort_values(["loss_percent", "country", "partner"]).reset_index(drop=True)
    ends = np.linspace(0, len(order), DRAWN + 1).astype(int)
    rng = np.random.default_rng(SEED)
    rows = [order.iloc[int(rng.integers(a, b))] for a, b in pairwise(ends)]
    return list(dict.fromkeys([*NAMED, *((str(row["country"]), str(row["partner"])) for row in rows)]))


def table(only: Sequence[Pair] = (), horizons: Sequence[str] = tuple(HORIZONS)) -> pd.DataFrame:
    """A row a horizon and side: the loss and the ends of its range that ship, and the losses of members over it."""
    world = load_world()
    shipped = loss_intervals(world).astype({"country": str, "partner": str, "horizon": str})
    pairs = list(only) or pairs_of(shipped)
    sides = pd.DataFrame([*pairs, *(pair[::-1] for pair in pairs)], columns=["country", "partner"])
    place, parts = {code: k for k, code in enumerate(world.states)}, []
    for horizon in horizons:
        found = losses_over_sets(world, horizon, [(place[a], place[b]) for a, b in pairs])
        ratios = {name: own / found[""] for name, own in found.items() if name}
        known = sides.assign(horizon=horizon).merge(shipped, "left")
        parts.append(known[["horizon", "country", "partner", *ENDS_OF]].assign(**ratios))
    every = pd.concat(parts, ignore_index=True)
    return every[(every["loss_percent"] >= SEEN) & (every["low_percent"] > 0)].reset_index(drop=True)


def losses_of(
    world: World, parameters: Parameters, ties: Sequence[tuple[int, int]], rule: DeficitRule = "balance"
) -> FloatArray:
    """Losses of both sides of ties that are cut, (tie, 2), per cent, from the exact equilibrium after each cut.

    ties: positions among the world's states.
    """
    sides = {code: (code,) for code in world.states}
    plan = MatrixPlan(world, parameters, rule, None, None, measure_of("embargo", 0.0), sides, list(ties))
    return solve_plan(plan, brackets=False)[["first_percent", "second_percent"]].to_numpy(np.float64)


def losses_over_sets(world: World, horizon: str, ties: Sequence[tuple[int, int]]) -> dict[str, FloatArray]:
    """Losses of the first and then the second sides of ties, per cent, under each member of the mixture.

    ties: positions among the world's states. Returns: By name of the member, (2 ties,).
    """
    found = {}
    for name in WEIGHTS:
        other = name == OTHER_RULE
        own = alternative("" if other else name, HORIZONS[horizon])
        solved = losses_of(world, resolve(world, horizon, own), ties, "world" if other else "balance")
        found[name] = solved.T.ravel()
    return found


def mixture_ends(low: FloatArray, high: FloatArray, shifts: Mapping[str, FloatArray]) -> FloatArray:
    """Ends of the mixture, (2, side): the usual member's range, of two normal halves, around each member's centre.

    low, high: (side,) ends of the usual member's range over its centre, natural log, below and above nought.
    shifts: centres of members over the usual one, natural log, (side,) each.
    """
    centres = np.array([np.broadcast_to(shifts.get(name, 0.0), low.shape) for name in WEIGHTS])
    weights = np.array(list(WEIGHTS.values()))

    def below(at: FloatArray) -> FloatArray:
        away = at - centres
        return np.asarray(weights @ ndtr(np.where(away < 0, away / -low, away / high) * Z90))

    ends = []
    for end in ENDS:
        least, most = (low * 3 + centres.min(0), high * 3 + centres.max(0))
        for _ in range(STEPS):
            middle = (least + most) / 2
            reached = below(middle) >= end
            least, most = np.where(reached, least, middle), np.where(reached, middle, most)
        ends.append((least + most) / 2)
    return np.array(ends)


def widened(table: pd.DataFrame, losses: Mapping[str, FloatArray]) -> pd.DataFrame:
    """Ranges within the usual set, widened by the mixture; one horizon of all sides, first sides before second ones.

    Ends are laid out in logs of the log change of spending power, so that nobody loses more than all.

    table: columns of :class:`suasion.coercion.LossInterval`. losses: (side,) of each member, per cent.
    Returns: The same rows with wider ends, ``data_share`` of the wider range and ``model_share``. Where a loss may be a
      gain the ends hold those of all members.
    """
    every = np.array([losses[name] for name in WEIGHTS])
    kept = (every > 0).all(0) & (table["low_percent"] > 0).to_numpy()
    costs = {name: _log_cost(own, kept) for name, own in losses.items()}
    shifts = {name: cost - costs[""] for name, cost in costs.items()}
    known = _log_cost(table["loss_percent"], kept)
    own = [_log_cost(table[f"{end}_percent"], kept) - known for end in ("low", "high")]
    own = _some(own, kept)
    low, high = (-100.0 * np.expm1(-np.exp(known + end)) for end in mixture_ends(own[0], own[1], shifts))
    within = ((own[1] - own[0]) / 2.0 / Z90) ** 2
    model = _variance(shifts)
    return table.assign(
        low_percent=np.where(kept, low, np.minimum(table["low_percent"], every.min(0))),
        high_percent=np.where(kept, high, np.maximum(table["high_percent"], every.max(0))),
        **_compared(table, losses, kept),
        data_share=table["data_share"] * np.where(kept, within / (within + model), np.nan),
        model_share=np.where(kept, model / (within + model), np.nan),
    )


def _log_cost(percent: FloatArray | pd.Series[float], kept: BoolArray) -> FloatArray:
    """Log of the log change of spending power, where it is a loss."""
    return np.asarray(np.log(-np.log1p(-np.where(kept, percent, 1.0) / 100.0)))


def _some(ends: Sequence[FloatArray], kept: BoolArray) -> list[FloatArray]:
    """Ends below and above nought, any where there are none."""
    return [np.where(kept, end, any_end) for end, any_end in zip(ends, (-1.0, 1.0), strict=True)]


def _variance(shifts: Mapping[str, FloatArray]) -> FloatArray:
    mean = sum(WEIGHTS[name] * shift for name, shift in shifts.items())
    return np.asarray(sum(WEIGHTS[name] * (shift - mean) ** 2 for name, shift in shifts.items()))


def _compared(
    table: pd.DataFrame, losses: Mapping[str, FloatArray], kept: BoolArray
) -> dict[str, FloatArray]:
    """Ends of the range of a side's loss over its partner's, and how probable it is that it loses more."""
    half = kept.size // 2
    both = kept & np.roll(kept, half)
    ratios = {
        name: np.log(np.where(both, own, 1.0) / np.where(both, np.roll(own, half), 1.0))
        for name, own in losses.items()
    }
    shifts = {name: ratio - ratios[""] for name, ratio in ratios.items()}
    low, high = (np.log(np.where(both, table[f"{end}_ratio"], 1.0)) for end in ("low", "high"))
    low, high = (low - np.roll(high, half)) / 2.0, (high - np.roll(low, half)) / 2.0  # those of an inverse
    own = _some([low - ratios[""], high - ratios[""]], both)
    ends = [np.where(both, np.exp(ratios[""] + end), np.nan) for end in mixture_ends(own[0], own[1], shifts)]
    middle, spread = (own[0] + own[1]) / 2.0, (own[1] - own[0]) / 2.0 / Z90
    ahead = {name: ndtr((ratio + middle) / spread) for name, ratio in ratios.items()}
    ahead[""] = table["loses_more"].to_numpy(float)
    more = sum(WEIGHTS[name] * share for name, share in ahead.items())
    return {"low_ratio": ends[0], "high_ratio": ends[1], "loses_more": np.where(both, more, ahead[""])}


def published_held(widths: pd.DataFrame) -> pd.DataFrame:
    """How many published losses the median range holds, within the usual set and over the mixture.

    widths: of ``docs/evidence/loss_intervals.csv``.
    """
    theirs = pd.read_csv(PUBLISHED)
    theirs = theirs[(theirs["inputs"] == "world") & theirs["match"].isin(["same", "near"])]
    theirs = theirs[(theirs["high"] < 0) & (theirs["ours"] < 0) & (theirs["role"] != "calibration")]
    rows = []
    for horizon, years in HORIZONS.items():
        part = theirs[theirs["years"] == years]
        row = widths[widths["horizon"] == horizon].iloc[0]
        gap = np.log(np.sqrt(part["low"] * part["high"]) / -part["ours"]).to_numpy(float)
        for name in ("usual_set", "mixture"):
            low, high = (float(np.log(row[f"{end}_{name}"])) for end in ("low", "high"))
            outside = np.maximum(low - gap, 0) + np.maximum(gap - high, 0)
            rows.append({
                "horizon": horizon, "range": name, "cases": len(part), "held": int((outside == 0).sum()),
                "width": float(np.exp(high - low)),
                "interval_score": float(np.mean(high - low + 2 / (1 - (ENDS[1] - ENDS[0])) * outside)),
            })  # fmt: skip
    return pd.DataFrame(rows)
