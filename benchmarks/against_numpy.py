"""One embargo, 80 x 50, against an untuned fixed point in NumPy that solves the same equations."""

from __future__ import annotations

import numpy as np

from fixed_point import fixed_point
from suasion.coercion.outcomes import base_accounts
from suasion.equilibrium import Embargo, Scenario, compile_scenario, resolve, respond
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.world import load_world
from table import Table, number, seconds

SAME = 1e-6
PAIRS = (("RUS", "CHN"), ("USA", "CHN"), ("DEU", "FRA"))


def bench() -> Table:
    """Time both on three pairs, and compare everybody's welfare."""
    world = load_world()
    parameters = resolve(world, "long")
    accounts = base_accounts(world, "balance")
    economy = economy_on(accounts, parameters, "balance")
    rows = []
    for a, b in PAIRS:
        shock = compile_scenario(world, Scenario("cut", [Embargo(a, b)]))
        theirs, steps = fixed_point(accounts, parameters, shock.cut)
        ours = log_welfare(respond(economy, shock)[0])
        gap = float(np.abs(theirs - ours).max())
        fast = seconds(lambda shock=shock: respond(economy, shock), 5)
        slow = seconds(lambda shock=shock: fixed_point(accounts, parameters, shock.cut), 1, warm=False)
        agree = "yes" if gap < SAME else f"no: {gap:.1e}"
        rows.append(
            (f"{a}-{b}", number(fast), number(slow), number(slow / fast), f"{gap:.0e}", agree, str(steps))
        )
    head = (
        "embargo",
        "Suasion, s",
        "NumPy, s",
        "ratio",
        "largest gap in log welfare",
        f"same to {SAME:g}",
        "its wage steps",
    )
    note = (
        "The same base, elasticities and equations, both warm, residual 1e-10. The fixed point is "
        "`benchmarks/fixed_point.py`, some 40 lines, written to be read."
    )
    return Table("Against 40 lines of NumPy", note, head, tuple(rows))
