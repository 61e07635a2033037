r"""Which supplier is chosen when each may be cut off: expected cost, logit choice, thresholds, two sources.

Expected cost of vendor j, in per cent of the cost of the network from the cheapest:
C_j = c_j + p_j L_j + z_j + s_j - q_j, where p_j is the probability that supply is cut within the life of the
equipment, L_j the loss then, z_j the security cost, s_j the cost of switching to j (0 for the vendor in place), and
q_j the worth of its quality. The buyer chooses j with probability exp(-C_j / lambda) / sum.

With two sources and convex costs of loss, a share s of vendor h and 1 - s of w costs
s C_h + (1 - s) C_w + k/2 Var(loss); the best share is
s* = [V_w - V_hw + (C_w - C_h) / k] / (V_h + V_w - 2 V_hw), held between 0 and 1, with V_j = p_j (1 - p_j) L_j^2 and
V_hw = rho (V_h V_w)^(1/2). Hazards that come together leave nothing to spread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class Vendor:
    """A supplier as the buyer sees it; costs in per cent of the network.

    Attributes
    ----------
    name : str
    cost : price over the life of the network, c >= 0
    hazard : probability that supply is cut within that life, p in [0, 1]
    loss : loss if it is: replacement and outage, L >= 0.
    security, switching, quality : security cost z >= 0, cost of switching to it s >= 0, worth of its quality q
    """

    name: str
    cost: float
    hazard: float
    loss: float
    security: float = 0.0
    switching: float = 0.0
    quality: float = 0.0

    def __post_init__(self) -> None:
        for key in ("cost", "loss", "security", "switching"):
            x = getattr(self, key)
            if not (x >= 0.0 and math.isfinite(x)):
                raise InputError(f"{self.name}: {key} is {x:g}; it must be 0 or more.")
        if not 0.0 <= self.hazard <= 1.0:
            raise InputError(f"{self.name}: hazard is {self.hazard:g}; give a probability.")
        if not math.isfinite(self.quality):
            raise InputError(f"{self.name}: quality must be a finite number.")

    @property
    def expected_cost(self) -> float:
        """Expected cost C, per cent of the network."""
        return self.without_hazard + self.hazard * self.loss

    @property
    def without_hazard(self) -> float:
        """Cost if supply is never cut."""
        return self.cost + self.security + self.switching - self.quality

    @property
    def variance(self) -> float:
        """Variance of the loss, V = p (1 - p) L^2."""
        return self.hazard * (1.0 - self.hazard) * self.loss**2


@dataclass(frozen=True, slots=True)
class TwoSources:
    """The best split between two vendors.

    Attributes
    ----------
    share : share of the first, 0 to 1
    cost : expected cost and cost of risk at that share
    single : the same with the better vendor alone
    """

    share: float
    cost: float
    single: float

    @property
    def worth(self) -> float:
        """What spreading saves, >= 0."""
        return self.single - self.cost


def choice(vendors: Sequence[Vendor], scale: float) -> pd.DataFrame:
    """Return the probability that each vendor is chosen.

    Parameters
    ----------
    vendors : at least two, each name once
    scale : lambda > 0, in per cent of the network: how much cheaper a vendor must be before it is chosen 2.7 times as
        often.

    Returns
    -------
    DataFrame
        ``vendor``, ``expected_cost``, ``hazard_cost`` (p L), ``probability``, the likeliest first.

    Raises
    ------
    InputError
        If there are fewer than two vendors, a name twice, or a scale that is not positive.
    """
    names = [v.name for v in vendors]
    if len(names) < 2 or len(set(names)) != len(names):
        raise InputError(f"A choice needs at least two vendors of different names, not {', '.join(names)}.")
    if not (scale > 0.0 and math.isfinite(scale)):
        raise InputError(f"The scale of the choice is {scale:g}; it must be positive.")
    cost = np.array([v.expected_cost for v in vendors])
    table = pd.DataFrame(
        {
            "vendor": names,
            "expected_cost": cost,
            "hazard_cost": [v.hazard * v.loss for v in vendors],
            "probability": logit(cost, scale),
        }
    )
    return table.sort_values(["probability", "vendor"], ascending=[False, True], ignore_index=True)


def logit(cost: FloatArray, scale: float | FloatArray) -> FloatArray:
    """Probabilities of a choice among costs along the last axis.

    cost: array (..., n).
    scale: float or array (..., 1) lambda > 0.
    Returns: array (..., n).
    """
    weight = np.exp(-(cost - cost.min(axis=-1, keepdims=True)) / scale)
    share: FloatArray = weight / weight.sum(axis=-1, keepdims=True)
    return share


def threshold_hazard(vendor: Vendor, rival: Vendor) -> float:
    """Return the hazard of a vendor at which the buyer is indifferent between it and a rival.

    p* = (C_rival - C_vendor without hazard) / L_vendor: above it the rival is the better choice.

    Parameters
    ----------
    vendor, rival : Vendor

    Returns
    -------
    float
        Below 0: the rival is better even if supply is sure; above 1: the vendor is better even if it will be cut.
        Infinite where no loss could tip the choice.
    """
    gap = rival.expected_cost - vendor.without_hazard
    if vendor.loss == 0.0:
        return math.copysign(math.inf, gap) if gap else math.nan
    return gap / vendor.loss


class Tipping(StrEnum):
    """What a threshold of a hazard means for the choice."""

    WITHIN = "within"
    ALWAYS = "always"
    NEVER = "never"
    INDIFFERENT = "indifferent"


def tipping(threshold: float) -> Tipping:
    """Return whether a hazard can tip the choice: the rival wins above it, at every hazard, or at none.

    threshold: of :func:`threshold_hazard`.
    """
    if math.isnan(threshold):
        return Tipping.INDIFFERENT
    if threshold <= 0.0:
        return Tipping.ALWAYS
    return Tipping.NEVER if threshold > 1.0 else Tipping.WITHIN


def two_sources(first: Vendor, second: Vendor, convexity: float, correlation: float = 0.0) -> TwoSources:
    """Return the best split between two vendors.

    Parameters
    ----------
    first, second : Vendor
    convexity : k > 0, per per cent of the network: a loss of x costs k x^2 / 2 more than x.
    correlation : correlation rho of the two cuts. It must be one that two events with these hazards can have.

    Returns
    -------
    TwoSources

    Raises
    ------
    InputError
        If convexity is not positive, or the correlation impossible.
    """
    if not (convexity > 0.0 and math.isfinite(convexity)):
        raise InputError(f"convexity is {convexity:g}; it must be positive.")
    low, high = correlation_bounds(first.hazard, second.hazard)
    if not low - 1e-12 <= correlation <= high + 1e-12:
        raise InputError(
            f"Two cuts with hazards {first.hazard:g} and {second.hazard:g} can have correlations from {low:.3g} to "
            f"{high:.3g}, not {correlation:g}."
        )
    joint = correlation * math.sqrt(first.variance * second.variance)

    def total(s: float) -> float:
        risk = s**2 * first.variance + (1 - s) ** 2 * second.variance + 2 * s * (1 - s) * joint
        return s * first.expected_cost + (1 - s) * second.expected_cost + 0.5 * convexity * risk

    curve = first.variance + second.variance - 2.0 * joint
    if curve > 1e-12 * (first.variance + second.variance):
        gap = (second.expected_cost - first.expected_cost) / convexity
        share = min(1.0, max(0.0, (second.variance - joint + gap) / curve))
    else:  # nothing to spread: the cheaper one alone
        share = 1.0 if total(1.0) < total(0.0) else 0.0
    return TwoSources(share, total(share), min(total(0.0), total(1.0)))


def correlation_bounds(p: float, q: float) -> tuple[float, float]:
    """Smallest and largest correlation of two events (Frechet's bounds); -1 and 1 where one of them is sure.

    Parameters
    ----------
    p, q : their probabilities

    Returns
    -------
    (low, high) : pair of float
    """
    spread = math.sqrt(p * (1.0 - p) * q * (1.0 - q))
    if spread == 0.0:
        return -1.0, 1.0
    return (max(0.0, p + q - 1.0) - p * q) / spread, (min(p, q) - p * q) / spread
