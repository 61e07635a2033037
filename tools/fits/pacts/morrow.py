"""Morrow's predictions on symmetric and asymmetric alliances, tested on dyad-years; and how often promises are kept.

Morrow (1991, American Journal of Political Science 35(4), 904-933, abstract): asymmetric alliances are easier to form
and last longer; the greater the change of the members' capabilities, the more likely the end; second-rank major powers
form more asymmetric alliances as their capabilities increase. His asymmetry is one of benefits, security for one side
and autonomy for the other. Here it is one of capabilities: the log of stronger over weaker, or a major power with a
minor one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fits.logit import clustered_covariance, fit_logit
from fits.pacts.covariates import SPAN
from fits.pacts.panel import AlliancePanel
from suasion.errors import InputError
from suasion.statecraft.dyads.table import DyadYears

BoolArray = npt.NDArray[np.bool_]

LAST = 1965
"""Last year of Morrow's data."""
WIDE = 10.0
"""Standard deviation of the prior: so wide that it hardly matters."""

RELIABILITY: dict[str, tuple[float, str]] = {
    "1816-1944": (0.745, "Leeds, Long and Mitchell 2000, Journal of Conflict Resolution 44(5), abstract"),
    "1816-2003": (0.50, "Berkemeier and Fuhrmann 2018, Research & Politics 5(2), abstract"),
    "before 1945": (0.66, "Berkemeier and Fuhrmann 2018, abstract"),
    "1945-2003": (0.22, "Berkemeier and Fuhrmann 2018, abstract"),
    "defence": (0.41, "Berkemeier and Fuhrmann 2018, abstract"),
    "nonaggression": (0.37, "Berkemeier and Fuhrmann 2018, abstract"),
    "offensive": (0.74, "Berkemeier and Fuhrmann 2018, abstract"),
    "neutrality": (0.78, "Berkemeier and Fuhrmann 2018, abstract"),
}
"""Share of promises that were kept when war came, by period or kind, and where it was read."""
CASES = 20.0
"""Cases that a published share counts for as a prior: an assumption, 10 to 50."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Beta distribution of the probability that a promise is kept when war comes.

    Attributes
    ----------
    kept, broken : float
        Its two parameters.
    source : str
        Where the share was read.
    """

    kept: float
    broken: float
    source: str

    @property
    def mean(self) -> float:
        """Expected probability."""
        return self.kept / (self.kept + self.broken)

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Central interval."""
        from scipy.special import betaincinv

        tails = (1 - level) / 2, (1 + level) / 2
        low, high = (float(betaincinv(self.kept, self.broken, t)) for t in tails)
        return low, high

    def after(self, kept: float, broken: float) -> Reliability:
        """Distribution after further cases."""
        return Reliability(self.kept + kept, self.broken + broken, self.source)


def reliability(name: str, cases: float = CASES) -> Reliability:
    """Return the published reliability of alliances as a prior.

    Parameters
    ----------
    name : str
        Key of :data:`RELIABILITY`.
    cases : float
        How many cases the share counts for; more makes the prior narrower.

    Raises
    ------
    InputError
        If there is no such share, or ``cases`` is not above zero.
    """
    if name not in RELIABILITY:
        raise InputError(f"There is no reliability of {name!r}; there are {', '.join(RELIABILITY)}.")
    if not cases > 0:
        raise InputError(f"A prior counts for more than no case, not {cases:g}.")
    share, source = RELIABILITY[name]
    return Reliability(share * cases, (1 - share) * cases, source)


def morrow_signs(dyads: DyadYears, panel: AlliancePanel, last: int = LAST) -> pd.DataFrame:
    """Test the signs that Morrow predicts.

    Parameters
    ----------
    dyads : DyadYears
        Undirected, from 1816.
    panel : AlliancePanel
        Of the same dyad-years, from 1816.
    last : int
        Last year used.

    Returns
    -------
    DataFrame
        ``prediction``, ``predicted`` (sign), ``coefficient`` (log odds per standard deviation), ``error`` (clustered by
        treaty and dyad), ``rows``, ``events``, ``agrees``.
    """
    table = panel.table[panel.table["followed"] & (panel.table["year"] < last)].copy()
    table["asymmetry"] = -table["parity"]
    rising = _rise_of_major(dyads)
    table = table.merge(rising, on=["cow1", "cow2", "year"], how="left", validate="one_to_one")
    begins, free = (table["kind"] != "").to_numpy(), ~table["held"].to_numpy()
    mixed = free & (table["major"] == 1).to_numpy() & (table["both_major"] == 0).to_numpy()
    second = mixed & table["rise"].notna().to_numpy() & ~table["first_rank"].eq(1).to_numpy()
    end = (table["ends"].to_numpy(), table["held"].to_numpy())
    return pd.DataFrame(
        [
            _row(
                "asymmetric pacts form more easily",
                1,
                table,
                begins,
                free,
                ("asymmetry", "strength", "distance"),
            ),
            _row("asymmetric pacts last longer", -1, table, *end, ("asymmetry", "power_change", "age")),
            _row("change of capabilities ends pacts", 1, table, *end, ("power_change", "asymmetry", "age")),
            _row(
                "rising second-rank powers form asymmetric pacts",
                1,
                table,
                begins,
                second,
                ("rise", "distance"),
            ),
        ]
    )


def _rise_of_major(dyads: DyadYears) -> pd.DataFrame:
    """Log change of the major power's capabilities over five years, in pairs with one; and whether it ranks first."""
    table = dyads.table
    power = np.log(table[["cinc_1", "cinc_2"]].to_numpy() + 1e-6)
    same = table.groupby(["cow1", "cow2"], sort=False)
    before = np.log(same[["cinc_1", "cinc_2"]].shift(SPAN).to_numpy() + 1e-6)
    fits = (table["year"] - same["year"].shift(SPAN) == SPAN).to_numpy()
    at = np.arange(len(table)), np.where(table["major_1"].to_numpy() == 1, 0, 1)
    rise = np.where(fits, (power - before)[at], np.nan)
    top = table.groupby("year")[["cinc_1", "cinc_2"]].max().max(axis=1)
    first = table[["cinc_1", "cinc_2"]].to_numpy()[at] >= top.reindex(table["year"]).to_numpy()
    keys = table[["cow1", "cow2", "year"]]
    return keys.assign(rise=rise, first_rank=first.astype(float))


def _row(
    prediction: str, sign: int, table: pd.DataFrame, event: BoolArray, risk: BoolArray, names: tuple[str, ...]
) -> dict[str, object]:
    """Coefficient of the first of the covariates, with its clustered error."""
    part, y = table[risk], event[risk]
    x, weights = part[list(names)].to_numpy(dtype=float), np.ones(len(part))
    fit = fit_logit(x, y, weights, names, WIDE)
    dyad = part["pair"].to_numpy(dtype=np.int64)
    treaty = part["treaty"].fillna(0).to_numpy(dtype=np.int64)
    cluster = np.where(treaty > 0, treaty, 10_000 + dyad)
    error = float(np.sqrt(clustered_covariance(fit, x, y, weights, (cluster, dyad), WIDE)[1, 1]))
    value = float(fit.beta[1])
    return {
        "prediction": prediction,
        "predicted": sign,
        "coefficient": value,
        "error": error,
        "rows": len(part),
        "events": int(y.sum()),
        "agrees": value * sign > 0,
    }
