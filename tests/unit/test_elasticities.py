"""Trade elasticities: one convention, a value for every sector, and messages for own values that are wrong."""

from __future__ import annotations

import csv
import math
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from suasion.equilibrium.elasticities.horizon import resolve
from suasion.equilibrium.elasticities.own import Elasticities
from suasion.equilibrium.elasticities.schedule import FLOOR, LONG_YEARS, SHORT_YEARS, sigma_at
from suasion.equilibrium.elasticities.sigma import (
    CP_UNESTIMATED,
    DEFAULT_SIGMA,
    FILLS,
    WIOD_DONORS,
    default_value,
    exchange_goods,
    sigma_table,
    sigma_values,
    to_sigma,
)
from suasion.errors import ElasticityError, SourceFileError
from suasion.sources.elasticities import SOURCES, elasticity_table, parse_elasticities
from suasion.sources.icio2022 import icio2022_arrays
from suasion.sources.wiod13 import INDUSTRIES
from suasion.world.testing import golden_world


@pytest.fixture(scope="module")
def industries():
    """Codes of the embedded world."""
    return icio2022_arrays().sectors


@pytest.fixture(scope="module")
def toy():
    """Three countries R, C, W; sectors energy and other."""
    return golden_world()


@pytest.mark.parametrize(
    ("sector", "sigma"),
    [
        (
            "A01",
            3.24,
        ),  # Fontagne, Guimbard and Orefice print -3.238: a coefficient is minus sigma, not 1 - sigma
        ("B06", 5.44),
        ("C24B", 14.78),
        ("F", 5.418),  # Ahmad and Schreiber print sigma
        ("H52", 18.280),
        ("L", 1.684),
        ("Agriculture", 10.11),  # Caliendo and Parro print theta = sigma - 1: 9.11
        ("Petroleum", 65.85),
        ("Electricity", 9.22),
    ],
)
def test_published_values_in_one_convention(sector, sigma):
    assert sigma_table()[sector].sigma == pytest.approx(sigma, abs=0.005)  # as many digits as are printed


def test_conventions():
    assert to_sigma(-3.24, "coefficient = -sigma") == 3.24
    assert to_sigma(4.5, "sigma") == 4.5
    assert to_sigma(4.5, "theta = sigma - 1") == 5.5


@pytest.mark.parametrize(
    ("value", "convention", "message"),
    [
        (3.24, "coefficient = -sigma", "gives sigma -3.24; it must be > 0. Check the sign"),
        (-3.24, "sigma", "gives sigma -3.24"),
        (math.nan, "sigma", "gives sigma nan"),
        (3.24, "1 - sigma", "Convention '1 - sigma' is unknown; allowed: coefficient = -sigma; sigma; theta"),
    ],
)
def test_wrong_conventions(value, convention, message):
    with pytest.raises(ElasticityError, match=message):
        to_sigma(value, convention)


class TestTable:
    def test_counts(self):
        rows = elasticity_table()
        counts = {source: sum(row.source == source for row in rows) for source in SOURCES}
        assert counts == {"FGO 2022": 28, "AS 2024": 16, "CP 2015": 20}
        assert len({row.sector for row in rows}) == len(rows)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("sector,value\nA01,1\n", "must have the columns sector, value, convention, source, note"),
            ("sector,value,convention,source,note\nA01,1,odd,AS 2024,\n", "line 2: convention 'odd'"),
            ("sector,value,convention,source,note\nA01,1,sigma,X,\n", "source 'X' is unknown"),
            (
                "sector,value,convention,source,note\nA01,one,sigma,AS 2024,\n",
                "line 2: 'one' is not a number",
            ),
        ],
    )
    def test_broken_tables(self, text, message):
        with pytest.raises(SourceFileError, match=message):
            parse_elasticities(text)

    def test_the_numbers_are_the_published_ones(self, reference_data):
        folder = reference_data / "elasticities"
        rows = {row.sector: row.value for row in elasticity_table()}
        files = {
            "fontagne_icio_trade_elast.csv": ("icio2025", "epsilon_icio"),
            "services_ahmad_schreiber_2024_gtap_eos.csv": ("icio_sector", "eos_sigma"),
            "caliendo_parro_2015_theta.csv": ("sector", "value"),
        }
        seen = set()
        for name, (sector, value) in files.items():
            with (folder / name).open(encoding="utf-8") as file:
                for line in csv.DictReader(file):
                    if line[value] != "NA" and line[sector] not in CP_UNESTIMATED:
                        assert rows[line[sector]] == pytest.approx(
                            float(line[value]), abs=5e-7
                        )  # six digits kept
                        seen.add(line[sector])
        assert seen == set(rows)


class TestEverySector:
    def test_each_industry_has_a_value_above_one(self, industries):
        values = sigma_values(industries)
        assert len(values) == 50
        assert all(value.sigma > 1 and value.low <= value.sigma <= value.high for value in values)
        assert not [value.sector for value in values if value.kind == "default"]

    def test_fills_are_stated_and_marked(self, industries):
        values = {value.sector: value for value in sigma_values(industries)}
        assert {s for s, value in values.items() if value.kind == "fill"} == {
            "A02",
            "B05",
            "B09",
            "D",
            "E",
            "O",
            "T",
        }
        assert set(FILLS) == {"A02", "B05", "B09", "D", "E", "O", "T"}
        for sector in FILLS:
            assert values[sector].mark.startswith(f"sigma of {sector} is ")
            assert "(assumption, range " in values[sector].mark
        assert "wider class" in values["R"].mark
        assert values["A01"].mark is None

    def test_no_fill_is_the_median(self, industries):
        estimates = [v.sigma for v in sigma_values(industries) if v.kind == "estimate"]
        assert all(abs(sigma_table()[s].sigma - np.median(estimates)) > 0.05 for s in FILLS)

    def test_one_letter_codes_need_company(self):
        assert [v.kind for v in sigma_values(["D", "E"])] == ["default", "default"]
        assert [v.kind for v in sigma_values(["D", "A01"])] == ["fill", "estimate"]
        assert [v.kind for v in sigma_values(["Food", "Other"])] == ["default", "default"]
        assert [v.kind for v in sigma_values(["c1", "c2"])] == ["default", "default"]

    def test_caliendo_parro_sectors(self):
        sectors = [row.sector for row in elasticity_table() if row.source == "CP 2015"] + list(CP_UNESTIMATED)
        values = sigma_values(sectors)
        assert len(values) == 40
        assert [v.sigma for v in values[20:]] == pytest.approx([9.22] * 20)
        assert all("did not estimate" in v.mark for v in values[20:])

    def test_wiod_industries_borrow(self):
        assert set(WIOD_DONORS) == set(INDUSTRIES)
        values = sigma_values(tuple(INDUSTRIES))
        assert all(v.kind == "fill" for v in values)
        assert values[0].sigma == sigma_table()["A01"].sigma
        assert "the estimate of A01" in values[0].mark

    def test_default_is_documented(self):
        value = default_value("widgets")
        assert value.sigma == DEFAULT_SIGMA == 5.0
        assert value.mark.startswith("sigma of widgets is 5.00: the sector is not in the table")


def test_documentation_shows_the_table(root, industries):
    page = (root / "docs" / "explanation" / "elasticities.md").read_text(encoding="utf-8")
    exchange = exchange_goods(industries)
    for value in sigma_values(industries):
        first = LONG_YEARS if value.sector in exchange else SHORT_YEARS
        long, short = (float(sigma_at(value.sigma, years)) for years in (LONG_YEARS, first))
        numbers = f"{long:.2f} | {short:.2f} | {value.kind} | {value.source}"
        assert f"| {value.sector} | {numbers} | {value.low:.2f} - {value.high:.2f} | {value.note} |" in page


class TestOwnValues:
    def test_scalars_are_used_for_all_as_they_are(self, toy):
        own = Elasticities(sigma=1.2, zeta=0.3, epsilon=0, eta=0.7, kappa=1, roy=2)
        for horizon in ("short", "long", 4):
            parameters = resolve(toy, horizon, own)
            assert parameters.sigma.tolist() == [1.2, 1.2]
            assert np.array_equal(parameters.zeta, np.full((3, 2), 0.3))
            assert np.array_equal(parameters.epsilon, np.zeros((3, 2)))
            assert np.array_equal(parameters.eta, np.full((3, 2), 0.7))
            assert np.array_equal(parameters.kappa, np.ones(3))
            assert parameters.mobility.tolist() == [0.5]
            assert parameters.marks == ()

    def test_elasticities_may_stand_as_the_horizon(self, toy):
        own = Elasticities(sigma=4)
        assert resolve(toy, own).sigma.tolist() == [4, 4]
        assert resolve(toy, own).zeta[0, 0] == 0.5

    def test_a_table_changes_what_it_names(self, toy):
        parameters = resolve(
            toy, "short", Elasticities(sigma={"energy": 1.1}, zeta={"other": 0.9}, kappa={"W": 2})
        )
        assert parameters.sigma[0] == 1.1
        assert parameters.sigma[1] == pytest.approx(
            max(FLOOR, 5 * 0.3918), abs=1e-3
        )  # s(1)/s(10) = .76/1.9397
        assert parameters.zeta.tolist() == [[0.3, 0.9]] * 3
        assert parameters.kappa.tolist() == [0.5, 0.5, 2.0]
        assert [mark for mark in parameters.marks if "energy" in mark] == []

    def test_labelled_vectors_go_by_label(self, toy):
        series = pd.Series({"other": 3.0, "energy": 2.0})
        labelled = xr.DataArray([3.0, 2.0], {"sector": ["other", "energy"]}, dims="sector")
        for given in (series, labelled):
            assert resolve(toy, Elasticities(sigma=given)).sigma.tolist() == [2.0, 3.0]

    def test_arrays_by_sector_and_by_country_and_sector(self, toy):
        grid = np.arange(6.0).reshape(3, 2)
        parameters = resolve(toy, "long", Elasticities(sigma=[2, 3], zeta=grid, epsilon=[0.1, 0.4]))
        assert parameters.sigma.tolist() == [2, 3]
        assert np.array_equal(parameters.zeta, grid)
        assert parameters.epsilon.tolist() == [[0.1, 0.4]] * 3

    def test_roy_reaches_from_specific_to_mobile(self, toy):
        assert resolve(toy, "long", Elasticities(roy=1)).mobility.tolist() == [1.0]
        assert resolve(toy, "short", Elasticities(roy=math.inf)).mobility.tolist() == [0.0]
        assert resolve(toy, "short", Elasticities(roy={"value added": 4})).mobility.tolist() == [0.25]

    def test_values_are_frozen_and_comparable(self):
        given = {"A01": 3.0}
        own = Elasticities(sigma=given, zeta=np.array([0.1, 0.2]))
        given["A01"] = -1.0
        assert own.to_dict() == {"sigma": {"A01": 3.0}, "zeta": [0.1, 0.2]}
        assert own == Elasticities(sigma={"A01": 3.0}, zeta=[0.1, 0.2])
        assert hash(own) == hash(pickle.loads(pickle.dumps(own)))
        assert Elasticities(**own.to_dict()) == own

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"sigma": -3.24}, "sigma is -3.24; it must be > 0"),
            ({"sigma": 0}, "sigma is 0.0; it must be > 0"),
            ({"sigma": math.nan}, "sigma is nan"),
            ({"sigma": math.inf}, "sigma is inf"),
            ({"sigma": 5e6}, "values above 1000 are not elasticities"),
            ({"sigma": "high"}, "sigma is 'high'; give a number > 0"),
            ({"sigma": True}, "sigma is True; give a number"),
            ({"sigma": {"A01": 3, "B06": -2}}, "sigma of B06 is -2.0; it must be > 0"),
            ({"sigma": [3, math.nan]}, "sigma of position 1 is nan"),
            ({"zeta": [[0.1, 0.2], [-0.3, 0.1]]}, r"zeta of position \(1, 0\) is -0.3; it must be >= 0"),
            ({"zeta": -0.1}, "zeta is -0.1; it must be >= 0"),
            ({"epsilon": {"energy": math.nan}}, "epsilon of energy is nan"),
            ({"kappa": -1}, "kappa is -1.0"),
            ({"eta": [[1], [1, 2]]}, "eta: .*Give a number, a table by label, or an array"),
            ({"roy": 0.5}, r"roy is 0.5; it must be >= 1 \(1 specific, infinite mobile\)"),
            ({"sigma": {}}, "sigma: the table is empty"),
            ({"sigma": []}, "sigma: the array is empty"),
            ({"sigma": 2j}, "sigma is 2j; give a number"),
            ({"zeta": pd.DataFrame([[0.1]])}, "labels of a table with 2 axes would be ignored"),
            ({"zeta": xr.DataArray([[0.1]])}, "labels of a table with 2 axes would be ignored"),
        ],
    )
    def test_wrong_values(self, values, message):
        with pytest.raises(ElasticityError, match=message):
            Elasticities(**values)

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"sigma": {"energi": 3}}, "sigma: sector 'energi' is not in this world. Did you mean energy"),
            ({"kappa": {"X": 3}}, "kappa: country 'X' is not in this world.* begin with R, C, W"),
            ({"roy": {"labour": 3}}, "roy: factor 'labour' is not in this world"),
            ({"sigma": [3, 3, 3]}, r"sigma has the shape \(3,\); this world needs \(2,\) \(sector last\)"),
            (
                {"zeta": np.ones((2, 2))},
                r"zeta has the shape \(2, 2\); this world needs \(2,\) or \(3, 2\)",
            ),
        ],
    )
    def test_values_that_do_not_fit_the_world(self, toy, values, message):
        with pytest.raises(ElasticityError, match=message):
            resolve(toy, "long", Elasticities(**values))
