"""Readers of applied tariffs and of balanced services on small files in the official layouts."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from official_files import batis_text, icio_2025_text, wits_text, zipped

from suasion.cli.app import OK, run
from suasion.coercion.measure_tables import table_scenario
from suasion.errors import (
    DataError,
    ImplausibleInputWarning,
    InputError,
    SourceFileError,
    UnknownCountryError,
)
from suasion.sources.batis import read_batis
from suasion.sources.bimts import read_bimts
from suasion.sources.catalogue import data_set
from suasion.sources.icio import read_icio
from suasion.sources.wits import read_wits
from suasion.world import load_world
from suasion.world.forms import load
from suasion.world.tariffs import rates_in


def test_applied_rates_are_weighted_by_imports(tmp_path):
    file = tmp_path / "DataJobID-1_Tariffs.csv"
    file.write_text(wits_text())
    found = read_wits(file).set_index(["importer", "exporter"])
    row = found.loc[("USA", "CHN")]
    assert row.tariff == pytest.approx((0.25 * 300 + 0.05 * 100) / 400)  # 300,000 and 100,000 thousand USD
    assert (row.year, row.imports) == (2022, pytest.approx(400.0))
    assert found.loc[("USA", "KAZ")].tariff == pytest.approx(0.03)  # no imports: the simple mean
    assert ("USA", "World") not in found.index
    union = found.loc["DEU"]
    assert union.loc["CHN"].tariff == pytest.approx(0.04)
    assert ("DEU", "FRA") not in found.index
    assert "GBR" not in found.index.get_level_values(0)  # no member any more
    assert len(found.loc[(slice(None), "CHN"), :]) == 1 + 27


def test_a_table_as_windows_writes_it(tmp_path):
    """What WITS delivers is in Windows' code for the West, which is no UTF-8."""
    file = tmp_path / "tariffs.csv"
    file.write_bytes(wits_text().replace("398,Kazakhstan", "384,Côte d'Ivoire").encode("cp1252"))
    assert read_wits(file).set_index(["importer", "exporter"]).loc[("USA", "CIV")].tariff == pytest.approx(
        0.03
    )


def test_a_table_of_ones_own_as_windows_writes_it_and_an_empty_one(tmp_path):
    own, world = tmp_path / "own.csv", load_world().select(["USA", "TUR", "CHN"])
    own.write_bytes("importer,exporter,tariff\nUSA,Türkiye,0.1\n".encode("cp1252"))
    assert rates_in(own, world)["tariff"].unique() == [0.1]
    own.write_text("")
    with pytest.raises(SourceFileError, match=r"cannot be read: .* Give a CSV with importer"):
        rates_in(own, world)


def test_a_broken_table_of_tariffs_is_named(tmp_path):
    file = tmp_path / "tariffs.csv"
    with pytest.raises(SourceFileError, match="There is no file"):
        read_wits(file)
    file.write_text("importer,exporter\nUSA,CHN\n")
    with pytest.raises(SourceFileError, match="not a table of tariffs from WITS"):
        read_wits(file)
    file.write_text(wits_text().replace("AHS", "MFN"))
    with pytest.raises(SourceFileError, match="no applied rates"):
        read_wits(file)
    file.write_text(wits_text().replace("25,25", "-25,-25"))
    with pytest.raises(DataError, match="negative rates"):
        read_wits(file)


@pytest.mark.parametrize("own", [False, True])
def test_one_command_makes_a_world_with_tariffs(tmp_path, own, capsys):
    file, out = tmp_path / "tariffs.csv", tmp_path / "taxed.npz"
    file.write_text("importer,exporter,sector,tariff\nUSA,CHN,C26,0.2\n" if own else wits_text())
    assert run(["with-tariffs", str(file), "--out", str(out)]) == OK
    told = capsys.readouterr()
    taxed, plain = load(out), load_world()
    rates = taxed["tariff"].sel(importer="USA", exporter="CHN")
    assert float(rates.sel(sector="C26")) == pytest.approx(0.2)
    assert float(rates.sel(sector="G")) == 0.0
    np.testing.assert_allclose(taxed.array("final"), plain.array("final"))
    assert "tariff" not in taxed.missing
    assert "pairs have rates" in told.out + told.err


def test_one_line_puts_a_file_into_a_world(tmp_path):
    """WITS, tradewartracker and one's own: pairs that the file names get its rates, all others keep theirs."""
    world = load_world("reconciled", 2023).select(["USA", "CHN", "DEU", "JPN"])
    wits, tracker = tmp_path / "wits.csv", tmp_path / "country-by-time.csv"
    wits.write_text(wits_text())
    tracker.write_text(
        "date,country_name,effective tariff,total imports,2024 tariff\n"
        "2025-04-05,CHINA,50.0,1.0,10.9\n2026-07-22,CHINA,10.0,1.0,10.9\n"
        "2026-07-22,EUROPEAN UNION,9.0,1.0,1.2\n2026-07-22,ATLANTIS,9.0,1.0,1.2\n"
    )
    first = world.with_tariffs(str(wits))
    with pytest.warns(
        ImplausibleInputWarning, match="No state or group: ATLANTIS. Rows of that name are left out"
    ):
        then = first.with_tariffs(tracker)
    cells = {"importer": "USA", "sector": "C26"}
    assert float(first["tariff"].sel(exporter="CHN", **cells)) == pytest.approx(0.2)
    assert float(then["tariff"].sel(exporter="CHN", **cells)) == pytest.approx(0.3)  # its last day, on top
    assert float(then["tariff"].sel(exporter="DEU", **cells)) == pytest.approx(0.09)
    assert float(then["tariff"].sel(exporter="JPN", **cells)) == 0.0
    assert len({one.checksum for one in (world, first, then)}) == 3
    own = pd.DataFrame({"importer": ["USA"], "exporter": ["JPN"], "sector": ["C29"], "tariff": [0.15]})
    assert world.with_tariffs(own, rest="keep").array("tariff").sum() == pytest.approx(0.15)
    wits.write_text("importer,exporter,tariff\nFJI,WSM,0.1\n")
    with pytest.raises(InputError, match="no pair of the world's"):
        world.with_tariffs(wits)


def test_a_partner_with_a_line_of_its_own_is_not_in_its_group_too(tmp_path):
    """The tracker lists Slovakia beside the Union: it pays its own points, once, whatever comes first."""
    world = load_world("reconciled", 2023).select(["USA", "CHN", "DEU", "SVK"])
    tracker = tmp_path / "country-by-time.csv"
    lines = ["2026-07-31,SLOVAKIA,21.7,1.0,1.0", "2026-07-31,EUROPEAN UNION,9.0,1.0,1.2"]
    head = "date,country_name,effective tariff,total imports,2024 tariff"
    for order in (lines, lines[::-1]):
        tracker.write_text("\n".join([head, *order]) + "\n")
        taxed = world.with_tariffs(tracker)["tariff"].sel(importer="USA", sector="C29")
        assert taxed.sel(exporter=["SVK", "DEU"]).values == pytest.approx([0.217, 0.09])
        measures = table_scenario(tracker, world, "2026-08-01").scenario.instruments
        paid = {target: item.rate for item in measures for target in item.targets}
        assert paid == pytest.approx({"SVK": 0.217, "DEU": 0.09})


def test_a_table_of_ones_own_may_name_states_and_groups(tmp_path):
    world = load_world("reconciled", 2023).select(["USA", "CHN", "DEU", "FRA"])
    own = tmp_path / "own.csv"
    own.write_text(
        "importer,exporter,tariff\nUnited States,EU,0.1\nUSA,Germany,0.2\nEU,China,0.05\nEU,EU,0.3\n"
    )
    rates = world.with_tariffs(own)["tariff"].sel(sector="C29")
    assert rates.sel(importer="USA", exporter=["DEU", "FRA", "CHN"]).values == pytest.approx([0.2, 0.1, 0.0])
    assert rates.sel(importer=["DEU", "FRA"], exporter="CHN").values == pytest.approx([0.05, 0.05])
    assert rates.sel(importer="DEU", exporter="DEU") == 0.0
    own.write_text("importer,exporter,tariff\nUSA,Atlantis,0.1\n")
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        world.with_tariffs(own)


@pytest.mark.parametrize("archive", [False, True])
def test_balanced_services(tmp_path, archive):
    file = tmp_path / (
        "OECD-WTO_BATIS_data_BPM6-1.zip" if archive else "OECD-WTO_BATIS_BPM6_December2025_bulk.csv"
    )
    file.write_bytes(
        zipped({"OECD-WTO_BATIS_BPM6_December2025_bulk.csv": batis_text()})
        if archive
        else batis_text().encode()
    )
    found = read_batis(file, 2022).set_index(["exporter", "importer"]).value
    assert found.to_dict() == {("DEU", "RUS"): 1200.5, ("NAM", "DEU"): 7.0}  # Namibia's code is no gap
    assert read_batis(file, 2022, "SJ").value.tolist() == [300.0]
    assert sorted(read_batis(file).year) == [2021, 2022, 2022]
    with pytest.raises(SourceFileError, match="no Flow 'X', Item_code 'SZ' in 2022"):
        read_batis(file, 2022, "SZ")


def test_broken_services_are_named(tmp_path):
    file = tmp_path / "batis.csv"
    with pytest.raises(SourceFileError, match="There is no file"):
        read_batis(file)
    file.write_text("Reporter,Partner\nDE,RU\n")
    with pytest.raises(SourceFileError, match="not BaTIS as published"):
        read_batis(file)
    file.write_text(batis_text().replace("1200.5", "-1"))
    with pytest.raises(DataError, match="negative exports"):
        read_batis(file)


def test_balanced_goods_of_many_files_in_one_archive(tmp_path):
    """Thousands of USD and millions in one column of values; both forms; a group of states is left out."""
    head = (
        "DATAFLOW,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,PRODUCT_TYPE,PRODUCT_CPA,PRODUCT_HS,FREQ,TIME_PERIOD,OBS_VALUE,"
        "OBS_STATUS,METHODOLOGY_TYPE,UNIT_MULT,UNIT_MEASURE,ADJUSTMENT,DECIMALS\n"
    )
    flow = "OECD.SDD.TPS:DSD_BIMTS@DF_BIMTS_HS2017_2D(1.0)"

    def row(pair: str, product: str, year: int, value: float, power: int, form: str) -> str:
        return f"{flow},{pair},X,_Z,_Z,{product},A,{year},{value},A,_Z,{power},USD_EXC,{form},2\n"

    first = head + row("CHN,RUS", "_T", 2023, 98.5, 6, "B_ADJ_RX") + row("CHN,RUS", "_T", 2023, 111.0, 6, "B")
    first += row("CHN,RUS", "HS17_85", 2023, 20.0, 6, "B_ADJ_RX") + row(
        "CHN,W", "_T", 2023, 3e3, 6, "B_ADJ_RX"
    )
    second = head + row("NAM,CHN", "_T", 2024, 1500.0, 3, "B_ADJ_RX")
    file = tmp_path / "HS17_2D_DE_1995_To_2024.zip"
    file.write_bytes(zipped({"1995_2023.csv": first, "2024.csv": second}))
    found = read_bimts(file).set_index(["exporter", "importer", "year"]).value
    assert found.to_dict() == {("CHN", "RUS", 2023): 98.5, ("NAM", "CHN", 2024): pytest.approx(1.5)}
    assert read_bimts(file, 2023, form="B").value.tolist() == [111.0]
    assert read_bimts(file, 2023, "HS17_85").value.tolist() == [20.0]
    assert data_set("bimts").function() is read_bimts
    with pytest.raises(SourceFileError, match=r"no TRADE_FLOW 'X', PRODUCT_HS 'HS17_99'.*data add bimts"):
        read_bimts(file, product="HS17_99")
    file.write_text(batis_text())
    with pytest.raises(SourceFileError, match="is not BIMTS as published"):
        read_bimts(file)


@pytest.mark.parametrize("form", ["zip", "csv"])
def test_the_edition_of_2025_of_the_oecd_tables(tmp_path, form):
    """One of the zips has seven years; the first head is a name, the rest of the world is a country."""
    text = icio_2025_text()
    file = tmp_path / ("2016-2022_SML.zip" if form == "zip" else "2022_SML.csv")
    file.write_bytes(
        zipped({"2021_SML.csv": "V1\n", "2022_SML.csv": text}) if form == "zip" else text.encode()
    )
    found = read_icio(file, 2022)
    raw = pd.read_csv(io.StringIO(text), index_col=0)
    assert found.countries == ("AUS", "CHN", "ROW")
    assert found.industries == ("A01", "C24A", "T")
    assert found.inter[found.industries.index("C24A"), 3] == pytest.approx(raw.loc["AUS_C24A", "CHN_A01"])
    assert found.final[0, 1] == pytest.approx(
        raw.loc["AUS_A01", raw.columns.str.startswith("CHN_")][3:].sum()
    )
    assert found.output[0] == pytest.approx(raw.loc["AUS_A01", "OUT"])
    assert data_set("icio").file_of(2022).name == "2016-2022_SML.zip"
