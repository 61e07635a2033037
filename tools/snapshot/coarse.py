"""The table of the G20 in 2019 as a second truth: 19 economies inside, the rest of the world out, 20 sections."""

from __future__ import annotations

import numpy as np
import pandas as pd

from snapshot import destinations, seed, wiod
from snapshot.seed import FloatArray, Known, Truth
from suasion.world import World, from_arrays

SECTIONS = (
    "A:c1 B:c2 C:c14 D:c17 E:c17 F:c18 G:c20 H:c23 I:c22 J:c27 K:c28 L:c29 M:c30 N:c30 O:c31 P:c32 Q:c33 R:c34 S:c34 "
    "T:c35"
)
"""Industry of WIOD whose slopes a section takes."""
GOODS = np.array([name < "D" for name in "ABCDEFGHIJKLMNOPQRST"])
INSIDE = 19


def truth(world: World, trade: pd.DataFrame, logits: seed.Logits) -> Truth:
    """Read the truth off the world of 2019; ``trade`` has the columns of ``goods_totals.parquet``."""
    inputs, final = world.array("intermediate"), world.array("final")
    inside, outside = final[:INSIDE, :INSIDE], (inputs + final)[INSIDE, :INSIDE]
    codes = world.countries[:INSIDE]
    pairs, share, _ = wiod.customs(trade, 2019, codes, inputs[:INSIDE, :INSIDE][:, :, GOODS].sum(2))
    mapped = dict(item.split(":") for item in SECTIONS.split())
    known = Known(
        inputs[:INSIDE, :INSIDE],
        inside.sum(0) + outside,
        pairs,
        share,
        GOODS,
        seed.positions(world.sectors, mapped, logits.industries),
        inside.sum((1, 2)),
    )
    return Truth(known, inside, outside)


def estimated(found: Truth, logits: seed.Logits) -> tuple[FloatArray, FloatArray]:
    """Estimate destinations with the coefficients of WIOD: final sales inside, and sales outside by the rule."""
    by_section = dict(item.split(":") for item in destinations.OUTSIDE.split())
    rho = np.array([float(by_section[name]) for name in "ABCDEFGHIJKLMNOPQRST"])
    start = seed.seed(found.known, logits, rho)
    flows = np.concatenate([start.inside, start.outside[None]])
    flows *= np.divide(found.known.final, flows.sum(0), out=np.zeros_like(flows[0]), where=flows.sum(0) > 0)
    return flows[:INSIDE], flows[INSIDE]


def inside_world(world: World, final: FloatArray, outside: FloatArray) -> World:
    """Return the 19 economies with given destinations, sales outside booked at home, inputs from outside as income."""
    booked, home = final.copy(), np.arange(INSIDE)
    booked[home, home] += outside
    inputs = world.array("intermediate")[:INSIDE, :INSIDE]
    share = np.divide(
        inputs.sum(1),
        world.array("intermediate")[:INSIDE].sum(1),
        out=np.zeros_like(inputs[:, 0]),
        where=world.array("intermediate")[:INSIDE].sum(1) > 0,
    )
    use = world.array("input_use")[:INSIDE] * share[:, None, :]
    income = (inputs + booked).sum(0) - use.sum(2)
    return from_arrays(
        world.countries[:INSIDE],
        world.sectors,
        2019,
        intermediate=inputs,
        final=booked,
        input_use=use,
        factor_income=income,
    )
