"""Measures that were in force: every file has its source and days, reads as a scenario, and solves."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from suasion.answers.catalogue import say
from suasion.coercion.dated import dated_scenario, outcome_of, solve_measure
from suasion.dossier.site.measures import measure_leads
from suasion.equilibrium import Elasticities, Scenario, Tariff, simulate
from suasion.errors import DataError, InputError
from suasion.questions import dated_measures as measures
from suasion.questions import tariffs
from suasion.questions.published import OTHERS
from suasion.sources.dated import dated_measures, parse
from suasion.sources.dated.acts import dated_acts
from suasion.sources.estimates import register
from suasion.world import load_world

ENTRY = '[x]\ndate = 2020-01-01\nsource = "S"\nlocator = "L"\nread = "paper"\nassumed = ""\n'


@pytest.mark.parametrize("name", dated_measures())
def test_a_measure_solves_and_its_outcome_goes_the_published_way(world, name):
    measure = dated_measures()[name]
    assert measure.source
    assert measure.locator
    found = solve_measure(name, world)
    for result in found.results.values():
        assert result.certificate.ok()
        assert np.isfinite(result.welfare.values).all()
    assert len(found.outcomes) == len(measure.outcome)
    for theirs, ours in found.outcomes:
        assert np.sign(ours) == np.sign(theirs.low)
        assert abs(ours) > 0.1 * abs(
            theirs.low
        )  # not nothing; how far apart the two are is printed, not tested


def test_acts_of_others_have_days_industries_and_what_is_not_known():
    acts = dated_acts()
    sectors = set(load_world().sectors) | {"A", "B", "C"}
    assert len(acts) >= 47
    for act in acts.values():
        assert set(act.industries) <= sectors
        assert act.unknown
        assert act.locator
    held = {day: {name for name, one in acts.items() if one.holds(date.fromisoformat(day))} for day in DAYS}
    assert held["2023-09-01"] >= {
        "chn_japan_seafood_2023",
        "chn_gallium_germanium_2023",
        "chn_australia_wine_2020",
    }
    assert held["2025-10-20"] - held["2026-01-01"] >= {
        "chn_rare_earths_2025_10",
        "chn_us_dual_use_2024",
    }  # suspended
    on = {side for one in acts.values() if one.imposer == "CHN" for side in one.targets}
    assert on >= {"NOR", "JPN", "KOR", "AUS", "LTU", "TWN", "CAN", "USA"}  # whom China has acted on
    answers = {one.imposer for one in acts.values() if one.targets == ["USA"]}
    assert answers >= {"CHN", "EU", "CAN", "IND", "MEX"}
    assert not any(
        one.holds(date(2026, 7, 1)) for name, one in acts.items() if name.startswith("eu_us")
    )  # suspended
    assert {"chn_us_2025_04"} == held["2025-04-20"] & {"chn_us_2025_04", "chn_us_2025_05"}
    shown = measures().table("dated-acts").frame
    assert list(shown.name) == list(acts)
    assert shown.set_index("name").loc["chn_australia_wine_2020", "most_percent"] == 218.4
    assert shown.set_index("name").loc["chn_graphite_2023", "target"] == "all"  # not nobody


def test_a_tariff_answer_has_the_acts_of_its_day():
    """Of the state, of the union that it is in, and on it by name; rates of the answer hold none of them."""
    small = load_world().select(["USA", "CHN", "DEU", "CAN"])
    held = {
        (state, day): set(tariffs(state, day=day, world=small).table("acts-in-force").frame["name"])
        for state, day in (("CHN", "2022-10-20"), ("DEU", "2026-07-01"), ("CAN", "2025-06-01"))
    }
    assert held["CHN", "2022-10-20"] >= {"chn_taiwan_grouper_2022", "chn_lithuania_2021", "usa_chips_2022"}
    assert held["DEU", "2026-07-01"] == {"eu_russian_gas_2026"}
    assert held["CAN", "2025-06-01"] >= {"can_us_2025_03", "chn_canada_2025"}
    assert "acts-in-force" not in {one.key for one in tariffs("CAN", day="2016-01-01", world=small).tables}


DAYS = ("2023-09-01", "2025-04-20", "2025-10-20", "2026-01-01")


def test_groups_have_the_members_of_the_year_of_the_measure():
    assert dated_scenario("russia_food_2014").year == 2014
    assert dated_scenario("eu_oil_2022").year == 2022


def test_an_outcome_is_what_the_flows_say(world):
    """Share and value of imports against the definition, by hand."""
    result = simulate(world, Scenario("t", [Tariff("USA", "CHN", 0.5)]), "short")
    (one,) = dated_measures()["us_china_2025_may"].outcome
    usa, chn = (world.countries.index(code) for code in ("USA", "CHN"))
    before, after = result.base.receipts[:, usa], result.trade.values[usa].T
    value = after[:, chn].sum() / before[:, chn].sum()
    assert outcome_of(result, one, world, 2025) == pytest.approx(100 * (value - 1), rel=1e-12)
    abroad = np.arange(len(world.countries)) != usa
    part = value / (after[:, abroad].sum() / before[:, abroad].sum())
    share = one.model_copy(update={"kind": "share"})
    assert outcome_of(result, share, world, 2025) == pytest.approx(100 * (part - 1), rel=1e-12)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2020-01-01", '"2020"', r"x\.date"),
        ('read = "paper"', 'read = "hearsay"', r"x\.read"),
        ('locator = "L"\n', "", r"x\.locator: Field required"),
        ('assumed = ""', 'assumed = ""\nuntil = 2019-01-01', "until is 2019-01-01, before date"),
        ('assumed = ""', 'assumed = ""\ncoverage = 60', r"x\.coverage"),
        ("[x]", "[x", "cannot be read"),
    ],
)
def test_an_entry_that_is_wrong_is_refused(old, new, words):
    with pytest.raises(DataError, match=words):
        parse(ENTRY.replace(old, new))


def test_what_was_only_studied_is_not_said_to_be_in_force():
    plans = {name for name, one in dated_measures().items() if one.plan}
    assert plans == {"west_and_east"}
    assert [one.lasted for one in map(dated_measures().get, ("west_and_east", "us_2018", "eu_oil_2022"))] == [
        "plan",
        "ended",
        "since",
    ]
    notes = {lead.words: lead.note for lead in measure_leads()}
    studied = say("site.measure_plan", first="2024-01-11")
    assert [words for words, note in notes.items() if note == studied] == ["West and East stop trading"]


def test_a_measure_that_is_not_there_is_named():
    with pytest.raises(InputError, match="no measure 'corn_laws'; there are russia_food_2014"):
        measures(name="corn_laws")


def test_the_list_and_one_measure():
    listed = measures()
    assert list(listed.frame.name) == list(dated_measures())
    answer = measures(name="us_2018")
    changes = answer.table("measure-changes").frame
    assert {"USA", "CHN"} <= set(changes.state)
    assert len(changes) == 2 * (2 + OTHERS)
    figures = answer.table("measure-figures").frame
    assert list(figures.study) == [register().study["fajgelbaum"].short]


def test_figures_take_the_instruments_of_their_measure():
    settings = register().scenario
    plain, answered = (settings[key].instruments for key in ("usa_april_2025", "usa_april_2025_answered"))
    assert answered[: len(plain)] == plain
    assert [(one["targets"], one["senders"]) for one in answered[len(plain) :]] == [
        (one["senders"], one["targets"]) for one in plain
    ]


@pytest.mark.parametrize("name", dated_measures())
def test_the_days_of_the_register_are_those_of_the_file(name):
    """Nothing of a measure is in force before its first day or after its last; a study's scenario has no days."""
    measure, items = dated_measures()[name], dated_scenario(name).instruments
    days = {item.date for item in items} - {None}
    assert not days or measure.date.isoformat() in days
    assert len(dated_scenario(name).on(measure.date).instruments) > 0
    if measure.until is not None:
        assert {item.until for item in items} & {measure.until.isoformat()}


def test_tariffs_with_capital_are_those_found_first():
    """Static and with capital of .4, on the table on which both were first solved, with Mexico's rate of 17 %."""
    world = load_world("icio2022")
    taxed = [*dated_scenario("us_april_2025").instruments, Tariff("USA", "MEX", 0.07, ["A", "B", "C"])]
    expected = {"USA": (0.09, -0.32), "VNM": (-1.25, -1.98), "MEX": (-1.10, -1.80)}
    fixed = simulate(world, Scenario("april", taxed), "long")
    built = simulate(
        world, Scenario("april", taxed), "long", factors="capital", elasticities=Elasticities(capital=0.4)
    )
    for state, numbers in expected.items():
        ours = [float(result.welfare.sel(country=state)) for result in (fixed, built)]
        # rates of states that are not named differ by some points from the list that was used then
        assert ours == pytest.approx(numbers, abs=0.04)
