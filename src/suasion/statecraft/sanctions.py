"""The chance that a state or the European Union begins trade or financial sanctions on another in a year.

Fitted once (``tools/fit_sanctions.py``) on a register that may not ship: coefficients ship, and the chances of one
frozen year. Where the user has added the register, its cases take the place of what is known of them at the freeze.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, cast

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from suasion.errors import InputError
from suasion.files import shipped
from suasion.sources.catalogue_store import load, manifest_of
from suasion.sources.gsdb import parties
from suasion.types import Z90, FloatArray

TABLES, ONSETS, MODEL = "suasion.statecraft.tables", "sanction_onsets.parquet", "sanction_model.json"
REGISTER = "gsdb"
SENDERS = ("USA", "EU", "GBR", "CAN", "RUS", "CHN", "JPN", "AUS")
"""Senders of which onsets are forecast."""
OWN = ("own_active", "own_recent", "own_ever")
HISTORY = (*OWN, "other_active", "other_recent")
"""Cases in force, begun in five years and ever: of the sender, and of the other senders against the same target."""
RECENT, FIRST = 5, 1976
"""Years that are recent; first year whose onsets count."""
LEVEL, THIN = 1.0, 0.5
"""Half-life of a sender's rate, years; events by which it is pulled to its rate of all years."""
UNIT, MOST = 1000, 0.9
"""Parts of a log odds in the file; largest rate."""


class OnsetFactor(StrEnum):
    """What moves a chance."""

    CASES = "cases"
    POLITICS = "politics"
    TRADE = "trade"
    REGIME = "regime"
    POWER = "power"


@dataclass(frozen=True, slots=True)
class SanctionOnset:
    """The chance that a sender begins trade or financial sanctions on a target in a year.

    Attributes
    ----------
    sender, target : codes; ``EU`` for the European Union
    year : the year
    probability, low, high : chance, and its 90 % band
    base : mean chance of the sender's targets
    place, of : rank among the sender's targets, 1 the likeliest; number of targets
    moved : by factor the chance if it were as for the mean of the sender's targets
    data_to : last year of the register behind it
    """

    sender: str
    target: str
    year: int
    probability: float
    low: float
    high: float
    base: float
    place: int
    of: int
    moved: tuple[tuple[OnsetFactor, float], ...]
    data_to: int


@cache
def sanction_model() -> Mapping[str, Any]:
    """Return what ships beside the chances: coefficients, rates and scores; not to be changed.

    Returns
    -------
    Mapping
        ``year`` of the chances, ``last_year`` of the register, ``per_sd`` (log odds by covariate), ``history``
        (``per_unit`` of log(1 + cases) and ``centre``), ``rates`` by sender, ``recalibration`` of all of them,
        ``drift`` (spread of the log of a rate) by years ahead, ``scores`` by scheme and sender.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.
    """
    values: dict[str, Any] = shipped(TABLES, MODEL, json.load)
    return values


def sanction_onsets() -> pd.DataFrame:
    """Return the chances of the year for all senders and targets, the likeliest of each sender first.

    Returns
    -------
    DataFrame
        ``sender``, ``target``, ``chance``, ``reach`` (half its 90 % band, of the log odds), ``sd`` (of the fit, log
        odds), and log odds by :class:`OnsetFactor`; ``attrs["last_year"]`` of the register. With the register in the
        user's store, computed from its cases.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or the register is damaged.
    """
    files = manifest_of(REGISTER)
    return _with_register(files[0].sha256) if files else _shipped()


@cache
def onset_inputs() -> str:
    """Checksum of both files that ship: forecasts with the same one rest on the same numbers."""
    content = b"".join(shipped(TABLES, name, lambda file: file.read()) for name in (ONSETS, MODEL))
    return hashlib.sha256(content).hexdigest()


def sanction_onset(sender: str, target: str) -> SanctionOnset | None:
    """Return the chance of one sender and target; None where the fit has not both.

    Parameters
    ----------
    sender : one of :data:`SENDERS`
    target : code of a state

    Returns
    -------
    SanctionOnset or None

    Raises
    ------
    InputError
        If the sender is none of the eight.
    """
    if sender not in SENDERS:
        raise InputError(
            f"Onsets of sanctions are forecast for {', '.join(SENDERS)} as senders, not for {sender}; "
            "name one of them first, and the target second."
        )
    table = sanction_onsets()
    own = table[table["sender"] == sender].reset_index(drop=True)
    found = own.index[own["target"] == target]
    if not len(found):
        return None
    row, factors = own.loc[found[0]], list(OnsetFactor)
    odds, reach = float(logit(row["chance"])), float(row["reach"])
    low, high = (float(expit(end)) for end in (odds - reach, odds + reach))
    away = (row[factors] - own[factors].mean()).astype(float)
    moved = tuple((name, float(expit(odds - away[name]))) for name in away.abs().sort_values().index[::-1])
    numbers = (float(row["chance"]), low, high, float(own["chance"].mean()))
    last = table.attrs["last_year"]
    return SanctionOnset(
        sender, target, sanction_model()["year"], *numbers, int(found[0]) + 1, len(own), moved, last
    )


def sanction_cases(table: pd.DataFrame) -> pd.DataFrame:
    """Cases of trade or financial sanctions of the eight senders: ``sender``, ``target``, ``begin``, ``end``.

    table: of :func:`suasion.sources.gsdb.read_gsdb`.
    """
    kept = table[table["trade"] | table["financial"]]
    rows = [
        (sender, target, int(row["begin"]), int(row["end"]))
        for row in kept.to_dict("records")
        for sender in parties(row["sender"])
        for target in parties(row["target"])
        if sender in SENDERS
    ]
    return pd.DataFrame(rows, columns=["sender", "target", "begin", "end"]).drop_duplicates(ignore_index=True)


def case_history(found: pd.DataFrame, pairs: pd.DataFrame, year: int) -> pd.DataFrame:
    """Log of one and the cases of :data:`HISTORY` as known at the end of a year, in the order of the rows of pairs.

    found: of :func:`sanction_cases`. pairs: ``sender``, ``target``.
    """
    known = found[found["begin"] <= year]
    active, recent = known[known["end"] >= year], known[known["begin"] > year - RECENT]
    keys = pd.MultiIndex.from_frame(pairs[["sender", "target"]])
    made = {
        name: part.groupby(["sender", "target"]).size().reindex(keys, fill_value=0).to_numpy()
        for name, part in zip(OWN, (active, recent, known), strict=True)
    }
    for name, part in (("active", active), ("recent", recent)):
        every = part.groupby("target").size().reindex(pairs["target"], fill_value=0).to_numpy()
        made[f"other_{name}"] = every - made[f"own_{name}"]
    counts = pd.DataFrame(made, index=pairs.index)
    return pd.DataFrame(np.log1p(counts.to_numpy(float)), counts.index, counts.columns)


def sender_rates(found: pd.DataFrame, pairs: pd.DataFrame, until: int) -> dict[str, float]:
    """Onsets a target and year by sender, from the years to one; recent years count most.

    found: of :func:`sanction_cases`. pairs: ``sender``, ``target``, those that may be hit.
    """
    begun = found.merge(pairs[["sender", "target"]]).drop_duplicates(["sender", "target", "begin"])
    years = np.arange(FIRST, until + 1)
    weight = 0.5 ** ((until - years) / LEVEL)
    rates: dict[str, float] = {}
    for name, targets in pairs["sender"].value_counts().items():
        counts = begun.loc[begun["sender"] == name, "begin"].value_counts().reindex(years, fill_value=0)
        long = max(float(counts.mean()) / targets, 1e-4)
        seen = float((weight * counts).sum()) + THIN
        rates[str(name)] = seen / (float(weight.sum()) * targets + THIN / long)
    return rates


def levelled(odds: FloatArray, sender: pd.Series, rate: Mapping[str, float]) -> FloatArray:
    """Chances whose log odds are moved so that the mean over the targets of each sender is its rate (n,)."""
    made = np.empty(len(odds))
    for name in sender.unique():
        own = (sender == name).to_numpy()
        made[own] = expit(odds[own] + _shift(odds[own], rate[str(name)]))
    return made


def _shift(odds: FloatArray, rate: float) -> float:
    """What moves log odds so that their mean chance is a rate: the mean rises with it, so there is one."""
    return float(brentq(lambda shift: float(expit(odds + shift).mean()) - rate, -40.0, 40.0, xtol=1e-10))


@cache
def _shipped() -> pd.DataFrame:
    table = shipped(TABLES, ONSETS, pd.read_parquet)
    numbers = [*OnsetFactor, "sd"]
    table = table[["sender", "target"]].astype(str).join(table[numbers] / UNIT)
    model = sanction_model()
    return _ranked(table, model["rates"], model["last_year"])


@cache
def _with_register(checksum: str) -> pd.DataFrame:
    """The chances from the register that the user added."""
    model, table = sanction_model(), _shipped().drop(columns=["chance", "reach"])
    found = sanction_cases(cast(pd.DataFrame, load(REGISTER)))
    last = min(int(found["begin"].max()), model["year"] - 1)
    past = case_history(found, table, last)
    parts = [(model["history"][name], past[name]) for name in HISTORY]
    table[OnsetFactor.CASES] = sum(part["per_unit"] * (value - part["centre"]) for part, value in parts)
    return _ranked(table, sender_rates(found, table, last), last)


def _ranked(table: pd.DataFrame, rates: Mapping[str, float], last: int) -> pd.DataFrame:
    """Chances at the rates of the senders, by what came of earlier ones in the year after, and their order."""
    model = sanction_model()
    level = {name: min(rate * model["recalibration"], MOST) for name, rate in rates.items()}
    chance = levelled(table[list(OnsetFactor)].sum(axis=1).to_numpy(dtype=float), table["sender"], level)
    made = table.assign(
        chance=chance, reach=Z90 * np.hypot(table["sd"], model["drift"][str(model["year"] - last)])
    )
    made = made.sort_values(["sender", "chance"], ascending=[True, False], kind="stable", ignore_index=True)
    made.attrs["last_year"] = last
    return made
