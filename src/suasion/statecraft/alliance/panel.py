"""Who can form or end a defence pact in which year, and whether they did: the risk sets of the alliance model.

A row is a pair at the end of a year. It is at risk of forming a pact in the next year if it has none and both states
are there in both years; at risk of ending one if it has one. Pairs that are allied from their first year on, and pairs
that vanish with one of their states, make no event. Bilateral pacts and pacts that come with a multilateral treaty are
two kinds of event with one risk set; each counts the other as no event of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import DataError, SourceFileError
from suasion.statecraft.alliance.covariates import SINCE, covariates, since
from suasion.statecraft.alliance.treaties import pact_starts
from suasion.statecraft.dyads.table import DyadYears

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Kind = Literal["bilateral", "multilateral", "ending"]
KINDS: tuple[Kind, ...] = ("bilateral", "multilateral", "ending")

NEEDED = (
    "atop", "nmc", "contiguity", "distance", "mids", "rivalries", "democracy", "ideal-points", "cow-trade",
    "majors",
)  # fmt: skip
"""Data sets that the model needs, besides the list of states."""

RECENT = 10
"""Years behind the recent rate."""

FORMING = (
    "rivals_shared", "rivalry", "dispute", "strength", "parity", "power_change", "major", "both_major",
    "ideal_distance", "no_votes", "trade_dependence", "no_trade", "land_border", "distance", "regime_difference",
    "democracy", "allies_shared", "allies_most", "promises", "past_pact", "quiet", "recent_rate",
)  # fmt: skip
ENDING = (
    "rivals_shared", "rivalry", "dispute", "parity", "power_change", "ideal_distance", "no_votes",
    "trade_dependence", "no_trade", "land_border", "regime_difference", "regime_change", "allies_shared",
    "many_members", "age", "recent_rate",
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
        end of the year), ``followed`` (the next year is known), ``kind`` (``""``, ``bilateral``, ``multilateral``: pact
        that begins in the next year), ``ends``, ``treaty`` (that begins, or that stands), and the covariates of both
        models; ``recent_bilateral``, ``recent_multilateral``, ``recent_ending``.
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
    made = table[["cow1", "cow2", "country1", "country2", "year"]].assign(pair=pair)
    made = pd.concat([made, pd.DataFrame(values)], axis=1)
    made = _history(made, table, starts).assign(**_majors(table))
    keep = (year >= start) & ~np.isnan(table["atop_defence"].to_numpy())
    made = _with_rates(made[keep].reset_index(drop=True))
    first = starts["from_birth"] & (starts["year"] > start)
    old = pd.DataFrame(ages)[keep].reset_index(drop=True)
    return AlliancePanel(made, old, int(made["year"].max()), int(first.sum()))


def _check(dyads: DyadYears, start: int) -> None:
    given = set(dyads.coverage.loc[dyads.coverage["given"], "source"])
    lacking = [name for name in NEEDED if name not in given]
    if lacking:
        raise SourceFileError(
            f"The alliance model needs {', '.join(lacking)} too. Add each with `suasion data add NAME PATH`; "
            "`suasion data list` says where to get it."
        )
    if dyads.directed or int(dyads.table["year"].max()) <= start:
        raise DataError(
            f"The alliance model needs an undirected table of dyad-years that goes on after {start}."
        )


def _majors(table: pd.DataFrame) -> dict[str, FloatArray]:
    """Whether one or both are major powers; after the list of them ends, as in its last year."""
    both = table.groupby(["cow1", "cow2"], sort=False)[["major_1", "major_2"]].ffill()
    return {
        "major": both.max(axis=1).to_numpy(dtype=float),
        "both_major": both.min(axis=1).to_numpy(dtype=float),
    }


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
    kind = np.where(begun["multilateral"].eq(True), "multilateral", "bilateral")
    return {
        "followed": next_there & ~np.isnan(next_held),
        "kind": np.where(after & (held == 0), np.append(kind[1:], ""), ""),
        "ends": next_there & (held == 1) & (next_held == 0),
        "treaty": np.where(held == 1, standing, np.where(after, np.append(treaty[1:], np.nan), 0.0)),
        "many_members": np.where(held == 1, size.to_numpy(dtype=float), np.nan),
    }


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    """Add the log rates of the ten years before, known at the end of each row's year."""
    rates = {}
    for kind in KINDS:
        risk, event = at_risk(table, kind), happened(table, kind)
        counts = pd.DataFrame({"n": risk.astype(float), "e": (risk & event).astype(float)})
        by_year = counts.groupby(table["year"]).sum()
        # A row of year t tells of events in t + 1: only rows to t - 1 are known at the end of t.
        past = by_year.shift(1).rolling(RECENT, min_periods=1).sum()
        rate = np.log((past["e"] + 0.5) / (past["n"] + 1.0))
        rates[f"recent_{kind}"] = (
            pd.Series(rate, index=by_year.index).reindex(table["year"]).to_numpy(dtype=float)
        )
    return table.assign(**rates)


def at_risk(table: pd.DataFrame, kind: Kind) -> npt.NDArray[np.bool_]:
    """Rows at risk of a kind of event, with a year after them that is known."""
    return np.asarray(table["followed"] & (table["held"] if kind == "ending" else ~table["held"]))


def happened(table: pd.DataFrame, kind: Kind) -> npt.NDArray[np.bool_]:
    """Whether the event happens in the year after."""
    return np.asarray(table["ends"] if kind == "ending" else table["kind"] == kind)


def design(table: pd.DataFrame, kind: Kind) -> FloatArray:
    """Covariates of a kind of event, (rows, K) in the order of :func:`names_of`; NaN where not known."""
    columns = [f"recent_{kind}" if n == "recent_rate" else n for n in names_of(kind)]
    return table[columns].to_numpy(dtype=float)
