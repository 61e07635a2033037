"""Compute what ships as ``snapshot/state_losses.parquet``: losses by all ties of estimated economies, both horizons.

``python tools/state_losses.py`` solves every pair of the world of every state that has an estimated economy, those that
cut least first, so that a batch ends together; it keeps each part in ``build`` and resumes where it was stopped. Twenty
minutes of two cores. Ties that cost a side much in the first year are solved again for the ends of their bracket.
``docs/evidence/state_losses.csv`` says how far losses move over draws of the elasticities, and how many exact draws lie
in the ranges that are made of that.
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
import pandas as pd

from fits.model_doubt import losses_of
from loss_intervals import DIGITS, KEPT, OUT, SEED
from suasion.coercion import leverage_matrix
from suasion.coercion.leverage.carried import ELASTICITIES, FILE, estimated_intervals
from suasion.coercion.leverage.solve import Tie, all_ties, measure_of
from suasion.coercion.outcomes import base_accounts
from suasion.equilibrium import draws, resolve
from suasion.equilibrium.flags import LOSS
from suasion.measures.dependence import trade
from suasion.types import Z90, FloatArray
from suasion.world import World
from suasion.world.every_state import estimated_states, taxed_state_world

PART = 500
"""Ties of one part."""
SAMPLE, DRAWS, LEAST = 60, 8, 0.1
"""Ties drawn for the spread, how often each is solved, and the loss in per cent from which a side counts."""


@cache
def ties_of(world: World) -> tuple[Tie, ...]:
    """Ties of estimated economies, those that cut the least share of what either side buys first."""
    _, ties = all_ties(world, None, measure_of("embargo", 0.0))
    classes, codes = estimated_states(), world.states
    bought = (world.array("intermediate") + world.array("final")).sum(2)
    at = [world.countries.index(code) for code in codes]
    share = (bought / bought.sum(1, keepdims=True))[np.ix_(at, at)]
    named = [(a, b) for a, b in ties if codes[a] in classes or codes[b] in classes]
    return tuple(sorted(named, key=lambda tie: (max(share[tie], share[tie[::-1]]), tie)))


def all_losses(world: World, horizon: str) -> FloatArray:
    """Losses of both sides of all ties; each part is kept."""
    ties, parameters, parts = ties_of(world), resolve(world, horizon), []
    for start in range(0, len(ties), PART):
        kept = KEPT / f"state_losses_{horizon}_{start}.npy"
        if not kept.exists():
            np.save(kept, losses_of(world, parameters, ties[start : start + PART]))
            print(f"{horizon}: {start + PART} of {len(ties)}", file=sys.stderr, flush=True)
        parts.append(np.load(kept))
    return np.concatenate(parts)


def computed() -> pd.DataFrame:
    """Solve everything, write the file that ships, and say how far losses move over draws."""
    world = taxed_state_world()
    names = np.array(world.states)[np.array(ties_of(world))]
    frame = pd.DataFrame({"country": names.T.ravel(), "partner": names[:, ::-1].T.ravel()})
    for horizon in ELASTICITIES:
        frame[f"{horizon}_percent"] = all_losses(world, horizon).T.ravel()
    income = dict(zip(world.countries, base_accounts(world, "balance").income, strict=True))
    one_way = trade(world).sum("sector").to_series()
    both = one_way + one_way.swaplevel().reindex(one_way.index)
    frame["income_musd"] = frame["country"].map(income)
    frame["trade_musd"] = both.reindex(pd.MultiIndex.from_frame(frame[["country", "partner"]])).to_numpy()
    frame = frame.merge(brackets(world, frame), "left", ["country", "partner"]).fillna({"flag": ""})
    frame = frame.sort_values(["country", "partner"], ignore_index=True)
    for name in frame.select_dtypes("float").columns:
        frame[name] = np.array([float(f"{value:.{DIGITS}g}") for value in frame[name]], dtype=np.float32)
    frame = frame.astype(dict.fromkeys(("country", "partner", "flag"), "category"))
    splitting = [name for name in frame if frame[name].dtype == np.float32 and not name.startswith("income")]
    frame.to_parquet(
        OUT.with_name(FILE),
        compression="zstd",
        compression_level=19,
        index=False,
        use_dictionary=["country", "partner", "flag", "income_musd"],
        column_encoding=dict.fromkeys(splitting, "BYTE_STREAM_SPLIT"),
    )
    return spread(frame)


def brackets(world: World, frame: pd.DataFrame) -> pd.DataFrame:
    """Marks and ends of the bracket of ties that cost a side much in the first year."""
    large = frame[frame["short_percent"] > 100.0 * LOSS]
    pairs = dict.fromkeys(
        tuple(sorted(pair)) for pair in zip(large["country"], large["partner"], strict=True)
    )
    found = leverage_matrix(world, "short", pairs=list(pairs), cache=True).flags
    return found[["country", "partner", "flag", "replacement", "no_switching"]]


def sample(world: World, table: pd.DataFrame) -> tuple[Tie, ...]:
    """Ties drawn at random of those that cost a side :data:`LEAST` or more in the long run, each size as likely."""
    worst = table[table["long_percent"] >= LEAST].sort_values("long_percent", kind="stable")
    rng = np.random.default_rng(SEED)
    rows = [rng.choice(part) for part in np.array_split(np.arange(len(worst)), SAMPLE)]
    at = world.states.index
    names = worst[["country", "partner"]].astype(str).to_numpy()[rows]
    chosen = [sorted((at(a), at(b))) for a, b in names]
    return tuple(dict.fromkeys((a, b) for a, b in chosen))


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """Losses of the sample at draws of the elasticities: one row a side, horizon and draw (0 is the center)."""
    world = taxed_state_world()
    ties, names, parts = sample(world, table), np.array(world.states), []
    for horizon in ELASTICITIES:
        sets = (resolve(world, horizon), *draws(world, DRAWS, horizon, seed=SEED))
        for place, parameters in enumerate(sets):
            kept = KEPT / f"state_draws_{horizon}_{place}.npy"
            if not kept.exists():
                np.save(kept, losses_of(world, parameters, ties))
            pairs = names[np.array(ties)]
            parts.append(
                pd.DataFrame(
                    {
                        "country": pairs.ravel(),
                        "partner": pairs[:, ::-1].ravel(),
                        "horizon": horizon,
                        "draw": place,
                        "loss_percent": np.load(kept).ravel(),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def spread(table: pd.DataFrame) -> pd.DataFrame:
    """How far losses of the sample move over draws of the elasticities, and how many the ranges of these hold.

    table: losses that ship.
    Returns: ``country``, ``partner``, ``horizon``, ``class`` (the worse of the two), ``loss_percent`` (solved),
      ``draws``, ``deviation`` (of the log), ``inside``: share of draws in the 90 % range of elasticities and sets of
      others alone, around the loss.
    """
    classes = estimated_states()
    wide = drawn(table).pivot(index=["country", "partner", "horizon"], columns="draw", values="loss_percent")
    wide = wide[(wide > 0.0).all(axis=1) & (wide[0] >= LEAST)]
    logs = np.log(wide.drop(columns=0)).sub(np.log(wide[0]), axis=0)
    below, above = np.array([ELASTICITIES[horizon] for *_, horizon in wide.index]).T * Z90
    inside = logs.ge(-below, axis=0) & logs.le(above, axis=0)
    found = pd.DataFrame({"loss_percent": wide[0], "draws": logs.shape[1], "deviation": logs.std(axis=1)})
    found["inside"] = inside.mean(axis=1)
    found["class"] = [max(classes.get(one, "") for one in sides) for *sides, _ in found.index]
    return found.reset_index()


def sampled(committed: pd.DataFrame) -> pd.DataFrame:
    """Losses of the sample, as they ship."""
    ties = estimated_intervals().set_index(["country", "partner", "horizon"])["loss_percent"]
    keys = committed[["country", "partner", "horizon"]]
    return keys.assign(loss_percent=ties.reindex(pd.MultiIndex.from_frame(keys)).to_numpy())


if __name__ == "__main__":
    print(computed().to_string())
