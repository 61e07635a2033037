"""Onset of sanctions: levels, histories and rates in closed form, what ships, and the register of the user's own."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from suasion.answers.render.text import as_text
from suasion.errors import InputError, UnknownCountryError
from suasion.questions import sanctions_onset
from suasion.sources.catalogue_store import add
from suasion.sources.groups import members
from suasion.statecraft.sanctions import (
    MOST,
    SENDERS,
    OnsetFactor,
    case_history,
    levelled,
    sanction_model,
    sanction_onset,
    sanction_onsets,
    sender_rates,
)  # fmt: skip

ROUNDED = 2e-3
"""Largest step of a chance by rounding five parts of log odds to thousandths: 5 x .0005 x 1/4, and six digits of others."""


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))


def cases(*rows):
    return pd.DataFrame(rows, columns=["sender", "target", "begin", "end"])


def pairs(**targets):
    rows = [(sender, target) for sender, names in targets.items() for target in names]
    return pd.DataFrame(rows, columns=["sender", "target"])


def test_levels_are_met_and_the_order_of_targets_is_kept():
    odds = np.array([-4.0, -1.0, 2.0, -3.0, 0.5])
    sender = pd.Series(["USA", "USA", "USA", "CHN", "CHN"])
    made = levelled(odds, sender, {"USA": 0.2, "CHN": 0.01})
    # the root is sought to 1e-10 in log odds
    assert made[:3].mean() == pytest.approx(0.2, abs=1e-9)
    assert made[3:].mean() == pytest.approx(0.01, abs=1e-9)
    assert np.diff(logit(made[:3])) == pytest.approx([3.0, 3.0])


def test_histories_count_by_hand():
    found = cases(
        ("USA", "IRN", 1980, 2023),
        ("USA", "IRN", 2010, 2012),
        ("EU", "IRN", 2011, 2016),
        ("USA", "CUB", 2014, 2014),
    )
    past = np.expm1(case_history(found, pairs(USA=["IRN", "CUB"], EU=["IRN"], CHN=["IRN"]), 2013))
    assert past["own_active"].tolist() == pytest.approx([1, 0, 1, 0])
    assert past["own_recent"].tolist() == pytest.approx([1, 0, 1, 0])
    assert past["own_ever"].tolist() == pytest.approx([2, 0, 1, 0])
    assert past["other_active"].tolist() == pytest.approx([1, 0, 1, 2])
    assert past["other_recent"].tolist() == pytest.approx([1, 0, 1, 2])


def test_a_rate_that_never_changed_is_found_whatever_the_weights():
    found = cases(*(("USA", name, year, year) for year in range(1976, 2021) for name in ("IRN", "CUB")))
    own = pairs(USA=[*"ABCDEF", "IRN", "CUB"], CHN=["IRN", "CUB"])
    rates = sender_rates(found, own, 2020)
    assert rates["USA"] == pytest.approx(2 / 8)
    assert 0 < rates["CHN"] < 1e-3  # never, pulled to the least rate of all years


def test_what_ships_is_at_the_senders_rates():
    table, model = sanction_onsets(), sanction_model()
    assert set(table["sender"]) == set(SENDERS)
    means = table.groupby("sender")["chance"].mean()
    for sender, rate in model["rates"].items():
        assert means[sender] == pytest.approx(min(rate * model["recalibration"], MOST), rel=1e-6)
    union = set(table.loc[table["sender"] == "EU", "target"])
    assert not union & set(members("EU", 2023))
    assert not (table["sender"] == table["target"]).any()
    assert table["chance"].between(0, 1, inclusive="neither").all()


def test_the_scores_reach_what_was_aimed_at():
    score = sanction_model()["scores"]["one_year"]["all"]
    assert score["area"] >= 0.88
    assert score["log_skill"] >= 0.11
    assert abs(score["expected"] / score["events"] - 1) <= 0.25


def test_one_pair_in_its_band_and_apart_from_the_mean():
    one = sanction_onset("USA", "CHN")
    assert one.low < one.probability < one.high
    assert 1 <= one.place <= one.of
    assert {name for name, _ in one.moved} == set(OnsetFactor)
    away = [abs(logit(value) - logit(one.probability)) for _, value in one.moved]
    assert away == sorted(away, reverse=True)
    with pytest.raises(InputError, match="not for BRA"):
        sanction_onset("BRA", "CHN")
    assert sanction_onset("EU", "FRA") is None


def test_the_question_has_all_senders_and_says_whom_it_lacks():
    answer = sanctions_onset("EU", "TUR")
    assert answer.frame["sender"].tolist() == list(SENDERS)
    row = answer.frame.set_index("sender").loc["EU"]
    assert row["loss_percent_low"] < row["loss_percent"] < row["loss_percent_high"]
    for pair, key in ((("EU", "FRA"), "no_target"), (("BRA", "CHN"), "no_sender")):
        none = sanctions_onset(*pair)
        assert none.absent.key == f"sanctions_onset.{key}"
        assert none.absent.sentence() in " ".join(as_text(none, width=4000).split())
    with pytest.raises(UnknownCountryError, match="Ruritania"):
        sanctions_onset("USA", "Ruritania")


def test_the_register_added_gives_what_ships(reference_data):
    """The same cases, counted by the reader of the user's file and not by the fit."""
    before = sanction_onsets().set_index(["sender", "target"])["chance"]
    add("gsdb", [reference_data / "gsdb" / "GSDB_V4.csv"])
    after = sanction_onsets()
    assert after.attrs["last_year"] == sanction_model()["last_year"]
    assert after.set_index(["sender", "target"])["chance"].sub(before).abs().max() < ROUNDED


def test_on_a_terminal():
    command = [sys.executable, "-m", "suasion", "sanctions-onset", "USA", "China", "--format", "csv"]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert made.stdout.startswith("sender,")


def test_sanctions_since_the_register_are_told_and_change_no_chance():
    answer = sanctions_onset("EU", "RUS")
    since = answer.table("onsets-since").frame
    assert "2024-10-08" in set(since.loc[since["sender"] == "EU", "date"])
    assert (since["source"].str.len() > 0).all()
    assert (since["locator"].str.len() > 0).all()
    assert {"sanctions_onset.since"} <= {one.key for one in answer.findings}
    # a state on which nothing was read has no table of them, and no sentence
    quiet = sanctions_onset("USA", "ISL")
    assert "onsets-since" not in {one.key for one in quiet.tables}
    last = sanction_onsets().attrs["last_year"]
    assert sanction_onset("EU", "RUS").data_to == last < since["date"].str[:4].astype(int).min()


def test_sanctions_of_the_record_are_ranked_better_than_by_chance():
    """Those that were read were looked for, new targets most of all: a low bar, above no order at all (.5)."""
    from suasion.statecraft.record import FactKind, _typed

    begun = {
        (one.a, one.b) for facts in _typed().facts.values() for one in facts if one.kind is FactKind.SANCTIONS
    }
    assert {sender for sender, _ in begun} == set(SENDERS)
    placed = [sanction_onset(*pair) for pair in begun]
    below = [1.0 - (one.place - 1) / (one.of - 1) for one in placed if one]
    assert len(below) == len(begun)
    # 18 pairs: the standard error of the mean of as many uniform places is .07
    assert np.mean(below) > 0.6
