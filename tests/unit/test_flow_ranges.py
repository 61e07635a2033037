"""Ranges of flows: the rule of what moves them anyway, mixtures, and what a reader of a scenario sees of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence
import suasion as su
from evidence_trial import TRIAL
from fits import flow_noise, model_doubt
from suasion.equilibrium import resolve
from suasion.equilibrium.batch.flow_ranges import ALL, ONE, POWER, flow_range, usual_change
from suasion.equilibrium.elasticities.alternatives import ALTERNATIVES, alternative, mixture
from suasion.equilibrium.elasticities.schedule import sigma_at
from suasion.questions import simulate
from suasion.types import Z90
from suasion.world.testing import random_world


def test_the_rule_is_the_fit_and_held_later():
    table = evidence.read(next(one for one in TRIAL if one.name == "flow_noise"))
    table = table.astype({"span": float})
    for of, (level, power) in (("industry", ONE), ("all_goods", ALL)):
        part = table[table["of"] == of]
        # two digits of each number are in use
        assert flow_noise.fitted(part) == pytest.approx([level, POWER, power], abs=0.006)
        held = np.average(part["later_held"].dropna(), weights=part.loc[part["later_held"].notna(), "cases"])
        assert held == pytest.approx(0.9, abs=0.02)  # nine in ten, of years that took no part


def test_the_rule_in_closed_form():
    assert usual_change(1, 1000.0) == pytest.approx(ONE[0])
    assert usual_change(4, 1000.0, 27) == pytest.approx(ALL[0] * 4**POWER)
    assert usual_change(1, 1000.0, 4) == pytest.approx(ALL[0])  # one over two is smaller


def test_a_certain_response_has_the_usual_range():
    one = flow_range({"": np.full((1, 2), -0.3)}, {"": 1.0}, np.array([0.2, 0.4]))
    # 31 points stand for a normal distribution
    np.testing.assert_allclose(np.stack([one.low, one.high]) + 0.3, [[-0.2, -0.4], [0.2, 0.4]], rtol=0.08)
    assert one.data_share == pytest.approx([1.0, 1.0])


def test_a_range_says_of_what_it_is():
    rng = np.random.default_rng(0)
    members = {"a": rng.normal(-1.0, 0.1, (500, 1)), "b": rng.normal(-0.4, 0.1, (500, 1))}
    quiet = np.array([0.05 * Z90])
    mixed = flow_range(members, {"a": 3.0, "b": 1.0}, quiet)
    model, response = 0.75 * 0.25 * 0.6**2, 0.1**2  # variance of two points, and within each
    whole = model + response + 0.05**2
    assert float(mixed.model_share[0]) == pytest.approx(model / whole, rel=0.05)  # 500 draws
    assert float(mixed.response_share[0]) == pytest.approx(response / whole, rel=0.15)
    assert float(mixed.data_share[0]) == pytest.approx(0.05**2 / whole, rel=0.1)
    assert mixed.high[0] > -0.5 > -1.0 > mixed.low[0]  # both members are in it
    half = flow_range(members, {"a": 3.0, "b": 1.0}, quiet, np.array([0.5, 1.0]))
    assert half.data_share[0] > mixed.data_share[0]  # what was felt of the rate is data


def test_sets_that_tell_no_years_follow_the_schedule():
    usual = su.load_world(year=2022)
    at, ore = usual.sectors.index("C28"), usual.sectors.index("B07")
    first, far = (resolve(usual, when, alternative("caliendo-parro", when)) for when in (1.0, 10.0))
    assert first.sigma[at] == pytest.approx(sigma_at(far.sigma[at], 1.0))
    assert first.sigma[ore] == far.sigma[ore]
    assert sum(mixture().values()) == pytest.approx(1.0)
    assert set(mixture()) == {"", *ALTERNATIVES}


def test_flows_of_a_scenario_have_ranges():
    world = random_world(4, 3, seed=5)
    a, b = world.countries[:2]
    what = su.Scenario("tariff", [su.Tariff(a, b, 0.2)])
    answer = simulate(what, horizon=("short",), draws=8, world=world)
    trade = answer.table("trade").frame
    abroad = trade[trade["partner"] != "own"]
    assert (abroad["after_musd_low"] < abroad["after_musd"]).all()
    assert (abroad["after_musd"] < abroad["after_musd_high"]).all()
    shares = abroad[["data_share", "response_share", "model_share"]].sum(axis=1)
    assert shares.to_numpy() == pytest.approx(1.0)
    assert "after_musd_low" not in simulate(what, horizon=("short",), world=world).table("trade").frame
    cut = (
        simulate(su.Scenario("cut", [su.ImportBan(a, b)]), horizon=("short",), draws=8, world=world)
        .table("trade")
        .frame
    )
    gone = cut[cut["after_musd"] == 0]
    assert len(gone)
    assert gone["after_musd_low"].isna().all()  # what ends has no range


def test_doubt_about_the_response_widens_what_is_lost():
    low, high = np.array([-0.4]), np.array([0.5])
    # around one set only, the ends are those of the range within it
    assert model_doubt.mixture_ends(low, high, {}) == pytest.approx(np.array([low, high]), abs=1e-12)
    wide = model_doubt.mixture_ends(low, high, {"border": np.log([2.5])})
    assert wide[1] > 0.9
    assert wide[0] > -0.4  # who loses more in a sixth of cases does not lose less in others
    # by hand: a fortieth of the draws of a sharp usual range lies beyond a member of that weight only
    sharp = model_doubt.mixture_ends(low / 1e6, high / 1e6, {"border": np.array([1.0])})
    assert sharp[:, 0] == pytest.approx([0.0, 1.0], abs=1e-5)  # a sixth is more than a twentieth


def ranges_of(country: tuple[str, str], low: tuple[float, float], high: tuple[float, float]) -> pd.DataFrame:
    """Rows of the two sides of a pair that lose 2 and 1 per cent."""
    return pd.DataFrame({
        "country": country, "loss_percent": [2.0, 1.0], "low_percent": low, "high_percent": high,
        "loses_more": [0.95, 0.05], "low_ratio": [1.0, 1 / 4.0], "high_ratio": [4.0, 1.0], "data_share": [0.5, 0.5],
    })  # fmt: skip


def test_wider_ranges_keep_their_identities():
    table = ranges_of(("A", "B"), (1.0, 0.5), (4.0, 2.0))
    alike = {name: np.array([2.0, 1.0]) for name in model_doubt.WEIGHTS}
    same = model_doubt.widened(table, alike)
    columns = ["low_percent", "high_percent", "low_ratio", "high_ratio", "data_share"]
    assert same[columns].to_numpy(float) == pytest.approx(table[columns].to_numpy(float), rel=1e-9)
    assert (same["model_share"] == 0.0).all()
    wide = model_doubt.widened(table, alike | {"border": np.array([6.0, 1.0])})
    assert wide.loc[0, "high_percent"] > 4.5
    assert wide.loc[1, "high_percent"] == pytest.approx(2.0)  # nothing moved it
    assert (wide["model_share"] > [0.1, -1.0]).all()
    assert (wide["data_share"] + wide["model_share"] <= 1.0).all()
    assert wide["loses_more"].sum() == pytest.approx(1.0)
    assert wide.loc[0, "low_ratio"] * wide.loc[1, "high_ratio"] == pytest.approx(1.0)
    gain = model_doubt.widened(table, alike | {"border": np.array([-1.0, 1.0])})
    assert gain.loc[0, "low_percent"] == -1.0  # ends of all members where one of them gains
    assert np.isnan(gain.loc[0, "model_share"])


def test_losses_that_ship_are_the_mixture_of_sets():
    table = pd.read_csv(evidence.FOLDER / "model_doubt.csv")
    long = table[table["horizon"] == "long"]
    assert (long["border"] > 1).mean() > 0.9  # trade that is harder to turn costs more
    held = long["border"] * long["loss_percent"] / long["high_percent"]
    assert (held < 1.0).all()  # a member of a sixth lies within nine tenths
    kept = pd.read_csv(evidence.FOLDER / "model_doubt_published.csv").set_index(["horizon", "range"])
    for horizon in ("short", "long"):
        scores = kept.loc[horizon, "interval_score"]
        assert scores["mixture"] <= scores["usual_set"]
