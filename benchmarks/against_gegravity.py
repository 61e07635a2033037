"""One sector, endowments, balanced trade: what gegravity solves, Suasion solves too."""

from __future__ import annotations

import numpy as np

from peers import Absent, ask
from suasion.equilibrium import Elasticities, Scenario, TradeCost, simulate
from suasion.world import World
from table import Table, number, seconds

SIZES, SIGMA, RISE = (15, 30, 60), 5.0, 1.3
TITLE = "Against gegravity, one sector"


def economy(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Flows (importer, exporter) that satisfy gravity exactly with balanced trade, and logs of their costs' powers."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0.0, 1.0, n)
    log_cost = -rng.uniform(0.5, 2.5, (n, n)) * ~np.eye(n, dtype=bool)
    log_cost = (log_cost + log_cost.T) / 2.0
    price = np.ones(n)
    for _ in range(20_000):  # prices at which every endowment is sold and all income is spent
        weight = np.exp(log_cost) * price ** (1.0 - SIGMA)
        flow = weight / weight.sum(1, keepdims=True) * (price * size)[:, None]
        ratio = flow.sum(0) / (price * size)
        price *= ratio**0.15
        if np.abs(ratio - 1.0).max() < 1e-13:
            break
    return flow, log_cost


def gravity(flow: np.ndarray, power: np.ndarray, rounds: int) -> np.ndarray:
    """Welfare as a ratio by the equations of multilateral resistance, ``power`` being changes of the costs' powers.

    One round keeps each country's share of world output and expenditure where it was, as gegravity's equations of an
    experiment do; further rounds move the shares with the prices, until they fit.
    """
    made = flow.sum(0) / flow.sum()
    open_trade = flow / flow.sum() / made[:, None] / made * power  # (importer, exporter)
    output, wealth = made, made
    for _ in range(rounds):
        inward, outward = np.ones(made.size), np.ones(made.size)
        for _ in range(5000):
            before = inward
            inward = 1.0 / (open_trade @ (output * outward))
            outward = 1.0 / (open_trade.T @ (wealth * inward))
            if np.abs(inward / before - 1.0).max() < 1e-13:
                break
        price = (output * outward / made) ** (1.0 / (1.0 - SIGMA))
        output = price * made / (price @ made)
        wealth = output
    return price * inward ** (1.0 / (1.0 - SIGMA))


def bench() -> Table:
    """Raise the cost between two countries by 30 % and compare welfare."""
    rows = [row(n) for n in SIZES]
    head = (
        *("countries", "Suasion, s", "gegravity, s", "ratio"),
        *("gap, gegravity", "gap, its equations in one round", "gap, its equations until shares fit"),
    )
    note = (
        "An endowment economy that satisfies gravity exactly, sigma 5; the trade cost between two countries rises by "
        "30 %. Time from the table of flows to the welfare of everybody. gegravity answers one experiment an object, "
        "so its baseline is part of it; Suasion's time has the reading of the accounts and the base in it as well. "
        "Gaps are the largest difference in welfare, as a ratio: the first between Suasion and gegravity, the second "
        "between gegravity and its equations of an experiment as read in its code, where shares of world output and "
        "expenditure stay at the baseline, the third between Suasion and the same equations once shares move with "
        "prices. So the two tools solve the same problem only to first order; where the third gap is nought, the full "
        "equilibrium is Suasion's."
    )
    return Table(TITLE, note, head, tuple(rows))


def row(n: int) -> tuple[str, ...]:
    """Time both at one size."""
    flow, log_cost = economy(n)
    names = [f"C{j:03d}" for j in range(n)]
    power = np.ones((n, n))
    power[1, 2] = power[2, 1] = RISE ** (1.0 - SIGMA)

    def ours() -> np.ndarray:
        arrays = {
            "intermediate": np.zeros((n, n, 1)),
            "final": flow[:, :, None],
            "input_use": np.zeros((n, 1, 1)),
            "factor_income": flow.sum(0)[:, None],
        }
        world = World(tuple(names), ("good",), 2000, arrays)
        scenario = Scenario("dearer", [TradeCost(names[1], names[2], RISE)])
        found = simulate(world, scenario, elasticities=Elasticities(sigma=SIGMA, kappa=1.0))
        return 1.0 + np.asarray(found.welfare) / 100.0

    fast = seconds(ours)
    whole = float(np.abs(ours() - gravity(flow, power, 300)).max())
    question = {
        "countries": names,
        "flow": flow.tolist(),
        "log_cost": log_cost.tolist(),
        "sigma": SIGMA,
        "changed": [(names[1], names[2]), (names[2], names[1])],
        "change": (1.0 - SIGMA) * float(np.log(RISE)),
    }
    try:
        answer = ask("gegravity", "peer_gegravity.py", question)
    except (Absent, RuntimeError) as error:
        return (str(n), number(fast), str(error), "", "", "", f"{whole:.0e}")
    if any("converged" not in message for message in answer["messages"]):
        return (str(n), number(fast), "did not converge", "", "", "", f"{whole:.0e}")
    theirs = np.array([answer["welfare"][name] for name in names])
    gaps = (np.abs(theirs - ours()).max(), np.abs(theirs - gravity(flow, power, 1)).max(), whole)
    slow = answer["seconds"]
    shown = f"{number(slow)} (version {answer['version']})"
    return (str(n), number(fast), shown, number(slow / fast), *(f"{float(gap):.0e}" for gap in gaps))
