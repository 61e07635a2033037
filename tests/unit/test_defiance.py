"""Revealed defiance: coding of cases, sides in a world, the logit, its scores, and a pair among past disputes."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from fits.defiance.build import DISPUTES, case_costs, coded, dispute_rows, known_from
from fits.defiance.fit import (
    FEATURES,
    fit_yielding,
    loss_quantiles,
    rolling_forecasts,
    rolling_scores,
    variables,
)
from suasion.answers.values import Country, Direction
from suasion.cli.app import run
from suasion.coercion import exit_cost
from suasion.errors import InputError, NotInWorldError, SameCountryError
from suasion.outlook import defiance
from suasion.outlook.defiance import place
from suasion.outlook.defiance.place import (
    PRIOR_RATE,
    QUANTILES,
    Coding,
    dispute_cases,
    fitted,
    loss_at,
    near,
    own_cases,
    share_below,
)
from suasion.questions import QUESTIONS


def sanctions(**changes) -> pd.DataFrame:
    base = {
        "case": 1, "target": "Russia", "sender": "EU", "begin": 2014, "end": 2022, "trade": True,
        "success": ("ongoing",),
    }  # fmt: skip
    return pd.DataFrame([{**base, **changes}])


def made_cases(n=300, slope=0.0, seed=1) -> pd.DataFrame:
    """Cases whose odds of yielding rise with the target's loss by ``slope``."""
    rng = np.random.default_rng(seed)
    loss = np.exp(rng.normal(0, 1.2, n))
    yielded = rng.random(n) < 1 / (1 + np.exp(-slope * np.log(loss)))
    begin = rng.integers(1960, 2010, n)
    return pd.DataFrame(
        {
            "target": [f"T{k % 60}" for k in range(n)],
            "target_short": loss,
            "sender_short": np.exp(rng.normal(-2, 1, n)),
            "multilateral": rng.random(n) < 0.3,
            "begin": begin,
            "known_from": begin + 3,
            "yielded": yielded.astype(float),
        }
    ).sort_values("begin", ignore_index=True)


# -------------------------------------------------------------------------------------------------------- coding


@pytest.mark.parametrize(
    ("success", "begin", "coding", "want"),
    [
        (("failed",), 1990, Coding(), 0.0),
        (("failed", "success_part"), 1990, Coding(), 1.0),
        (("success_total",), 2021, Coding(), 1.0),
        (("nego_settlement",), 1990, Coding(), 0.0),
        (("nego_settlement",), 1990, Coding(settlement=True), 1.0),
        (("ongoing", "failed"), 2014, Coding(), 0.0),
        (("ongoing",), 2020, Coding(), np.nan),
        (("ongoing",), 1990, Coding(lasting=None), np.nan),
    ],
    ids=str,
)
def test_what_counts_as_yielding(success, begin, coding, want):
    assert coding.yielded(success, begin) == pytest.approx(want, nan_ok=True)


def test_outcome_is_not_known_before_the_case_ends():
    assert known_from(Coding(), ("failed",), 1990, 1994) == 1995
    assert known_from(Coding(), ("ongoing",), 2014, 2022) == 2019  # five years of defiance


@pytest.mark.parametrize(
    ("changes", "world"),
    [
        ({}, "wiod13 2011"),  # the last table is three years old
        ({"begin": 2009}, "wiod13 2008"),
        ({"begin": 2020}, "icio2022"),  # nine years old: too long
        ({"begin": 1980}, "icio2022"),
        ({"target": "Kazakhstan"}, "icio2022"),  # not in WIOD
    ],
    ids=str,
)
def test_world_of_a_case(changes, world):
    economies = {"wiod13": ["DEU", "FRA", "RUS"], "icio2022": ["DEU", "FRA", "KAZ", "RUS"]}
    made = dispute_cases(sanctions(sender="EU, Germany", **changes), economies)
    assert made["world"].tolist() == [world]
    assert set(made["senders"][0]) == {"DEU", "FRA"}
    assert made["multilateral"].all()


@pytest.mark.parametrize(
    "changes", [{"trade": False}, {"sender": "League of Arab States"}, {"target": "Cuba"}, {"target": "Egypt, Arab Rep., Syria"}]
)  # fmt: skip
def test_cases_without_a_world_are_left_out(changes):
    assert dispute_cases(sanctions(**changes), {"icio2022": ["DEU", "RUS"]}).empty


def test_the_un_is_everybody_else_and_a_group_has_its_members_of_the_year():
    economies = {"icio2022": ["DEU", "GBR", "RUS", "USA"]}
    assert dispute_cases(sanctions(sender="UN"), economies)["senders"][0] == ("DEU", "GBR", "USA")
    assert dispute_cases(sanctions(begin=2021), economies)["senders"][0] == ("DEU",)  # GBR had left
    assert dispute_cases(sanctions(begin=1951, end=1955), economies).empty  # no EU yet


def test_costs_of_cases_are_exit_costs(world):
    table = pd.DataFrame({"target": ["AUS", "AUS"], "senders": [("CHN",), ("CHN",)], "world": "icio2022"})
    made = case_costs(table, lambda name: world, horizons=("long",))
    alone = exit_cost(world, "AUS", "CHN", horizon="long").table.set_index("country")["loss_percent"]
    assert made["target_long"].tolist() == pytest.approx([alone["AUS"]] * 2, rel=1e-6)  # solved to 1e-11
    assert made["sender_long"][0] == pytest.approx(alone["CHN"], rel=1e-6)


# --------------------------------------------------------------------------------------------------------- logit


def test_logit_is_that_of_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    table = made_cases(2000, slope=0.5)
    x, y = variables(table, "short"), table["yielded"].to_numpy()
    ours = fit_yielding(x, y, np.arange(2000), FEATURES)
    theirs = sm.Logit(y, sm.add_constant(x)).fit(disp=0, cov_type="HC0")
    # The weak prior moves 2,000 cases by a thousandth.
    assert ours.coefficients == pytest.approx(np.asarray(theirs.params), abs=3e-3)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(np.asarray(theirs.bse), rel=0.01)


def test_separation_stays_finite():
    x = np.array([[-1.0], [-2.0], [1.0], [2.0]])
    fit = fit_yielding(x, np.array([0, 0, 1, 1]), [1, 2, 3, 4], ("x",))
    assert 0 < fit.coefficients[1] < 20


def test_logit_needs_both_outcomes():
    with pytest.raises(InputError, match="rows without"):
        fit_yielding(np.ones((3, 1)), np.ones(3), [1, 2, 3], ("x",))
    with pytest.raises(InputError, match="complete variables"):
        fit_yielding(np.array([[np.nan], [1.0]]), np.array([0, 1]), [1, 2], ("x",))


def test_scores_find_what_is_there_and_nothing_else():
    told = rolling_scores(rolling_forecasts(made_cases(400, slope=1.2), "short"), draws=200).set_index(
        "model"
    )
    assert told.loc["target loss", "gain_low"] > 0
    assert told.loc["target loss", "auc"] > 0.7
    none = rolling_scores(rolling_forecasts(made_cases(400, slope=0.0), "short"), draws=200).set_index(
        "model"
    )
    assert none.loc["all three", "gain_low"] < 0.01
    assert none.loc["prior", "log"] == pytest.approx(
        -np.log([PRIOR_RATE, 1 - PRIOR_RATE]).mean(), abs=0.1
    )  # about half yielded


def test_forecasts_use_only_what_was_known():
    table = made_cases(200, slope=1.0)
    later = table.assign(yielded=np.where(table["known_from"] > 1990, 1 - table["yielded"], table["yielded"]))
    one, two = rolling_forecasts(table, "short"), rolling_forecasts(later, "short")
    early = one["begin"] <= 1990
    assert early.sum() > 20
    assert np.array_equal(one.loc[early, "all three"], two.loc[early, "all three"])
    assert rolling_forecasts(table.head(20), "short").empty


def test_place_among_quantiles():
    losses = np.exp(np.random.default_rng(0).normal(0, 1, 500))
    kept = loss_quantiles(losses)
    for loss in (0.2, 1.0, 4.0):
        # Between quantiles a fortieth apart.
        assert share_below(kept, loss) == pytest.approx((losses < loss).mean(), abs=0.025)
    assert share_below(kept, 1e9) == 1.0
    assert share_below(kept, 0.0) == 0.0


# ----------------------------------------------------------------------------------------------- kept numbers, pair


def test_kept_numbers_are_whole_and_hold_no_case():
    past = fitted()
    for part in past["horizons"].values():
        assert part["cases"] > 150
        assert 0 < part["defied"] < part["cases"]
        assert all(len(q) == len(QUANTILES) for q in part["quantiles"].values())
        assert len(part["coefficients"]) == 1 + len(FEATURES)
        assert {s["model"] for s in part["scores"]} >= {"base rate", "all three", "prior"}
    assert "may not" in past["licence"] or "no case is among them" in past["licence"]
    assert len(json.dumps(past)) < 30_000


def test_russia_had_more_to_lose_in_2014_than_it_has_from_china(world):
    found = defiance("RUS", "CHN", world)
    dispute = {d["horizon"]: d for d in found.disputes if d["year"] == 2014}
    for row in found.rows:
        assert row["weaker"] == "RUS"
        assert dispute[row["horizon"]]["weaker"] == "RUS"
        assert not dispute[row["horizon"]]["yielded"]
        assert dispute[row["horizon"]]["loss_percent"] > 2 * row["loss_percent"]
        assert 0 < row["low"] < row["probability"] < row["high"] < 1
        assert 0.5 < row["above_defied"] < 0.9


def test_draws_in_place_of_the_ranges_that_ship(world):
    """A larger loss is above more cases: the ends of the place are the places of the ends."""
    (row,) = defiance("RUS", "CHN", world, ["long"], draws=2).rows
    table = exit_cost(world, "RUS", "CHN", horizon="long", draws=2).table.set_index("country")
    ends = table.loc["RUS", ["low_percent", "high_percent"]]
    assert [row["loss_percent_low"], row["loss_percent_high"]] == pytest.approx(list(ends), rel=1e-9)
    kept = fitted()["horizons"]["long"]["quantiles"]["defied"]
    places = [row["above_defied_low"], row["above_defied_high"]]
    assert places == [share_below(kept, loss) for loss in ends]
    (shipped,) = defiance("RUS", "CHN", horizons=["long"]).rows
    assert shipped["loss_percent_low"] < shipped["loss_percent"] < shipped["loss_percent_high"]


def test_near_cases_are_counted_between_the_quantiles():
    """Half to twice the loss, of the kept counts; everything is near where the window holds all losses."""
    for horizon, kept in fitted()["horizons"].items():
        middle = loss_at(horizon, "all", 0.5)
        about = near(horizon, middle)
        inside = [share_below(kept["quantiles"]["all"], middle * end) for end in (0.5, 2.0)]
        # Groups are counted apart, each rounded to whole cases and interpolated between 41 quantiles.
        assert about["cases"] == pytest.approx(kept["cases"] * (inside[1] - inside[0]), abs=4)
        assert 0 < about["low"] < about["share"] < about["high"] < 1
        assert near(horizon, 1e6)["cases"] == 0
        assert np.isnan(near(horizon, 1e6)["share"])


def test_jeffreys_interval_of_near_cases(monkeypatch):
    """Seven of ten: beta(7.5, 3.5) at 5 and 95 %, from tables 0.430 and 0.889."""
    kept = {"defied": 3, "cases": 10, "quantiles": {"defied": [1.0] * 41, "yielded": [1.0] * 41}}
    monkeypatch.setattr(place, "fitted", lambda: {"horizons": {"short": kept}})
    monkeypatch.setattr(place, "share_below", lambda quantiles, loss: float(loss > 1.0))
    about = near("short", 1.0)
    assert (about["cases"], about["share"]) == (10, 0.7)
    assert beta.cdf((about["low"], about["high"]), 7.5, 3.5) == pytest.approx((0.05, 0.95), abs=1e-9)


def test_the_question_tells_what_the_model_found(world):
    answer = QUESTIONS["defiance"].ask("RUS", "CHN", world=world)
    own = answer.table("pair-place").frame
    rows = {row["horizon"]: row for row in answer.result.rows}
    for line in own.itertuples():
        assert line.probability == rows[line.horizon]["probability"]
        assert line.probability_low < line.probability < line.probability_high
    disputes = answer.frame
    assert set(disputes["gave_in"]) == {"open", "no"}
    assert len(disputes) == len(rows) + len(answer.result.disputes)
    beside = [one for one in answer.findings if one.key == "defiance.beside_defied"]
    assert {one.compared.direction for one in beside if one.values["side"] == Country("RUS")} == {
        Direction.BELOW
    }
    for horizon in rows:
        score = next(s for s in answer.result.scores if (s["model"], s["horizon"]) == (place.MODEL, horizon))
        key = "defiance.tells" if score["gain_low"] > 0 else "defiance.tells_not"
        assert key in {one.key for one in answer.findings}


def test_cases_of_the_pair_need_the_data_base(world, reference_data, tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    assert own_cases("RUS", "USA", world.countries) is None
    assert run(["data", "add", "gsdb", str(reference_data / "gsdb" / "GSDB_V3.csv")]) == 0
    found = own_cases("RUS", "USA", world.countries)
    assert {"RUS"} <= set(found["target"])
    assert found["begin"].is_monotonic_decreasing
    assert set(found.loc[found["begin"] == 2014, "yielded"].dropna()) == {0.0}


def test_named_dispute_is_computed_from_its_world(world):
    rows = [r for d in DISPUTES if d[4] == "icio2022" for r in dispute_rows(d, world)]
    kept = {d["horizon"]: d for d in fitted()["named"] if d["world"] == "icio2022"}
    assert {r["horizon"] for r in rows} == {"short", "long"}
    for row in rows:
        assert row["loss_percent"] == pytest.approx(kept[row["horizon"]]["loss_percent"], rel=1e-4)


def test_coded_cases_are_complete():
    costs = pd.DataFrame(
        {
            "success": [("failed",), ("ongoing",), ("success_total",)],
            "begin": [1990, 2021, 2000],
            "end": [1992, 2022, 2001],
            "target_long": [1.0, 2.0, np.nan],
            "sender_long": [0.1, 0.1, 0.1],
        }
    )
    made = coded(costs, Coding(), "long")
    assert made["yielded"].tolist() == [0.0]
    assert made["known_from"].tolist() == [1993]


def test_errors(world):
    with pytest.raises(InputError, match="short and long"):
        defiance("RUS", "CHN", world, ("3",))
    with pytest.raises(SameCountryError, match="RUS stands on both sides"):
        defiance("RUS", "RUS", world)
    with pytest.raises(NotInWorldError, match="CUB is outside"):
        defiance("RUS", "CUB", world)
    assert QUESTIONS["defiance"].ask("RUS", "CUB", world=world).absent.key == "defiance.outside_one"


def test_command(capsys):
    assert (
        run(["defiance", "AUS", "CHN", "--horizon", "long", "--format", "csv", "--show", "pair-place"]) == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("long,AUS,CHN,")
    assert run(["defiance", "AUS", "CHN", "--horizon", "3"]) == 1
    assert "short and long" in capsys.readouterr().err
    assert run(["defiance", "RUS", "EU", "--horizon", "long", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["asked"]["b"]["code"] == "EU"


def test_the_distribution_of_past_losses_is_shown(world):
    small = world.select(["RUS", "CHN", "USA", "DEU", "FRA"], ["A01", "B06", "C26", "C29"])
    rows = QUESTIONS["defiance"].ask("RUS", "CHN", world=small).table("case-spread").frame
    groups = rows[rows["side_group"] != "pair"]
    ends = groups[
        ["loss_percent_low", "quarter_percent", "loss_percent", "three_quarters_percent", "loss_percent_high"]
    ]
    assert (ends.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    assert groups["smaller"].between(0, 1).all()
    assert len(rows) == 1.5 * len(groups)


@pytest.mark.parametrize("part", [0.05, 0.3, 0.5, 0.9])
def test_quantiles_and_places_are_each_other_s_inverse(part):
    kept = fitted()["horizons"]["long"]["quantiles"]["defied"]
    assert share_below(kept, loss_at("long", "defied", part)) == pytest.approx(part, abs=1e-9)
