"""The chance of a pact as an outcome of levers: what a model of alliances says trade has to do with it.

The one covariate of such a model that levers reach is how much the two trade with each other. Its coefficients have
errors, and the levers' sign on the chance is drawn with them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from suasion.types import FloatArray

#: Draws of the coefficients for each draw of the elasticities.
COEFFICIENTS = 64


@dataclass(frozen=True, slots=True)
class PactChance:
    """Chance of a pact within some years, as a function of the two's dependence on each other.

    years: from now on.
    log_odds, log_odds_sd: (E,) of each kind of event a year, and its standard error.
    slopes, slopes_sd: (E,) change of the log odds for a change by one of ``ln(1 + 1000 d)``, d the share of
      the two's trade in all trade of the one that depends less.
    ends: whether the events end a pact that stands; else they make one.
    base_percent: what the base rate of all pairs says instead, per cent.
    closes: year by whose end it is asked.
    """

    years: int
    log_odds: FloatArray
    log_odds_sd: FloatArray
    slopes: FloatArray
    slopes_sd: FloatArray
    ends: bool
    base_percent: float
    closes: int

    def chance(self, moved: float) -> float:
        """Chance that they have a pact, per cent, when the covariate has moved."""
        stay = float(np.prod(1.0 - self._hazard(moved)) ** self.years)
        return 100.0 * (stay if self.ends else 1.0 - stay)

    def rate(self, moved: float) -> float:
        """Derivative of the chance by the covariate, percentage points."""
        hazard = self._hazard(moved)
        stay = float(np.prod(1.0 - hazard) ** self.years)
        lost = 100.0 * self.years * stay * float(hazard @ self.slopes)
        return -lost if self.ends else lost

    def drawn(self, count: int, seed: int) -> tuple[PactChance, ...]:
        """Draw log odds and slopes, each normal and alone.

        count, seed: how many, and the seed.
        """
        noise = np.random.default_rng(seed).standard_normal((count, 2, self.slopes.size))
        return tuple(
            replace(
                self,
                log_odds=self.log_odds + self.log_odds_sd * one[0],
                slopes=self.slopes + self.slopes_sd * one[1],
            )
            for one in noise
        )

    def _hazard(self, moved: float) -> FloatArray:
        return np.asarray(1.0 / (1.0 + np.exp(-(self.log_odds + self.slopes * moved))))


def closeness(shares: tuple[float, float]) -> float:
    """Return ``ln(1 + 1000 d)`` from the shares of each in the other's trade, per cent."""
    return float(np.log1p(10.0 * min(shares)))


def closeness_slope(share: float) -> float:
    """Derivative of :func:`closeness` by the lesser share, per percentage point."""
    return 10.0 / (1.0 + 10.0 * share)
