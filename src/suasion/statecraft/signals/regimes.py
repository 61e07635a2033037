"""The map of regimes: who signals and who bluffs, by prior and cost of the signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.signals.game import SignalGame, solve_signal


def regime_diagram(
    game: Callable[[float, float], SignalGame], priors: Sequence[float], costs: Sequence[float]
) -> pd.DataFrame:
    """Solve a signal over a grid of priors and costs.

    Parameters
    ----------
    game : callable
        Makes the game of a prior and a cost, such as ``lambda q, a: tied_hands(q, 0.5, 1.0, a)``.
    priors, costs : sequence of float
        Sides of the grid, each number once.

    Returns
    -------
    DataFrame
        ``prior``, ``cost``, ``regime``, ``bluff`` (probability that the low type sends), ``refuse``, ``signalled``,
        ``posterior``, ``clash``; one row a point.

    Raises
    ------
    InputError
        If a side is empty or has a number twice.
    """
    for name, side in (("priors", priors), ("costs", costs)):
        if not len(side) or len(set(side)) != len(side):
            raise InputError(f"The {name} of a diagram need at least one number, each once.")
    rows = []
    for q in priors:
        for cost in costs:
            e = solve_signal(game(float(q), float(cost)))
            rows.append((q, cost, e.regime, e.low, e.refuse, e.signalled, e.posterior, e.clash))
    names = ["prior", "cost", "regime", "bluff", "refuse", "signalled", "posterior", "clash"]
    return pd.DataFrame(rows, columns=names)
