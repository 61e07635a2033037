"""How a loss moves over draws where the outlet of the first side was closed before, beside the same loss with it open.

Both are solved exactly for a few tables and sets of elasticities, drawn together. The table is the evidence for the two
slopes and deviations with which ranges of losses are carried from the one to the other
(:func:`suasion.coercion.outlet_closed`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from suasion.coercion import loss_interval, outlet_closed
from suasion.coercion.exit_cost import merge, tie_shock
from suasion.coercion.outcomes import base_accounts, members
from suasion.coercion.substitutes import drawn_economies
from suasion.equilibrium import Economy, Shock, resolve, respond
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.world import World, load_world

HORIZONS, COUNT, SEED = ("short", "long"), 6, 0
OUTLET = ("USA", "EU")
NAMED = "RUS-CHN KAZ-CHN TUR-RUS IND-CHN JPN-CHN BRA-CHN AUS-CHN"
"""Those of the pages; the others were drawn from all with a loss above .1 %, the first side outside the outlet."""
DRAWN = {
    "short": (
        "PER-TWN GBR-SGP CRI-KOR THA-MMR BGD-CHN SAU-KOR GBR-MYS NZL-GBR MYS-CHN STP-BRA SAU-GBR "
        "NOR-MEX CIV-MAR BRA-GBR TUN-HKG BRN-THA CHE-SGP"
    ),
    "long": (
        "BRN-MYS TUR-CHE VNM-MYS CHE-THA IDN-THA PAK-GBR ZAF-NGA COD-CHN MMR-GBR PHL-GBR CHL-IND "
        "PHL-CHN STP-AGO COD-GBR CIV-NGA CHE-JPN SEN-ARE"
    ),
}
KEYS = ("horizon", "a", "b", "country")


def pairs(horizon: str) -> list[tuple[str, ...]]:
    """Pairs, the side whose outlet is closed first."""
    return [tuple(pair.split("-")) for pair in f"{NAMED} {DRAWN[horizon]}".split()]


def computed() -> pd.DataFrame:
    """One row a side of a pair and horizon."""
    world = load_world()
    return pd.DataFrame([row for horizon in HORIZONS for row in _of_horizon(world, horizon, pairs(horizon))])


def sampled(committed: pd.DataFrame) -> pd.DataFrame:
    """One pair again, in the long run."""
    return pd.DataFrame(_of_horizon(load_world(), "long", pairs("long")[:1]))


def _of_horizon(world: World, horizon: str, chosen: Sequence[tuple[str, ...]]) -> Iterator[dict[str, object]]:
    economy = economy_on(base_accounts(world, "balance", horizon), resolve(world, horizon), "balance")
    economies = (economy, *drawn_economies(world, horizon, COUNT, SEED, economy))
    for a, b in chosen:
        outlet = tuple(code for code in members(world, OUTLET) if code not in (a, b))
        tie, before = tie_shock(world, a, b), tie_shock(world, a, outlet)
        shocks = (tie, before, merge(before, tie))
        logs = np.stack([_logs(one, shocks) for one in economies])  # (draw, shock, country)
        opened, closed = (-100.0 * np.expm1(x) for x in (logs[:, 0], logs[:, 2] - logs[:, 1]))
        yield from _rows(world, horizon, (a, b), opened, closed)


def _logs(economy: Economy, shocks: Sequence[Shock]) -> np.ndarray:
    return np.stack([log_welfare(respond(economy, shock)[0]) for shock in shocks])


def _rows(
    world: World, horizon: str, pair: tuple[str, str], opened: np.ndarray, closed: np.ndarray
) -> Iterator[dict[str, object]]:
    at = [world.countries.index(code) for code in pair]
    ranges = [loss_interval(world, *ends, horizon) for ends in (pair, pair[::-1])]
    assert ranges[0] is not None
    assert ranges[1] is not None
    carried = outlet_closed(ranges[0], ranges[1], (float(closed[0, at[0]]), float(closed[0, at[1]])))
    for place, code in enumerate(pair):
        one, two = opened[:, at[place]], closed[:, at[place]]
        if min(one.min(), two.min()) <= 0 or carried is None:
            continue
        logs = np.log(one[1:] / one[0]), np.log(two[1:] / two[0])
        found = carried[place]
        held = [
            ((draws[1:] >= told.low_percent) & (draws[1:] <= told.high_percent)).mean()
            for draws, told in ((one, ranges[place]), (two, found))
        ]
        yield {
            **dict(zip(KEYS, (horizon, *pair, code), strict=True)),
            "open_percent": one[0],
            "closed_percent": two[0],
            "spread_open": np.sqrt((logs[0] ** 2).mean()),
            "spread_closed": np.sqrt((logs[1] ** 2).mean()),
            "slope": (logs[0] @ logs[1]) / (logs[0] @ logs[0]),
            "rest": np.sqrt(((logs[1] - logs[0] * (logs[0] @ logs[1]) / (logs[0] @ logs[0])) ** 2).mean()),
            "low_percent": found.low_percent,
            "high_percent": found.high_percent,
            "inside_open": held[0],
            "inside": held[1],
        }
