"""Made-up votes with known ideal points: for tests, and for trying the model without any data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class SimulatedVotes:
    """Votes drawn from the model, with what they were drawn from.

    Attributes
    ----------
    votes : ``country``, ``un_session``, ``rcid``, ``vote``
    truth : ``country``, ``un_session``, ``theta``: the true ideal points, mean 0 and sd 1.
    matches : ``rcid``, ``repeats``: which roll calls repeat which.
    """

    votes: pd.DataFrame
    truth: pd.DataFrame
    matches: pd.DataFrame


def simulate_votes(
    countries: int = 40,
    un_sessions: int = 8,
    calls: int = 40,
    seed: int = 0,
    absent: float = 0.08,
    repeated: float = 0.2,
) -> SimulatedVotes:
    """Draw votes from the model.

    Parameters
    ----------
    countries, un_sessions, calls : countries (``C00`` has the highest ideal point at the start), UN sessions, roll
        calls in each
    seed : seed of the random numbers
    absent : share of votes not cast, 0 to 1
    repeated : share of the roll calls that come again in the next UN session, 0 to 1

    Returns
    -------
    SimulatedVotes

    Raises
    ------
    InputError
        If a count is below 2 or a share is not between 0 and 1.
    """
    if min(countries, un_sessions, calls) < 2 or not (0 <= absent < 1 and 0 <= repeated <= 1):
        raise InputError("Give at least 2 countries, UN sessions and roll calls, and shares between 0 and 1.")
    rng = np.random.default_rng(seed)
    theta = _paths(rng, un_sessions, countries)
    names = [f"C{k:02d}" for k in range(countries)]
    frames, links = [], []
    items = _new_items(rng, calls)
    for time in range(un_sessions):
        if time:
            kept = rng.random(calls) < repeated
            items = np.where(kept, items, _new_items(rng, calls))
            links += [(time * 1000 + k, (time - 1) * 1000 + k) for k in np.flatnonzero(kept)]
        frames.append(_cast(rng, theta[time], items, absent, names).assign(un_session=time + 1))
        frames[-1]["rcid"] += time * 1000
    truth = pd.DataFrame(
        {
            "country": names * un_sessions,
            "un_session": np.repeat(np.arange(un_sessions) + 1, countries),
            "theta": theta.ravel(),
        }
    )
    return SimulatedVotes(
        pd.concat(frames, ignore_index=True), truth, pd.DataFrame(links, columns=["rcid", "repeats"])
    )


def _paths(rng: np.random.Generator, un_sessions: int, countries: int) -> FloatArray:
    """Random walks from sorted normal starts, standardised over all (un_session, country)."""
    steps = 0.5 * rng.standard_normal((un_sessions, countries))
    steps[0] = np.sort(rng.standard_normal(countries))[::-1]
    theta = steps.cumsum(axis=0)
    standard: FloatArray = (theta - theta.mean()) / theta.std()
    return standard


def _new_items(rng: np.random.Generator, calls: int) -> FloatArray:
    """Slope and two cutpoints of each roll call (3, calls)."""
    middle = rng.uniform(-1.5, 1.5, calls)
    width = rng.exponential(0.8, calls)
    return np.stack([rng.standard_normal(calls), middle - width / 2, middle + width / 2])


def _cast(
    rng: np.random.Generator, theta: FloatArray, items: FloatArray, absent: float, names: list[str]
) -> pd.DataFrame:
    """Votes of one UN session, roll calls numbered from 0."""
    z = np.outer(theta, items[0])
    z += rng.standard_normal(z.shape)
    vote = 1 + (z > items[1]).astype(int) + (z > items[2]).astype(int)
    who, what = np.nonzero(rng.random(vote.shape) >= absent)
    return pd.DataFrame({"country": np.array(names)[who], "rcid": what, "vote": vote[who, what]})
