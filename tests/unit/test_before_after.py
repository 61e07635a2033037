"""Trade around a measure: what is recorded, what is left out, and what the model had said of it."""

from __future__ import annotations

import pytest

import suasion as su
from suasion.dossier.site import pages
from suasion.errors import InputError
from suasion.outlook.scoreboard.score import trial_table
from suasion.questions.before_after import WATCHED, WORTH
from suasion.sources.goods_totals import goods_totals
from suasion.sources.groups import expand


@pytest.mark.parametrize("name", WATCHED)
def test_each_partner_has_the_flows_of_both_years(name):
    """Every row is the record's; who has no number in one of the years is named, not counted as nothing."""
    watch, answer = WATCHED[name], su.before_after(name=name)
    flows = goods_totals().astype({"exporter": str, "importer": str})
    flows = flows.set_index(["exporter", "importer", "year"])["value"]
    for key, way in (("measure-bought", 1), ("measure-sold", -1)):
        table = answer.table(key).frame
        assert len(table) > 20
        for row in table.head(5).to_dict("records"):
            pair = (watch.of, row["partner"])[::way]
            assert row["before_musd"] == pytest.approx(flows[(*pair, watch.before)], rel=1e-6)
            assert row["after_musd"] == pytest.approx(flows[(*pair, watch.after)], rel=1e-6)
        assert (table[["before_musd", "after_musd"]].max(axis=1) >= WORTH).all()
        assert table["change_musd"].abs().is_monotonic_decreasing
        took = set(expand([watch.others], watch.after))
        assert (table["took_part"] == "yes").eq(table["partner"].isin(took)).all()


def test_who_had_not_reported_is_said():
    """Belarus and Russia have no flow on record for 2023."""
    answer = su.before_after()
    (unknown,) = [one for one in answer.findings if one.key == "before_after.unknown"]
    assert "BLR" in {one.code for one in unknown.values["states"]}
    assert "BLR" not in set(answer.table("measure-sold").frame["partner"])


def test_sanctioners_trade_less_with_russia_and_others_more():
    """The published turn of 2020 to 2023, both ways."""
    table = (
        su.before_after()
        .table("measure-bought")
        .frame.groupby("took_part")[["before_musd", "after_musd"]]
        .sum()
    )
    assert table.loc["yes", "after_musd"] < 0.5 * table.loc["yes", "before_musd"]
    assert table.loc["no", "after_musd"] > 2.0 * table.loc["no", "before_musd"]


def test_what_was_foreseen_is_that_of_the_trial():
    (told,) = [
        one for one in su.before_after(name="us_china_2018").findings if one.key == "before_after.told"
    ]
    row = trial_table("episodes").query("episode == 'us_china_collected' and year == 2019").iloc[0]
    assert told.values["foreseen"].value == pytest.approx(
        100.0 * (2.718281828459045 ** row["foreseen"] - 1.0)
    )
    assert told.values["happened"].value == pytest.approx(100.0 * (2.718281828459045 ** row["actual"] - 1.0))
    assert told.values["foreseen"].low < told.values["foreseen"].value < told.values["foreseen"].high


@pytest.mark.parametrize("name", WATCHED)
def test_the_page_leads_with_what_was_recorded(name):
    """A number of each camp stands in the heading; both directions are drawn."""
    page = pages.measure_page(name)
    drawn = [part["table"] for _, parts in page.sections for part in parts if part["as"] == "chart"]
    assert set(drawn) == {"measure-bought", "measure-sold"}
    assert all(page.drawing(part) for _, parts in page.sections for part in parts if part["as"] == "chart")
    assert page.heading not in {one.sentence() for one in page.answer.findings}


def test_an_unknown_measure_is_refused():
    with pytest.raises(InputError, match="no measure 'brexit'"):
        su.before_after(name="brexit")
