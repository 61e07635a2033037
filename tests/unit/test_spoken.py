"""Words as people say them: industries, countries, materials; one place that finds what was meant."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import suasion as su
from suasion.answers.render.lines import title_of_asked
from suasion.answers.values import Industry
from suasion.dossier.site.materials import material_products
from suasion.equilibrium.scenario.places import sector_mask, sector_text
from suasion.errors import NotInWorldError
from suasion.nearest import nearest
from suasion.questions.scenarios.findings import asked_of
from suasion.questions.scenarios.reading import scenario_in
from suasion.sources import resolve_country
from suasion.sources.spoken import INDUSTRIES, OUTSIDE, industry_codes, why_outside
from trees import tree_of


@pytest.fixture(scope="module")
def world():
    return su.load_world()


def test_crude_oil_is_no_refined_oil(world):
    assert industry_codes("crude oil", world.sectors) == ("B06",)


@pytest.mark.parametrize("word", ["semiconductors", "Chips", "chip", "C26"])
def test_semiconductors_are_in_electronics_and_it_is_said(world, word: str) -> None:
    assert [code for code, on in zip(world.sectors, sector_mask([word], world), strict=True) if on] == ["C26"]
    text = sector_text([word], world)
    assert text.startswith("C26 (")
    assert (f"finest cell that holds {word}" in text) == (word != "C26")


def test_every_word_has_a_cell_in_the_embedded_world(world) -> None:
    assert [word for word in INDUSTRIES if not industry_codes(word, world.sectors)] == []
    names = {name.casefold() for name in world.sector_names.values()}
    assert not names & set(INDUSTRIES)


def test_a_scenario_takes_the_word(world) -> None:
    small = world.select(["USA", "CHN"], ["C26", "B06"])
    spoken = su.simulate(su.tariff("USA", "CHN", "60%", sectors=["chips"]), world=small)
    coded = su.simulate(su.tariff("USA", "CHN", "60%", sectors=["C26"]), world=small)
    assert spoken.table().rows == coded.table().rows


def test_a_word_that_nobody_says(world) -> None:
    with pytest.raises(NotInWorldError, match="Sector 'gizmos' is not among"):
        sector_mask(["gizmos"], world)


def test_an_answer_about_chips_names_the_cell_that_it_is_of(world) -> None:
    """It is that of the industry, and it can be printed."""
    small = world.select(["USA", "CHN"])
    chips, whole = (su.simulate(f"tariff 60 USA on CHN in {word}", world=small) for word in ("chips", "C26"))
    assert chips.frame.equals(whole.frame)
    assert chips.asked["goods"] == (Industry("C26"),)
    (told,) = [one for one in chips.findings if one.key == "simulate.finest"]
    assert told.values["industry"] == Industry("C26")
    assert str(chips).split("\n")[0] == str(whole).split("\n")[0]
    assert not [one for one in whole.findings if one.key == "simulate.finest"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("Holland", "NLD"), ("the Netherlands", "NLD"), ("Persia", "IRN"), ("Formosa", "TWN"), ("Saudi", "SAU")],
)
def test_countries_as_people_say_them(name: str, code: str) -> None:
    assert resolve_country(name) == code


def test_a_material_that_is_not_there_says_why_and_what_is_near() -> None:
    known = frozenset(map(str, material_products()["product"]))
    for name, (_, codes) in OUTSIDE.items():
        assert why_outside(name, known)
        assert set(codes) & known
    assert "811230" in why_outside("Gallium", known)
    assert why_outside("gizmos", known) == ""


def test_there_is_one_matcher_of_names() -> None:
    root = Path(su.__file__).parent
    found = [
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import) and any(alias.name == "difflib" for alias in node.names)
    ]
    assert found == ["nearest.py"]
    assert nearest("exitcost", ["exit-cost", "exports"]) == ["exit-cost"]
    assert nearest("zzz", ["exit-cost"]) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("tariff 25 USA on CHN in C29", "imports of motor vehicles"),
        ("embargo AUS on CHN in B07", "trade in metal ores with China"),
        ("tariff 25 USA on CHN in energy", "imports of energy from China"),
    ],
)
def test_goods_inside_a_sentence_have_a_small_letter(given, said):
    assert said in title_of_asked("simulate", asked_of(scenario_in(given)[0], named=False))
