"""How far a state's place depends on the subjects that were put to the vote.

One dimension leaves something out, and roll calls on one agenda subject share it: the posterior sd, which takes them as
independent, is too small for states that vote by subject. The record is split in two halves by subject, each half is
estimated by itself, and what the two differ by beyond their own sds is the variance of the subjects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.types import Z90, FloatArray, IntArray

ARTICLES = frozenset({"", "the", "a", "an", "to", "of", "on"})
BLOCK = 15
"""UN sessions, counted back from the last, over which a country's subject variance is averaged."""
WEIGHT = 8.0
"""Number of rows that the mean of states as far from the middle counts for."""
FLOOR = 0.001
EDGES = (0.5, 1.0, 1.5, 2.0)
"""Bounds of the classes of distance from the middle."""
STARTS = 45
"""UN session from which the classes take their mean: before 1990 the subjects were other ones."""


def subject_of(title: str) -> str:
    """The first word of a title that is no article, in lower case: the agenda's subject, or near it."""
    words = re.split(r"[^a-z0-9'-]+", title.casefold())
    return next((word for word in words if word not in ARTICLES), "")


def halves_by_subject(
    calls: pd.DataFrame, chain: Mapping[int, int], seed: int = 0
) -> tuple[frozenset[int], frozenset[int]]:
    """Split roll calls in two halves of about as many items, no subject in both.

    Parameters
    ----------
    calls : DataFrame
        ``rcid`` and ``title``.
    chain : Mapping
        Roll call to the first of its item (:class:`~suasion.statecraft.ideal_points.record.VotingRecord`): an item has
        the subject of its first roll call.
    seed : int
        Seed of the order in which subjects are dealt out.

    Returns
    -------
    pair of frozenset of int
        Roll calls of each half.
    """
    subjects = calls.set_index("rcid")["title"].fillna("").map(subject_of)
    own = pd.Series(dict(chain), name="item")
    of_item = own.map(subjects)
    items = own.groupby(of_item).nunique()
    order = np.random.default_rng(seed).permutation(len(items))
    sizes, side = [0, 0], {}
    for name, size in zip(items.index[order], items.to_numpy()[order], strict=True):
        side[name] = int(sizes[1] < sizes[0])
        sizes[side[name]] += int(size)
    half = of_item.map(side)
    first, second = (frozenset(int(call) for call in own.index[half == k]) for k in (0, 1))
    return first, second


def with_subjects(whole: pd.DataFrame, splits: Sequence[tuple[pd.DataFrame, pd.DataFrame]]) -> pd.DataFrame:
    """Add ``sd2``, the sd with the variance of the subjects in it, to an estimate.

    With d the difference of the halves and s their own sds, e2 = (d^2 - s_1^2 - s_2^2) / 4: a half has twice the
    subject variance of the whole, and d has that of two halves. It is averaged over the splits, for one split is one
    draw of who is with whom; the mean of a country over a block of UN sessions is shrunk to that of all states as far
    from the middle.

    Parameters
    ----------
    whole : DataFrame
        Table of the estimate of all votes: ``country``, ``un_session``, ``mean``, ``sd``.
    splits : sequence of pairs of DataFrame
        The same of the two halves, for each split.

    Returns
    -------
    DataFrame
        ``whole`` with ``sd2``, in its order.

    Raises
    ------
    InputError
        If the halves have no country session in common.
    """
    parts = [differences_of_halves(whole, *halves) for halves in splits]
    extra = pd.concat(parts).groupby(["country", "un_session"])["e2"].mean()
    block = (whole["un_session"].max() - whole["un_session"]) // BLOCK
    place = np.digitize(whole["mean"].abs(), EDGES)
    keys = pd.MultiIndex.from_frame(whole[["country", "un_session"]])
    known = pd.Series(extra.reindex(keys).to_numpy(), index=whole.index)
    of_class = _class_means(known, whole["un_session"], place)
    group = known.groupby([whole["country"], block])
    total, count = group.transform("sum"), group.transform("count")
    e2 = np.maximum((total + WEIGHT * of_class) / (count + WEIGHT), FLOOR)
    return whole.assign(sd2=np.sqrt(whole["sd"] ** 2 + e2))


def shares_held(whole: pd.DataFrame, splits: Sequence[tuple[pd.DataFrame, pd.DataFrame]]) -> list[float]:
    """Share of the differences of two halves inside their 90 % band, the subjects' variance of the other splits in it.

    Parameters
    ----------
    whole, splits
        As for :func:`with_subjects`; two splits at least.

    Returns
    -------
    list of float
        A share for each split.
    """
    shares = []
    for k, halves in enumerate(splits):
        others = with_subjects(whole, [split for n, split in enumerate(splits) if n != k])
        extra = others.assign(e2=others["sd2"] ** 2 - others["sd"] ** 2)[["country", "un_session", "e2"]]
        both = (
            differences_of_halves(whole, *halves)
            .drop(columns="e2")
            .merge(extra, on=["country", "un_session"])
        )
        reach = Z90 * np.sqrt(both["variance"] + 4.0 * both["e2"])
        shares.append(float((both["difference"].abs() < reach).mean()))
    return shares


def differences_of_halves(whole: pd.DataFrame, one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    """Difference of two halves, each on the scale of the whole by decade.

    Returns
    -------
    DataFrame
        ``country``, ``un_session``, ``difference``, ``variance`` (of it, by the halves' own sds) and ``e2``.

    Raises
    ------
    InputError
        If the halves have no country session in common.
    """
    keys = ["country", "un_session"]
    both = whole[[*keys, "mean"]]
    for name, half in (("one", one), ("two", two)):
        theirs = half[[*keys, "mean", "sd"]].rename(columns={"mean": name, "sd": f"sd_{name}"})
        both = both.merge(theirs, on=keys, validate="one_to_one")
    if both.empty:
        raise InputError(
            "The halves have no country and UN session in common: give two halves of one record."
        )
    decade = both["un_session"] // 10
    for name in ("one", "two"):
        of_whole, of_half = both["mean"].groupby(decade), both[name].groupby(decade)
        stretch = of_whole.transform("std") / of_half.transform("std")
        both[name] = of_whole.transform("mean") + stretch * (both[name] - of_half.transform("mean"))
        both[f"sd_{name}"] *= stretch
    difference, variance = both["one"] - both["two"], both["sd_one"] ** 2 + both["sd_two"] ** 2
    return both[keys].assign(difference=difference, variance=variance, e2=(difference**2 - variance) / 4.0)


def _class_means(extra: pd.Series, un_session: pd.Series, place: IntArray) -> FloatArray:
    """Mean extra variance of the class of each row, over the later UN sessions where there are some."""
    late = un_session >= STARTS
    own = extra[late] if extra[late].notna().any() else extra
    means = own.groupby(pd.Series(place, index=extra.index)).mean()
    found = means.reindex(place).fillna(own.mean())
    floored: FloatArray = np.maximum(found.to_numpy(dtype=np.float64), FLOOR)
    return floored
