"""What stands beside a side's loss: flags, the ends of the bracket, and the long run with capital."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from suasion.coercion.outcomes import Outcomes
from suasion.equilibrium.flags import WIDE, Flag, width
from suasion.types import FloatArray


def alongside(
    outcome: Outcomes,
    inside: Sequence[str],
    countries: Sequence[str],
    cuts: tuple[str, str | None],
    central: float,
) -> dict[str, str | float]:
    """Return flags, the ends of the bracket, and the loss with capital, in per cent; NaN where none was solved.

    Parameters
    ----------
    outcome : solved cuts at one horizon
    inside, countries : members of the side, and all labels
    cuts : names of the cut with the tie gone, and of the one already in force (None: the base)
    central : the side's loss, per cent
    """
    index, (after, before), found = [countries.index(c) for c in inside], cuts, outcome.beside

    def loss(logs: Mapping[str, FloatArray]) -> FloatArray:
        """Further loss of the side by rule (R, N), or by one (N,)."""
        start = np.zeros(1) if before is None else logs.get(before)
        if after not in logs or start is None:
            return np.full(1, np.nan)
        base = outcome.income[0] * np.exp(start)
        change = base * np.expm1(logs[after] - start)
        return np.asarray(-100.0 * change[..., index].sum(-1) / (base + 0.0 * change)[..., index].sum(-1))

    flags = [item for item in found.flags.get(after, ()) if item.country in inside]
    low, high = np.broadcast_to(loss(found.bracket) if flags else np.nan, 2).tolist()
    kinds = {item.flag.value for item in flags}
    kinds |= {Flag.WIDTH.value} if flags and width(low, central, high) > WIDE else set()
    return {
        "flags": " ".join(sorted(kinds)),
        "replacement_percent": low,
        "no_switching_percent": high,
        "capital_percent": float(loss(found.capital).ravel()[0]),
    }
