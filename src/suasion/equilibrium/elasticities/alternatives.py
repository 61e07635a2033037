"""Sets of elasticities that others found, beside the usual one: what a range adds for doubt about the response.

The usual set has half of the weight, the others share the rest. That is an assumption: by the duties that were paid the
trial prefers the usual set, by the list of the law it prefers ``border``, so it cannot rank them.
"""

from __future__ import annotations

from suasion.equilibrium.elasticities.own import Elasticities
from suasion.equilibrium.elasticities.response import elasticities_in
from suasion.equilibrium.elasticities.schedule import EXCHANGE_GOODS, LONG_YEARS, sigma_at

USUAL = 0.5
"""Weight of the usual set. Assumption, 0.3 to 0.7."""
ALTERNATIVES = ("border", "caliendo-parro", "fontagne")
UNTIMED = ("caliendo-parro", "fontagne")
"""Found in cross sections, which tell no years: before the long run the usual schedule scales them."""


def mixture() -> dict[str, float]:
    """Weights of the sets by name; that of the usual set has none."""
    return {"": USUAL, **dict.fromkeys(ALTERNATIVES, (1.0 - USUAL) / len(ALTERNATIVES))}


def alternative(name: str, years: float) -> Elasticities:
    """Own values that stand for a set so many years after a shock; none for the usual set.

    name: of :func:`mixture`.
    years: since the shock, 1 for the first months too.
    """
    own = elasticities_in(name) or Elasticities()
    if name not in UNTIMED or years >= LONG_YEARS:
        return own
    free: dict[str, float] = dict(own.sigma)  # type: ignore[arg-type]
    kept = {code: v if code in EXCHANGE_GOODS else float(sigma_at(v, years)) for code, v in free.items()}
    return Elasticities(sigma=kept, sigma_switching=free)
