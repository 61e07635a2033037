"""Groups wherever states are asked, or the call that takes them; panels, and joins to a table of one's own."""

from __future__ import annotations

import io
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import pytest

import suasion as su
from suasion.errors import InputError, SameCountryError, UnknownCountryError
from suasion.measures.history import trade_history
from suasion.questions import QUESTIONS
from suasion.questions.panel import NOT_YET, WHAT
from suasion.questions.question import Side, State
from suasion.sources.goods_totals import goods_totals
from suasion.sources.groups import members
from suasion.world import load_world

ASKED = ("RUS", "CHN", "USA")


@pytest.fixture(scope="module")
def small():
    """Six economies and four industries: three of ASEAN."""
    return load_world().select(["VNM", "THA", "MYS", "CHN", "USA", "DEU"], ["A01", "B06", "C20", "C26"])


STATES = [
    name for name, one in QUESTIONS.items() if any(it.kind is State and it.required for it in one.parameters)
]


@pytest.mark.parametrize("name", STATES)
def test_a_question_of_states_alone_names_the_call_that_takes_a_group(name):
    """Groups that are refused without a way on: none."""
    asked = [one for one in QUESTIONS[name].parameters if one.required]
    place = next(place for place, one in enumerate(asked) if one.kind is State)
    states = list(ASKED[: len(asked)])
    states[place] = "ASEAN"
    with pytest.raises(UnknownCountryError, match="ASEAN is a group") as told:
        getattr(su, name)(*states)
    call = str(told.value).split("name one of its members. ")[1]
    assert call.startswith(('su.exit_cost("ASEAN"', 'su.panel("ASEAN"'))
    assert {one.kind for one in QUESTIONS[call[3:].split("(")[0]].parameters if one.name in ("a", "b")} <= {
        Side
    }


@pytest.mark.parametrize("name", STATES)
def test_a_list_in_place_of_a_state_is_told_with_the_right_call(name):
    asked = [one for one in QUESTIONS[name].parameters if one.required]
    given = [list(ASKED[:2]) if one.kind is State else "russia_5g" for one in asked]
    with pytest.raises(InputError, match=f"Write su.{name}"):
        getattr(su, name)(*given)


def test_sides_joined_by_a_plus_are_a_group_everywhere(small):
    from suasion.sources.groups import expand, group_code, is_group

    assert group_code("Vietnam+ tha") == group_code("VNM + THA + VNM") == "VNM + THA"
    assert set(expand(["G7+EU"], 2023)) == {*members("G7", 2023), *members("EU", 2023)}
    assert not any(map(is_group, ("VNM+", "VNM+VNM", "VNM+Wakanda", "+")))
    both = su.exit_cost("VNM+THA", "CHN", audience=(), horizon="long", world=small)
    lone = su.exit_cost(
        "ASEAN", "CHN", audience=(), horizon="long", world=small.select(["VNM", "THA", "CHN", "USA", "DEU"])
    )
    assert {*both.frame["country"]} == {"VNM + THA", "CHN"}
    assert {*lone.frame["country"]} == {"ASEAN", "CHN"}
    with pytest.raises(SameCountryError, match="VNM would stand on both sides"):
        su.exit_cost("VNM+THA", "VNM", world=small)


def test_dependence_on_a_group_is_that_of_its_members_together(small):
    """What members sell each other is no trade: sums over members of what crosses the border of the group."""
    inside = [code for code in members("ASEAN", small.year) if code in small.countries]
    flow = small.array("intermediate") + small.array("final")
    place = {code: small.countries.index(code) for code in small.countries}
    bloc, others = ([place[code] for code in codes] for codes in (inside, set(place) - set(inside)))
    with_china = flow[np.ix_(bloc, [place["CHN"]])].sum() + flow[np.ix_([place["CHN"]], bloc)].sum()
    whole = flow[np.ix_(bloc, others)].sum() + flow[np.ix_(others, bloc)].sum()
    frame = su.dependence("ASEAN", "China", world=small).frame.set_index(["country", "channel"])
    assert frame.loc[("ASEAN", "turnover"), "partner_share"] == pytest.approx(
        with_china / whole, rel=1e-12
    )  # sums
    assert frame.loc[("ASEAN", "turnover"), "value_musd"] == pytest.approx(with_china, rel=1e-12)


@pytest.mark.filterwarnings("ignore::suasion.errors.SuasionWarning")
def test_leaving_a_group_is_the_embargo_of_all_its_members(small):
    """The loss of the group is that of its members in the same embargo, solved by simulate."""
    cost = su.exit_cost("ASEAN", "CHN", audience=(), horizon="long", world=small)
    frame = cost.frame.set_index("country")
    sides = su.simulate(su.embargo("CHN", "ASEAN"), world=small).table("losses").frame.set_index("country")
    inside = ["VNM", "THA", "MYS"]
    assert frame.loc["ASEAN", "loss_musd"] == pytest.approx(
        sides.loc[inside, "loss_musd"].sum(), rel=1e-6
    )  # two solves
    assert frame.loc["CHN", "loss_percent"] == pytest.approx(sides.loc["CHN", "loss_percent"], rel=1e-6)
    moved = cost.findings
    elsewhere = [
        one.values["country"].code
        for one in moved
        if one.key.startswith("exit_cost.elsewhere") and "country" in one.values
    ]
    assert not set(elsewhere) & {*inside, "CHN"}
    assert cost.run.parameters["a"] == "ASEAN"


def test_trade_history_of_a_group_is_the_sum_of_its_members():
    inside = members("ASEAN", 2023)
    rows = goods_totals()
    rows = rows[rows["year"] == 2015]
    sold = rows[rows["exporter"].isin(inside) & (rows["importer"] == "CHN")]["value"].sum()
    bought = rows[rows["importer"].isin(inside) & (rows["exporter"] == "CHN")]["value"].sum()
    found = trade_history("Association of Southeast Asian Nations", "China")
    one = found[(found.country == "ASEAN") & (found.year == 2015)].set_index("flow")
    assert one.loc["turnover", "value"] == pytest.approx(sold + bought, rel=1e-12)  # sums in another order
    away = rows[rows["exporter"].isin(inside) & ~rows["importer"].isin(inside)]["value"].sum()
    assert one.loc["exports", "whole"] == pytest.approx(away, rel=1e-12)
    events = su.trade_history("EU", "RUS").table("trade-events").frame
    assert "eu_coal_2022" in set(events["event"])


@pytest.mark.parametrize("pair", [("EU", "DEU"), ("EU", "European Union"), ("EU", "NATO")])
def test_sides_with_common_members_are_refused(pair):
    for ask in (su.exit_cost, su.dependence, su.trade_history):
        with pytest.raises(SameCountryError, match=r"both sides|same side|share one"):
            ask(*pair)


@pytest.fixture(scope="module")
def asean():
    return su.panel("ASEAN", on="CHN")


def test_a_panel_is_what_its_questions_say(asean):
    frame = asean.frame
    assert list(frame.columns[:3]) == ["country", "partner", "year"]
    assert set(frame["country"]) == set(members("ASEAN", 2023))
    assert not frame.duplicated(["country", "partner", "year"]).any()
    one = frame.set_index(["country", "year"])
    said = trade_history("VNM", "CHN")
    said = said[(said.country == "VNM") & (said.flow == "turnover") & (said.form != "dot")].set_index("year")[
        "share"
    ]
    assert one.loc["VNM"]["trade_share"].dropna().to_dict() == said.to_dict()
    cost = su.exit_cost("VNM", "CHN", audience=(), horizon="long").frame.set_index("country").loc["VNM"]
    # Shipped losses have four digits, and a cut of both sides is the same equilibrium.
    assert one.loc[("VNM", 2023), "long_percent"] == pytest.approx(cost["loss_percent"], rel=1e-4)
    assert one.loc[("VNM", 2023), "long_percent_low"] == pytest.approx(cost["loss_percent_low"], rel=1e-4)
    assert one.loc[("VNM", 2023), "loss_record"] == "ranged"
    assert set(frame.dropna(subset="long_percent")["year"]) == set(range(2011, 2025))
    assert frame.loc[frame["year"] == 2021, "trade_share"].isna().all()  # missing, not zero


def test_pairs_of_a_group_stand_in_both_directions():
    frame = su.panel(["DEU", "FRA", "ITA"], years=[2019, 2020], what=["shares", "pacts"]).frame
    assert len(frame) == 3 * 2 * 2
    assert set(frame["defence_pact"]) == {"yes"}  # the North Atlantic Treaty
    assert "long_percent" not in frame


@pytest.mark.parametrize("name", NOT_YET)
def test_what_has_no_column_yet_is_refused_by_name(name):
    with pytest.raises(InputError, match=f"no column of {name} yet; it has {', '.join(WHAT)}"):
        su.panel("ASEAN", on="CHN", what=[name])


def test_a_panel_joins_a_table_of_ones_own(asean):
    own = pd.DataFrame(
        {
            "land": ["Vietnam", "THA", "Viet Nam", "France"],
            "jahr": [2019, 2020, 2021, 2019],
            "growth": [7.4, -6.1, 2.6, 1.8],
        },
        index=[10, 11, 12, 13],
    )
    both = su.join(own, asean, country="land", year="jahr")
    assert both[list(own)].equals(own)
    known = asean.frame.set_index(["country", "year"])
    assert both.loc[10, "trade_share"] == known.loc[("VNM", 2019), "trade_share"]
    assert both["ideal_distance"].notna().tolist() == [True, True, True, False]
    assert both.attrs["unmatched"] == 1
    with pytest.raises(InputError, match="no column year of the own table"):
        su.join(own, asean, country="land")
    with pytest.raises(InputError, match="several rows"):
        su.join(
            own, su.panel(["DEU", "FRA", "ITA"], years=[2019], what=["votes"]), country="land", year="jahr"
        )


def test_other_programs_read_a_panel(asean, tmp_path):
    """A regression as a paper runs it: the file of the terminal, read by another program, has the same rows."""
    out = tmp_path / "asean.parquet"
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "suasion",
            "panel",
            "ASEAN",
            "--on",
            "CHN",
            "--years",
            "2011-2020",
            "--what",
            "shares,votes",
            "--out",
            str(out),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    frame = asean.frame[asean.frame["year"].between(2011, 2020)]
    read = duckdb.sql(f"select country, year, trade_share from '{out}' order by country, year").df()
    assert read["trade_share"].tolist() == frame.sort_values(["country", "year"])["trade_share"].tolist()
    again = pd.read_stata(io.BytesIO(asean.write(tmp_path / "asean.dta").read_bytes()))
    assert len(again) == len(asean.frame)
