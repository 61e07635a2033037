"""Horizons: how elasticities and factor mobility move with the years since the shock.

The trade elasticity follows the schedule

    s(h) = s_LR - (s_LR - s_SR) exp(-k (h - 1)),    s_SR = 0.76,  s_LR = 2.0,  k = 0.336 a year,

which is 0.76 after one year and within 5 % of 2.0 after about eight and a half. Boehm, Levchenko and
Pandalai-Nayar (2023, American Economic Review 113(4); abstract in CEPR DP14645) find that trade at the border
responds to a tariff with -0.76 after one year and -1.75 to -2.25 in the long run, reached in 7 to 10 years.
The level of each sector comes from its long-run estimate, only the time pattern from the schedule:

    sigma_k(h) = max(1.5, sigma_k(long) s(h) / s(10)).

The other nests, and the mobility of factors, move from their short-run to their long-run values with the same
pattern, w(h) = (s(h) - s(1)) / (s(10) - s(1)), held at 1 after year 10. That interpolation is an assumption.

Small changes of tariffs say little about a lost supplier. Goods that are traded on exchanges keep their long-run sigma,
and of the purchases of other goods the share b(h) is free to change suppliers (:mod:`suasion.equilibrium.modes`):

    b(h) = 1 - (1 - b(1)) exp(-k (h - 1)),    b(1) = 0.25,    b = 0 in the first months.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.errors import InputError

S_SHORT = 0.76
S_LONG = 2.0
SPEED = 0.336
SHORT_YEARS = 1.0
LONG_YEARS = 10.0
FLOOR = 1.5
"""Lowest preset sigma. Assumption, range 1.2 to 2: at sigma <= 1 no flow may be cut."""

EXCHANGE_GOODS = ("A01", "A02", "A03", "B05", "B06", "B07", "B08", "C19", "C24A", "C24B")
"""Industries whose goods have exchanges or reference prices: suppliers are replaced within months. Assumption."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """A value with its range, for which no estimate stands.

    value, low, high: as named.
    """

    value: float
    low: float
    high: float

    def at(self, position: float | None) -> float:
        """Value at a position in the range, 0 (low) to 1 (high); half of the draws lie below the central value."""
        if position is None:
            return self.value
        if position < 0.5:
            return self.low + 2.0 * position * (self.value - self.low)
        return self.value + (2.0 * position - 1.0) * (self.high - self.value)


SWITCHING = Assumed(0.25, 0.15, 0.40)
"""b, share of purchases that are free to change suppliers in the first year."""
MU = Assumed(4.0, 3.0, 6.0)
"""Substitution between suppliers one has and others: b ** (-1 / (mu - 1)) is the dearest that a good can get over
what it costs those who switch, 1.59 at the central values."""
ROY = Assumed(1.5, 1.0, 2.0)
"""Roy-Frechet dispersion in the first year, and where ``factors="roy"`` is asked for without a value."""


@dataclass(frozen=True, slots=True)
class Nest:
    """Elasticity of one nest: value and range in the short and in the long run."""

    short: float
    long: float
    short_range: tuple[float, float]
    long_range: tuple[float, float]
    basis: str


NESTS = {
    "zeta": Nest(0.3, 0.5, (0.1, 0.5), (0.3, 0.7), "assumption"),
    "epsilon": Nest(0.1, 0.2, (0.02, 0.18), (0.05, 0.35), "assumption"),
    "kappa": Nest(0.5, 0.9, (0.3, 0.7), (0.7, 1.1), "assumption"),
    "eta": Nest(1.0, 1.0, (1.0, 1.0), (1.0, 1.0), "assumption"),
}
"""Substitution between value added and inputs, among inputs, among final goods, among factors."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Years since the shock, with a label for results.

    years: at least 1.
    label: ``"months (first months)"``, ``"short (first year)"``, ``"long (10 years)"`` or ``"3.5 years"``.
    months: whether nobody has had time to change suppliers or jobs.
    """

    years: float
    label: str
    months: bool = False

    @property
    def weight(self) -> float:
        """Progress from the short run (0) to the long run (1)."""
        return progress(self.years)


HORIZONS = ("months", "short", "long")
"""Names of horizons; any number of years from 1 on is another."""


def parse_horizon(horizon: str | float) -> Horizon:
    """Horizon from ``"months"``, ``"short"``, ``"long"`` or a number of years.

    horizon: {"months", "short", "long"} or float. The first months, the first year, ten years. Years, a
      number or its text, must be finite and at least 1, where the schedule begins.
    Raises InputError when the word is another one, or the years are out of range.
    """
    presets = {
        "months": Horizon(SHORT_YEARS, "months (first months)", months=True),
        "short": Horizon(SHORT_YEARS, "short (first year)"),
        "long": Horizon(LONG_YEARS, "long (10 years)"),
    }
    if isinstance(horizon, str) and horizon in presets:
        return presets[horizon]
    if isinstance(horizon, str):
        with suppress(ValueError):
            horizon = float(horizon)
    if isinstance(horizon, bool) or not isinstance(horizon, (int, float, np.integer, np.floating)):
        hint = ' Ask for "short" and for "long", one after the other.' if horizon == "both" else ""
        raise InputError(
            f'Horizon {horizon!r} is not allowed; give "months", "short", "long" or years since the shock.{hint}'
        )
    years = float(horizon)
    if not (math.isfinite(years) and years >= SHORT_YEARS):
        raise InputError(
            f"Horizon of {years} years is out of range: the schedule starts one year after the shock."
        )
    return Horizon(years, f"{years:g} year" + ("" if years == 1.0 else "s"))


def schedule(years: float) -> float:
    """Trade elasticity s(h) of the average product h years after a shock, in absolute value."""
    return S_LONG - (S_LONG - S_SHORT) * math.exp(-SPEED * (years - 1.0))


def progress(years: float) -> float:
    """Share w(h) of the way from the short to the long run, 0 at year 1 and 1 from year 10 on."""
    start, end = schedule(SHORT_YEARS), schedule(LONG_YEARS)
    return min(1.0, (schedule(years) - start) / (end - start))


def sigma_at(sigma_long: Any, years: float) -> NDArray[np.float64]:
    """Sigma after some years from its long-run value, not below :data:`FLOOR`.

    sigma_long: long-run (10 years) elasticities of substitution among origins.
    years: years since the shock, >= 1.
    """
    scaled = np.asarray(sigma_long, dtype=np.float64) * (schedule(years) / schedule(LONG_YEARS))
    return np.maximum(FLOOR, scaled)


def factor_at(years: float, first: float, long: float) -> float:
    """Factor on the long-run ``sigma - 1`` after some years, from those of the first year and of the long run.

    years: years since the shock, >= 1.
    first, long: the two factors.
    """
    weight = math.exp(-SPEED * (years - SHORT_YEARS))
    return first * weight + long * (1.0 - weight)


def nest_at(name: str, years: float, position: float | None = None) -> float:
    """Elasticity of a nest after some years.

    name: {"zeta", "epsilon", "kappa", "eta"}.
    years: years since the shock, >= 1.
    position: position in the range, 0 (low) to 1 (high); None gives the central value.
    """
    nest, weight = NESTS[name], progress(years)
    if position is None:
        return nest.short + (nest.long - nest.short) * weight
    low, high = (s + (g - s) * weight for s, g in zip(nest.short_range, nest.long_range, strict=True))
    return low + (high - low) * position


def mobility_at(years: float, roy: float = ROY.value) -> float:
    """1 / roy in the first year, 0 (mobile) from year 10 on; between, (1 - w(h)) / roy."""
    return (1.0 - progress(years)) / roy


def switching_at(years: float, share: float = SWITCHING.value) -> float:
    """Share of purchases that are free to change suppliers after some years, from that of the first year."""
    return 1.0 - (1.0 - share) * math.exp(-SPEED * (years - SHORT_YEARS))
