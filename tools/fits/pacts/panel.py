"""Who can form or end a defence pact in which year, and whether they did: the risk sets of the forecasts.

A row is a pair at the end of a year. It is at risk of forming a pact in the next year if it has none and both states
are there in both years; at risk of ending one if it has one. Pairs that are allied from their first year on, and pairs
that vanish with one of their states, make no event. Bilateral pacts, accessions to a treaty of many and its founding
are kinds of event with one risk set; each counts the others as no event of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from fits.pacts.covariates import covariates, since
from fits.pacts.treaties import pact_starts
from suasion.errors import DataError, SourceFileError
from suasion.statecraft.alliance.hazards import SINCE
from suasion.statecraft.dyads.table import DyadYears
from suasion.types import FloatArray

IntArray = npt.NDArray[np.int64]
Kind = Literal["bilateral", "accession", "ending"]
KINDS: tuple[Kind, ...] = ("bilateral", "accession", "ending")
"""The three questions. The founding of a treaty of many is a fourth event, which is counted and not forecast."""

NEEDED = (
    "atop", "nmc", "contiguity", "distance", "mids", "rivalries", "democracy", "ideal-points", "cow-trade",
    "majors",
)  # fmt: skip
"""Data sets that the model needs, besides the list of states."""

NEAR_KM = 1000.0
"""Distance below which two states without a major power are near."""

CLASSES = ("two_majors", "major_minor", "near", "far")
FORMING = (
    "rivals_shared", "strength", "parity", "power_change", "ideal_distance", "no_votes", "trade_dependence", "no_trade",
    "land_border", "distance", "regime_difference", "democracy", "allies_shared", "allies_most", "promises",
    "past_pact", "quiet", "arms", "hostility", "territory", "opposed", *CLASSES,
)  # fmt: skip
ENDING = (
    "rivals_shared", "rivalry", "dispute", "parity", "power_change", "ideal_distance", "no_votes",
    "trade_dependence", "no_trade", "land_border", "regime_difference", "regime_change", "allies_shared",
    "many_members", "age",
)  # fmt: skip


def names_of(kind: Kind) -> tuple[str, ...]:
    """Covariates of a kind of event, in the order of their coefficients."""
    return ENDING if kind == "ending" else FORMING


@dataclass(frozen=True, slots=True)
class AlliancePanel:
    """Pairs by year with covariates and what happened in the year after.

    Attributes
    ----------
    table : DataFrame
        ``cow1``, ``cow2``, ``country1``, ``country2``, ``year`` (of the covariates), ``pair``, ``held`` (pact at the
        end of the year), ``followed`` (the next year is known), ``kind`` (``""``, ``bilateral``, ``accession``,
        ``founding``: pact that begins in the next year), ``ends``, ``treaty`` (that begins, or that stands), and the
        covariates of all questions.
    ages : DataFrame
        Years for which a covariate is carried past its last value, by covariate; same rows.
    last_year : int
        Last year whose pacts are known.
    from_birth : int
        Pacts left out because the pair had them from its first year.
    """

    table: pd.DataFrame
    ages: pd.DataFrame
    last_year: int
    from_birth: int


def risk_sets(dyads: DyadYears, start: int = 1946) -> AlliancePanel:
    """Make the risk sets from dyad-years.

    Parameters
    ----------
    dyads : DyadYears
        Undirected, from 1816 if possible (past pacts are counted from its first year).
    start : int
        First year of the rows that are kept.

    Returns
    -------
    AlliancePanel

    Raises
    ------
    SourceFileError
        If a data set that the model needs is not among those of the table.
    DataError
        If the table is directed, or ends before ``start``.
    """
    _check(dyads, start)
    table = dyads.table
    year = table["year"].to_numpy(dtype=np.int64)
    step = (np.diff(table["cow1"]) != 0) | (np.diff(table["cow2"]) != 0)
    pair = np.concatenate([[0], np.cumsum(step)])
    values, ages = covariates(table, pair)
    starts = pact_starts(table)
    # The first signing of a treaty of many is its founding; who comes later accedes.
    starts["founding"] = starts["year"] == starts.groupby("treaty")["year"].transform("min")
    made = table[["cow1", "cow2", "country1", "country2", "year"]].assign(pair=pair)
    made = pd.concat([made, pd.DataFrame(values)], axis=1)
    made = _history(made, table, starts).assign(**_majors(table))
    made = made.assign(**_classes(made))
    keep = (year >= start) & ~np.isnan(table["atop_defence"].to_numpy())
    made = made[keep].reset_index(drop=True)
    first = starts["from_birth"] & (starts["year"] > start)
    old = pd.DataFrame(ages)[keep].reset_index(drop=True)
    return AlliancePanel(made, old, int(made["year"].max()), int(first.sum()))


def _check(dyads: DyadYears, start: int) -> None:
    given = set(dyads.coverage.loc[dyads.coverage["given"], "source"])
    lacking = [name for name in NEEDED if name not in given]
    if lacking:
        raise SourceFileError(
            f"The risk sets need {', '.join(lacking)} too. Add each with `suasion data add NAME PATH`; "
            "`suasion data list` says where to get it."
        )
    if dyads.directed or int(dyads.table["year"].max()) <= start:
        raise DataError(f"The risk sets need an undirected table of dyad-years that goes on after {start}.")


def _majors(table: pd.DataFrame) -> dict[str, FloatArray]:
    """Whether one or both are major powers; after the list of them ends, as in its last year."""
    both = table.groupby(["cow1", "cow2"], sort=False)[["major_1", "major_2"]].ffill()
    return {
        "major": both.max(axis=1).to_numpy(dtype=float),
        "both_major": both.min(axis=1).to_numpy(dtype=float),
    }


def _classes(made: pd.DataFrame) -> dict[str, FloatArray]:
    """Class of each pair as columns of 1 and 0."""
    two, one = made["both_major"] == 1, made["major"] == 1
    near = made["distance"] < np.log1p(NEAR_KM)
    flags = (two, one & ~two, ~one & near, ~one & ~near)
    return {name: flag.to_numpy(dtype=float) for name, flag in zip(CLASSES, flags, strict=True)}


def _history(made: pd.DataFrame, table: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    """Add pacts: those that stand, began before, begin or end in the next year, and their treaties."""
    pair, year = made["pair"].to_numpy(), made["year"].to_numpy(dtype=np.int64)
    held = table["atop_defence"].to_numpy(dtype=float)
    keys = ["cow1", "cow2", "year"]
    begun = made[keys].merge(starts, on=keys, how="left", validate="one_to_one")
    begins = begun["treaty"].notna().to_numpy()
    last = since(held == 1, pair, year)
    there = since(np.append([True], np.diff(pair) != 0), pair, year)
    promised = [table[f"atop_{p}"].to_numpy() == 1 for p in ("consultation", "neutrality", "nonaggression")]
    return made.assign(
        held=held == 1,
        consults=(promised[0] | promised[1]).astype(float),
        nonaggression=promised[2].astype(float),
        promises=np.any(promised, axis=0).astype(float),
        past_pact=(~np.isnan(last) & (held == 0)).astype(float),
        quiet=np.log1p(np.minimum(np.where(np.isnan(last), there, last), SINCE)),
        age=np.log1p(np.minimum(since(begins, pair, year), SINCE)),
        **_next(begun, begins, held, pair, year),
    )


def _next(
    begun: pd.DataFrame,
    begins: npt.NDArray[np.bool_],
    held: FloatArray,
    pair: IntArray,
    year: IntArray,
) -> dict[str, npt.NDArray[Any]]:
    """Columns on the year after each row, and the treaty and size of the pact that stands or begins."""
    next_there = np.append((np.diff(pair) == 0) & (np.diff(year) == 1), False)
    next_held = np.append(held[1:], np.nan)
    after = next_there & np.append(begins[1:], False)
    treaty = begun["treaty"].to_numpy(dtype=float)
    standing = begun["treaty"].groupby(pair).ffill().to_numpy(dtype=float)
    size = begun["multilateral"].astype("boolean").astype("float64").groupby(pair).ffill()
    many = np.where(begun["founding"].eq(True), "founding", "accession")
    kind = np.where(begun["multilateral"].eq(True), many, "bilateral")
    return {
        "followed": next_there & ~np.isnan(next_held),
        "kind": np.where(after & (held == 0), np.append(kind[1:], ""), ""),
        "ends": next_there & (held == 1) & (next_held == 0),
        "treaty": np.where(held == 1, standing, np.where(after, np.append(treaty[1:], np.nan), 0.0)),
        "many_members": np.where(held == 1, size.to_numpy(dtype=float), np.nan),
    }


def at_risk(table: pd.DataFrame, kind: Kind) -> npt.NDArray[np.bool_]:
    """RiskRows at risk of a kind of event, with a year after them that is known."""
    return np.asarray(table["followed"] & (table["held"] if kind == "ending" else ~table["held"]))


def happened(table: pd.DataFrame, kind: Kind) -> npt.NDArray[np.bool_]:
    """Whether the event happens in the year after."""
    return np.asarray(table["ends"] if kind == "ending" else table["kind"] == kind)


def design(table: pd.DataFrame, kind: Kind) -> FloatArray:
    """Covariates of a kind of event, (rows, K) in the order of :func:`names_of`; NaN where not known."""
    return table[list(names_of(kind))].to_numpy(dtype=float)
