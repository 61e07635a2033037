"""Tables of trade measures as others keep them, on small files in their layouts, from the reader to the command."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from suasion.coercion.measure_tables import table_scenario
from suasion.equilibrium import read_scenario, simulate
from suasion.errors import InputError, SourceFileError
from suasion.sources.groups import expand
from suasion.sources.measure_tables import CLASSES, SkippedRow, read_measure_table

TRACKER = """date,country_name,effective tariff,total imports,2024 tariff
2025-02-04,CHINA,20.0,429425828419.0,10.9
2025-02-04,EUROPEAN UNION,0.0,597473236377.0,1.2
2025-02-04,"KOREA, SOUTH",0.0,131000000000.0,0.1
2025-02-04,EL SALVADOR,0.0,2400000000.0,0.1
2025-04-09,CHINA,112.0,429425828419.0,10.9
2025-04-09,EUROPEAN UNION,12.1,597473236377.0,1.2
"""
BUDGET_LAB = """date,label,partner,etr,import_share,etr_tpc
2025-04-17,Liberation Day,canada,0.118,0.14,0.09
2025-04-17,Liberation Day,ftrow,0.130,0.09,0.10
2025-04-17,Liberation Day,row,0.108,0.24,0.07
2025-04-17,Liberation Day,uk,0.132,0.02,0.11
"""
BARRIERS = """exporter,iso_code,hs_8digit,us_imports,hts_rate,s232_rate,rate
China,CHN,72081000,100,0,50,50
China,CHN,73041900,300,0,50,70
China,CHN,1012100,10,0,0,20
Kosovo,XKX,87032300,5,0,25,25
Japan,JPN,87032300,40,2.5,15,15
"""
HEAD = (
    "Intervention ID,GTA Evaluation,Implementing Jurisdictions,Intervention Type,Affected Sectors,Affected Products,"
    "Affected Jurisdictions,Date Announced,Date Implemented,Date Removed,Is In Force,Is Horizontal\n"
)
INTERVENTIONS = (
    HEAD
    + """\
1,Red,China,Export ban,"142, 416","261790, 811299","United States of America, Republic of Korea",2024-12-03,2024-12-03,,1,0
2,Red,China,Import tariff,110,270112,United States of America,2025-02-04,2025-02-10,,1,0
3,Green,China,Import ban,211,20130,Brazil,2023-03-23,2023-03-23,,1,0
4,Red,Germany,State loan,491,870323,,2023-01-01,2023-01-01,,1,0
5,Red,India,Export ban,"11, 12",100630,,2022-09-09,2022-09-09,2024-09-27,0,0
6,Red,India,Export ban,,,,2022-09-09,,,0,0
7,Red,Fiji,Import ban,11,100630,Samoa,2022-09-09,2022-09-09,,1,0
"""
)


def intervention(**changed):
    """An intervention as the data endpoint answers it, with full access."""
    made = {
        "intervention_id": 1,
        "gta_evaluation": "Red",
        "intervention_type": "Import tariff",
        "eligible_firm": "all",
        "implementing_jurisdictions": [{"id": 156, "name": "China", "iso": "CHN"}],
        "affected_jurisdictions": [{"id": 840, "name": "United States of America", "iso": "USA"}],
        "affected_sectors": [110, 120],
        "affected_products": [
            {"product_id": 270112, "prior_level": "3.5", "new_level": "18.5", "unit": None},
            {"product_id": 270900, "prior_level": "0", "new_level": "10", "unit": None},
            {"product_id": 271111, "prior_level": "0", "new_level": "900", "unit": "USD/tonne"},
        ],
        "date_announced": "2025-02-04",
        "date_implemented": "2025-02-10",
        "date_removed": None,
    }
    return made | changed


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rates(scenario):
    return {item.targets[0]: item.rate for item in scenario.instruments}


def test_a_day_has_the_last_rate_of_each_partner(tmp_path, world):
    tracker = write(tmp_path, "country-by-time.csv", TRACKER)
    before = table_scenario(tracker, world, "2025-04-08")
    assert rates(before.scenario) == {"CHN": 0.2, "EU": 0.0, "KOR": 0.0}
    assert before.left_out == {SkippedRow.WORLD: 1}
    after = table_scenario(tracker, world, "2025-06-01").scenario
    assert rates(after) == pytest.approx({"CHN": 1.12, "EU": 0.121, "KOR": 0.0}, rel=1e-12)
    assert after.year == 2025
    assert {item.senders for item in after.instruments} == {("USA",)}


def test_fractions_and_the_rest_of_the_world(tmp_path, world):
    path = write(tmp_path, "etr_by_partner.csv", BUDGET_LAB)
    found = table_scenario(path, world, "2025-12-31")
    assert rates(found.scenario) == {"all": 0.108, "CAN": 0.118, "GBR": 0.132}
    assert found.scenario.instruments[0].targets == ("all",)  # first, so that those named override it
    assert found.left_out == {SkippedRow.PARTNER: 1}
    assert simulate(world, found.scenario).welfare.sel(country="CAN") < 0


def test_rates_by_product_are_means_weighed_by_imports(tmp_path, world):
    found = table_scenario(write(tmp_path, "rates.csv", BARRIERS), world)
    told = {(item.targets[0], item.sectors): item.rate for item in found.scenario.instruments}
    assert told == pytest.approx(
        {("CHN", ("C24A",)): 0.65, ("CHN", ("A01",)): 0.2, ("JPN", ("C29",)): 0.15}, abs=1e-9
    )
    assert {item.mode for item in found.scenario.instruments} == {"set"}


def test_interventions_become_bans_and_the_rest_is_counted(tmp_path, world):
    path = write(tmp_path, "interventions.csv", INTERVENTIONS)
    scenario = table_scenario(path, world, "2025-01-01").scenario
    (ban,) = scenario.instruments
    assert (type(ban).kind, ban.senders, ban.targets) == ("export_ban", ("CHN",), ("KOR", "USA"))
    assert ban.sectors == ("B07", "C24B")
    found = table_scenario(path, world, "2024-01-01", coverage=0.4)
    (rice,) = found.scenario.instruments
    assert (rice.targets, rice.sectors, rice.coverage) == (("all",), ("A01",), 0.4)
    assert (rice.date, rice.until) == ("2022-09-09", "2024-09-27")
    expected = {
        SkippedRow.KIND: 1, SkippedRow.LIFTED: 1, SkippedRow.RATE: 1, SkippedRow.DAY: 1, SkippedRow.WORLD: 1,
    }  # fmt: skip
    assert found.left_out == expected
    (only,) = table_scenario(path, world, "2024-01-01", targets="CHN").scenario.instruments
    assert only.targets == ("CHN",)


def test_full_access_gives_the_rates(tmp_path, world):
    union = [{"id": 1, "name": code, "iso": code} for code in expand(["EU"], 2025)]
    data = [
        intervention(),
        intervention(implementing_jurisdictions=union, intervention_type="Anti-dumping"),
        intervention(eligible_firm="firm-specific"),
        intervention(affected_sectors=[711]),
        intervention(affected_products=[270112]),
    ]
    path = write(tmp_path, "answer.json", json.dumps(data))
    found = table_scenario(path, world, "2025-03-01")
    china, dumping = found.scenario.instruments
    assert china.rate == pytest.approx(0.125, abs=1e-12)  # (15 + 10) / 2 points; dollars a tonne are no rate
    assert china.sectors == ("B05", "B06")
    assert dumping.senders == ("EU",)
    assert found.left_out == {SkippedRow.FIRMS: 1, SkippedRow.GOODS: 1, SkippedRow.RATE: 1}
    with pytest.raises(SourceFileError, match="no answer of Global Trade Alert's data endpoint"):
        read_measure_table(write(tmp_path, "other.json", '{"count": 3}'))


def test_classes_of_goods_are_in_order_and_of_industries_of_the_world(world):
    numbers = [end for first, last, _ in CLASSES for end in (first, last)]
    assert numbers == sorted(numbers)
    assert {code for *_, code in CLASSES} <= set(world.sectors)


def test_what_is_no_table_or_no_day_is_refused(tmp_path, world):
    tracker = write(tmp_path, "country-by-time.csv", TRACKER)
    with pytest.raises(SourceFileError, match=r"has columns a, b; give country-by-time\.csv"):
        read_measure_table(write(tmp_path, "other.csv", "a,b\n1,2\n"))
    with pytest.raises(SourceFileError, match="cannot be read"):
        read_measure_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="begins on 2025-02-04, and 2024-01-01 is earlier"):
        table_scenario(tracker, world, "2024-01-01")
    with pytest.raises(InputError, match="no day is given"):
        table_scenario(tracker, world)
    with pytest.raises(InputError, match="give one as 2025-04-09"):
        table_scenario(tracker, world, "April")
    with pytest.raises(InputError, match="no measure between these economies on 2025-04-10"):
        table_scenario(tracker, world, "2025-04-10", senders="DEU")


def test_the_command_writes_a_scenario_that_solves(tmp_path, world):
    path = write(tmp_path, "interventions.csv", INTERVENTIONS)
    out = tmp_path / "made.yaml"
    words = ["measures", str(path), "--day", "2025-01-01", "--on", "USA", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "suasion", *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    scenario = read_scenario(out)
    assert scenario.instruments[0].targets == ("USA",)
    assert simulate(world, scenario, "short").certificate.ok()
