"""What an equilibrium is that cannot be taken at its word: questions to whoever asked, issued as warnings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.flags import Flag, Flagged, flags_on
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.types import Shock
from suasion.errors import Doubt, ExtremeAnswerWarning, ImplausibleInputWarning, SuasionWarning
from suasion.types import DeficitRule, FloatArray

EXTREME = 25.0
"""Change of real expenditure in per cent beyond which a number is not to be taken at its word. Assumption, range 15 to
50: no table of inputs and outputs has seen a change of that size, and hunger, default and war are not in the model."""

_SHOWN = 3


def doubts_on(deficits: DeficitRule, solved: Solved, shock: Shock) -> tuple[SuasionWarning, ...]:
    """Return what is doubtful about an equilibrium.

    deficits: rule under which it was solved.
    solved: the equilibrium.
    shock: what was solved.
    """
    base = solved.problem.base
    with np.errstate(all="ignore"):
        change = 100.0 * np.expm1(log_welfare(solved))
    flags = flagged(flags_on(solved, shock))
    return (*removal(deficits, base.transfer), *extreme(base.countries, change), *flags)


def flagged(flags: Sequence[Flagged]) -> tuple[SuasionWarning, ...]:
    """Return the doubts that flags stand for, one a kind.

    flags: from :func:`suasion.equilibrium.flags.flags_on`.
    """
    named = {
        doubt: [f"{item.country} {item.sector}".strip() for item in flags if item.flag is kind]
        for doubt, kind in ((Doubt.SUPPLY, Flag.SUPPLY), (Doubt.LOSS, Flag.LOSS))
    }
    return tuple(
        ExtremeAnswerWarning(doubt, {"named": ", ".join(names)}) for doubt, names in named.items() if names
    )


def extreme(countries: Sequence[str], change: FloatArray) -> tuple[SuasionWarning, ...]:
    """Return the doubt about changes of real expenditure beyond :data:`EXTREME`; none where all are smaller.

    countries: labels.
    change: (N,) per cent; NaN where there is no number.
    """
    far = np.flatnonzero(np.abs(change) > EXTREME)
    if not far.size:
        return ()
    far = far[np.argsort(-np.abs(change[far]), kind="stable")]
    more = f", +{far.size - _SHOWN}" if far.size > _SHOWN else ""
    named = ", ".join(f"{countries[n]} {change[n]:+.3g} %" for n in far[:_SHOWN]) + more
    return (ExtremeAnswerWarning(Doubt.EXTREME, {"level": EXTREME, "named": named}),)


def removal(deficits: DeficitRule, transfer: FloatArray) -> tuple[SuasionWarning, ...]:
    """Return the doubt about an answer that holds the end of all imbalances too."""
    if deficits != "eliminate" or not transfer.any():
        return ()
    return (ImplausibleInputWarning(Doubt.REMOVAL, {}),)
