"""Natural mistakes in the arguments of the public functions: one sentence that says what belongs there."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import suasion as su
from suasion import errors, questions
from suasion.answers.values import Quantity, Word
from suasion.coercion import exit_cost, leverage_matrix, sensitivity
from suasion.equilibrium import simulate, simulate_many
from suasion.errors import InputError, told_otherwise, warn
from suasion.measures import dependence
from suasion.products import screen
from suasion.questions.bands import few, without_equilibrium
from suasion.world import World

CUT = su.Scenario("cut", [su.Embargo("RUS", "CHN")])


@pytest.fixture(scope="module")
def part() -> World:
    return su.load_world().select(["RUS", "CHN", "USA", "DEU"], ["B06", "C19", "C26"])


MISTAKES: dict[str, tuple[Callable[[World], Any], str]] = {
    "a list for a scenario": (lambda w: simulate(w, list(CUT.instruments)), r"scenario.*Scenario\("),
    "an instrument for a scenario": (lambda w: simulate(w, CUT.instruments[0]), r"scenario.*Scenario\("),
    "a file for a scenario": (lambda w: simulate(w, "cut.yaml"), r"read_scenario\('cut\.yaml'\)"),
    "a number for elasticities": (
        lambda w: simulate(w, CUT, elasticities=4.0),
        r"Elasticities\(sigma=4\)",
    ),
    "a mapping for elasticities": (
        lambda w: simulate(w, CUT, elasticities={"sigma": 4}),
        r"Elasticities\(",
    ),
    "one scenario of many": (lambda w: simulate_many(w, CUT), r"`scenarios`.*goes to simulate"),
    "sigma of one": (
        lambda w: simulate(w, CUT, elasticities=su.Elasticities(sigma=1)),
        r"sigma is 1 in B06",
    ),
    "scenarios by name": (lambda w: simulate_many(w, {"cut": CUT}), r"`scenarios`"),
    "the world last": (lambda w: simulate(CUT, w), r"`world` must be a World.*comes first"),
    "the world last in exit_cost": (lambda w: exit_cost("RUS", "CHN", w), r"`world`.*comes first"),
    "the world first in dependence": (lambda w: dependence(w, "RUS", "CHN"), r"dependence\(a, b, world\)"),
    "a list as given": (lambda w: exit_cost(w, "RUS", "CHN", given=list(CUT.instruments)), r"scenario"),
    "nobody on one side": (lambda w: exit_cost(w, [], "CHN"), r"side of the tie is empty"),
    "None on one side": (lambda w: exit_cost(w, None, "CHN"), r"None"),
    "part of a draw": (lambda w: exit_cost(w, "RUS", "CHN", draws=2.5), r"number of draws is 2\.5"),
    "a country for an outcome": (lambda w: sensitivity(w, "RUS"), r"Welfare\('RUS'\)"),
    "both horizons of one": (lambda w: leverage_matrix(w, horizon="both"), r'"short" and for "long"'),
    "a year for a world": (lambda w: su.load_world(2022), r"load_world\(year=2022\)"),
    "a seed below zero": (lambda w: su.triangle("USA", "CHN", "RUS", seed=-1), "seed is -1; give 0 or more"),
    "no year of a pact": (lambda w: su.alliance("RUS", "CHN", by=()), r"No year is given"),
    "a world for a screen": (lambda w: screen(w, "DEU"), r"`economy` must be a str"),
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_natural_mistake_is_one_clear_error(part: World, mistake: str) -> None:
    call, message = MISTAKES[mistake]
    with pytest.raises(InputError, match=message):
        call(part)


def test_sides_are_named_by_their_codes_however_they_were_given(part: World) -> None:
    """A table joins with others whatever spelling was typed: names, any case, M49 numbers."""
    plain = exit_cost(part, "RUS", "CHN", horizon="long")
    for a, b in (("Russia", "china"), ("rus", "chn"), (643, 156)):
        other = exit_cost(part, a, b, horizon="long")  # type: ignore[arg-type]
        assert list(other.table.country) == ["RUS", "CHN"]
        assert other.loss(str(a), "long") == plain.loss("RUS", "long")


def test_several_sets_of_own_elasticities_are_numbered(part: World) -> None:
    sets = [su.Elasticities(sigma=3), su.Elasticities(sigma=5)]
    found = simulate_many(part, (one for one in [CUT]), sets)
    assert list(found.welfare["horizon"].values) == ["own 1", "own 2"]
    for key, own in zip(found.welfare["horizon"].values, sets, strict=True):
        single = simulate(part, CUT, own)
        assert found.welfare.sel(horizon=key).values[0] == pytest.approx(single.welfare.values, abs=1e-8)


def test_a_set_of_countries_has_one_name(part: World) -> None:
    """Its order would depend on the run."""
    found = exit_cost(part, {"RUS", "DEU"}, "CHN", horizon="long")  # type: ignore[arg-type]
    assert list(found.table.country) == ["DEU + RUS", "CHN"]
    assert found.loss("CHN") == found.loss("china", "long")


def test_parts_of_the_linear_formula_have_names_of_their_own(part: World) -> None:
    parts = simulate(part, su.Scenario("t", [su.Tariff("USA", "CHN", 0.1)])).linear_parts
    assert [one.name for one in parts] == ["welfare_linear_terms_of_trade", "welfare_linear_volume_of_trade"]


def test_codes_of_sectors_in_any_case(part: World) -> None:
    upper, lower = (su.Scenario("s", [su.ExportBan("USA", "CHN", sectors=s)]) for s in ("C26", "c26"))
    assert simulate(part, upper).welfare.equals(simulate(part, lower).welfare)


@pytest.mark.parametrize(
    ("instrument", "meant"),
    [
        (su.Tariff("USA", "CHN", 2.5), "A rate of 2.5 is 250 %; 2.5 % would be 0.025."),
        (su.ExportTax("USA", "CHN", 10), "A rate of 10 is 1,000 %; 10 % would be 0.1."),
        (su.TradeCost("USA", "CHN", 25), "25 % more would be 1.25"),
        (su.Productivity("USA", 0.02), "0.02 % less 0.9998"),
        (su.Endowments("USA", 7), "7 % more would be 1.07"),
        (su.Transfer("USA", "CHN", 1e7), "1e+07 dollars would be 10."),
    ],
)
def test_what_is_rarely_meant_is_asked_about(part: World, instrument: Any, meant: str) -> None:
    """Allowed, solved, and asked about: by a Python warning, which the result keeps."""
    with pytest.warns(errors.ImplausibleInputWarning, match=re.escape(meant)) as issued:
        found = simulate(part, su.Scenario("t", [instrument]))
    assert [w.message for w in issued if isinstance(w.message, su.SuasionWarning)] == list(found.warnings)
    assert issued[0].filename == __file__  # of the line that asked


def test_what_is_commonly_meant_is_not(part: World) -> None:
    usual = [su.Tariff("USA", "CHN", 1.45), su.TradeCost("USA", "CHN", 1.1), su.Transfer("USA", "CHN", 1e4)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert simulate(part, su.Scenario("t", usual)).warnings == ()


@pytest.mark.parametrize(
    ("make", "meant"),
    [
        (lambda: su.Tariff("USA", "CHN", 60), "If 60 per cent is meant, write 0.6."),
        (lambda: su.ExportTax("USA", "CHN", 1e30), "To stop the trade, use a ban or an embargo."),
        (lambda: su.Quota("USA", "CHN", 40), "If 40 per cent is meant, write 0.4."),
        (lambda: su.TradeCost("USA", "CHN", 1e7), "To stop the trade, use a ban or an embargo."),
        (
            lambda: su.Transfer("USA", "CHN", 1e12),
            "amount is 1000000000000.0; it must be a number of million USD",
        ),
    ],
)
def test_what_nobody_means_is_refused(make: Any, meant: str) -> None:
    with pytest.raises(errors.ScenarioError, match=re.escape(meant)):
        make()


def test_elasticities_at_a_horizon_that_is_not_theirs(part: World) -> None:
    cut = su.Scenario("t", [su.Tariff("USA", "CHN", 0.1)])
    with pytest.warns(errors.HorizonWarning, match=r"Elasticities for 25 years are those of 10"):
        simulate(part, cut, 25.0)
    with pytest.warns(errors.HorizonWarning, match=r"Own sigma is used as it is at short \(first year\): 40"):
        simulate(part, cut, "short", elasticities=su.Elasticities(sigma=40.0))
    low = simulate(part, cut, "short", elasticities=su.Elasticities(sigma=1.6))
    assert low.warnings == simulate(part, cut, 9.5).warnings == ()


def test_a_change_beyond_the_model_is_said(part: World) -> None:
    """More than a quarter of real expenditure is no number to be taken at its word."""
    flood = su.Scenario("t", [su.Productivity("CHN", 0.6)])
    with pytest.warns(errors.ExtremeAnswerWarning, match=r"changes by more than 25 %: CHN -\d"):
        found = simulate(part, flood)
    assert float(found.welfare.sel(country="CHN")) < -25.0


def test_the_end_of_all_imbalances_is_no_answer_about_measures(part: World) -> None:
    cut = su.Scenario("t", [su.Tariff("USA", "CHN", 0.1)])
    with pytest.warns(errors.ImplausibleInputWarning, match="the answer holds both"):
        simulate(part, cut, deficits="eliminate")


def test_few_draws_are_remarked_upon(part: World) -> None:
    """As they are asked for, and as they have an equilibrium."""
    found = questions.exit_cost("RUS", "CHN", audience=(), horizon="long", draws=2, world=part)
    assert found.run is not None
    assert found.run.draws == 2
    assert [one.values["draws"] for one in found.findings if one.key == "bands.few"] == [Quantity(2, "count")]
    assert not list(few(32))
    when = Word("run", "long")
    kinds = {lost: [one.key for one in without_equilibrium(lost, 64, when)] for lost in (0, 32, 33)}
    assert kinds == {0: [], 32: ["bands.failed.enough"], 33: ["bands.failed.thin"]}


def test_answers_show_themselves_in_a_notebook(part: World) -> None:
    cost = exit_cost(part, "RUS", "CHN", horizon=su.Elasticities(sigma=4.0))
    assert list(cost.table.horizon.unique()) == ["own elasticities"]
    shown = [
        leverage_matrix(part, cache=False),
        dependence("RUS", "CHN", part),
        simulate_many(part, [CUT]),
    ]
    for answer in shown:
        assert answer == answer  # by identity: tables have no one truth
        assert repr(answer).startswith(f"<{type(answer).__name__}")
        assert len(repr(answer)) < 400
        assert "<table" in answer._repr_html_()


def test_what_an_answer_tells_itself_is_not_warned_of_here_and_is_elsewhere():
    """Filters of Python's warnings belong to the process: muting one question by them would mute its neighbours."""
    doubts = [errors.SuasionWarning(errors.Doubt.REMOVAL, {})]
    with warnings.catch_warnings(record=True) as heard, ThreadPoolExecutor(1) as neighbour:
        warnings.simplefilter("always")
        with told_otherwise():
            warn(doubts)
            assert not heard
            neighbour.submit(warn, doubts).result()
            assert len(heard) == 1
        warn(doubts)
    assert len(heard) == 2


@pytest.mark.parametrize("name", [name for name, one in questions.QUESTIONS.items() if one.limits])
def test_a_whole_number_beyond_its_limits_is_refused_before_anything_is_asked(name: str) -> None:
    """The schema knows them: Python refuses with the words of all doors, for the function and for the package's."""
    asked = questions.QUESTIONS[name]
    places = dict(
        zip((one.name for one in asked.parameters if one.required), ("RUS", "CHN", "USA"), strict=False)
    )
    for option, limits in asked.limits.items():
        told = re.escape(f"{option} is {limits.least - 1}; give {limits}.")
        for ask in (asked.ask, getattr(su, name)):
            with pytest.raises(InputError, match=told):
                ask(**places, **{option: limits.least - 1})
        with pytest.raises(InputError, match=re.escape(f"{option} is True; give {limits}.")):
            asked.ask(**places, **{option: True})
