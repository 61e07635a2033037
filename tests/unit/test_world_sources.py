"""Readers of data sets that are not shipped, on the real files, and the embedded world."""

from __future__ import annotations

import time

import numpy as np
import pytest

from suasion.errors import InputError, SourceFileError
from suasion.sources.caliendo_parro import CaliendoParro, read_caliendo_parro
from suasion.sources.ir_files import locate
from suasion.sources.rfiles import cube, read_r
from suasion.sources.wiod13 import read_wiod13
from suasion.world import World, load_world

# World Input-Output Database, 2013 release


@pytest.fixture(scope="module")
def wiod_2011(reference_data) -> World:
    return load_world("wiod13", year=2011, path=reference_data)


def turnover_share(world: World, a: str, b: str) -> float:
    """Share of ``b`` in the exports and imports of ``a``."""
    flow = (world["intermediate"] + world["final"]).sum("sector")
    both = flow.sel(importer=a, exporter=b) + flow.sel(importer=b, exporter=a)
    total = flow.sel(importer=a).sum() + flow.sel(exporter=a).sum() - 2 * flow.sel(importer=a, exporter=a)
    return float(both / total)


def test_wiod_rows_sum_to_output(reference_data):
    """Published cells are rounded to whole million dollars: gaps stay below 1e-4 of the largest output."""
    table = read_wiod13(reference_data, 2008)
    assert table.inter.shape == (1435, 1435)
    assert table.final.shape == (1435, 205)
    gap = np.abs(table.inter.sum(axis=1) + table.final.sum(axis=1) - table.output)
    assert gap.max() <= 1e-4 * table.output.max()


def test_wiod_world_output_of_2011(wiod_2011):
    """141.8 tn USD: one decimal is known."""
    assert wiod_2011.array("output").sum() / 1e6 == pytest.approx(141.8, abs=0.05)
    assert (len(wiod_2011.countries), len(wiod_2011.sectors)) == (41, 35)
    assert wiod_2011.use_kind == "observed"
    assert wiod_2011.sector_names["c2"] == "Mining and quarrying"


@pytest.mark.parametrize(("year", "share"), [(1995, 2.4), (2003, 5.2), (2008, 7.7), (2011, 12.5)])
def test_wiod_share_of_china_in_russian_trade(reference_data, year, share):
    """Per cent, one decimal is known."""
    world = load_world("wiod13", year=year, path=reference_data)
    assert 100 * turnover_share(world, "RUS", "CHN") == pytest.approx(share, abs=0.05)


def test_wiod_rules_for_awkward_cells_move_little(wiod_2011):
    """Negative final sales moved to other buyers are less than 0.05 % of all final sales."""
    steps = wiod_2011.provenance.transformations
    assert any("negative final sales" in step for step in steps)
    moved = float(steps[0].split("(")[1].split(" ")[0])
    assert moved < 5e-4 * wiod_2011.array("final").sum()


def test_wiod_wrong_files_raise(tmp_path, reference_data):
    with pytest.raises(InputError, match="1995 to 2011: give one of them, not 2014"):
        read_wiod13(tmp_path, 2014)
    with pytest.raises(SourceFileError, match=r"no wiot_2008\.RData at .* Give the file or the folder"):
        read_wiod13(tmp_path, 2008)
    (tmp_path / "wiot_2008.RData").write_bytes(b"not an R file")
    with pytest.raises(SourceFileError, match=r"is not an R data file\. Download it again"):
        read_wiod13(tmp_path, 2008)
    (tmp_path / "wiot_2008.RData").write_bytes(
        (reference_data / "wiod13" / "wiot_2008.RData").read_bytes()[:9999]
    )
    with pytest.raises(
        SourceFileError, match="cannot be read: it is damaged, or holds what the package rdata does not know"
    ):
        read_wiod13(tmp_path, 2008)
    with pytest.raises(SourceFileError, match="is the table of 2011, not of 2008"):
        read_wiod13(reference_data / "wiod13" / "wiot_2011.RData", 2008)
    with pytest.raises(SourceFileError, match="holds no input-output table"):
        read_wiod13(reference_data / "wiod13" / "WIOD_Corr.rda", 2008)


# Caliendo and Parro (2015)


@pytest.fixture(scope="module")
def nafta(reference_data) -> CaliendoParro:
    return read_caliendo_parro(reference_data)


def at(data: CaliendoParro, country: str) -> int:
    return data.countries.index(country)


def test_cp_shapes_and_labels(nafta):
    assert (len(nafta.countries), len(nafta.sectors)) == (31, 40)
    assert nafta.trade.shape == nafta.tariff_1993.shape == (31, 31, 40)
    assert nafta.input_use.shape == (31, 40, 40)
    assert nafta.countries[-1] == "ROW"
    assert nafta.country_names[at(nafta, "KOR")] == "Korea"


def test_cp_rows_are_importers(nafta):
    """Mexico taxed imports from the USA more than the USA those from Mexico; Canada sold more to the USA than it
    bought; Mexico's imports from the USA were 42.9 bn USD, one decimal known from the file's own border values."""
    mex, usa, can = at(nafta, "MEX"), at(nafta, "USA"), at(nafta, "CAN")
    auto = nafta.sectors.index("Auto")
    assert nafta.tariff_1993[mex, usa, auto] > 5 * nafta.tariff_1993[usa, mex, auto] > 0
    assert nafta.trade[usa, can].sum() > nafta.trade[can, usa].sum()
    assert nafta.trade[mex, usa].sum() / 1e3 == pytest.approx(42.9, abs=0.05)
    own = np.arange(31)
    assert nafta.tariff_1993[own, own].max() == 0.0
    assert nafta.tariff_1993[:, :, 20:].max() == 0.0  # no tariffs on services


def test_cp_output_is_cost_and_trade_is_before_tariffs(nafta):
    """Y = sum_n pi E / (1 + t) = value added + inputs; the file's numbers agree to 4e-7."""
    sold = (nafta.share * nafta.expenditure[:, None, :] / (1 + nafta.tariff_1993)).sum(axis=0)
    np.testing.assert_allclose(sold, nafta.value_added + nafta.input_use.sum(axis=2), rtol=1e-6)
    np.testing.assert_allclose(nafta.share.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(nafta.va_share + nafta.input_use.sum(axis=2) / nafta.output, 1.0, rtol=1e-6)


def test_cp_income_is_final_use_and_deficits_are_border_balances(nafta):
    np.testing.assert_allclose(nafta.final_use.sum(axis=1), nafta.income, rtol=1e-12)
    border = nafta.trade.sum(axis=2)
    np.testing.assert_allclose(border.sum(axis=1) - border.sum(axis=0), nafta.deficit, rtol=1e-9)
    assert abs(nafta.deficit.sum()) < 1e-6


def test_cp_user_is_the_first_axis_of_inputs(nafta):
    """The one negative cell is Canada's output 11 using input 20; 185 of 1,240 final shares are negative."""
    assert [tuple(x) for x in np.argwhere(nafta.input_use < 0)] == [(at(nafta, "CAN"), 10, 19)]
    assert int((nafta.final_residual < 0).sum()) == 185
    assert nafta.final_residual.size == 1240
    clipped = np.clip(nafta.final_residual, 0.0, None)
    np.testing.assert_allclose(
        clipped / clipped.sum(axis=1, keepdims=True), nafta.final_share, atol=1e-15
    )  # the file's final consumption is the clipped residual, scaled


def test_cp_experiment_changes_six_relations_only(nafta):
    changed = np.argwhere(nafta.tariff_1993 != nafta.tariff_2005)
    inside = {at(nafta, c) for c in ("CAN", "MEX", "USA")}
    assert len({(n, i) for n, i, _ in changed}) == 6
    assert {int(x) for n, i, _ in changed for x in (n, i)} == inside
    assert nafta.tariff_2005[at(nafta, "MEX"), at(nafta, "USA")].max() < 0.012


def test_cp_thetas(nafta):
    """Published values of the simulation files; services and the two vehicle sectors have the mean 8.22."""
    assert nafta.theta[0] == 9.11
    assert nafta.theta[6] == 64.85
    assert set(nafta.theta[20:]) | set(nafta.theta[17:19]) == {8.22}


def test_cp_zero_domestic_shares_are_there(nafta):
    """Output was set to exports where exports were larger: these countries buy nothing at home there."""
    own = nafta.share[np.arange(31), np.arange(31)]
    zero = {(nafta.countries[n], nafta.sectors[k]) for n, k in np.argwhere(own < 1e-12)}
    assert {("MEX", "Electrical"), ("MEX", "Communication"), ("ROW", "Other Transport")} <= zero


def test_cp_wrong_files_raise(tmp_path, reference_data):
    with pytest.raises(SourceFileError, match=r"no cp2015_nafta\.rda"):
        read_caliendo_parro(tmp_path)
    with pytest.raises(SourceFileError, match="lacks sets, intermediate_consumption"):
        read_caliendo_parro(reference_data / "wiod13" / "WIOD_Corr.rda")


# R files


def test_files_are_found_in_folders(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.rda").touch()
    assert locate(tmp_path, ["x.rda"]) == tmp_path / "a" / "x.rda"
    assert locate(tmp_path / "a" / "x.rda", ["y.rda"]) == tmp_path / "a" / "x.rda"
    with pytest.raises(SourceFileError, match=r"no z\.rda at .* The folder holds x\.rda\."):
        locate(tmp_path / "a", ["z.rda"])
    with pytest.raises(SourceFileError, match="There is no file"):
        read_r(tmp_path / "z.rda")


def test_a_cube_needs_every_cell_once():
    import pandas as pd

    table = pd.DataFrame({"c": ["A", "B"], "k": ["x", "x"], "v": [1.0, 2.0]})
    np.testing.assert_array_equal(cube(table, "v", {"k": ("x",), "c": ("B", "A")}), [[2.0, 1.0]])
    with pytest.raises(InputError, match="does not fill c x k once"):
        cube(table, "v", {"c": ("A", "B"), "k": ("x", "y")})
    with pytest.raises(InputError, match="does not fill"):
        cube(table, "v", {"c": ("A", "Z"), "k": ("x",)})


# the embedded world


def test_embedded_world_totals(world):
    """Trillion USD, one decimal is known; the bilateral flow and shares are rounded the same way."""
    made = world["output"].sum("sector") / 1e6
    for country, output in (("USA", 45.3), ("CHN", 45.1), ("RUS", 4.1)):
        assert float(made.sel(country=country)) == pytest.approx(output, abs=0.05)
    flow = (world["intermediate"] + world["final"]).sum("sector")
    assert float(flow.sel(importer="CHN", exporter="RUS")) / 1e3 == pytest.approx(100, abs=1)
    assert 100 * turnover_share(world, "RUS", "CHN") == pytest.approx(17, abs=0.5)
    assert 100 * turnover_share(world, "CHN", "RUS") == pytest.approx(2.8, abs=0.05)


def test_embedded_world_says_what_it_is(world):
    assert (len(world.countries), len(world.sectors), world.year) == (80, 50, 2022)
    assert world.missing == {"tariff", "export_tax"}
    assert world.use_kind == "observed"
    assert len(world.notes) == 4
    assert len(world.provenance.checksum) == 64
    assert world.sector_names["A01"] != "A01"


def test_embedded_use_matrix_pools_to_the_flows(world):
    """Reading it checks every cell against ``intermediate``; merged, it still fits."""
    assert world.use.shape == (80, 50, 80, 50)
    small = world.select(["RUS", "CHN"], ["B06"])
    np.testing.assert_allclose(small.use.sum(axis=(0, 3)).T, small["input_use"].sum("user").values, rtol=1e-9)


def test_embedded_world_loads_fast(world):
    """Bar 0.3 s; the files are in the page cache after the fixture, so the bar holds with room."""
    start = time.perf_counter()
    load_world()
    assert time.perf_counter() - start < 0.3


def test_tables_of_another_shape_or_with_gaps_raise(tmp_path, monkeypatch):
    import pandas as pd

    from suasion.sources import caliendo_parro, wiod13

    for name in ("wiot_2011.RData", "cp2015_nafta.rda"):
        (tmp_path / name).touch()
    table = {
        "year": [2011],
        "countries": ["RUS"],
        "industries": ["c1"],
        "inter": [[1.0]],
        "final": [[1.0]],
        "output": [1.0],
    }
    monkeypatch.setattr(wiod13, "read_r", lambda *_, **__: {"wiot": table})
    with pytest.raises(SourceFileError, match=r"`inter` has shape \(1, 1\), WIOD 2013 has \(1435, 1435\)"):
        read_wiod13(tmp_path, 2011)
    empty = dict.fromkeys(
        caliendo_parro._TABLES, pd.DataFrame({"importer": [], "exporter": [], "sector": [], "value": []})
    )
    data = {"cp2015_nafta": {**empty, "sets": {"regions": ["USA"], "sectors": ["Auto"]}}}
    monkeypatch.setattr(caliendo_parro, "read_r", lambda *_: data)
    with pytest.raises(
        SourceFileError, match=r"is not the data set of Caliendo and Parro: .*'value' does not fill"
    ):
        read_caliendo_parro(tmp_path)
