"""Groups wherever states are asked, or the call that takes them; panels, and joins to a table of one's own."""

from __future__ import annotations

import inspect
import io
import re
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import pytest

import suasion as su
from suasion.errors import ImplausibleInputWarning, InputError, SameCountryError, UnknownCountryError
from suasion.measures.history import trade_history
from suasion.questions import QUESTIONS
from suasion.questions.panel import WHAT
from suasion.questions.question import Side, State
from suasion.sources.goods_totals import goods_totals
from suasion.sources.groups import members
from suasion.statecraft import pair_years
from suasion.world import load_world
from suasion.world.applied import applied_tariffs

ASKED = ("RUS", "CHN", "USA")
SIX = ["VNM", "THA", "MYS", "CHN", "USA", "DEU"]
"""Economies of a small world: three of ASEAN."""


@pytest.fixture(scope="module")
def small():
    """Six economies and four industries: three of ASEAN."""
    return load_world().select(SIX, ["A01", "B06", "C20", "C26"])


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


def test_a_group_in_place_of_a_state_that_may_be_left_out_is_told_the_same():
    with pytest.raises(UnknownCountryError, match=r'ASEAN is a group.*su\.exit_cost\("ASEAN", "USA"\)'):
        su.straits(name="hormuz", state="ASEAN")


def test_a_group_buys_and_sells_a_raw_material_as_one_economy():
    """What its members trade with each other is neither bought nor sold, and none of them steps in for an outsider."""
    from suasion.measures.raw_materials import YEAR, material_supply, traded
    from suasion.sources.groups import members

    inside = members("EU", YEAR)
    rows = traded()[traded()["product"] == "284690"]
    bought = rows[rows["importer"].isin(inside) & ~rows["exporter"].isin(inside)]
    made = material_supply("284690", "EU", "CHN")
    # Sums of the same numbers in another order.
    assert made.total == pytest.approx(bought["value"].sum(), rel=1e-12)
    assert made.gap == pytest.approx(bought.loc[bought["exporter"] == "CHN", "value"].sum(), rel=1e-12)
    assert not {"EU", *inside} & set(made.elsewhere["country"])
    sold = material_supply("284690", "", "EU")
    out = rows[rows["exporter"].isin(inside) & ~rows["importer"].isin(inside)]
    assert sold.gap == pytest.approx(out["value"].sum(), rel=1e-12)
    with pytest.raises(SameCountryError, match="overlap; name two"):
        su.raw_materials(good="284690", buyer="EU", stops="DEU")


SIDED = [
    name for name, one in QUESTIONS.items() if any(it.kind is Side and it.required for it in one.parameters)
]
QUICK = ("alignment_tariff", "defiance", "exit_cost", "joint_threats", "sensitivity")
"""Those of them that take half a second at most; the others are evidence."""
LIGHT = {
    "alignment_tariff": {"draws": 0},
    "frontier": {"weights": [1.0]},
    "levers": {"draws": 0, "to": 0, "audience": ["USA"], "world": SIX},
}
"""What makes a question smaller; levers are written for all industries."""


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[] if one in QUICK else [pytest.mark.evidence]) for one in SIDED]
)
def test_a_question_of_sides_takes_a_group(name, small):
    asked = ("ASEAN", "CHN")[: sum(one.required for one in QUESTIONS[name].parameters)]
    given = {"world": small} if "world" in inspect.signature(getattr(su, name)).parameters else {}
    light = LIGHT.get(name, {})
    if light.get("world") is SIX:
        light = light | {"world": load_world().select(SIX)}
    found = getattr(su, name)(*asked, **given | light)
    assert "ASEAN" in str(found.asked)
    assert found.absent or len(found.frame)
    if name in LIGHT:
        assert found.absent is None


@pytest.mark.evidence
def test_a_group_holds_leverage():
    held = su.leverage(holder="EU")
    assert set(held.frame["holder"]) == {"EU"}
    # It is not ranked with holders whose ties with estimated economies are counted.
    assert "leverage.rank" not in {one.key for one in held.findings}
    (caution,) = [one for one in held.findings if one.key == "leverage.of_the_table"]
    assert caution.values["count"] == len(held.frame)


def test_every_question_of_states_is_tried_with_a_group():
    """Those of states alone are refused with the call, those of sides answer; no other has a state as its subject."""
    assert not set(STATES) & set(SIDED) - {"sanctions_onset", "closer_to"}
    named = {"state", "buyer", "seller", "stops", "holder", "partner", "economy", "a", "b"}
    for name, one in QUESTIONS.items():
        asked = {it.name for it in one.parameters if it.name in named}
        assert not asked or name in {*STATES, *SIDED, "leverage", "raw_materials", "straits"}, name


@pytest.mark.parametrize("name", [*STATES, *(name for name in SIDED if name != "frontier")])
def test_a_list_in_place_of_a_state_is_told_with_the_right_call(name):
    asked = [one for one in QUESTIONS[name].parameters if one.required]
    given = [list(ASKED[:2]) if one.kind in (State, Side) else "russia_5g" for one in asked]
    with pytest.raises(InputError, match=f"Write su.{name}"):
        getattr(su, name)(*given)


@pytest.mark.parametrize(
    ("asked", "named", "told"),
    [
        ("exit_cost", {}, r'su.exit_cost("RUS+CHN", "USA"), which takes them as one side; su.panel(["RUS", "CHN"], on="USA")'),
        ("alliance", {}, r'su.alliance("RUS", "USA"), which is of one; su.panel(["RUS", "CHN"], on="USA")'),
        ("leverage", {"holder": ["DEU", "FRA"]}, r'su.leverage(holder="DEU+FRA"), which takes them as one side.'),
        ("straits", {"name": "hormuz", "state": ["DEU", "FRA"]}, r'state="DEU"), which is of one.'),
    ],
)  # fmt: skip
def test_a_list_is_told_with_the_calls_of_all_of_it(asked, named, told):
    with pytest.raises(InputError, match=re.escape(told)):
        getattr(su, asked)(*([] if named else [list(ASKED[:2]), ASKED[2]]), **named)


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
    """All but tariffs, of which each year opens a world of its own."""
    return su.panel("ASEAN", on="CHN", what=[name for name in WHAT if name != "tariffs"])


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


def test_a_panel_has_several_partners():
    """A group is one partner; a state has no row towards a group that it is in."""
    frame = su.panel(["DEU", "JPN"], on=["EU", "China", "JPN"], years=[2019], what="shares").frame
    pairs = list(zip(frame["country"], frame["partner"], strict=True))
    assert pairs == [("DEU", "CHN"), ("DEU", "JPN"), ("JPN", "EU"), ("JPN", "CHN")]
    alone = su.panel("DEU", on="CHN", years=[2019], what="shares").frame
    assert frame["trade_share"][0] == alone["trade_share"][0]


@pytest.mark.parametrize("name", ["remittances", "tariff"])
def test_what_has_no_column_is_refused_by_name(name):
    with pytest.raises(InputError, match=rf"no '{name}'.* It has {', '.join(WHAT)}"):
        su.panel("ASEAN", on="CHN", what=[name])


def test_tariffs_of_a_panel_are_means_of_the_cells_of_its_world():
    """Weighted by the trade of the pair; of a group by that of all its members, among whom there are none."""
    frame = su.panel(["VNM", "DEU"], on="EU", years=[2019], what="tariffs").frame
    assert frame["country"].tolist() == ["VNM"]  # Germany is within
    world = load_world(year=2019, tariffs="zero")
    cells = applied_tariffs(world).frame
    flow = (world["intermediate"] + world["final"]).to_series().rename("flow")
    cells = cells.join(flow, on=["importer", "exporter", "sector"])
    here = cells[(cells.importer == "VNM") & cells.exporter.isin(members("EU", 2019))]
    row = frame.iloc[0]
    for end in ("", "_low", "_high"):
        mean = np.average(here[f"tariff_percent{end}"], weights=here["flow"])
        assert row[f"tariff_percent{end}"] == pytest.approx(mean, rel=1e-9)  # sums in another order
    assert row["tariff_record"] == here.groupby("kind")["flow"].sum().idxmax()
    assert row["tariff_vintage"] == here["year"].min()
    within = su.panel(["DEU", "FRA"], years=[2019, 2005], what="tariffs").frame.set_index("year")
    assert within.loc[2019, "faced_tariff_percent"].eq(0.0).all()
    assert set(within.loc[2019, "tariff_record"]) == {"union"}
    assert within.loc[2005, "tariff_percent"].isna().all()  # no world of that year


def test_what_is_on_record_of_a_pair_stands_in_its_year_with_its_source():
    """Facts by day are those of ``su.events``; figures are SIPRI's own, nought only where a source covers the pair."""
    states = ["USA", "CHN", "RUS", "AZE"]
    what = ["pacts", "arms", "disputes", "events"]
    frame = su.panel(states, years=range(2000, 2027), what=what).frame.set_index(
        ["country", "partner", "year"]
    )
    frame = frame.sort_index()
    assert frame.loc[("CHN", "RUS", 2010), "arms_tiv"] == 683  # to China, and not from it
    assert np.isnan(frame.loc[("RUS", "CHN", 2010), "arms_tiv"])
    assert frame.loc[("CHN", "USA", 2010), "arms_tiv"] == 0
    printed = frame.loc[("AZE", "RUS", 2019)]
    assert (printed["arms_share"], printed["arms_record"]) == (0.31, "report")
    assert "SIPRI" in printed["arms_source"]
    assert frame.loc[("USA", "CHN", 2001), "deadly_dispute"] == "yes"
    assert frame.loc[("USA", "CHN", 2002), "deadly_dispute"] == "no"
    assert pd.isna(frame.loc[("USA", "AZE", 2002), "deadly_dispute"])  # not known is not no
    facts = su.events("USA", "CHN").frame
    begun = facts["date"].str[:4].astype(int).value_counts()
    counted = frame.loc[("USA", "CHN"), "events_count"].dropna()
    assert counted.to_dict() == begun[begun.index >= 2000].to_dict()
    taken = facts[(facts["fact_kind"] == "measure") & (facts["senders"] == "USA")]["date"].str[:4].astype(int)
    met = frame.loc[("CHN", "USA"), "measures_count"].dropna()
    assert met[met > 0].to_dict() == taken.value_counts().to_dict()
    for mark, source in (
        ("arms_record", "arms_source"),
        ("dispute_record", "dispute_source"),
        ("events_count", "events_source"),
    ):
        known = frame[frame[mark].notna()]
        assert len(known)
        assert (known[source].str.len() > 0).all()
    bound = frame[frame["defence_pact"] != "unknown"]
    assert (bound["pact_source"].str.len() > 0).all()


def test_a_register_of_ones_own_comes_before_single_figures(monkeypatch):
    rows = [("RUS", "CHN", year, size) for year, size in ((2008, 4.0), (2010, 2.0))]
    rows += [("USA", "CHN", 2010, 6.0), ("CHN", "RUS", 2012, 1.0)]
    register = pd.DataFrame(rows, columns=["supplier", "recipient", "year", "tiv"])
    monkeypatch.setattr(pair_years, "added_deliveries", lambda: register)
    known = {
        ("CHN", "IND", 2010): (4.0, 0.0),
        ("CHN", "IND", 2012): (4.0, 2.0),
        ("RUS", "USA", 2011): (5.0, np.nan),
        ("USA", "RUS", 2010): (3.0, np.nan),
    }
    known |= {(b, a, year): both for (a, b, year), both in known.items()}
    monkeypatch.setattr(pair_years, "_disputes", lambda: known)
    frame = su.panel(
        ["CHN", "RUS", "IND", "USA"], years=range(2008, 2014), what=["arms", "disputes"]
    ).frame.set_index(["country", "partner", "year"])
    frame = frame.sort_index()
    arms = frame.loc[("CHN", "RUS")]
    assert arms["arms_tiv"].tolist()[:5] == [4.0, 0.0, 2.0, 0.0, 0.0]
    assert arms.loc[2012, "arms_share"] == pytest.approx(6.0 / 12.0)  # of five years to 2012
    assert arms.loc[2010, "arms_record"] == "register"
    told = frame["deadly_dispute"].to_dict()
    assert [told["CHN", "IND", year] for year in (2010, 2011, 2012)] == ["no", "no", "yes"]
    assert told["RUS", "USA", 2011] == "yes"  # a war
    assert told["USA", "RUS", 2010] == "unknown"  # deaths are not known
    assert frame.loc[("CHN", "IND", 2010), "dispute_hostility"] == 4.0
    assert pd.isna(frame.loc[("CHN", "IND", 2013), "dispute_record"])  # after the last year of the register


def test_registers_that_were_added_are_read(reference_data, tmp_path, monkeypatch):
    """Deliveries from Russia to China as SIPRI counts them, and the fights on the Ussuri in 1969."""
    from suasion.sources.catalogue_store import add

    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))
    add("sipri", [reference_data / "sipri" / "tiv_dyad_year_2000_2023.csv"])
    for name, file in (("mids", "cow_mid_ddydisps.rda"), ("cow-states", "cow_states.rda")):
        add(name, [reference_data / "peacesciencer" / file])
    frame = su.panel(["CHN", "RUS"], years=[1969, 2005, 2018], what=["arms", "disputes"]).frame
    one = frame.set_index(["country", "partner", "year"]).sort_index()
    assert one.loc[("CHN", "RUS", 2018), "arms_tiv"] == pytest.approx(1686, abs=0.5)  # printed whole
    assert one.loc[("CHN", "RUS", 2005), "arms_tiv"] == pytest.approx(3066, abs=0.5)
    assert one.loc[("CHN", "RUS", 1969), "deadly_dispute"] == "yes"
    assert one.loc[("CHN", "RUS", 2005), "deadly_dispute"] == "no"
    assert one.loc[("CHN", "RUS", 2005), "dispute_record"] == "register"


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


def test_a_join_keeps_rows_of_what_is_no_state(asean):
    """A table of the World Bank holds totals, and years as text: nothing of it is lost, nor matched by chance."""
    own = pd.DataFrame(
        {
            "land": ["Vietnam", "World", None, "THA"],
            "jahr": ["2019"] * 3 + ["2020"],
            "growth": [7.4, 2, 0, -6],
        }
    )
    with pytest.warns(ImplausibleInputWarning, match="World"):
        both = su.join(own, asean, country="land", year="jahr")
    assert both[list(own)].equals(own)
    assert both["trade_share"].notna().tolist() == [True, False, False, True]
    assert (both.attrs["unmatched"], both.attrs["no_state"]) == (2, ("World",))
    with pytest.raises(InputError, match="'jahr' holds what is no calendar year"):
        su.join(own.assign(jahr="spring"), asean, country="land", year="jahr")


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
