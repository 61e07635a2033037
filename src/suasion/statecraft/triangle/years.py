"""A triangle year by year: from ideal points with their uncertainty, and from the pacts and rivalries of a file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr

from suasion.errors import InputError
from suasion.schema.typed_file import unique_rows, whole
from suasion.sources.catalogue_store import located
from suasion.sources.cow_system import read_cow_crosswalk, with_countries
from suasion.sources.ir_tables import PLEDGES, read_atop
from suasion.sources.rivalries import read_rivalries, rivalry_years
from suasion.statecraft.shipped_points import spread
from suasion.statecraft.triangle.types import (
    median_distance,
    possible,
    soft_edge,
    threshold_sensitivity,
    triangle_probabilities,
)
from suasion.types import FloatArray

if TYPE_CHECKING:
    from suasion.statecraft.ideal_points import IdealPoints

_POINTS = ("country", "year", "mean", "low", "high")
FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5)
"""Thresholds that are tried, as multiples of the median distance."""


def triangle_by_year(
    points: pd.DataFrame | IdealPoints,
    powers: Sequence[str],
    factor: float = 1.0,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the triangle of three powers in each year from their ideal points.

    Parameters
    ----------
    points : ``country``, ``year``, ``mean``, ``low``, ``high`` (5th and 95th of 100), such as the published ones, or
        ``sd2`` besides, which then counts: taken as normal and independent between countries, because a table does
        not say how they move together. Of our own estimate the joint draws are used.
    powers : three codes
    factor : threshold as a multiple of the median distance of the year over all pairs of countries
    draws, seed : for a table; at least 100 draws

    Returns
    -------
    DataFrame
        One row a year in which all three have a point: ``year``, ``threshold``; ``kind``, ``special`` (pivot or
        outcast), ``balanced`` and ``probability`` of the likeliest triangle; a soft weight (-1 to 1) and the
        probability of a positive edge for each pair (``RUS-CHN`` and ``RUS-CHN positive``).

    Raises
    ------
    InputError
        If there are not three powers, one has no point, no year has all three, or another argument is out of range.
    MissingValueError, DuplicateLabelError
        If the table lacks a column or a value, or has a country twice in a year.
    """
    samples, medians = _samples(points, powers, factor, draws, seed)
    rows = []
    for year, draw in samples.items():
        threshold = factor * medians[year]
        best = triangle_probabilities(draw, threshold).iloc[0]
        row = {
            "year": year,
            "threshold": threshold,
            "kind": best["kind"],
            "special": best["special"],
            "balanced": bool(best["balanced"]),
            "probability": float(best["probability"]),
        }
        for a, b in combinations(powers, 2):
            apart = np.abs(draw[a] - draw[b])
            row[f"{a}-{b}"] = float(soft_edge(apart, threshold).mean())
            row[f"{a}-{b} positive"] = float((apart < threshold).mean())
        rows.append(row)
    return pd.DataFrame(rows)


def edge_probabilities(points: pd.DataFrame, powers: Sequence[str], factor: float = 1.0) -> pd.DataFrame:
    """Return how likely each edge of a triangle is positive in each year, in closed form.

    Parameters
    ----------
    points : ``country``, ``year``, ``mean``, ``low``, ``high``; taken as normal and independent between countries
    powers : three codes
    factor : threshold as a multiple of the median distance of the year

    Returns
    -------
    DataFrame
        ``edge`` (``RUS-CHN``), ``year``, ``probability`` that the distance is below the threshold; the years in which
        all three have a point.

    Raises
    ------
    InputError, MissingValueError, DuplicateLabelError
        As for :func:`triangle_by_year`.
    """
    _three(powers)
    table = _checked(points)
    years = _common_years(table, powers)
    thresholds = factor * _medians(table, years)
    rows = table.assign(spread=spread(table)).set_index(["country", "year"])[["mean", "spread"]]
    parts = []
    for a, b in combinations(powers, 2):
        one, two = (rows.loc[c].loc[years] for c in (a, b))
        # On the side of the small numbers: near one a difference of two chances has no digits left.
        apart = np.abs((one["mean"] - two["mean"]).to_numpy(dtype=np.float64))
        sd = np.asarray(np.hypot(one["spread"], two["spread"]), dtype=np.float64)
        chance = ndtr((thresholds - apart) / sd) - ndtr((-thresholds - apart) / sd)
        parts.append(pd.DataFrame({"edge": f"{a}-{b}", "year": years, "probability": np.asarray(chance)}))
    return pd.concat(parts, ignore_index=True)


def triangle_thresholds(
    points: pd.DataFrame | IdealPoints,
    powers: Sequence[str],
    year: int,
    factors: Sequence[float] = FACTORS,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the triangle of one year over several thresholds.

    Parameters
    ----------
    points, powers, draws, seed
        As for :func:`triangle_by_year`.
    year : int
    factors : multiples of the median distance, each once

    Returns
    -------
    DataFrame
        ``factor``, ``threshold``, ``kind``, ``special`` (pivot or outcast), ``balanced``, ``probability``.

    Raises
    ------
    InputError
        If not all three have a point in that year, or as for :func:`triangle_by_year`.
    """
    samples, medians = _samples(points, powers, 1.0, draws, seed)
    if year not in samples:
        raise InputError(
            f"{', '.join(powers)} have no ideal points in {year}; they do in {_span(list(samples))}."
        )
    at = {f * medians[year]: f for f in factors}
    table = threshold_sensitivity(samples[year], [f * medians[year] for f in factors])
    table.insert(0, "factor", [at[t] for t in table["threshold"]])
    return table


def triangle_from_ties(
    pacts: pd.DataFrame, rivalries: pd.DataFrame, powers: Sequence[str], years: Sequence[int]
) -> pd.DataFrame:
    """Return the triangle of three powers in each year from their pacts and rivalries.

    An edge is +1 with a pact and no rivalry, -1 with a rivalry and no pact, else open: neither, or both at once. An
    open edge may be of either sign, and all triangles that are then possible are given.

    Parameters
    ----------
    pacts, rivalries : ``a``, ``b`` (in either order), ``first``, ``last`` (years, both inside). Which treaties count
        as pacts is the caller's choice.
    powers : three codes
    years : years that the tables cover

    Returns
    -------
    DataFrame
        ``year``; a column for each pair: +1, -1 or 0 (open); ``kinds``: what the triangle is, or the kinds that it may
        be, separated by " / "; ``special``: pivot or outcast, where all possible triangles agree on it.

    Raises
    ------
    InputError
        If there are not three powers, or a spell ends before it begins.
    MissingValueError
        If a table lacks a column or a value.
    """
    _three(powers)
    spells = [_spells(t, name) for t, name in ((pacts, "pacts"), (rivalries, "rivalries"))]
    rows = []
    for year in years:
        pact, rival = (_pairs(t, year) for t in spells)
        signs = {p: int(frozenset(p) in pact) - int(frozenset(p) in rival) for p in combinations(powers, 2)}
        allowed = possible(signs)
        odd = {special for _, special in allowed}
        rows.append(
            {
                "year": year,
                **{f"{a}-{b}": s for (a, b), s in signs.items()},
                "kinds": " / ".join(dict.fromkeys(kind for kind, _ in allowed)),
                "special": odd.pop() if len(odd) == 1 else "",
            }
        )
    return pd.DataFrame(rows)


def _spells(table: pd.DataFrame, name: str) -> pd.DataFrame:
    whole(table, ("a", "b", "first", "last"), f"The {name}")
    wrong = table[table["last"] < table["first"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise InputError(
            f"The {name} of {row['a']} and {row['b']} end in {row['last']}, before {row['first']}."
        )
    return table


def _pairs(table: pd.DataFrame, year: int) -> set[frozenset[str]]:
    now = table[(table["first"] <= year) & (table["last"] >= year)]
    return {frozenset(pair) for pair in zip(now["a"], now["b"], strict=True)}


def _samples(
    points: pd.DataFrame | IdealPoints,
    powers: Sequence[str],
    factor: float,
    draws: int,
    seed: int,
) -> tuple[dict[int, dict[str, FloatArray]], dict[int, float]]:
    """Draws of the three by year, and the median distance of each year."""
    _three(powers)
    if not factor > 0.0 or draws < 100:
        raise InputError(f"factor {factor:g}, {draws} draws: give a positive factor, and at least 100.")
    table = _checked(points if isinstance(points, pd.DataFrame) else points.frame)
    years = _common_years(table, powers)
    own = table[table["country"].isin(powers)]
    medians = dict(zip(years, _medians(table, years).tolist(), strict=True))
    if not isinstance(points, pd.DataFrame):
        return {y: {p: points.of(p, y - 1945) for p in powers} for y in years}, medians
    return _normal(own, powers, years, draws, seed), medians


def _common_years(table: pd.DataFrame, powers: Sequence[str]) -> list[int]:
    """Years in which all three have a point."""
    lacking = [p for p in powers if p not in set(table["country"])]
    if lacking:
        raise InputError(f"There is no ideal point of {', '.join(lacking)}. Check the codes.")
    counts = table[table["country"].isin(powers)].groupby("year")["country"].nunique()
    years = [int(y) for y in counts[counts == 3].index]
    if not years:
        raise InputError(f"There is no year in which {', '.join(powers)} all have an ideal point.")
    return years


def _medians(table: pd.DataFrame, years: Sequence[int]) -> FloatArray:
    """Median distance over all pairs of countries in each year."""
    means = {year: part.to_numpy() for year, part in table.groupby("year")["mean"]}
    return np.array([median_distance(means[year]) for year in years])


def _normal(
    own: pd.DataFrame, powers: Sequence[str], years: list[int], draws: int, seed: int
) -> dict[int, dict[str, FloatArray]]:
    rng = np.random.default_rng(seed)
    rows = own.assign(spread=spread(own)).set_index(["country", "year"])[["mean", "spread"]]
    made: dict[int, dict[str, FloatArray]] = {}
    for year in years:
        made[year] = {}
        for p in sorted(powers):  # whoever is named first, the draws are the same
            mean, sd = np.asarray(rows.loc[(p, year)], dtype=np.float64)
            made[year][p] = mean + sd * rng.standard_normal(draws)
    return made


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    whole(table, _POINTS, "Ideal points")
    return unique_rows(table, ("country", "year"), "Ideal points")


def _three(powers: Sequence[str]) -> None:
    if len(powers) != 3 or len(set(powers)) != 3:
        raise InputError(f"A triangle has three different powers, not {', '.join(powers)}.")


def _span(years: list[int]) -> str:
    return f"{min(years)} to {max(years)}"


def read_ties(
    powers: Sequence[str], folder: str | Path | None = None, pledge: str = "defence"
) -> tuple[pd.DataFrame, pd.DataFrame, range]:
    """Read pacts and rivalries among some powers.

    Parameters
    ----------
    powers : alpha-3 codes
    folder : holds ATOP, the strategic rivalries and the list of states of the Correlates of War; the user's store
        without it
    pledge : which promise makes a pact: defence, offence, neutrality, nonaggression or consultation, in either
        direction.

    Returns
    -------
    pacts, rivalries : DataFrame
        ``a``, ``b``, ``first``, ``last``; one row a pair and year.
    years : range
        Years that both files cover.

    Raises
    ------
    InputError
        If there is no such pledge.
    SourceFileError
        If a file is absent.
    """
    if pledge not in PLEDGES:
        raise InputError(f"There is no pledge {pledge!r}; give one of {', '.join(PLEDGES)}.")
    names = ("cow-states", "atop", "rivalries")
    places = [Path(folder)] * 3 if folder is not None else [located(name) for name in names]
    states = read_cow_crosswalk(places[0])
    promised = read_atop(places[1], states)
    rivals = with_countries(rivalry_years(read_rivalries(places[2])), states)
    years = range(
        max(int(t["year"].min()) for t in (promised, rivals)),
        min(int(t["year"].max()) for t in (promised, rivals)) + 1,
    )
    return _among(promised[promised[pledge]], powers), _among(rivals, powers), years


def _among(table: pd.DataFrame, powers: Sequence[str]) -> pd.DataFrame:
    own = table[table["country1"].isin(powers) & table["country2"].isin(powers)]
    pairs = pd.DataFrame(
        {"a": own["country1"], "b": own["country2"], "first": own["year"], "last": own["year"]}
    )
    return pairs.reset_index(drop=True)
