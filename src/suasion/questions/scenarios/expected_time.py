"""How long a point will take, from its shock: what no quick question may take is known before it is solved.

Most questions take a tenth of a second to two, whatever is taxed or cut. Two kinds take more: bounds on many flows,
each of which is one more unknown, and wedges on all trade of the world at once.
"""

from __future__ import annotations

import numpy as np

from suasion.equilibrium.types import Shock
from suasion.errors import SuasionError

SECONDS = 0.3
"""Of a question without bounds and with few wedges. Measured on one core of 2.5 GHz, like the two below."""
BOUNDS_A_SECOND = 5_000.0
"""Measured: 4,200 bounds take 0.3-1.2 s, 106,650 take 2-58 s, 316,000 take 16-92 s, mostly without an equilibrium."""
WEDGED_SECONDS = 2.0
"""For a wedge on every flow of the world, by its size in logs. Measured: 0.6-1.8 s where it converges; one tariff of
500 % took 36 s, which nothing in the shock gives away: the server stops such a question when others wait."""


class SlowQuestionError(SuasionError):
    """A question will take longer than this desk may spend. Ask where it may take its time, or bound fewer flows."""


def expected_seconds(shock: Shock) -> float:
    """Time that a shock takes to solve, within a factor of about three.

    shock: A compiled scenario.
    Returns: Seconds of one core.
    """
    bounds = sum(int(np.count_nonzero(limit.cells)) for limit in shock.limits)
    wedges = [1.0 + rate for rate in (shock.tariff, shock.export_tax) if rate is not None]
    wedges += [] if shock.trade_cost is None else [shock.trade_cost]
    logs = sum(float(np.abs(np.log(np.maximum(wedge, 1e-3))).mean()) for wedge in wedges)
    return SECONDS + bounds / BOUNDS_A_SECOND + WEDGED_SECONDS * logs
