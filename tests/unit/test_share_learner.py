"""The learner of shares: trees as arrays, bands that hold, shares that sum to one, the fan of a pair."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from fits.scores import crps_normal
from fits.shares.fit import Examples, examples, fit
from suasion.answers.values import Quantity
from suasion.errors import InputError, SameCountryError, SourceFileError
from suasion.measures.history import partner_history, trade_history
from suasion.outlook.histories import flows_of
from suasion.outlook.learner.fan import (
    SHORTEST,
    Regime,
    able,
    features,
    goods_record,
    quantiles_at,
    share_fan,
    size_class,
    summed_to_one,
)
from suasion.outlook.learner.kept import Learnt, learnt, tried
from suasion.outlook.learner.record import (
    LEVELS,
    RAW,
    bands_of,
    crps_of,
    mixed,
    odds_of,
    places,
    read_at,
    record_of_shares,
    shares_of,
    with_shift,
)
from suasion.questions import share
from suasion.sources.goods_totals import LINE


@pytest.fixture(scope="module")
def record():
    return goods_record()


@pytest.fixture(scope="module")
def simulated():
    """Changes whose spread depends on a feature, of economies that are alike."""
    rng = np.random.default_rng(3)
    n = 4000
    x = rng.uniform(0, 1, (n, 3))
    y = (0.1 + x[:, 0]) * rng.standard_normal(n)
    of = np.array([f"A{k:02d}" for k in rng.integers(40, size=n)])
    return Examples(x, y, rng.integers(9, size=n), np.ones(n), of, rng.integers(5, size=n))


def test_trees_as_arrays_say_what_the_fitted_model_says(simulated):
    from sklearn.ensemble import HistGradientBoostingRegressor

    from fits.shares.fit import SETTINGS, _trees_of

    model = HistGradientBoostingRegressor(loss="quantile", quantile=0.9, random_state=0, **SETTINGS)
    model.fit(simulated.x, simulated.y)
    kept = _trees_of(model)
    # Limits are kept as single numbers: a row on a limit may fall to its other side.
    apart = np.abs(kept.predict(simulated.x) - model.predict(simulated.x)) > 1e-5
    assert apart.mean() < 0.001


@pytest.fixture(scope="module")
def learner(simulated):
    return fit(simulated)


@pytest.mark.evidence  # the fit of five hundred trees; what ships is read and tried below
def test_learned_bands_hold_on_new_cases_and_are_sharp_where_they_can_be(learner):
    rng = np.random.default_rng(4)
    x = rng.uniform(0, 1, (4000, 3))
    y = (0.1 + x[:, 0]) * rng.standard_normal(4000)
    odds = learner.forecast(x, rng.integers(9, size=4000), np.zeros(4000))
    for low, high in ((10, 90), (5, 95)):
        held = np.mean((odds[:, low - 1] <= y) & (y <= odds[:, high - 1]))
        # 4,000 cases: two standard errors are .013; the fit adds about as much.
        assert held == pytest.approx((high - low) / 100, abs=0.03)
    wide = odds[:, 89] - odds[:, 9]
    assert wide[x[:, 0] > 0.8].mean() > 3 * wide[x[:, 0] < 0.2].mean()


@pytest.mark.evidence
def test_kept_arrays_make_the_same_forecast(learner, simulated, tmp_path):
    Learnt({1: learner}, 1).write(tmp_path / "goods.npz")
    with np.load(tmp_path / "goods.npz", allow_pickle=False) as held:
        from suasion.outlook.learner.kept import _learner

        again = _learner(held, "1")
    x, classes, start = simulated.x[:50], simulated.classes[:50], np.zeros(50)
    assert again.forecast(x, classes, start) == pytest.approx(learner.forecast(x, classes, start), abs=1e-5)


def test_places_and_values_are_inverse():
    rng = np.random.default_rng(0)
    quantiles = np.sort(rng.standard_normal((200, len(RAW))), axis=1)
    y = 2 * rng.standard_normal(200)
    assert read_at(quantiles, places(quantiles, y)[:, None])[:, 0] == pytest.approx(y, abs=1e-9)


def test_exact_quantiles_place_outcomes_as_normal_scores():
    y = np.linspace(-3, 3, 25)
    exact = np.tile(norm.ppf(RAW), (y.size, 1))
    assert places(exact, y) == pytest.approx(y, abs=1e-9)
    bands = bands_of(norm.ppf(np.arange(1, 2000) / 2000), np.zeros(1999, dtype=int), np.ones(1999))
    made = read_at(exact[:1], bands[[0]])[0]
    assert made[[4, 49, 94]] == pytest.approx(norm.ppf([0.05, 0.5, 0.95]), abs=0.02)


def test_a_pool_of_forecasts_has_the_quantiles_of_the_mixture():
    one = norm.ppf(LEVELS)[None]
    made = mixed([one, one], [0.5, 0.5])
    # Ninety-nine values stand for all: the outermost lose half a per cent, which moves the first by .13.
    assert made[:, 5:-5] == pytest.approx(one[:, 5:-5], abs=0.05)
    assert made == pytest.approx(one, abs=0.15)
    wide = with_shift(one, 0.1, 5.0)[0]
    outside = 0.9 * 2 * norm.cdf(wide[0]) + 0.1 * 2 * norm.cdf(wide[0] / 5.0)
    assert outside == pytest.approx(0.02, abs=0.005)
    assert with_shift(one, 0.0, 5.0) is one


def test_the_score_of_quantiles_is_that_of_the_distribution():
    y = np.array([-1.0, 0.2, 3.0])
    made = crps_of(np.tile(norm.ppf(LEVELS), (3, 1)), y)
    # Ninety-nine quantiles stand for all: the outer hundredths are cut off.
    assert made == pytest.approx(crps_normal(0.0, 1.0, y), rel=0.03)


def test_a_patched_flow_is_looked_back_at_and_is_no_outcome():
    rows = [("A", "B", y, 10.0) for y in range(2000, 2012)] + [("A", "C", y, 90.0) for y in range(2000, 2012)]
    flows = flows_of(
        pd.DataFrame(rows, columns=["exporter", "importer", "year", "value"]), "made up", absent=0.0
    )
    holes = np.zeros(flows.values.shape, dtype=bool)
    holes[-1, 0, 1] = True
    made = record_of_shares(flows, "turnover", holes)
    row = made.panel.row("A", "B")
    assert not made.known[row, -1]
    assert made.known[row, -2]
    assert shares_of(made.odds[row, -1]) == pytest.approx(0.1)


def test_years_without_a_record_lie_on_a_line_for_looking_back_only(record):
    gap = np.flatnonzero(np.isin(record.years, (2021, 2022)))
    assert not record.known[:, gap].any()
    row = record.panel.row("RUS", "CHN")
    odds = record.odds[row]
    assert odds[gap[0]] == pytest.approx(odds[gap[0] - 1] + (odds[gap[0] + 2] - odds[gap[0] - 1]) / 3)
    assert record.panel.shares[row, -1] == pytest.approx(0.341, abs=0.001)  # holes patched


def test_examples_end_where_outcomes_were_known(record):
    found = examples(record, 5, int(np.flatnonzero(record.years == 2012)[0]))
    assert found.origin.max() + 5 <= 12
    assert examples(record, 5, SHORTEST) is None
    assert np.isfinite(found.x).all()
    assert np.isfinite(found.y).all()


def test_shares_of_all_partners_sum_to_one(record):
    at = record.years.size - 1
    rows = able(record, at)
    rows = rows[record.panel.of[rows] == "DEU"]
    odds = quantiles_at(record, rows, at, 5, learnt("goods"))
    rest = float(1.0 - np.nansum(record.panel.shares[rows, at]))
    together = summed_to_one(odds, rest)
    step = together - odds
    assert step == pytest.approx(step[0, 0])  # one step for all: widths stay
    others = shares_of(odds_of(np.array(rest)) + step[0, 0])
    assert shares_of(together).mean(1).sum() + others == pytest.approx(1.0)
    # Forecasts of pairs nearly sum to one by themselves: the step is small beside a usual yearly move of .1 or more.
    assert abs(step[0, 0]) < 0.1


def test_horizons_lie_between_those_fitted_and_widen(record):
    row = np.array([record.panel.row("RUS", "CHN")])
    kept, at = learnt("goods"), record.years.size - 1
    made = [quantiles_at(record, row, at, ahead, kept)[0] for ahead in (1, 3, 4, 5, 10, 13)]
    assert made[2] == pytest.approx((made[1] + made[3]) / 2)
    widths = [q[89] - q[9] for q in made]
    assert widths[0] < widths[1] < widths[3]
    assert widths[5] == pytest.approx(widths[4] * 1.3**0.5)


def test_the_fan_starts_at_the_last_observation():
    fan = share_fan("RUS", "CHN")
    assert (fan.start, fan.published) == (2025, True)
    assert fan.share == pytest.approx(
        0.314
    )  # 228.1 bn of the total that 27 % of exports and 39 % of imports imply
    assert share_fan("USA", "CHN").share == pytest.approx(414.69 / (2 * 2200 + 1240), abs=5e-4)
    assert fan.broke == 2020
    assert list(fan.table["regime"].unique()) == list(Regime)
    near = share_fan("RUS", "CHN", (2026,)).table.set_index("regime").loc["usual"]
    assert near["p5"] < fan.share < near["p95"]
    table = fan.table.set_index(["regime", "year"])
    assert (table["p10"] < table["share"]).all()
    assert (table["share"] < table["p90"]).all()
    assert table.loc[("lasts", 2036), "share"] == pytest.approx(fan.share)
    middle = shares_of((odds_of(np.array(fan.share)) + odds_of(np.array(fan.before))) / 2)
    assert table.loc[("half_undone", 2036), "share"] == pytest.approx(float(middle))
    assert not table.loc[("usual", 2036), "tested"]


def test_a_pair_without_a_break_has_two_regimes_and_a_small_one_none():
    calm = share_fan("DEU", "FRA", (2026,))
    assert list(calm.table["regime"]) == ["usual", "lasts"]
    assert share_fan("USA", "STP") is None
    assert share("USA", "STP").absent.key == "share.small"


def test_a_share_of_which_reports_are_missing_is_not_called_small():
    """Half of what Cuba bought came from Venezuela by published figures, and none of it by the records."""
    absent = share("CUB", "VEN").absent
    assert absent.key == "share.denied"
    assert absent.values["told"].value > 10 * absent.values["recorded"].value


def test_a_forecast_that_starts_at_no_report_says_so():
    answer = share("UKR", "RUS")
    warned = {one.key: one for one in answer.findings if one.caution}
    assert warned["share.patched"].values["recorded"].value < 0.001 < answer.result.share
    rows = answer.table().frame.set_index(["regime", "year"])["share_status"]
    assert {rows["usual", 2023], rows["lasts", 2023]} == {"estimated"}
    sound = share("DEU", "USA")
    assert {one.key for one in sound.findings if one.caution} == {"share.war"}
    assert "estimated" not in set(sound.table().cells("share_status"))


def test_bad_arguments_are_refused():
    with pytest.raises(InputError, match="Years must ascend from after 2025"):
        share_fan("RUS", "CHN", (2025, 2030))
    with pytest.raises(InputError, match="carried on to 2060 at most; got 99999"):
        share("RUS", "CHN", years=(2030, 99999))
    with pytest.raises(SameCountryError, match="named twice"):
        share("RUS", "Russia")
    with pytest.raises(InputError, match="There is no learner 'services'"):
        learnt("services")


def test_a_broken_file_is_one_clear_error(monkeypatch, tmp_path):
    from suasion import files

    files.published()  # kept: the copy has none
    folder = tmp_path / "outlook" / "learner"
    folder.mkdir(parents=True)
    (folder / "goods.npz").write_bytes(b"no arrays")
    monkeypatch.setattr(files, "package_folder", lambda: tmp_path)
    with pytest.raises(SourceFileError, match="is not the one that was published"):
        learnt.__wrapped__("goods")


def test_what_was_to_be_shown_is_shown():
    """Below the walk, smoothing and the stack at one and five years, with intervals; bands within three points."""
    table = tried("goods")
    whole = table[table["part"] == "all"].set_index("horizon")
    assert {1, 5} <= set(whole.index)
    for other in ("walk", "smoothed", "stack"):
        assert (whole["crps"] < whole[f"crps_{other}"]).all()
        assert (whole[f"gain_{other}_low"] > 0).all()
    sizes = table[(table["part"] != "all") & table["horizon"].isin((1, 5))]
    assert (sizes["held_80"] - 0.80).abs().max() <= 0.03
    assert (sizes["held_95"] - 0.95).abs().max() <= 0.03


def test_fuels_beat_the_others_too_and_their_bands_hold():
    """Exports of fuels by buyer; bands of 80 % are up to four points wide of it in the largest class at one year."""
    table = tried("fuels")
    whole = table[table["part"] == "all"].set_index("horizon")
    assert {1, 5} <= set(whole.index)
    for other in ("walk", "smoothed", "stack"):
        assert (whole["crps"] < whole[f"crps_{other}"]).all()
        assert (whole[f"gain_{other}_low"] > 0).all()
    sizes = table[table["part"] != "all"]
    assert (sizes["held_80"] - 0.80).abs().max() <= 0.04
    assert (sizes["held_95"] - 0.95).abs().max() <= 0.03


def test_of_single_goods_only_steady_pairs_are_forecast():
    """A buyer that was not there in one of the ten years looked back at is left out; what it turns to is an outcome."""
    years = np.arange(2000, 2015)
    rows = [("NOR", buyer, year, 1.0) for buyer in ("DEU", "GBR", "FRA") for year in years]
    table = pd.DataFrame(rows, columns=["exporter", "importer", "year", "value"])
    none = (table["importer"] == "FRA") & (table["year"] == 2010)
    last = (table["importer"] == "GBR") & (table["year"] == 2014)
    table.loc[none | last, "value"] = 0.0
    flows = flows_of(table, "made up", absent=0.0)
    for steady, wanted in ((True, {"DEU", "GBR"}), (False, {"DEU", "FRA", "GBR"})):
        made = record_of_shares(flows, "exports", steady=steady)
        rows_able = able(made, 13)
        assert set(made.panel.partner[rows_able]) == wanted
        assert made.known[rows_able, 14].all()


def test_features_and_classes_are_finite(record):
    at = record.years.size - 1
    rows = able(record, at)
    assert np.isfinite(features(record, rows, at)).all()
    assert set(size_class(record, rows, at)) <= set(range(9))


def test_what_was_published_since_stands_beside_the_fan(monkeypatch):
    """Amounts are no shares: they do not move the fan, and whoever reads it is told of them."""
    source = import_module("suasion.sources.totals")  # the room exports the function by the same name
    amounts = source.totals().query("measure == 'turnover'")
    monkeypatch.setattr(source, "totals", lambda: amounts)
    told = {one.place: one for one in share("USA", "CHN", years=(2026,)).findings}["share.since.below"]
    assert told.caution
    assert (told.values["before"], told.values["year"]) == (2024, 2025)
    assert told.values["now"] == Quantity(414_690.0, "musd")  # not China's figure beside it
    assert not [
        one for one in share("DEU", "FRA", years=(2026,)).findings if one.key.startswith("share.since")
    ]


def test_a_year_without_any_flow_of_a_state_says_nothing_of_it() -> None:
    # Customs of 2023 have nothing of North Korea: patched flows of one partner alone would make it all of the trade.
    found = trade_history("PRK", "CHN")
    assert found.loc[found["form"] == "line", "year"].max() == LINE[-1]
    assert not found["form"].eq("hollow").any()
    assert share_fan("PRK", "CHN") is None
    assert 2023 not in set(partner_history(["PRK"], 4)["year"])
    assert trade_history("MNG", "RUS")["form"].eq("hollow").any()  # a hole of a state that reports
