"""Predicted against what happened: what is known is found again, what is wrong shows, and what ships is the evidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence
import suasion as su
from evidence_trial import KEPT, TRIAL
from fits import response, trial
from suasion.equilibrium import Elasticities, resolve, simulate
from suasion.equilibrium.elasticities.response import elasticities_in
from suasion.equilibrium.elasticities.schedule import LONG_YEARS, factor_at
from suasion.errors import ElasticityError, InputError
from suasion.measures.totals import NEWCOMERS
from suasion.questions import trial as asked
from suasion.sources.dated import dated_measures, measure_rates
from suasion.world.testing import random_world

KNOWN = Elasticities(first_factor=0.6, long_factor=1.3)


def shaken(added, sigma):
    """Double differences of what the first buys from the second in a world of known sigma."""
    world = random_world(countries=6, sectors=len(added), seed=5)
    buyer, seller = world.countries[:2]
    taxed = [
        su.Tariff(buyer, seller, rate, sectors=[k]) for k, rate in zip(world.sectors, added, strict=True)
    ]
    result = simulate(world, su.Scenario("known", taxed), "long", elasticities=Elasticities(sigma=sigma))
    ends = []
    for flow in (np.moveaxis(result.base.receipts, 0, -1), result.trade.values):
        flow = flow.copy()
        flow[np.arange(len(flow)), np.arange(len(flow))] = 0.0
        own, bought, sold = flow[0, 1], flow[0].sum(0) - flow[0, 1], flow[:, 1].sum(0) - flow[0, 1]
        ends.append((own, trial.double_difference(own, bought, sold, flow.sum((0, 1)) - own - bought - sold)))
    return ends[1][1] - ends[0][1], ends[0][0]


def test_a_known_response_is_found_again_and_a_wrong_measure_shows():
    added = np.linspace(0.02, 0.10, 8)
    happened, weight = shaken(added, 3.0)
    found, _ = trial.slope(-3.0 * np.log1p(added), happened, weight)
    assert found == pytest.approx(1.0, abs=0.1)  # one nest leaves out what other flows do: some per cent
    by_list, _ = trial.slope(-3.0 * np.log1p(2.0 * added), happened, weight)
    assert by_list == pytest.approx(
        found / 2.0, abs=0.03
    )  # twice what was paid, but for the curve of the logarithm
    blind, _ = trial.slope(-6.0 * np.log1p(added), happened, weight)
    assert blind == pytest.approx(found / 2.0)  # twice the response: half the slope


def test_the_slope_and_its_error_are_those_of_least_squares():
    rng = np.random.default_rng(3)
    x = rng.normal(size=400)
    y = 0.7 * x + rng.normal(size=400)
    found, error = trial.slope(x, y, np.ones(400))
    assert found == pytest.approx((x @ y) / (x @ x))
    plain = np.sqrt(((y - found * x) ** 2).mean() / (x @ x))
    assert error == pytest.approx(
        plain, rel=0.15
    )  # equal variances: robust and plain errors agree, up to sampling


def test_factors_that_made_the_points_are_found():
    years = np.array([1.0, 2.0, 5.0, 1.0, 3.0])
    weight = np.exp(-response.SPEED * (years - 1))
    table = pd.DataFrame(
        {"episode": list("aaabb"), "years": years, "f": 0.5 * weight + 1.2 * (1 - weight), "error": 0.1}
    )
    assert response.fitted(table, 0.0)[0] == pytest.approx([0.5, 1.2])
    assert response.spread_of(table) == 0.0


def test_what_ships_is_the_evidence():
    for one in TRIAL:
        copy = KEPT / f"{one.name}.csv"
        if copy.exists():
            kept, whole = pd.read_csv(copy), evidence.read(one)
            whole = whole[whole["good"] == "all"] if "good" in whole else whole
            numbers = kept.select_dtypes("number").columns
            # six digits of nine are kept
            np.testing.assert_allclose(kept[numbers], whole[numbers].astype(float), rtol=1e-5)
    assert len(list(KEPT.glob("trial_*.csv"))) == 6


def test_struck_flows_are_right_in_size_where_the_duty_is_known():
    table = pd.read_csv(KEPT / "trial_episodes.csv").set_index(["episode", "year"])
    paid, law = table.loc[trial.PAID, "slope"].dropna(), table.loc[trial.LAW, "slope"].dropna()
    assert ((paid - 1).abs() <= 0.25).all()
    assert (table.loc[trial.PAID, "signs"].dropna() >= 0.9).all()
    assert (law < 0.75).all()


def test_gaps_are_filled_by_present_suppliers():
    table = pd.read_csv(KEPT / "trial_stops.csv").set_index("span")
    assert table.loc["all", "present"] <= 0.545
    assert table.loc["from 2018", "present"] <= table.loc["before 2018", "present"] + 0.005
    assert (table["present"] < table["world"] - 0.15).all()
    parts = pd.read_csv(evidence.FOLDER / "trial_fillers.csv")
    # numbers in use are the quantiles of stops before 2018, to two digits
    assert (parts["used"] - parts["nine_of_ten"]).abs().max() < 0.006
    assert table.loc["before 2018", "newcomers"] == pytest.approx(NEWCOMERS, abs=0.005)


def test_rates_say_what_was_paid():
    paid, law = (measure_rates("us_china_2018", kind) for kind in ("collected", "list"))
    both = law.merge(paid, on=["buyer", "seller", "industry", "year"], suffixes=("_law", "_paid"))
    last = both[both["year"] == 2020]
    assert (last["added_law"] > last["added_paid"]).mean() > 0.9
    table = pd.read_csv(KEPT / "trial_episodes.csv").set_index(["episode", "year"])
    for year in (2019, 2020):
        of_all = 100 * table.loc[(trial.PAID, year), "rate"]
        # the mean over flows of 2017 of the same size as duties over imports of the year
        assert of_all == pytest.approx(dated_measures()["us_china_2018"].collected[str(year)], abs=0.6)
    with pytest.raises(InputError, match="no rates of 'us_china_2018', 'paid'; there are us_china_2018 list"):
        measure_rates("us_china_2018", "paid")


def test_the_question_shows_right_and_wrong():
    answer = asked()
    assert {"trial.paid.right", "trial.law.wrong"} <= {one.place for one in answer.findings}
    assert len(asked(episode="us_steel").table("trial-industries").rows) > 10
    with pytest.raises(
        InputError, match=r"no episode 'us_stel'; there are us_china_collected.*Did you mean us_steel"
    ):
        asked(episode="us_stel")


def test_named_sets_are_what_they_say():
    usual = su.load_world(year=2022)
    at = usual.sectors.index("C28")
    sigma = {
        (name, when): resolve(usual, when, elasticities_in(name)).sigma[at]
        for name in ("border", "fontagne", "caliendo-parro")
        for when in ("short", "long")
    }
    assert sigma["border", "short"] == sigma["border", "long"] == 2.0
    assert sigma["fontagne", "short"] == pytest.approx(4.387942)
    assert sigma["caliendo-parro", "long"] == pytest.approx(2.45)


def test_the_set_of_the_trial_has_the_estimated_response():
    usual = su.load_world(year=2022)
    at = usual.sectors.index("C28")
    far = resolve(usual, "long").sigma[at]
    found = pd.read_csv(KEPT / "trial_response.csv").set_index("basis").loc["collected"]
    for when in (1.0, 3.0, LONG_YEARS):
        factor = factor_at(when, found["first"], found["long"])
        border = resolve(usual, when, elasticities_in("trial")).local_sigma[at]
        assert (border - 1) / (far - 1) == pytest.approx(factor, abs=0.01)  # the set has two digits


def test_factors_stand_in_for_the_schedule():
    usual = su.load_world(year=2022)
    goods, ores = usual.sectors.index("C28"), usual.sectors.index("B07")
    long = resolve(usual, "long")
    first, later = (resolve(usual, when, KNOWN) for when in ("short", "long"))
    assert (first.sigma[goods] - 1) / (long.sigma[goods] - 1) == pytest.approx(0.6)
    free = factor_at(LONG_YEARS, 0.6, 1.3)
    assert first.switching.sigma[goods] == pytest.approx(1 + free * (long.sigma[goods] - 1))
    assert later.sigma[ores] == long.sigma[ores]  # exchange goods stay
    with pytest.raises(ElasticityError, match="together"):
        Elasticities(first_factor=0.5)
