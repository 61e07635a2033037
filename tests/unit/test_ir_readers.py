"""Readers of the data sets that are not shipped: published spot checks, official layouts, and what they refuse."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from official_files import IMTS_HEAD, IMTS_ROWS, comtrade_row, eora_folder, icio_text, wiod_columns

from suasion.errors import DataError, DuplicateLabelError, InputError, MissingValueError, SourceFileError
from suasion.sources.catalogue import catalogue
from suasion.sources.catalogue_store import add
from suasion.sources.comtrade import read_comtrade_totals
from suasion.sources.contiguity import contiguity_years, read_contiguity, read_distance
from suasion.sources.cow_system import read_cow_crosswalk, read_majors
from suasion.sources.eora26 import read_eora26
from suasion.sources.gsdb import parties, read_gsdb
from suasion.sources.icio import read_icio
from suasion.sources.imts import read_imts
from suasion.sources.ir_tables import (
    read_atop,
    read_cow_alliances,
    read_cow_trade,
    read_democracy,
    read_exercises,
    read_gcdf_countries,
    read_joint_igos,
    read_mids,
    read_nmc,
    read_nuclear_agreements,
    read_pwt,
    read_us_troops,
)
from suasion.sources.itpd import read_itpd
from suasion.sources.rivalries import read_rivalries, rivalry_years
from suasion.sources.wiod16 import read_wiod16
from suasion.world import load_world

ATOP = "ccode1,ccode2,year,defense,offense,neutral,nonagg,consul\n"
STATES = "ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday\n"


@pytest.fixture(scope="module")
def states(reference_data):
    return read_cow_crosswalk(reference_data)


# Published spot checks.


def test_capabilities_of_2022(reference_data, states):
    table = read_nmc(reference_data, states)
    last = table[table["year"] == 2022].set_index("country")["cinc"]
    assert last[["CHN", "USA", "RUS"]].round(3).tolist() == [0.234, 0.124, 0.038]
    assert table.groupby("year")["cinc"].sum().between(0.99, 1.08).all()  # shares of the world; 1.075 in 1860


def test_sanctions(reference_data):
    cases = read_gsdb(reference_data)
    assert len(cases) == 1325
    assert (cases["begin"].min(), cases["end"].max()) == (1949, 2022)
    russia = cases[
        [
            ("RUS" in parties(t)) and ("EU" in parties(s))
            for t, s in zip(cases["target"], cases["sender"], strict=True)
        ]
    ]
    assert 2014 in set(russia["begin"])
    uneven = cases["objective"].map(len) != cases["success"].map(len)
    assert uneven.sum() == 1  # two objectives and one judgement


def test_rivals_of_russia(reference_data):
    years = rivalry_years(read_rivalries(reference_data))
    assert years["year"].max() == 2020
    last = years[years["year"] == 2020]
    rivals = set(last.loc[last["cow1"] == 365, "cow2"]) | set(last.loc[last["cow2"] == 365, "cow1"])
    assert rivals == {2, 369}  # the United States and Ukraine
    old = read_rivalries(reference_data / "peacesciencer" / "td_rivalries.rda")
    assert old.loc[old["name"] == "Russia-United States 2", "positional"].tolist() == [True]


def test_organizations_disputes_trade_distance(reference_data, states):
    joint = read_joint_igos(reference_data, states)
    assert joint.query("year == 2014 and country1 == 'RUS' and country2 == 'CHN'")["joint"].tolist() == [55]
    disputes = read_mids(reference_data, states)
    assert len(disputes) == 10234
    assert disputes.query("country1 == 'CHN' and country2 == 'RUS' and year == 1969")["ongoing"].tolist() == [
        True
    ]
    trade = read_cow_trade(reference_data).query("cow1 == 2 and cow2 == 710 and year == 2014")
    assert trade[["imports_1_from_2", "imports_2_from_1"]].to_numpy().tolist() == [[472525, 183283]]
    distance = read_distance(reference_data).query("cow1 == 365 and cow2 == 710 and year == 2019")
    assert distance["distance_km"].tolist() == [0]


def test_contiguity_of_russia(reference_data):
    years = contiguity_years(read_contiguity(reference_data))
    at = years.set_index(["cow1", "cow2", "year"])["contiguity"]
    assert at[2, 365, 1959] == 2  # across the Bering Strait, once Alaska was a state
    assert at[2, 365, 1950] == 0
    assert at[365, 710, 2016] == 1
    assert not years.duplicated(["cow1", "cow2", "year"]).any()


def test_regimes_powers_exercises_agreements(reference_data, states):
    regimes = read_democracy(reference_data / "isard", states).query("year == 2018").set_index("country")
    assert regimes.loc["RUS", ["polyarchy", "polity"]].tolist() == [0.264, 4]
    powers = read_majors(reference_data)
    assert set(powers.loc[powers["last"].dt.year == 2016, "cow"]) == {2, 200, 220, 255, 365, 710, 740}
    exercises = read_exercises(reference_data, states)
    assert exercises.query("country == 'USA' and year == 1978")["exercises"].tolist() == [11]
    signed = read_nuclear_agreements(reference_data, states).query("country1 == 'RUS' and country2 == 'CHN'")
    assert signed["year"].tolist() == [1955, 1956, 1990, 1998]


def test_money_troops_output(reference_data):
    assert read_gcdf_countries(reference_data)["country"].iloc[0] == "RUS"  # the largest borrower
    troops = read_us_troops(reference_data).query("country == 'DEU' and year == 1960")
    assert troops["troops"].tolist() == [232256]
    output = read_pwt(reference_data).query("country == 'RUS' and year == 2019")
    assert output["population"].iloc[0] == pytest.approx(145.87, abs=0.01)


def test_trade_of_russia_in_the_gravity_data(reference_data):
    """10 to 11 % of Russia's trade was with China in 2013, by every source."""
    table = read_itpd(reference_data).query("exporter != importer and year == 2013")
    russia = table[(table["exporter"] == "RUS") | (table["importer"] == "RUS")]
    china = russia[(russia["exporter"] == "CHN") | (russia["importer"] == "CHN")]
    assert 0.10 < china["value"].sum() / russia["value"].sum() < 0.11


# Official layouts, and what is refused.


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_official_csv_layouts_are_read_like_the_others(tmp_path):
    """The projects' own files have other column names, and -9 for missing."""
    atop = written(
        tmp_path,
        "atop5_1ddyr.csv",
        "\ufeffstateA,stateB,year,DEFENSE,offense,neutral,nonagg,consul\n2,20,1942,1,1,0,0,1\n",
    )
    assert read_atop(tmp_path).iloc[0].tolist() == [2, 20, 1942, True, True, False, False, True]
    nmc = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\nUSA,2,1816,-9,17,80,254,8659,101,0.04,7\n"
    table = read_nmc(written(tmp_path, "NMC-70-abridged.csv", nmc))
    assert np.isnan(table["military_spending"].iloc[0])
    alliances = (
        "ccode1,ccode2,year,defense,neutrality,nonaggression,entente\n20,2,1950,1,0,0,0\n2,20,1950,0,0,1,1\n"
    )
    merged = read_cow_alliances(written(tmp_path, "alliance_v4.1_by_directed_yearly.csv", alliances))
    assert merged.to_numpy().tolist() == [[2, 20, 1950, True, False, True, True]]
    trade = "ccode1,ccode2,year,flow1,flow2\n2,20,1920,612,-9\n"
    flows = read_cow_trade(written(tmp_path, "Dyadic_COW_4.0.csv", trade))
    assert np.isnan(flows["imports_2_from_1"].iloc[0])
    spells = "statelno,statehno,conttype,begin,end\n2,20,1,192001,192006\n2,20,5,192006,192112\n"
    years = contiguity_years(read_contiguity(written(tmp_path, "contdir.csv", spells)))
    assert years["contiguity"].tolist() == [1, 5]  # the closer of two in one year
    atop.write_text(atop.read_text("utf-8") + "2,20,1942,1,1,0,0,1\n", encoding="utf-8")
    with pytest.raises(DuplicateLabelError, match=r"ATOP: 2 rows .*cow1 2, cow2 20, year 1942"):
        read_atop(atop)


@pytest.mark.parametrize(
    ("read", "text", "error", "message"),
    [
        (read_nmc, "ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n2,1900,1,1,1,1,1,1,1.5\n", DataError, r"a cinc outside 0 to 1, the first is row 1 \(1.5\)"),
        (read_democracy, "ccode,year,v2x_polyarchy\n2,1900,1.2\n", DataError, r"a polyarchy outside 0 to 1, the first is row 1 \(1.2\)"),
        (read_distance, "ccode1,ccode2,year,mindist\n2,20,1900,-1\n", DataError, "1 rows have a negative distance_km"),
        (read_joint_igos, "ccode1,ccode2,year,dyadigos\n2,20,1900,-3\n", DataError, "negative"),
        (read_cow_trade, "ccode1,ccode2,year,flow1,flow2\n2,20,1900,-3,1\n", DataError, "1 rows have a negative imports_1_from_2"),
        (read_cow_trade, "ccode1,ccode2,year,flow1,flow2\n20,2,1900,3,1\n", DataError, "smaller code first"),
        (read_contiguity, "ccode1,ccode2,conttype,begin,end\n2,20,7,190001,190002\n", DataError, "contiguity 7 from 1900-01"),
        (read_nuclear_agreements, "ccode1,ccode2,year,nca,nca_type\n2,20,1960,0,1\n", DataError, "without an agreement"),
        (read_exercises, "ccode,year,count,jme_d,multi_d\n2,1990,-1,0,0\n", DataError, "a negative exercises"),
        (read_mids, "ccode1,ccode2,year\n2,20,1960\n", SourceFileError, "no column dispute"),
        (read_atop, "", SourceFileError, "cannot be read"),
        (read_atop, f"{ATOP}2,20,1950,-9,0,0,0,1\n", DataError, r"neither 0 nor 1 in defence, the first is row 1 \(-9\)"),
        (read_atop, f"{ATOP}2,20,19500,1,0,0,0,1\n", DataError, r"a year outside 1500 to 2100, the first is row 1 \(19500\)"),
        (read_atop, f"{ATOP}2,20,1950,,0,0,0,1\n", DataError, r"no whole number in defence, the first is row 1 \(empty\)"),
        (read_cow_crosswalk, f"{STATES}816,Viet Nam,1976,2,31,2016,12,31\n", DataError, "row 1 has no day 1976-2-31"),
        (read_cow_crosswalk, f"{STATES}816,Viet Nam,1976,1,1,1954,12,31\n", DataError, "ends in 1954, before it begins in 1976"),
        (read_majors, "ccode,styear,stmonth,stday,endyear,endmonth,endday\n2,1898,13,1,2016,12,31\n", DataError, "no day 1898-13-1"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused(tmp_path, read, text, error, message):
    with pytest.raises(error, match=message):
        read(written(tmp_path, "x.csv", text))


def test_sanctions_that_cannot_be_right(tmp_path):
    head = "case_id,sanctioned_state,sanctioning_state,begin,end,trade,descr_trade,arms,military,financial,travel,other,objective,success\n"
    with pytest.raises(SourceFileError, match="case 1 has revenge; known are policy_change"):
        read_gsdb(written(tmp_path, "GSDB_V3.csv", head + "1,A,B,2000,2001,1,,0,0,0,0,0,revenge,failed\n"))
    with pytest.raises(DataError, match="case 1 ends before it begins"):
        read_gsdb(written(tmp_path, "GSDB_V3.csv", head + "1,A,B,2000,1999,1,,0,0,0,0,0,democracy,failed\n"))
    assert parties("Korea, North, UN") == ("PRK", "UN")


# World tables on small files in the official layouts.


@pytest.mark.parametrize("old", [False, True], ids=["edition 2023", "edition 2021"])
def test_icio_sums_the_parts_of_china_and_mexico(tmp_path, old):
    text, cell = icio_text(old)
    path = written(tmp_path, "ICIO2021_2018.csv" if old else "2018_SML.csv", text)
    table = read_icio(tmp_path, 2018)
    assert table.countries == ("AUS", "CHN", "MEX")
    assert table.industries == ("A01", "C10")
    assert table.inter[2, 5] == pytest.approx(cell["CHN_A01 to MEX_C10"])
    assert table.inter[1, 2] == pytest.approx(cell["AUS_C10 to CHN_A01"])
    assert table.final[3, 0] == pytest.approx(cell["CHN_C10 final in AUS"])
    assert table.output[2] == pytest.approx(cell["output CHN_A01"])
    np.testing.assert_allclose(table.inter.sum(axis=1) + table.final.sum(axis=1), table.output)
    assert "CN1, CN2 summed" in table.steps[0]
    assert read_icio(path, 2018).checksum == table.checksum


def test_a_world_of_another_year_through_the_store(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    with pytest.raises(SourceFileError, match=r"icio is needed.*suasion data fetch icio"):
        load_world("icio", year=2018)
    bundle = tmp_path / "ICIO2021_2015-2018.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("ICIO2021_2018.csv", icio_text(old=True)[0])
    (stored,) = add("icio", [bundle])
    assert stored.holds == "3x2, 2018; holds 2015 to 2018"
    world = load_world("icio", year=2018)
    assert (world.countries, world.year) == (("AUS", "CHN", "MEX"), 2018)
    assert world.provenance.dataset == "OECD ICIO"
    assert "CN1, CN2 summed" in world.provenance.transformations[0]
    with pytest.raises(SourceFileError, match="holds no file of OECD ICIO for 2016"):
        load_world("icio", year=2016)
    with pytest.raises(InputError, match="1995 to 2022: give one of them, not 1990"):
        load_world("icio", year=1990)
    broken = written(tmp_path, "ICIO2021_2015-2018.zip", "no archive")
    with pytest.raises(SourceFileError, match="is no zip archive"):
        add("icio", [broken])


def test_icio_leaves_nothing_out_silently(tmp_path):
    text, _ = icio_text()
    odd = text.replace("MEX_GFCF", "MEX_MAGIC")
    with pytest.raises(
        SourceFileError, match="1 columns that are neither industry, final use nor output: MEX_MAGIC"
    ):
        read_icio(written(tmp_path, "2018_SML.csv", odd), 2018)
    path = written(tmp_path, "2018_SML.csv", text.replace(text.splitlines()[3].split(",")[2], "", 1))
    with pytest.raises(MissingValueError, match="NaN or infinite cells in the rows"):
        load_world("icio", year=2018, path=path)
    with pytest.raises(SourceFileError, match="not named like OECD ICIO of 2017"):
        read_icio(tmp_path / "2018_SML.csv", 2017)
    with pytest.raises(SourceFileError, match="no rows COUNTRY_INDUSTRY"):
        read_icio(written(tmp_path, "2019_SML.csv", "x,a\nb,1\n"), 2019)


def test_wiod_of_2016(tmp_path, monkeypatch):
    rdata = pytest.importorskip("rdata")
    table = wiod_columns()
    path = tmp_path / "WIOT2014_October16_ROW.RData"
    rdata.write_rda(path, {"wiot": table})
    made = read_wiod16(tmp_path, 2014)
    assert made.countries == ("AUS", "ROW")
    assert made.industries[:2] == ("I01", "I02")
    assert made.inter[0, 60] == table["ROW5"][0]
    assert made.final[57, 1] == pytest.approx(sum(table[f"ROW{k}"][57] for k in range(57, 62)))
    np.testing.assert_allclose(made.inter.sum(axis=1) + made.final.sum(axis=1), made.output)
    world = load_world("wiod16", year=2014, path=path)
    assert world.sector_names["I02"] == "Industry I02"
    rdata.write_rda(tmp_path / "WIOT2013_October16_ROW.RData", {"wiot": table})
    with pytest.raises(SourceFileError, match="The file of 2013 holds 2014"):
        read_wiod16(tmp_path, 2013)
    with pytest.raises(InputError, match="2000 to 2014"):
        read_wiod16(tmp_path, 1999)


def test_eora26(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    flows = eora_folder(tmp_path / "e")
    made = read_eora26(tmp_path / "e", 2015)
    assert made.countries == ("AUS", "SDN")
    assert made.inter[1, 2] == pytest.approx(flows[1, 2] / 1e3)
    assert made.inter[0, 3] == 0
    assert made.final[3, 0] == pytest.approx(flows[3, 5:7].sum() / 1e3)
    assert "discrepancy left out" in made.steps[0]
    assert made.steps[1] == "negative sales for production set to zero: 5 million USD"
    archive = tmp_path / "Eora26_2015_bp.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for path in (tmp_path / "e").iterdir():
            opened.write(path, f"deep/{path.name}")
    add("eora26", [archive])
    world = load_world("eora26", year=2015)
    assert world.countries == ("AUS", "SDN")
    assert any("thousand USD (assumption)" in note for note in world.notes)
    (tmp_path / "e" / "labels_T.txt").write_text("Australia\tAUS\tIndustries\tMining\n", encoding="utf-8")
    with pytest.raises(SourceFileError, match="the labels have 1 rows"):
        read_eora26(tmp_path / "e", 2015)
    with pytest.raises(SourceFileError, match=r"holds no Eora26_2014_bp_T\.txt"):
        read_eora26(tmp_path / "e", 2014)


def test_itpd_by_industry_is_summed(tmp_path):
    head = "exporter_iso3,exporter_name,importer_iso3,importer_name,year,industry_id,trade,flag_zero\n"
    rows = (
        "RUS,Russia,CHN,China,2013,1,10,p\nRUS,Russia,CHN,China,2013,2,5,p\nCHN,China,RUS,Russia,2013,1,7,p\n"
    )
    table = read_itpd(written(tmp_path, "ITPD_E_R01.csv", head + rows))
    assert table.to_numpy().tolist() == [["CHN", "RUS", 2013, 7.0], ["RUS", "CHN", 2013, 15.0]]
    with pytest.raises(SourceFileError, match="not ITPD-E"):
        read_itpd(written(tmp_path, "x.csv", "a,b\n1,2\n"))
    with pytest.raises(DataError, match="'Narnia'"):
        read_itpd(written(tmp_path, "y.csv", "exporter,importer,year,value_usd2010\nNarnia,China,2000,1\n"))


def test_comtrade_totals(tmp_path):
    rows = [
        comtrade_row(),
        comtrade_row(motCode=1000, primaryValue=1e9),
        comtrade_row(reporterCode=842, partnerCode=0, flowCode="M"),
    ]
    path = written(tmp_path, "comtrade_totals_2020.json", json.dumps({"data": rows}))
    table = read_comtrade_totals(tmp_path, 2020)
    assert table.to_numpy().tolist() == [
        ["RUS", "CHN", 2020, "exports", 49.1e9],
        ["USA", "WLD", 2020, "imports", 49.1e9],
    ]
    with pytest.raises(SourceFileError, match="no totals of 2019"):
        read_comtrade_totals(path, 2019)
    with pytest.raises(SourceFileError, match="There is no file"):
        read_comtrade_totals(tmp_path, 2018)
    with pytest.raises(SourceFileError, match="cannot be read"):
        read_comtrade_totals(written(tmp_path, "c.json", "{}"))
    with pytest.raises(DuplicateLabelError, match="reporter RUS, partner CHN"):
        read_comtrade_totals(
            written(tmp_path, "d.json", json.dumps({"data": [comtrade_row(), comtrade_row()]}))
        )
    with pytest.raises(DataError, match="negative"):
        read_comtrade_totals(
            written(tmp_path, "e.json", json.dumps({"data": [comtrade_row(primaryValue=-1)]}))
        )


@pytest.mark.parametrize("rows", [100_000, 250_000])
def test_an_answer_of_comtrade_that_was_cut_off_is_refused(tmp_path, rows):
    """The service ends an answer at its limit of rows without a word, and so does a file saved from it."""
    head = ",".join(comtrade_row())
    line = ",".join(map(str, comtrade_row(motCode=1000).values()))
    total = ",".join(map(str, comtrade_row().values()))
    cut = written(tmp_path, "cut.csv", "\n".join([head, total, *[line] * (rows - 1)]))
    with pytest.raises(SourceFileError, match=rf"{rows:,} rows, the most .*reporterCode="):
        read_comtrade_totals(cut)
    whole = written(tmp_path, "whole.csv", "\n".join([head, total, *[line] * (rows - 2)]))
    assert read_comtrade_totals(whole)["value"].tolist() == [49.1e9]


def test_the_address_of_comtrade_asks_for_totals_alone():
    """Without these it splits a total by transport, procedure and second partner, which reaches the limit of rows."""
    (file,) = catalogue()["un-comtrade"].files
    asked = parse_qs(urlsplit(file.address).query)
    assert {key: asked[key] for key in ("partner2Code", "motCode", "customsCode")} == {
        "partner2Code": ["0"],
        "motCode": ["0"],
        "customsCode": ["C00"],
    }


def test_exports_of_the_fund(tmp_path):
    table = read_imts(written(tmp_path, "imts_exports_2020.csv", IMTS_HEAD + IMTS_ROWS), 2020)
    assert table.to_numpy().tolist() == [["NAM", "NA", 2020, 3.0], ["RUS", "CHN", 2020, 5.0]]
    with pytest.raises(SourceFileError, match="no exports of 2021"):
        read_imts(tmp_path / "imts_exports_2020.csv", 2021)
    with pytest.raises(SourceFileError, match="There is no file"):
        read_imts(tmp_path, 1999)
    with pytest.raises(DataError, match="negative"):
        read_imts(written(tmp_path, "n.csv", IMTS_HEAD + "A,XG_FOB_USD,B,A,2020,-1\n"))


def test_the_real_world_table_through_the_store(reference_data, tmp_path, monkeypatch):
    """WIOD 2013 as added by hand: world output of 2011 is 141.8 trillion USD."""
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    add("wiod13", [reference_data / "wiod13" / "wiot_2011.RData"])
    world = load_world("wiod13", year=2011)
    made = (world.arrays["intermediate"] + world.arrays["final"]).sum()
    assert made / 1e6 == pytest.approx(141.8, abs=0.05)  # printed to a tenth
