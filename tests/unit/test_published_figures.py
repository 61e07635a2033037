"""The register of published figures is read strictly; ours is solved as asked, and compared by a stated rule."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from suasion.coercion.published import (
    BAND,
    Agreement,
    Cause,
    FigureBeside,
    about,
    agreement_of,
    asked_of,
    beside,
    kept_change,
    step,
)
from suasion.equilibrium import Embargo, Scenario, simulate
from suasion.errors import DataError
from suasion.questions import published
from suasion.sources.estimates import parse, register
from suasion.sources.groups import expand
from suasion.world import load_world

STUDY = '[study.a]\nauthors = ["X. Y"]\nyear = 2020\ntitle = "T"\noutlet = "O"\nread = "abstract"\nwhere = "W"\nmodel = "trade"\n'
SCENARIO = (
    '[scenario.s]\nwhat = "W"\ninstruments = [{ type = "embargo", senders = ["EU"], targets = ["CHN"] }]\n'
)
FIGURE = (
    '[[figure]]\nstudy = "a"\nscenario = "s"\neconomies = ["CHN"]\nvalue = -1.0\nmeasure = "welfare"\nyears = 10\n'
    'locator = "p. 1"\nmatch = "same"\n'
)


def test_the_register_names_what_was_read_and_where():
    found = register()
    assert len(found.study) >= 25
    assert len(found.figure) >= 170
    assert all(study.where for study in found.study.values())
    for one in found.figure:
        assert one.locator
        instruments = found.scenario[one.scenario].instruments
        if instruments:
            scenario = Scenario.from_dict({"name": one.scenario, "instruments": instruments})
            assert len(scenario.instruments) == len(instruments)


def test_a_figure_of_several_economies_is_one_each():
    text = (
        STUDY
        + SCENARIO
        + FIGURE.replace('economies = ["CHN"]\nvalue = -1.0', "values = { CHN = -1.0, DEU = -2 }")
    )
    found = parse(text)
    assert [(one.economies, one.low, one.high) for one in found.figure] == [
        (["CHN"], -1, -1),
        (["DEU"], -2, -2),
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('match = "same"', 'match = "alike"', r"figure\.0\.match: Input should be"),
        ('study = "a"', 'study = "b"', "names the study b, which is not there"),
        ("value = -1.0", "range = [1.0, -1.0]", "the wrong way round"),
        ("value = -1.0", "", "one of value, values and range"),
        ('economies = ["CHN"]', 'economies = ["Atlantis"]', "There is no country 'Atlantis'"),
        ("years = 10", "years = 11", r"figure\.0\.years"),
        ('read = "abstract"', 'read = "hearsay"', r"study\.a\.read"),
        ('where = "W"\n', "", r"study\.a\.where: Field required"),
        ("year = 2020", "yaer = 2020", r"study\.a\.year"),
        ("[[figure]]", "[[figure", "cannot be read"),
        (
            '[scenario.s]\nwhat = "W"',
            '[scenario.t]\nwhat = "W"\n[scenario.s]\nwhat = "W"',
            "no figure is of the scenario t",
        ),
    ],
)
def test_a_register_that_is_wrong_is_refused(old, new, words):
    text = STUDY + SCENARIO + FIGURE
    assert old in text
    with pytest.raises(DataError, match=words):
        parse(text.replace(old, new))


@pytest.mark.parametrize(
    ("ours", "low", "high", "expected"),
    [
        (-0.84, -0.8, -0.8, Agreement.REPRODUCED),
        (-0.86, -0.8, -0.8, Agreement.BAND),
        (-1.0, -2.0, -1.0, Agreement.REPRODUCED),
        (-2.0 * (1 + BAND) + 1e-9, -2.0, -1.0, Agreement.BAND),
        (-2.0 * (1 + BAND) - 1e-3, -2.0, -1.0, Agreement.APART),
        (0.04, -0.04, -0.04, Agreement.APART),
        (-0.044, -0.04, -0.04, Agreement.REPRODUCED),
    ],
)
def test_classes_follow_the_printed_digits_and_the_band(ours, low, high, expected):
    assert agreement_of(ours, low, high) is expected


def test_a_printed_digit_is_that_of_the_file():
    assert [step(value) for value in (-0.8, -0.04, -4.0, 37.1)] == pytest.approx(
        [0.1, 0.01, 0.1, 0.1], rel=1e-12
    )


def test_ours_is_the_change_of_all_members_together(world):
    """The equivalent variation of a group over its real expenditure, solved by hand."""
    figures = [one for one in register().figure if one.scenario == "eu_china" and one.economies == ["EU"]]
    (row,) = beside(figures, world, draws=2)
    result = simulate(world, Scenario("cut", [Embargo("EU", "CHN")], year=2022), draws=2)
    inside = np.isin(world.countries, expand(["EU"], 2022))
    gain = result.equivalent_variation.values[inside].sum() / result.base.income[inside].sum()
    assert row.ours == pytest.approx(100 * gain, rel=1e-9)  # the same solution, summed twice
    assert row.base_year == world.year
    drawn = result.drawn["equivalent_variation"].values[:, inside].sum(1) / result.base.income[inside].sum()
    assert (row.low, row.high) == pytest.approx(tuple(np.quantile(100 * drawn, [0.05, 0.95])), rel=1e-9)


def test_an_earlier_table_counts_where_it_holds_all_who_take_part(world):
    from suasion.world import load_world

    early = load_world("g20")
    figures = [one for one in register().figure if one.study in ("kiel_neighbours", "kiel_153")]
    for row in beside(figures, world, [early]):
        whole = row.estimate.study == "kiel_neighbours"
        assert (row.earlier is not None) == whole  # the table of 2019 has three members of the European Union
        assert row.earlier_year == (2019 if whole else None)


def test_the_cause_is_the_first_that_holds():
    (estimate,) = [
        one for one in register().figure if one.scenario == "eu_china" and one.economies == ["CHN"]
    ]
    far = FigureBeside(estimate, -0.4, 2023)
    assert far.agreement is Agreement.APART
    assert far.cause is Cause.BASE_YEAR  # of 2020 at the latest, and no earlier table
    assert FigureBeside(estimate, -0.4, 2023, -0.7, 2019).cause is Cause.BASE_YEAR
    assert FigureBeside(estimate, -0.4, 2023, -0.41, 2019).cause is Cause.DATA
    other = estimate.model_copy(update={"match": "other"})
    assert FigureBeside(other, -0.4, 2023, -0.41, 2019).cause is Cause.DEFINITION
    assert FigureBeside(estimate, -0.9, 2023).cause is None
    assert FigureBeside(estimate, None, 2023).agreement is Agreement.UNASKED


def test_figures_about_a_pair_are_of_measures_between_the_two():
    assert {one.scenario for one in about("GBR", "DEU")} >= {
        "soft_brexit",
        "hard_brexit",
        "eu_inputs_britain",
    }
    assert about("DEU", "GBR") == about("GBR", "DEU")
    assert about("RUS", "CHN") == []  # on the same side of every question on file
    assert about("DEU", "VNM") == []
    assert {"CHN", "DEU", "EU"} <= {one.economies[0] for one in about("DEU", "CHN")}


def test_the_question_counts_tests_apart_from_calibration():
    answer = published("DEU", "CHN")
    (counts,) = [one for one in answer.findings if one.key == "published.counts"]
    held = {name: value.value for name, value in counts.values.items() if name not in ("a", "b")}
    rows = answer.frame
    assert held["figures"] == len(rows)
    assert held["fitted"] == (rows.role == "calibration").sum() == 3
    assert held["figures"] == sum(held[name] for name in ("reproduced", "band", "apart", "other", "fitted"))
    same = rows[rows.ours_percent.notna()]
    again = [
        agreement_of(*row)
        for row in same[["ours_percent", "theirs_from_percent", "theirs_to_percent"]].to_numpy()
    ]
    assert again == list(same.agreement)


def test_nothing_on_file_is_said_to_be_so():
    answer = published("ISL", "STP")
    assert answer.absent.key == "published.none"
    assert dataclasses.asdict(answer.asked["a"]) == {"code": "ISL"}


def test_ours_is_kept_for_every_figure_and_is_what_is_solved():
    """Nothing stale: each question that can be asked has its row, and two of them solved again agree."""
    world = load_world()
    figures = [one for one in register().figure if one.inputs == "world"]
    again = [one for one in figures if one.scenario == "usa_neighbours"]
    solved = list(asked_of(world, again))
    assert len(solved) > 1
    for one, change in solved:
        # Certified to 1e-10 of every equation; nine digits are kept.
        assert kept_change(world, one) == pytest.approx(change, rel=1e-6)
    asked = [one for one in figures if register().scenario[one.scenario].instruments]
    assert [one for one in asked if kept_change(world, one) is None] == [], "run tools/published_kept.py"
