"""What an outlook holds: rows of every draw, the fans, chances and failures read from them, and where draws start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from suasion.equilibrium.solve import Solved
from suasion.errors import InputError
from suasion.outlook.growth.path import Growth
from suasion.outlook.paths.laid import WorldPath
from suasion.types import FloatArray

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
RATIOS = {"ratio_percent": "loss_percent", "ratio_usd": "loss_usd"}
QUANTITIES = ("turnover_share", "export_share", "import_share", "loss_percent", "loss_usd", *RATIOS)
TOLERANCES = (1.0, 2.0, 5.0)
"""Losses in per cent of own real expenditure that count as levels of tolerance."""


@dataclass(frozen=True)
class Outlook:
    """Projections of a pair under several scenarios.

    Attributes
    ----------
    a, b : codes
    audience : third parties whose markets are a's other outlet; empty without
    base_year, years, asked : year of the accounts; all years; years of exit costs
    horizons, drawn : of exit costs; and those that have bands
    scenarios : the paths
    rows : scenario, draw (0 is the central course), year, quantity, of, horizon, outlet, value, reason. Shares are 0
        to 1, losses per cent of own real expenditure and million USD at base-year prices
    outlets : scenario, year, of, rank, country, gain_usd, part: who would take up the trade of the pair
    brackets : scenario, year, of, horizon, outlet, flags, replacement_percent, no_switching_percent: what stands beside
        the central losses of the first year
    levels : scenario, year and the thresholds of :func:`suasion.coercion.critical_levels`; empty where not asked for
    errors : of the emulator, one row an outcome; empty where all draws were solved
    draws, solved : number of draws, and of those solved
    growth : by scenario
    notes : remarks on groups and elasticities
    """

    a: str
    b: str
    audience: str
    base_year: int
    years: tuple[int, ...]
    asked: tuple[int, ...]
    horizons: tuple[str, ...]
    drawn: tuple[str, ...]
    scenarios: tuple[WorldPath, ...] = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    outlets: pd.DataFrame = field(repr=False)
    brackets: pd.DataFrame = field(repr=False)
    levels: pd.DataFrame = field(repr=False)
    errors: pd.DataFrame = field(repr=False)
    draws: int
    solved: int
    growth: Mapping[str, Growth] = field(repr=False)
    notes: tuple[str, ...] = field(repr=False)

    def values(
        self, scenario: str, quantity: str, of: str, horizon: str = "", outlet: str = ""
    ) -> tuple[pd.Index, pd.DataFrame]:
        """Numbers of one quantity: draws as rows (0 is central), years as columns; NaN where a draw failed.

        Parameters
        ----------
        scenario : name
        quantity : one of ``turnover_share``, ``export_share``, ``import_share``, ``loss_percent``, ``loss_usd``,
            ``ratio_percent``, ``ratio_usd`` (loss of ``of`` over that of the other)
        of : a or b
        horizon, outlet : of a loss or ratio; the first horizon and ``open`` where left out

        Returns
        -------
        years : Index
        table : DataFrame

        Raises
        ------
        InputError
            If there is no such quantity, scenario, state or horizon.
        """
        if quantity not in QUANTITIES or of not in (self.a, self.b):
            raise InputError(
                f"There is no {quantity!r} of {of!r}. Quantities are {', '.join(QUANTITIES)}, of {self.a} or {self.b}."
            )
        if quantity in RATIOS:
            other = self.b if of == self.a else self.a
            mine, theirs = (
                self.values(scenario, RATIOS[quantity], x, horizon, outlet)[1] for x in (of, other)
            )
            return mine.columns, mine / theirs
        share = quantity.endswith("share")
        when, place = ("", "") if share else (horizon or self.horizons[0], outlet or "open")
        rows = self.rows
        part = rows[
            (rows["scenario"] == scenario) & (rows["quantity"] == quantity) & (rows["of"] == of)
            & (rows["horizon"] == when) & (rows["outlet"] == place)
        ]  # fmt: skip
        if part.empty:
            names = ", ".join(repr(path.name) for path in self.scenarios)
            raise InputError(
                f"There is no {quantity} in {scenario!r}, horizon {when or 'none'}, outlet {place or 'none'}. "
                f"Scenarios are {names}; horizons {', '.join(self.horizons)}."
            )
        table = part.pivot(index="draw", columns="year", values="value")
        table = table.reindex(range(self.draws + 1))
        return table.columns, table

    def fan(self, quantity: str, of: str, horizon: str = "", outlet: str = "") -> pd.DataFrame:
        """Central course and bands by scenario and year.

        Parameters
        ----------
        quantity, of, horizon, outlet : as for :meth:`values`

        Returns
        -------
        DataFrame
            scenario, year, central, p5, p25, p50, p75, p95 (NaN without draws), failed (draws), projected (whether the
            year lies beyond the accounts), extrapolated (whether some economy's growth rate is carried over from
            another year).
        """
        rows = []
        for path in self.scenarios:
            years, table = self.values(path.name, quantity, of, horizon, outlet)
            for year in years:
                drawn = table.loc[1:, year].to_numpy(dtype=float)
                known = drawn[np.isfinite(drawn)]
                bands = np.quantile(known, BANDS) if known.size else np.full(len(BANDS), np.nan)
                growth = self.growth[path.name]
                rows.append(
                    {
                        "scenario": path.name,
                        "year": int(year),
                        "central": float(table.loc[0, year]),
                        **{f"p{round(100 * q)}": float(v) for q, v in zip(BANDS, bands, strict=True)},
                        "failed": int(drawn.size - known.size) if self._has_bands(quantity, horizon) else 0,
                        "projected": bool(year > self.base_year),
                        "extrapolated": bool(growth.extrapolated(int(year))),
                    }
                )
        return pd.DataFrame(rows)

    def probability(
        self, quantity: str, of: str, level: float, horizon: str = "", outlet: str = ""
    ) -> pd.DataFrame:
        """Probability that a quantity has passed a level by the end of each year, by simulation.

        Parameters
        ----------
        quantity, of, horizon, outlet : as for :meth:`values`
        level : in the quantity's unit

        Returns
        -------
        DataFrame
            scenario, year, probability, error (of simulation, one standard error), draws. Exit costs are seen in the
            asked years only, so that a level passed and left between two of them is missed.

        Raises
        ------
        InputError
            If there are no draws, or the level is no number.
        """
        if not self.draws:
            raise InputError("Probabilities need draws; give draws=200 or more.")
        if not np.isfinite(level):
            raise InputError(f"The level is {level}; it must be a number.")
        if not self._has_bands(quantity, horizon):
            raise InputError(
                f"Exit costs at the horizon {horizon or self.horizons[0]} were not drawn; those drawn are "
                f"{', '.join(self.drawn) or 'none'}."
            )
        rows = []
        for path in self.scenarios:
            years, table = self.values(path.name, quantity, of, horizon, outlet)
            known = table.loc[1:].dropna()
            passed = (known >= level).cummax(axis=1).mean(axis=0)
            for year in years:
                p = float(passed[year]) if len(known) else float("nan")
                error = (p * (1 - p) / len(known)) ** 0.5 if len(known) else float("nan")
                rows.append((path.name, int(year), p, error, len(known)))
        return pd.DataFrame(rows, columns=["scenario", "year", "probability", "error", "draws"])

    def _has_bands(self, quantity: str, horizon: str) -> bool:
        return quantity.endswith("share") or (horizon or self.horizons[0]) in self.drawn


class Guide:
    """Where solutions of earlier draws lay, for later ones to start from; answers do not depend on it.

    The first of all is the central course, which comes before the draws.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], FloatArray] = {}
        self._examples: dict[tuple[object, ...], Solved] = {}

    def start(self, *key: object) -> FloatArray | None:
        """Return what was kept under a key."""
        return self._kept.get(key)

    def keep(self, value: FloatArray, *key: object) -> None:
        """Keep the first value of a key."""
        self._kept.setdefault(key, value)

    def example(self, *key: object) -> Solved | None:
        """Return the equilibrium kept under a key."""
        return self._examples.get(key)

    def keep_example(self, solved: Solved, *key: object) -> None:
        """Keep the first equilibrium of a key."""
        self._examples.setdefault(key, solved)
