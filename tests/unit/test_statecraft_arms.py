"""Arms shares on a made-up table computed by hand; breaks and drifts on made-up series; messages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from suasion.cli.app import CANNOT, OK, run
from suasion.errors import DuplicateLabelError, InputError, MissingValueError, SameCountryError
from suasion.statecraft.arms.report import _fit, arms_report, break_test, f_statistics, share_drift
from suasion.statecraft.arms.shares import arms_shares, self_reliance, suppliers

TABLE = pd.DataFrame(
    [
        ("RUS", "CHN", 2000, 80.0),
        ("FRA", "CHN", 2000, 20.0),
        ("RUS", "CHN", 2001, 40.0),
        ("RUS", "IND", 2001, 60.0),
        ("FRA", "CHN", 2003, 50.0),
        ("RUS", "IND", 2003, 10.0),
    ],
    columns=["supplier", "recipient", "year", "tiv"],
)


def test_shares_of_single_years():
    table = arms_shares(TABLE, "CHN", "RUS", window=1).set_index("year")
    assert table["import_share"].tolist()[:2] == [0.8, 1.0]
    assert table.loc[2001, "export_share"] == 0.4
    assert np.isnan(table.loc[2002, "import_share"])  # nothing bought at all: no share, not zero
    assert table.loc[2003, "import_share"] == 0.0


def test_shares_of_sums_start_when_the_window_is_full():
    table = arms_shares(TABLE, "CHN", "RUS", window=2).set_index("year")
    assert np.isnan(table.loc[2000, "tiv"])
    assert table.loc[2001, "import_share"] == pytest.approx(120 / 140)
    assert table.loc[2001, "export_share"] == pytest.approx(120 / 180)


def test_units_do_not_matter():
    once, again = (arms_shares(t, "CHN", "RUS", 2) for t in (TABLE, TABLE.assign(tiv=7 * TABLE["tiv"])))
    pd.testing.assert_series_equal(once["import_share"], again["import_share"])


def test_suppliers_add_up():
    table = suppliers(TABLE, "CHN", 2000, 2003)
    assert table["supplier"].tolist() == ["RUS", "FRA"]
    assert table["share"].sum() == pytest.approx(1.0)
    assert suppliers(TABLE, "BRA", 2000, 2001).empty


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: arms_shares(TABLE, "CHN", "CHN"), SameCountryError, "Both sides are CHN"),
        (lambda: arms_shares(TABLE, "CHN", "RUS", 5), InputError, "window of 5 years does not fit"),
        (lambda: arms_shares(TABLE, "CHN", "BRA", 1), InputError, "BRA neither sends nor receives"),
        (lambda: arms_shares(TABLE.drop(columns="tiv"), "CHN", "RUS"), MissingValueError, "lacking: tiv"),
        (lambda: arms_shares(TABLE.assign(tiv=np.nan), "CHN", "RUS"), MissingValueError, "lacking: values"),
        (
            lambda: arms_shares(TABLE.iloc[[0, 0]], "CHN", "RUS", 1),
            DuplicateLabelError,
            "year 2000. Keep one row of each",
        ),
        (lambda: suppliers(TABLE, "CHN", 1990, 2001), InputError, "not all of 1990 to 2001"),
        (lambda: self_reliance(TABLE, "BRA", 2), InputError, "BRA neither sends nor receives"),
        (lambda: self_reliance(TABLE, "CHN", 9), InputError, "window of 9 years does not fit"),
    ],
)
def test_bad_deliveries_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_self_reliance_by_hand():
    table = TABLE.assign(supplier=TABLE["supplier"].replace("FRA", "CHN"), recipient="RUS")
    table.loc[table["supplier"] == "RUS", "recipient"] = "CHN"
    table = table.groupby(["supplier", "recipient", "year"], as_index=False)["tiv"].sum()
    found = self_reliance(table, "CHN", 2).set_index("year")
    assert np.isnan(found.loc[2000, "seller_share"])
    assert found.loc[2001, "imports"] == 180.0  # 80 + 40 + 60
    assert found.loc[2001, "seller_share"] == pytest.approx(20 / 200)
    assert found["of_peak"].max() == 1.0
    assert found.loc[2003, "of_peak"] == pytest.approx(10 / 180)


def series(values) -> pd.Series:
    return pd.Series(np.asarray(values, dtype=float), index=range(2000, 2000 + len(values)))


def test_f_is_that_of_a_regression_on_a_step():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 20))
    cuts = np.array([4, 10, 17])
    ours = f_statistics(x, cuts)
    for row, y in enumerate(x):
        for column, k in enumerate(cuts):
            design = np.column_stack([np.ones(20), np.arange(20) >= k])
            rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
            plain = ((y - y.mean()) @ (y - y.mean()) - rest @ rest) / (rest @ rest / 18)
            assert ours[row, column] == pytest.approx(plain, rel=1e-9)  # two ways to a sum of squares


def test_a_clear_break_is_found_in_its_year():
    rng = np.random.default_rng(1)
    x = rng.standard_normal(30) * 0.3 + np.where(np.arange(30) < 12, 5.0, 1.0)
    test = break_test(series(x), draws=499)
    assert test.year == 2012
    assert test.before == pytest.approx(5.0, abs=0.4)  # means of 12 and 18 draws with sd 0.3
    assert test.after == pytest.approx(1.0, abs=0.3)
    assert test.p_removed <= 0.01
    assert test.p_removed <= test.p


def test_no_break_is_seldom_found():
    """At a level of 5 % in series without a break: the cautious test in at most 7 % of 150 (two sd above 3 %)."""
    rng = np.random.default_rng(2)
    for phi in (0.0, 0.6):
        e = rng.standard_normal((150, 80))
        for t in range(1, 80):
            e[:, t] += phi * e[:, t - 1]
        found = [break_test(series(x[-24:]), draws=99) for x in e]
        assert np.mean([t.p <= 0.05 for t in found]) <= 0.07


def test_missing_years_are_left_out_and_counted():
    x = series(np.r_[np.zeros(8) + np.tile([0, 0.1], 4), np.ones(8) + np.tile([0, 0.1], 4)])
    x[2003] = np.nan
    test = break_test(x, draws=99)
    assert (test.years, test.missing, test.year) == (15, 1, 2008)


def test_a_drift_is_recovered_with_its_band():
    """Simulated random walks with drift and noise: the band for five years on holds the level in about 90 %."""
    rng = np.random.default_rng(3)
    inside, drifts = [], []
    for k in range(120):
        level = np.cumsum(np.r_[0.5, -0.08 + 0.1 * rng.standard_normal(29)])
        seen = level[:25] + 0.15 * rng.standard_normal(25)
        made = share_drift(1 / (1 + np.exp(-series(seen))), 2029, draws=1000, seed=k)
        last = made.table.iloc[-1]
        inside.append(last["low"] <= 1 / (1 + np.exp(-level[29])) <= last["high"])
        drifts.append(made.drift)
    assert 0.82 <= np.mean(inside) <= 0.97  # 0.90 and three standard errors of 0.027
    assert np.mean(drifts) == pytest.approx(-0.08, abs=0.01)  # sd of a drift 0.02, of the mean 0.002


def test_drift_agrees_with_an_independent_state_space_model():
    """Exact diffuse Kalman filter of statsmodels, same variances: same levels, same spread up to the scale."""
    statsmodels = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(4)
    y = np.cumsum(rng.standard_normal(25)) * 0.3 + rng.standard_normal(25)
    model = statsmodels.tsa.UnobservedComponents(
        y, irregular=True, level=True, stochastic_level=True, trend=True
    )
    for part in (0.1, 0.5, 0.9):
        kept = model.smooth([1 - part, part])
        ahead = kept.get_forecast(8)
        _, mean, sd, *_ = _fit(y, np.arange(25.0), np.arange(33.0), part)
        assert mean[:25] == pytest.approx(
            kept.smoothed_state[0], abs=1e-4
        )  # its diffuse start is a large variance
        assert mean[25:] == pytest.approx(ahead.predicted_mean, abs=1e-4)
        theirs = np.r_[kept.smoothed_state_cov[0, 0], ahead.var_pred_mean - (1 - part)]
        assert sd**2 / sd[0] ** 2 == pytest.approx(theirs / theirs[0], rel=1e-3)


def test_the_band_opens_with_time_and_shares_stay_shares():
    made = share_drift(series(np.linspace(0.9, 0.6, 15) + np.tile([0.0, 0.02, -0.01], 5)), 2040)
    ahead = made.table[made.table["projected"]]
    assert ((ahead["high"] - ahead["low"]).diff().dropna() > -0.02).all()  # up to the draws' own noise
    assert made.table[["low", "level", "high", "year_low", "year_high"]].to_numpy().min() > 0.0
    assert made.table["year_high"].max() < 1.0
    assert made.falling > 0.9
    assert (made.table["year_low"] <= made.table["low"] + 0.02).all()


def test_gaps_and_whole_shares():
    x = series([1.0, 0.99, np.nan, 0.95, 0.9, 0.93, 0.9, 0.85, 0.8, 0.0])
    made = share_drift(x, 2012)
    assert made.floored == 2
    assert np.isnan(made.table["share"].iloc[2])
    assert made.table["level"].notna().all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: break_test(series(range(11))), "at least 12 years with a value; there are 11"),
        (lambda: break_test(series([1.0] * 14)), "All values of the series are equal"),
        (lambda: break_test(series(range(14)), draws=9), "draws is 9"),
        (lambda: break_test(series(range(14)).iloc[::-1]), "not in order"),
        (lambda: share_drift(series([0.5] * 7), 2020), "at least 8 years with a share; there are 7"),
        (lambda: share_drift(series([0.5] * 9 + [1.5]), 2020), "between 0 and 1"),
        (lambda: share_drift(series([0.5] * 9), 2005), "ends in 2005, before the data do in 2008"),
        (lambda: share_drift(series([0.5] * 9), 2100), "more than 50 years"),
        (lambda: share_drift(series([0.5] * 9), 2020, floor=0.5), "floor is 0.5"),
        (lambda: share_drift(pd.concat([series([0.5] * 9)] * 2), 2020), "A year occurs twice"),
    ],
)
def test_bad_series_are_named(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_a_report_where_there_is_little_to_say():
    report = arms_report(TABLE, "CHN", "RUS", window=2)
    assert (report.change, report.drift) == (None, None)
    assert report.table["import_share"].iloc[-1] == 0.0


def test_a_share_that_is_nearly_always_zero_is_not_projected():
    """At the floor of 1 % the level of a share of nothing would be printed as 1 %."""
    rows = [("RUS", "CHN", year, 9.0) for year in range(2000, 2024)] + [("IND", "CHN", 2007, 1.0)]
    table = pd.DataFrame(rows, columns=["supplier", "recipient", "year", "tiv"])
    report = arms_report(table, "CHN", "IND")
    assert report.drift is None


def test_command_says_which_file_it_needs(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))  # an empty store
    assert run(["arms", "ISL", "STP"]) == CANNOT
    assert "`suasion data add sipri FILE` adds it" in capsys.readouterr().err
    path = tmp_path / "table.csv"
    TABLE.rename(columns={"tiv": "tiv_m"}).to_csv(path, index=False)
    assert run(["arms", "CHN", "RUS", "--file", str(path), "--window", "2", "--format", "csv"]) == OK
    out, err = capsys.readouterr()
    assert out.startswith("recipient,supplier,year,status,tiv,import_share")
    assert len(out.splitlines()) == 9  # four years both ways
    assert "China delivered no arms to Russia" in err
