"""Tariffs for alignment: the tariff that a partner's allegiance is worth, and the worth at which a tariff is the best.

A holder h offers a partner i no tariff if it aligns, and a tariff t if not. Aligning costs the partner xi, which it
alone knows; it aligns where the tariff would cost it more, with the probability F of ``V_i(0) - V_i(t)``. With G the
value of alignment to h the best offer solves

    max_t  (1 - F) U_h(t) + F [U_h(0) + G]
    U_h'(t) = lam V_i'(t) [U_h(0) + G - U_h(t)],      lam = f / (1 - F)
    G = U_h(t) - U_h(0) + U_h'(t) / (lam V_i'(t))                                   (the value at which t is the best)

so that the tariff exceeds the one that is best for its own sake where alignment is worth more than what that one
earns. U and V are equivalent variations a year. Nothing is measured of how partners answer, so lam is an assumption:
of those not aligned yet, each further dollar of loss brings over the same part. The value of a given tariff needs lam
there alone, whatever the distribution.

This is the smallest offer with the result of the abstract of Becko, Grossman and Helpman (NBER 34108): the best tariff
then exceeds the one of terms of trade. Their formulas were not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from suasion.errors import InputError
from suasion.types import FloatArray

if TYPE_CHECKING:
    from scipy.interpolate import CubicHermiteSpline

SAME = 1e-6
"""Log wedges that are one tariff."""
NOBODY = 1e-300
"""Answer to an offer that nobody answers."""
TRIED = 2001
"""Tariffs among which the best offer is looked for before its slope finds it."""


@dataclass(frozen=True, slots=True)
class TariffCurves:
    """What a tariff does to who sets it and to who pays it: equivalent variations over the log of one plus the tariff.

    own, other: curves through the solved tariffs, with their exact slopes.
    """

    own: CubicHermiteSpline
    other: CubicHermiteSpline

    @property
    def last(self) -> float:
        """Log wedge of the highest tariff."""
        return float(self.own.x[-1])

    def earned(self, wedge: float | FloatArray) -> FloatArray:
        """Return what a tariff earns who sets it, against none."""
        return np.asarray(self.own(wedge) - self.own(0.0))

    def lost(self, wedge: float | FloatArray) -> FloatArray:
        """Return what a tariff costs the partner, against none."""
        return np.asarray(self.other(0.0) - self.other(wedge))

    def chance(self, wedge: float | FloatArray, hazard: float) -> FloatArray:
        """Return the probability that the partner aligns rather than pay."""
        return np.asarray(-np.expm1(-hazard * self.lost(wedge)))

    def value(self, wedge: float, hazard: float) -> float:
        """Return the value of alignment at which a tariff is the best offer; NaN where it never is.

        A partner that answers strongly makes a higher threat cheaper, for it is seldom carried out: the best offer
        then jumps over some tariffs, whose slope vanishes where the worth is least.
        """
        found = float(self.earned(wedge) + self.own(wedge, 1) / (hazard * self.other(wedge, 1)))
        return found if abs(self.best(found, hazard) - wedge) < SAME else float("nan")

    def worth(self, wedge: float | FloatArray, value: float, hazard: float) -> FloatArray:
        """Return what an offer is worth to who makes it, on top of what there is without a tariff."""
        chance = self.chance(wedge, hazard)
        return np.asarray((1.0 - chance) * self.earned(wedge) + chance * value)

    def best(self, value: float, hazard: float) -> float:
        """Return the log wedge of the best offer at a value of alignment; the last one where none below is as good."""
        from scipy.optimize import brentq  # slow to import

        def gain(wedge: float) -> float:  # slope of the worth, over the probability that the tariff is paid
            return float(self.own(wedge, 1) - hazard * self.other(wedge, 1) * (value - self.earned(wedge)))

        tried, step = np.linspace(0.0, self.last, TRIED, retstep=True)
        tried = np.unique([*tried, *self.own.x])
        top = float(tried[np.argmax(self.worth(tried, value, hazard))])
        low, high = max(top - step, 0.0), min(top + step, self.last)
        if top == self.last or gain(low) <= 0.0 or gain(high) >= 0.0:  # an end, or a crest within rounding
            return top
        return float(brentq(gain, low, high, xtol=1e-12))


def hazard_of(response: float, spending: float) -> float:
    """Return lam of a partner, per unit of its spending.

    response: probability with which it aligns rather than lose a hundredth of its real expenditure.
    spending: its real expenditure.
    Raises InputError: The response does not lie between 0 and 1.
    """
    if not 0.0 < response < 1.0:
        raise InputError(f"response={response:g} must lie between 0 and 1: it is a probability.")
    return -float(np.log1p(-response)) / (0.01 * spending)
