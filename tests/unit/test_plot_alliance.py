"""Pictures of the alliance model's record: drawn from the committed tables, nothing else."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import plot_alliance as plot


@pytest.fixture(scope="module")
def calibration():
    return pd.read_csv(plot.EVIDENCE / "alliance_calibration.csv")


def test_groups_without_events_are_bars_without_a_dot(calibration):
    points = plot.calibration_points(calibration)
    assert len(points) == 20 * len(plot.KINDS)
    assert (points["rate"].isna() == (points["events"] == 0)).all()
    assert (points["low"] > 0).all(), "nothing at or below zero has a place on a logarithmic axis"
    assert (points["low"] <= points["high"]).all()
    top = points[(points["kind"] == "bilateral pact") & (points["group"].astype(str) == "20")].iloc[0]
    assert top["rate"] == pytest.approx(100.0 * 15 / 34175, rel=1e-6)  # 15 signings in the top group


def test_learning_curve_is_the_rows_of_the_table():
    points = plot.learning_points(pd.read_csv(plot.EVIDENCE / "alliance_evaluation.csv"))
    assert len(points) == len(plot.KINDS) * len(plot.PASTS)
    assert set(points["past"]) == set(plot.PASTS.values())
    assert not points.duplicated(["kind", "past"]).any()
    assert (points["log_skill_low"] <= points["log_skill"]).all()


@pytest.mark.parametrize("name", ["alliance-calibration.svg", "alliance-learning.svg"])
def test_committed_pictures_are_drawn_from_the_tables(name):
    labels = re.compile(r'aria-label="([^"]*)"')
    committed = sorted(labels.findall((plot.IMAGES / name).read_text("utf-8")))
    fresh = sorted(labels.findall(plot.pictures()[name].decode()))
    assert committed == fresh, "run `python tools/plot_alliance.py`"
    assert len(fresh) > 12
