"""Breaks: how often a share leaves its path, how far it then goes, and what that does to the odds of passing a level.

A break is a yearly change of the log odds beyond a threshold. The hazard is its rate per pair and year, with the
posterior interval of a Poisson rate under Jeffreys' prior. With it the path of log odds is a jump diffusion: small
steps, and rare jumps up or down, as far as breaks went. A break in the record (a reporter that stops, a mirror that
changes) counts like one in the world: rates of small states say more of their statistics than of their politics.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.errors import InputError
from suasion.outlook.hindcast.forms import BREAK
from suasion.outlook.histories import Panel


@dataclass(frozen=True, slots=True)
class BreakHazard:
    """How often and how far shares break.

    Attributes
    ----------
    source, measure : str
    threshold : float
        Change of the log odds in a year beyond which it is a break.
    breaks, dyad_years : int
        Counted changes beyond it, and all changes observed.
    rate, low, high : float
        Per pair and year: posterior mean ``(breaks + 1/2) / dyad_years`` and 90 % interval.
    up : float
        Share of the breaks that went up.
    size : float
        Root mean square of the breaks, in log odds.
    calm : float
        Standard deviation of the other changes.
    """

    source: str
    measure: str
    threshold: float
    breaks: int
    dyad_years: int
    rate: float
    low: float
    high: float
    up: float
    size: float
    calm: float


def break_hazard(
    panel: Panel, *, threshold: float = BREAK, least: float = 0.01, most: float = 1.0, level: float = 0.9
) -> BreakHazard:
    """Count breaks among all pairs with enough trade.

    Parameters
    ----------
    panel : shares
    threshold : of the yearly change of the log odds; ln 2 is odds that double or halve
    least, most : share at the start of the year, so that small and large ties can be told apart
    level : of the interval

    Returns
    -------
    BreakHazard
        A share that falls to zero, or starts there, has no log odds: its change is not counted.

    Raises
    ------
    InputError
        If the threshold or level is out of range, or no change is observed.
    """
    from scipy.special import gammaincinv

    if threshold <= 0 or not 0 < level < 1:
        raise InputError(
            f"The threshold is above zero and the level between 0 and 1; got {threshold}, {level}."
        )
    s = np.where((panel.shares > 0) & (panel.shares < 1), panel.shares, np.nan)
    change = np.diff(np.log(s) - np.log1p(-s), axis=1)
    used = np.isfinite(change) & (s[:, :-1] >= least) & (s[:, :-1] <= most)
    d = change[used]
    if not d.size:
        raise InputError(
            f"{panel.source} ({panel.measure}) has no change of a share between {least:g} and {most:g}."
        )
    broke = np.abs(d) > threshold
    count = int(broke.sum())
    ends = gammaincinv(count + 0.5, [(1 - level) / 2, (1 + level) / 2]) / d.size
    return BreakHazard(
        panel.source, panel.measure, threshold, count, int(d.size), (count + 0.5) / d.size, float(ends[0]),
        float(ends[1]), float((d[broke] > 0).mean()) if count else float("nan"),
        float(np.sqrt((d[broke] ** 2).mean())) if count else float("nan"),
        float(d[~broke].std()),
    )  # fmt: skip
