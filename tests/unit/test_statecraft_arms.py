"""Arms shares on a made-up table computed by hand, and messages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from suasion.errors import DuplicateLabelError, InputError, MissingValueError, SameCountryError
from suasion.statecraft.arms import arms_shares, suppliers

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
            "occurs twice in 2000",
        ),
        (lambda: suppliers(TABLE, "CHN", 1990, 2001), InputError, "not all of 1990 to 2001"),
    ],
)
def test_bad_deliveries_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
