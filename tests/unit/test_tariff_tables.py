"""Tables of US tariffs as others keep them, on small files in their layouts."""

from __future__ import annotations

import pytest

from suasion.coercion.tariff_tables import read_tariff_table, tariff_scenario
from suasion.equilibrium import simulate
from suasion.errors import InputError, SourceFileError

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


@pytest.fixture
def tracker(tmp_path):
    path = tmp_path / "country-by-time.csv"
    path.write_text(TRACKER, encoding="utf-8")
    return path


def rates(scenario):
    return {item.targets[0]: item.rate for item in scenario.instruments}


def test_a_day_has_the_last_rate_of_each_partner(tracker, world):
    assert rates(tariff_scenario(tracker, "2025-04-08", world)) == {"CHN": 0.2, "EU": 0.0, "KOR": 0.0}
    after = tariff_scenario(tracker, "2025-06-01", world)
    assert rates(after) == pytest.approx({"CHN": 1.12, "EU": 0.121, "KOR": 0.0}, rel=1e-12)
    assert after.year == 2025
    assert {item.senders for item in after.instruments} == {("USA",)}


def test_fractions_and_the_rest_of_the_world(tmp_path, world):
    path = tmp_path / "etr_by_partner.csv"
    path.write_text(BUDGET_LAB, encoding="utf-8")
    scenario = tariff_scenario(path, "2025-12-31", world)
    assert rates(scenario) == {"all": 0.108, "CAN": 0.118, "GBR": 0.132}
    assert scenario.instruments[0].targets == ("all",)  # first, so that those named override it
    assert simulate(world, scenario).welfare.sel(country="CAN") < 0


def test_a_table_of_another_layout_is_refused(tmp_path, tracker, world):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceFileError, match=r"has columns a, b; give country-by-time\.csv"):
        read_tariff_table(path)
    with pytest.raises(SourceFileError, match="cannot be read"):
        read_tariff_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="begins on 2025-02-04, after 2024-01-01"):
        tariff_scenario(tracker, "2024-01-01", world)
    with pytest.raises(InputError, match="give one as 2025-04-09"):
        tariff_scenario(tracker, "April", world)
