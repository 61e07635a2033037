"""The variance of the subjects: splits by subject, and what halves differ by."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fits.vote_subjects import (
    differences_of_halves,
    halves_by_subject,
    subject_of,
    with_subjects,
)
from suasion.errors import InputError

SD, TAU = 0.1, 0.3
"""Sd of the whole by its votes, and of the subjects for the states that vote by subject."""


def made_up(seed: int = 0, splits: int = 3) -> tuple[pd.DataFrame, list[tuple[pd.DataFrame, pd.DataFrame]]]:
    """60 countries in 30 UN sessions; the first ten vote by subject. A half has twice each variance of the whole."""
    rng = np.random.default_rng(seed)
    names = [f"C{k:02d}" for k in range(60)]
    index = pd.MultiIndex.from_product([names, range(51, 81)], names=["country", "un_session"])
    whole = index.to_frame(index=False)
    place = np.repeat(rng.uniform(-0.4, 0.4, 60), 30) + np.where(whole["country"] < "C10", 2.5, 0.0)
    whole = whole.assign(mean=place, sd=SD)
    tau = np.where(whole["country"] < "C10", TAU, 0.0)

    def half() -> pd.DataFrame:
        noise = np.sqrt(2.0 * (SD**2 + tau**2)) * rng.standard_normal(len(whole))
        return whole.assign(mean=0.7 + 1.3 * (whole["mean"] + noise), sd=1.3 * np.sqrt(2.0) * SD)

    return whole, [(half(), half()) for _ in range(splits)]


def test_the_variance_of_the_subjects_is_found():
    whole, splits = made_up()
    found = with_subjects(whole, splits)
    by_subject = found["country"] < "C10"
    # 10 x 30 x 3 squared differences: the sd of their mean is 5 %, that of its root half of it; and a scale fitted
    assert found.loc[by_subject, "sd2"].mean() == pytest.approx(np.hypot(SD, TAU), rel=0.15)
    assert found.loc[~by_subject, "sd2"].mean() == pytest.approx(SD, rel=0.25)
    assert (found["sd2"] > found["sd"]).all()
    assert found.drop(columns="sd2").equals(whole)


def test_halves_are_put_on_the_scale_of_the_whole():
    whole, splits = made_up()
    one, two = splits[0]
    plain = differences_of_halves(whole, one, two)
    moved = differences_of_halves(whole, one.assign(mean=5.0 - -2.0 * one["mean"], sd=2.0 * one["sd"]), two)
    np.testing.assert_allclose(plain["difference"], moved["difference"], atol=1e-12)
    np.testing.assert_allclose(plain["variance"], moved["variance"], atol=1e-12)
    with pytest.raises(InputError, match="no country and UN session in common"):
        differences_of_halves(whole, one.iloc[:5], two.iloc[5:])


def test_no_subject_is_in_both_halves():
    titles = [
        "The Syrian Golan",
        "SYRIAN things",
        "To end the embargo",
        "Embargo",
        "Peace",
        "A peace",
        "War",
        None,
    ]
    calls = pd.DataFrame({"rcid": range(1, 9), "title": titles})
    chain = {call: call for call in range(1, 9)} | {8: 7}  # the last repeats the seventh, and has its subject
    one, two = halves_by_subject(calls, chain, seed=1)
    assert one | two == set(range(1, 9))
    assert not one & two
    for pair in ((1, 2), (5, 6), (7, 8)):
        assert set(pair) <= one or set(pair) <= two
    assert [subject_of(t) for t in titles[:4]] == ["syrian", "syrian", "end", "embargo"]
    assert {frozenset(halves_by_subject(calls, chain, seed=k)[0]) for k in range(8)} != {one}
