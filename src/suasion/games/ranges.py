"""Results over the ranges of a network file: the same draws of all uncertain numbers in every case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import qmc

from suasion.errors import InputError, NetworkError
from suasion.games.bargain import division
from suasion.games.coalitions import game_of
from suasion.games.network_file import NetworkFile
from suasion.schema.judgements import Judgement
from suasion.schema.yaml_lines import KeyPath

_NOISE = 1e-7  # of the largest change: above the solver's tolerance
MEASURES = ("shapley", "gain", "share_percent")


@dataclass(frozen=True)
class RangeSweep:
    """Divisions of a network's cases over the ranges of its numbers.

    Parameters
    ----------
    draws : columns draw (0 is the file's own numbers), case, player, shapley, gain, share_percent
    points : (D, F) array of the numbers drawn
    figures : those drawn, in the order of the columns of ``points``
    rejected : draws left out because some number made no valid network
    """

    draws: pd.DataFrame
    points: np.ndarray
    figures: tuple[Judgement, ...]
    rejected: int

    def summary(self, measure: str = "shapley") -> pd.DataFrame:
        """One row a case and player: value (the file's own numbers), low, high (5th and 95th of 100), least, most.

        Raises
        ------
        InputError
            There is no such measure.
        """
        return _spread(self.draws.assign(value=self.draws[_measure(measure)]), ["case", "player"])

    def change(self, base: str, measure: str = "shapley") -> pd.DataFrame:
        """Change from one case to every other one in the same draw: columns as in :meth:`summary`, and rises_percent.

        ``rises_percent`` is the share of draws in which the number rises.

        Parameters
        ----------
        base : case to compare with
        measure : one of shapley, gain, share_percent

        Raises
        ------
        InputError
            There is no such measure or case.
        """
        wide = self.draws.pivot(index=["draw", "player"], columns="case", values=_measure(measure))
        if base not in wide:
            raise InputError(f"There is no case {base!r} here. Cases: {', '.join(wide.columns)}.")
        long = (
            wide.sub(wide[base], axis=0)
            .drop(columns=base)
            .reset_index()
            .melt(["draw", "player"], var_name="case", value_name="value")
        )
        out = _spread(long, ["case", "player"])
        small = _NOISE * float(long["value"].abs().max())
        drawn = long[long["draw"] > 0].assign(up=lambda t: 100.0 * (t["value"] > small))
        return out.merge(
            drawn.groupby(["case", "player"])["up"].mean().rename("rises_percent").reset_index(), how="left"
        )

    def drivers(self, case: str, player: str, measure: str = "shapley") -> pd.DataFrame:
        """Rank correlation of each number with a result, the strongest first.

        Parameters
        ----------
        case, player, measure : str

        Returns
        -------
        DataFrame
            Columns figure, correlation.

        Raises
        ------
        InputError
            There is no such measure.
        """
        rows = self.draws[(self.draws["case"] == case) & (self.draws["player"] == player)]
        result = rows[rows["draw"] > 0][_measure(measure)].rank().to_numpy()
        ranks = pd.DataFrame(self.points, columns=[f.place for f in self.figures]).rank()
        found = ranks.apply(lambda column: np.corrcoef(column, result)[0, 1])
        order = found.abs().sort_values(ascending=False).index
        return pd.DataFrame({"figure": order, "correlation": found[order].to_numpy()})


def sweep(
    file: NetworkFile, cases: Sequence[str] | None = None, draws: int = 100, seed: int = 0
) -> RangeSweep:
    """Divide the surplus over the ranges of a file's numbers.

    Parameters
    ----------
    file : NetworkFile
    cases : all of the file without it
    draws : points of a Latin hypercube, uniform over the ranges
    seed : int

    Returns
    -------
    Sweep

    Raises
    ------
    InputError
        Fewer than 2 draws.
    NetworkError
        A case is unknown, or no number of the file has a range.
    """
    if draws < 2:
        raise InputError(f"draws is {draws}; give at least 2.")
    figures = tuple(f for f in file.figures if f.high > f.low)
    if not figures:
        raise NetworkError(f"No number of {file.name} has a range, so that there is nothing to sweep.")
    low, high = np.array([f.low for f in figures]), np.array([f.high for f in figures])
    points = low + (high - low) * qmc.LatinHypercube(len(figures), rng=seed).random(draws)
    names = tuple(cases) if cases is not None else file.cases
    tables, kept = [_divide(file, names, {}, 0)], []
    for number, point in enumerate(points, start=1):
        values = {f.path: float(x) for f, x in zip(figures, point, strict=True)}
        try:
            tables.append(_divide(file, names, values, number))
            kept.append(number - 1)
        except NetworkError:
            continue
    return RangeSweep(pd.concat(tables, ignore_index=True), points[kept], figures, draws - len(kept))


def _divide(
    file: NetworkFile, cases: Sequence[str], values: dict[KeyPath, float], number: int
) -> pd.DataFrame:
    networks = {case: file.network(case, values) for case in cases}
    parts = {case: division(network, game_of(network)) for case, network in networks.items()}
    whole = pd.concat(parts, names=["case"]).reset_index("case").assign(draw=number)
    return whole[["draw", "case", "player", *MEASURES]]


def _measure(name: str) -> str:
    if name not in MEASURES:
        raise InputError(f"There is no measure {name!r}; choose one of {', '.join(MEASURES)}.")
    return name


def _spread(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Own number, and spread over the draws, in the order of first appearance."""
    own = table[table["draw"] == 0].set_index(keys)["value"]
    drawn = table[table["draw"] > 0].groupby(keys, sort=False)["value"]
    parts = {"value": own, "low": drawn.quantile(0.05), "high": drawn.quantile(0.95)}
    return pd.DataFrame({**parts, "least": drawn.min(), "most": drawn.max()}).loc[own.index].reset_index()
