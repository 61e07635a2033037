"""The record of votes as the model sees it: states of countries in time, items, and who voted what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import DataError, InputError, MissingValueError
from suasion.schema.typed_file import unique_rows
from suasion.sources.unga_votes import refuse_only_no
from suasion.types import FloatArray, IntArray

COLUMNS = ("country", "un_session", "rcid", "vote")


@dataclass(frozen=True, slots=True)
class VotingRecord:
    """Votes arranged for the model.

    A *state* is a country in a UN session; an *item* is a roll call, or a chain of roll calls on the same text.

    Attributes
    ----------
    countries : country of each state (n,), sorted by country and then by time
    un_session : UN session of each state (n,)
    votes : number of votes of each state (n,)
    previous : index of the country's state before (n,), -1 for its first
    drift : FloatArray
        Variance of the step from the state before (n,).
    items : first roll call of each item (m,)
    item, state : item and state of each vote (v,), sorted by item
    vote : 1, 2 or 3 (v,)
    chain : Mapping
        Roll call to the first roll call of its item, for all roll calls kept.
    """

    countries: tuple[str, ...]
    un_session: IntArray
    votes: IntArray
    previous: IntArray
    drift: FloatArray
    items: tuple[int, ...]
    item: IntArray
    state: IntArray
    vote: IntArray
    chain: Mapping[int, int]


def voting_record(
    votes: pd.DataFrame,
    matches: pd.DataFrame | None = None,
    smoothing: float = 0.5,
    minimum: int = 1,
) -> VotingRecord:
    """Arrange votes for the model.

    Items on which all agree carry no information and are left out, and so are UN sessions with a single roll
    call and states with fewer than ``minimum`` votes. The step of a country from one UN session to the next that it
    attends has variance ``smoothing`` x n_t / (n_t + n_before), n its numbers of votes.

    Parameters
    ----------
    votes : ``country``, ``un_session``, ``rcid``, ``vote`` (1 yes, 2 abstain, 3 no); absent countries have no row
    matches : ``rcid`` and ``repeats``: roll calls on the same text as an earlier one share its cutpoints and slope.
    smoothing : scale of the drift; smaller is smoother
    minimum : fewest votes of a state

    Returns
    -------
    VotingRecord

    Raises
    ------
    MissingValueError
        If a column or a value is missing.
    DataError
        If a vote is none of 1, 2, 3, a country's votes in a UN session are nearly all no (absences coded as such), or
        nothing is left.
    DuplicateLabelError
        If a country has two votes on a roll call.
    InputError
        If smoothing is not positive.
    """
    if not smoothing > 0:
        raise InputError(f"`smoothing` is {smoothing}; give a positive variance, 0.5 as published.")
    table = _checked(votes)
    chain = _chains(table["rcid"].unique(), matches)
    table = table.assign(item=table["rcid"].map(chain))
    table = _informative(table, minimum)
    if table.empty:
        raise DataError(
            "No roll call is left on which countries differ. Give votes of more countries or roll calls."
        )
    table = table.sort_values(["item", "country", "un_session"], kind="stable")
    states = table.groupby(["country", "un_session"]).size()
    place = pd.Series(np.arange(len(states)), index=states.index)
    keys = pd.MultiIndex.from_frame(table[["country", "un_session"]])
    items, item = np.unique(table["item"].to_numpy(), return_inverse=True)
    vote = table["vote"].to_numpy().astype(np.intp)
    previous, drift = _steps(states, smoothing)
    return VotingRecord(
        countries=tuple(states.index.get_level_values(0).astype(str)),
        un_session=states.index.get_level_values(1).to_numpy().astype(np.intp),
        votes=states.to_numpy().astype(np.intp),
        previous=previous,
        drift=drift,
        items=tuple(int(i) for i in items),
        item=item.astype(np.intp),
        state=place.reindex(keys).to_numpy().astype(np.intp),
        vote=vote,
        chain={int(r): int(i) for r, i in table[["rcid", "item"]].drop_duplicates().itertuples(index=False)},
    )


def _checked(votes: pd.DataFrame) -> pd.DataFrame:
    absent = [c for c in COLUMNS if c not in votes]
    if absent:
        raise MissingValueError(
            f"The votes have no column {', '.join(absent)}. They need {', '.join(COLUMNS)}."
        )
    table = votes[list(COLUMNS)]
    gaps = table.isna().any(axis=1)
    if gaps.any():
        raise MissingValueError(
            f"Row {table.index[gaps][0]} of the votes has a gap ({int(gaps.sum())} in all). "
            "An absent country has no row."
        )
    odd = table[~table["vote"].isin([1, 2, 3])]
    if len(odd):
        row = odd.iloc[0]
        raise DataError(
            f"{row['country']} has vote {row['vote']} on roll call {row['rcid']}: only 1 yes, 2 abstain and 3 no are "
            "votes. Drop absences and non-members (8 and 9 in the source); they are not a no."
        )
    unique_rows(table, ("country", "rcid"), "Table of votes")
    refuse_only_no(table)
    return table


def _chains(calls: npt.NDArray[np.int64], matches: pd.DataFrame | None) -> dict[int, int]:
    """Roll call to the first of its chain; a link to a roll call without votes still carries on the chain."""
    first = {int(c): int(c) for c in calls}
    if matches is None:
        return first
    link: dict[int, int] = {}
    for later, earlier in matches[["rcid", "repeats"]].itertuples(index=False):
        if later == earlier:
            raise DataError(
                f"Roll call {later} is said to repeat itself. A match names an earlier roll call."
            )
        link[int(later)] = min(int(earlier), link.get(int(later), int(earlier)))
    for call in first:
        seen = {call}
        while first[call] in link:
            first[call] = link[first[call]]
            if first[call] in seen:
                raise DataError(
                    f"The matches of roll call {call} run in a circle. A match names an earlier roll call."
                )
            seen.add(first[call])
    return first


def _informative(table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    calls = table.groupby("un_session")["rcid"].transform("nunique")
    table = table[calls > 1]
    table = table[table.groupby("item")["vote"].transform("nunique") > 1]
    count = table.groupby(["country", "un_session"])["vote"].transform("size")
    table = table[count >= minimum]
    return table[table.groupby("item")["vote"].transform("nunique") > 1]


def _steps(states: pd.Series, smoothing: float) -> tuple[IntArray, FloatArray]:
    country = states.index.get_level_values(0).to_numpy()
    count = states.to_numpy().astype(float)
    index = np.arange(len(states))
    again = np.r_[False, country[1:] == country[:-1]]
    before = np.where(again, np.r_[0.0, count[:-1]], count)
    return np.where(again, index - 1, -1).astype(np.intp), smoothing * count / (count + before)
