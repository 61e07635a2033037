"""Ranges of losses by ties of estimated economies: the doubt of their class and the spread of elasticities together."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.special import ndtr

from suasion.types import Z90
from suasion.world import World
from suasion.world.every_state import doubt_of

ELASTICITIES = {"short": (0.28, 0.31), "long": (0.26, 0.57)}
"""Deviation of the log of a loss, below and above, over draws of the elasticities and the sets of others alone: medians
of the ranges that ship, of losses above .1 %."""
SETS = {"short": 0.14, "long": 0.65}
"""Share of its variance that the sets of others bring, likewise."""
Ends = tuple[float, float, float, float, float, float, float]


def estimated_range(
    world: World, country: str, partners: Sequence[str], horizon: str, loss: float
) -> tuple[float, float] | None:
    """Range of what a country or bloc loses by ties of which somebody is estimated, per cent.

    Returns: None where nobody is, the loss is not above zero, or the horizon is another.
    """
    doubt = doubt_of(world, country, partners)
    if not doubt or not loss > 0 or horizon not in ELASTICITIES:
        return None
    low, high = (math.exp(Z90 * math.hypot(doubt, spread)) for spread in ELASTICITIES[horizon])
    return loss / low, min(loss * high, 100.0)


def estimated_ends(
    world: World, sides: tuple[str, str], horizon: str, losses: tuple[float, float]
) -> tuple[Ends, Ends] | None:
    """Ranges of what both sides lose, where one of them is estimated.

    sides: codes of economies or of blocs. horizon: ``"short"`` or ``"long"``. losses: per cent.
    Returns: of each side the ends of its 90 % range, the share of draws in which it loses more, the ends of the range
      of its loss over its partner's, and the shares of the doubt that are the table's and the model's; None where
      neither is estimated, a loss is not above zero, or the horizon is another.
    """
    doubt = doubt_of(world, sides[0], (sides[1],)), doubt_of(world, sides[1], (sides[0],))
    if not any(doubt) or min(losses) <= 0 or horizon not in ELASTICITIES:
        return None
    spread = sum(ELASTICITIES[horizon]) / 2.0
    apart = math.hypot(*doubt)  # elasticities move both sides alike
    ends = []
    for place, loss in enumerate(losses):
        ratio = loss / losses[1 - place]
        low, high = estimated_range(world, sides[place], (sides[1 - place],), horizon, loss) or (loss, loss)
        more = float(ndtr(math.log(ratio) / apart))
        step = math.exp(Z90 * apart)
        share = doubt[place] ** 2 / (doubt[place] ** 2 + spread**2)
        ends.append((low, high, more, ratio / step, ratio * step, share, (1.0 - share) * SETS[horizon]))
    return ends[0], ends[1]
