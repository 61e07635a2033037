"""Natural mistakes in the arguments of the public functions: one sentence that says what belongs there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import suasion as su
from suasion.errors import InputError
from suasion.world import World

CUT = su.Scenario("cut", [su.Embargo("RUS", "CHN")])


@pytest.fixture(scope="module")
def part() -> World:
    return su.load_world().select(["RUS", "CHN", "USA", "DEU"], ["B06", "C19", "C26"])


MISTAKES: dict[str, tuple[Callable[[World], Any], str]] = {
    "a list for a scenario": (lambda w: su.simulate(w, list(CUT.instruments)), r"scenario.*Scenario\("),
    "an instrument for a scenario": (lambda w: su.simulate(w, CUT.instruments[0]), r"scenario.*Scenario\("),
    "a file for a scenario": (lambda w: su.simulate(w, "cut.yaml"), r"read_scenario\('cut\.yaml'\)"),
    "the world last": (lambda w: su.simulate(CUT, w), r"`world` must be a World.*comes first"),
    "a number for elasticities": (
        lambda w: su.simulate(w, CUT, elasticities=4.0),
        r"Elasticities\(sigma=4\)",
    ),
    "a mapping for elasticities": (
        lambda w: su.simulate(w, CUT, elasticities={"sigma": 4}),
        r"Elasticities\(",
    ),
    "one scenario of many": (lambda w: su.simulate_many(w, CUT), r"`scenarios`.*goes to simulate"),
    "sigma of one": (
        lambda w: su.simulate(w, CUT, elasticities=su.Elasticities(sigma=1)),
        r"sigma is 1 in B06",
    ),
    "scenarios by name": (lambda w: su.simulate_many(w, {"cut": CUT}), r"`scenarios`"),
    "the world last in exit_cost": (lambda w: su.exit_cost("RUS", "CHN", w), r"`world`.*comes first"),
    "the world first in dependence": (lambda w: su.dependence(w, "RUS", "CHN"), r"dependence\(a, b, world\)"),
    "a list as given": (lambda w: su.exit_cost(w, "RUS", "CHN", given=list(CUT.instruments)), r"scenario"),
    "nobody on one side": (lambda w: su.exit_cost(w, [], "CHN"), r"side of the tie is empty"),
    "None on one side": (lambda w: su.exit_cost(w, None, "CHN"), r"None"),
    "part of a draw": (lambda w: su.exit_cost(w, "RUS", "CHN", draws=2.5), r"number of draws is 2\.5"),
    "a country for an outcome": (lambda w: su.sensitivity(w, "RUS"), r"Welfare\('RUS'\)"),
    "both horizons of one": (lambda w: su.leverage_matrix(w, horizon="both"), r'"short" and for "long"'),
    "a year for a world": (lambda w: su.load_world(2022), r"load_world\(year=2022\)"),
    "a world for a screen": (lambda w: su.screen(w, "DEU"), r"`economy` must be a str"),
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_natural_mistake_is_one_clear_error(part: World, mistake: str) -> None:
    call, message = MISTAKES[mistake]
    with pytest.raises(InputError, match=message):
        call(part)


def test_sides_are_named_by_their_codes_however_they_were_given(part: World) -> None:
    """A table joins with others whatever spelling was typed: names, any case, M49 numbers."""
    plain = su.exit_cost(part, "RUS", "CHN", horizon="long")
    for a, b in (("Russia", "china"), ("rus", "chn"), (643, 156)):
        other = su.exit_cost(part, a, b, horizon="long")  # type: ignore[arg-type]
        assert list(other.table.country) == ["RUS", "CHN"]
        assert other.loss(str(a), "long") == plain.loss("RUS", "long")


def test_several_sets_of_own_elasticities_are_numbered(part: World) -> None:
    sets = [su.Elasticities(sigma=3), su.Elasticities(sigma=5)]
    found = su.simulate_many(part, (one for one in [CUT]), sets)
    assert list(found.welfare["horizon"].values) == ["own 1", "own 2"]
    for key, own in zip(found.welfare["horizon"].values, sets, strict=True):
        single = su.simulate(part, CUT, own)
        assert found.welfare.sel(horizon=key).values[0] == pytest.approx(single.welfare.values, abs=1e-8)


def test_a_set_of_countries_has_one_name(part: World) -> None:
    """Its order would depend on the run."""
    found = su.exit_cost(part, {"RUS", "DEU"}, "CHN", horizon="long")  # type: ignore[arg-type]
    assert list(found.table.country) == ["DEU + RUS", "CHN"]
    assert found.loss("CHN") == found.loss("china", "long")


def test_parts_of_the_linear_formula_have_names_of_their_own(part: World) -> None:
    parts = su.simulate(part, su.Scenario("t", [su.Tariff("USA", "CHN", 0.1)])).linear_parts
    assert [one.name for one in parts] == ["welfare_linear_terms_of_trade", "welfare_linear_volume_of_trade"]


def test_codes_of_sectors_in_any_case(part: World) -> None:
    upper, lower = (su.Scenario("s", [su.ExportBan("USA", "CHN", sectors=s)]) for s in ("C26", "c26"))
    assert su.simulate(part, upper).welfare.equals(su.simulate(part, lower).welfare)


def test_a_rate_that_looks_like_per_cent_is_remarked_upon(part: World) -> None:
    def notes(rate: float) -> str:
        return " ".join(su.simulate(part, su.Scenario("t", [su.Tariff("USA", "CHN", rate)])).notes)

    assert "A rate of 25 is 2,500 %; 25 % would be 0.25." in notes(25)
    assert "would be" not in notes(0.25)


def test_few_draws_are_remarked_upon(part: World) -> None:
    found = su.exit_cost(part, "RUS", "CHN", horizon="long", draws=2)
    assert any("from 2 draws says little" in note for note in found.notes)


def test_answers_show_themselves_in_a_notebook(part: World) -> None:
    cost = su.exit_cost(part, "RUS", "CHN", horizon=su.Elasticities(sigma=4.0))
    assert list(cost.table.horizon.unique()) == ["own elasticities"]
    shown = [
        cost,
        su.leverage_matrix(part, cache=False),
        su.screen("DEU"),
        su.replaceability("CHN", "RUS"),
        su.dependence("RUS", "CHN", part),
        su.simulate_many(part, [CUT]),
        su.sensitivity(part, su.Welfare("RUS")),
    ]
    for answer in shown:
        assert answer == answer  # by identity: tables have no one truth
        assert repr(answer).startswith(f"<{type(answer).__name__}")
        assert len(repr(answer)) < 400
        assert "<table" in answer._repr_html_()
