"""The grammar of the public functions: states by position, all else by name, and a wrong call shows the right one."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import suasion as su
from suasion.answers.answer import Answer
from suasion.equilibrium import simulate
from suasion.errors import InputError
from suasion.public import FROM_PYTHON, OF_MODELS, face, names
from suasion.questions import QUESTIONS
from suasion.world import World

CUT = su.Scenario("cut", [su.Embargo("RUS", "CHN")])
OWN = su.Elasticities(sigma=4)
SAID = 'su.simulate("tariff 60 USA on CHN")'


@pytest.fixture(scope="module")
def part() -> World:
    return su.load_world().select(["RUS", "CHN", "USA", "DEU"], ["B06", "C19", "C26"])


# A call that is wrong in order, type, name or number, and what its message must show: the call as it should read.
WRONG: list[tuple[Callable[[World], Any], str]] = [
    # order
    (lambda w: su.exit_cost("RUS", "CHN", w), 'su.exit_cost("RUS", "CHN", world=world)'),
    (lambda w: su.exit_cost("RUS", w, "CHN"), 'su.exit_cost("RUS", "CHN", world=world)'),
    (lambda w: su.dependence(w, "RUS", "CHN"), 'su.dependence("RUS", "CHN", world=world)'),
    (lambda w: su.critical_levels(w, "RUS", "CHN"), 'su.critical_levels("RUS", "CHN", world=world)'),
    (lambda w: su.critical_levels("RUS", "CHN", w), 'su.critical_levels("RUS", "CHN", world=world)'),
    (lambda w: su.exit_cost("RUS", "CHN", "long"), 'su.exit_cost("RUS", "CHN", horizon="long")'),
    (
        lambda w: su.exit_cost("RUS", "CHN", ["EU"], w),
        'su.exit_cost("RUS", "CHN", audience=["EU"], world=world)',
    ),
    (lambda w: su.exit_cost("long", "RUS", "CHN"), 'su.exit_cost("RUS", "CHN", horizon="long")'),
    (lambda w: su.joint_threats(w, "USA"), 'su.joint_threats("USA", world=world)'),
    (lambda w: su.joint_threats("USA", "CHN"), 'su.joint_threats("USA")'),
    (lambda w: su.tariff_war(w), "su.tariff_war(world=world)"),
    (lambda w: su.tariff_war(("ASEAN", "CHN")), 'su.tariff_war(players=["ASEAN", "CHN"])'),
    (lambda w: su.finance(w, "RUS", "CHN"), 'su.finance("RUS", "CHN", world=world)'),
    (lambda w: su.drivers("RUS", "CHN", w), 'su.drivers("RUS", "CHN", world=world)'),
    (lambda w: su.screen(w, "DEU"), 'su.screen("DEU")'),
    # number
    (lambda w: su.exit_cost("RUS"), 'su.exit_cost("RUS", "CHN")'),
    (lambda w: su.exit_cost(), 'su.exit_cost("RUS", "CHN")'),
    (lambda w: su.exit_cost("CHN", horizon="long"), 'su.exit_cost("CHN", "RUS", horizon="long")'),
    (lambda w: su.triangle("RUS", "CHN"), 'su.triangle("RUS", "CHN", "USA")'),
    (lambda w: su.arms("RUS", "CHN", "USA"), 'su.arms("RUS", "CHN")'),
    (lambda w: su.arms("RUS", "CHN", 2020), 'su.arms("RUS", "CHN")'),
    (lambda w: su.alliance("RUS", "CHN", 2030, 2036), 'su.alliance("RUS", "CHN")'),
    (lambda w: su.share("RUS"), 'su.share("RUS", "CHN")'),
    (lambda w: su.supplier(), 'su.supplier("judgements.yaml")'),
    (lambda w: su.bargain(), 'su.bargain("network.yaml")'),
    (lambda w: su.exit_cost("RUS", "CHN", a="USA"), 'su.exit_cost("USA", "CHN")'),
    # name
    (lambda w: su.exit_cost("RUS", "CHN", horizn="long"), 'su.exit_cost("RUS", "CHN", horizon="long")'),
    (lambda w: su.exit_cost("RUS", "CHN", draw=64), 'su.exit_cost("RUS", "CHN", draws=64)'),
    (lambda w: su.exit_cost("RUS", "CHN", deficit="gdp"), 'su.exit_cost("RUS", "CHN", deficits="gdp")'),
    (lambda w: su.exit_cost("RUS", "CHN", audiences="EU"), 'su.exit_cost("RUS", "CHN", audience="EU")'),
    (lambda w: su.exit_cost("RUS", "CHN", wrld=w), 'su.exit_cost("RUS", "CHN", world=world)'),
    (lambda w: su.arms("RUS", "CHN", windows=3), 'su.arms("RUS", "CHN", window=3)'),
    (lambda w: su.share("RUS", "CHN", year=(2030,)), 'su.share("RUS", "CHN", years=(2030,))'),
    (lambda w: su.exit_cost("RUS", "CHN", colour="red"), 'su.exit_cost("RUS", "CHN")'),
    # type
    (lambda w: su.exit_cost(["RUS"], "CHN"), 'su.exit_cost("RUS", "CHN")'),
    (lambda w: su.exit_cost(None, "CHN"), 'su.exit_cost("CHN", "RUS")'),
    (lambda w: su.exit_cost("RUS", "CHN", draws=2.5), 'su.exit_cost("RUS", "CHN")'),
    (lambda w: su.exit_cost("RUS", "CHN", draws="many"), 'su.exit_cost("RUS", "CHN")'),
    (lambda w: su.exit_cost("RUS", "CHN", horizon=["long"]), 'su.exit_cost("RUS", "CHN")'),
    (lambda w: su.exit_cost("RUS", "CHN", world=2022), 'su.exit_cost("RUS", "CHN")'),
    (lambda w: su.exit_cost("RUS", "CHN", world="wiod13"), 'su.exit_cost("RUS", "CHN")'),
    (lambda w: su.joint_threats("USA", counter="yes"), 'su.joint_threats("USA")'),
    (lambda w: su.joint_threats("USA", ratio="half"), 'su.joint_threats("USA")'),
    (lambda w: su.alliance("RUS", "CHN", by="soon"), 'su.alliance("RUS", "CHN")'),
    (lambda w: su.dated_measures(name=3), "su.dated_measures()"),
    (lambda w: su.tariff_war(world=2022), "su.tariff_war()"),
    (lambda w: su.exit_cost(1.5, "CHN"), 'su.exit_cost("CHN", "RUS")'),
    (lambda w: su.exit_cost(pd.Series(["RUS"]), "CHN"), 'su.exit_cost("CHN", "RUS")'),
    (lambda w: su.alliance("RUS", "CHN", by=2030.5), 'su.alliance("RUS", "CHN")'),
    (lambda w: su.welfare_exposure(["AUS", "NZL"]), 'su.welfare_exposure("AUS")'),
    (lambda w: su.bargain(None), 'su.bargain("network.yaml")'),
    (lambda w: su.dossier("RUS", 3.5), 'su.dossier("RUS", "CHN")'),
    (lambda w: su.dossier("RUS", "CHN", bands=64), 'su.dossier("RUS", "CHN")'),
    # what is no scenario, and no elasticities
    (lambda w: su.simulate(60.0), SAID),
    (lambda w: su.simulate(None), SAID),
    (lambda w: su.simulate(" "), SAID),
    (lambda w: su.simulate("USA", "CHN"), SAID),
    (lambda w: su.simulate(su.Tariff("USA", "CHN", 0.6)), SAID),
    (lambda w: su.simulate([su.Tariff("USA", "CHN", 0.6)]), SAID),
    (lambda w: su.simulate(pd.Series([0.6])), SAID),
    (lambda w: su.why(None), 'su.why("tariff 60 USA on CHN")'),
    (lambda w: su.simulate(CUT, horizon=OWN), "su.simulate(scenario, elasticities=elasticities)"),
    (lambda w: su.simulate(CUT, elasticities=4.0), "su.simulate(scenario)"),
    (lambda w: su.simulate(CUT, given=3.5), "su.simulate(scenario)"),
    (lambda w: su.simulate_many(CUT), "su.simulate_many([scenario])"),
    (lambda w: su.simulate_many({"cut": CUT}), "su.simulate_many([scenario])"),
    (lambda w: su.leverage_matrix("RUS"), "su.leverage_matrix()"),
    (
        lambda w: su.leverage_matrix(coalitions=["EU"]),
        'su.leverage_matrix(coalitions={"WEST": ["USA", "EU"]})',
    ),
    (lambda w: su.table(3), "su.table([answer, another])"),
    (lambda w: su.leverage("CHN"), 'su.leverage(holder="CHN")'),
    # limits of whole numbers
    (lambda w: su.energy_trade("RUS", "CHN", years=0), 'su.energy_trade("RUS", "CHN")'),
    (lambda w: su.restoration("UKR", "RUS", year=1700), 'su.restoration("UKR", "RUS")'),
    # classes, functions of rooms, and instruments in one line
    (lambda w: su.Elasticities(sigm=5), "su.Elasticities(sigma=5)"),
    (lambda w: su.Elasticities(horizon="long"), "su.Elasticities()"),
    (lambda w: su.Scenario(), 'su.Scenario("cut")'),
    (lambda w: su.Embargo("USA"), 'su.Embargo("USA", "CHN")'),
    (lambda w: su.Embargo("USA", "RUS", sector="C26"), 'su.Embargo("USA", "RUS", sectors="C26")'),
    (lambda w: su.Embargo("USA", "RUS", senders="EU"), 'su.Embargo("EU", "RUS")'),
    (lambda w: su.Tariff("USA", "CHN"), 'su.Tariff("USA", "CHN", 0.6)'),
    (lambda w: su.Tariff("USA", "CHN", 0.3, rates=0.6), 'su.Tariff("USA", "CHN", 0.3)'),
    (lambda w: su.LossGap("USA"), 'su.LossGap("USA", "RUS")'),
    (lambda w: su.World("2024"), "su.load_world()"),
    (lambda w: su.load_world(yr=2022), "su.load_world(year=2022)"),
    (lambda w: su.load_world(year="last"), "su.load_world()"),
    (lambda w: su.code(), 'su.code("RUS")'),
    (lambda w: su.read_scenario(5), 'su.read_scenario("cut.yaml")'),
    (lambda w: su.ingest_baci(5), 'su.ingest_baci(["BACI_HS17_Y2023_V202501.csv"])'),
    (lambda w: su.tariff("USA"), 'su.tariff("USA", "CHN", 0.6)'),
]


@pytest.mark.parametrize("place", range(len(WRONG)))
def test_a_wrong_call_is_answered_with_the_right_one(part: World, place: int) -> None:
    call, right = WRONG[place]
    with pytest.raises(InputError, match=re.escape(f"Write {right}") + "(, which is of one; .*)?$") as found:
        call(part)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: su.simulate("tarif 60 USA on CHN"),
            "Did you mean 'tariff'? Write it as 'tariff 60 USA on CHN'.",
        ),
        (lambda: su.tariff("USA", "CHN", pd.Series([0.6])), "rate is a Series; give a number"),
        (lambda: su.tariff("USA", "CHN", None), "rate is a NoneType; give a number"),
        (lambda: su.tariff("USA", "CHN", 60), "If 60 per cent is meant, write 0.6."),
        (lambda: su.embargo("USA", None), "it must be a name or a list of names"),
        (lambda: su.simulate_many([None]), "a text as 'tariff 60 USA on CHN', and no NoneType"),
        (lambda: su.exitcost, "Did you mean exit_cost?"),
        (lambda: su.simulate("tariff USA CHN"), "needs one size, in per cent"),
        (lambda: su.simulate(CUT, swap=-1), "swap is -1; give a number from "),
        (
            lambda: su.leverage(horizon="long"),
            "it answers for the first year and the long run at once. Write su.leverage()",
        ),
        (lambda: su.Result(), "not made by hand. Write su.simulate(scenario).result"),
        (lambda: su.transfer("USA", "UKR", "5%"), "amount is '5%'; give a number, in million USD."),
        (lambda: su.embargo("USA", "RUS") + 5, 'Add a scenario, as su.tariff("USA", "CHN", "60%").'),
        (lambda: su.load_world().aggregate(["EU"]), 'Write world.aggregate(countries={"EU": "EU"}).'),
        (lambda: su.load_world().save("world.docx"), "use .npz or .nc."),
        (lambda: su.dated_measures().write(5), "A file has a name, as 'answer.csv'; it is 5 (int)."),
        (lambda: su.dated_measures().write(), "none was given. Write answer.write('answer.csv')"),
        (lambda: su.load_world().save(), "Write world.save('world.npz')"),
        (lambda: su.errors("x"), "su.errors is a module, and no function. Write except su.errors.InputError"),
        (lambda: su.equilibrium("x"), "Write help(su.equilibrium)"),
        (lambda: su("RUS", "CHN"), 'Write su.exit_cost("RUS", "CHN")'),
    ],
)
def test_what_is_no_call_of_a_question_is_told_in_a_line(call: Callable[[], Any], said: str) -> None:
    with pytest.raises((InputError, AttributeError), match=re.escape(said)) as found:
        call()
    assert "\n" not in str(found.value)


def test_a_group_of_industries_has_its_word_in_python() -> None:
    assert su.embargo("EU", "RUS", sectors="energy").instruments == (
        su.Embargo("EU", "RUS", sectors=["B05", "B06", "C19"]),
    )


def test_there_are_forty() -> None:
    assert len(WRONG) >= 40


def test_the_right_calls_are_right(part: World) -> None:
    """What a message advises has the shape of the function: the words bind to its signature."""
    known = {"su": su, "world": part, "scenario": CUT, "elasticities": OWN, "answer": 1, "another": 2}
    for _, right in WRONG:
        name, inside = re.fullmatch(r"su\.(\w+)\((.*)\)", right).groups()
        eval(f"inspect.signature(su.{name}).bind({inside})", {**known, "inspect": inspect})


def test_a_function_is_the_question(part: World) -> None:
    for answer in (
        su.exit_cost("RUS", "CHN", world=part, horizon="long"),
        su.exit_cost("Russia", "china", world=part, horizon=10, audience="USA, DEU"),
        su.dependence("RUS", "CHN", world=part),
        su.dated_measures(),
        su.alliance("RUS", "CHN", by=[2030]),
    ):
        assert isinstance(answer, Answer)


def test_what_is_read_as_meant_is_the_same_answer(part: World) -> None:
    plain = su.exit_cost("RUS", "CHN", audience=("USA", "DEU"), world=part, horizon="10")
    loose = su.exit_cost("Russia", "china", audience="USA, DEU", world=part, horizon=10)
    assert plain.table().rows == loose.table().rows


def test_an_answer_holds_what_the_model_found(part: World) -> None:
    found = simulate(part, CUT)
    new = su.simulate(CUT, world=part, horizon=["short", "long", "short"])  # asked twice, told once
    assert set(new.result) == {"short", "long"}
    assert new.result["long"].welfare.equals(found.welfare)
    losses = new.xarray["loss_percent"].sel(horizon="long", country=list(found.countries))
    np.testing.assert_allclose(losses, -found.welfare, rtol=1e-12)  # the same solution, by way of money
    with pytest.raises(AttributeError, match="no attribute 'welfare'"):
        new.welfare  # noqa: B018
    matrix = su.leverage_matrix(world=part, pairs=[("RUS", "CHN")], cache=False)
    # A cut costs both the same whoever declares it; both are solved to 1e-8 in logs.
    ours = matrix.xarray.sel(country="RUS", partner="CHN")
    np.testing.assert_allclose(ours["loss_percent"], losses.sel(country="RUS"), atol=1e-5)
    np.testing.assert_allclose(ours["partner_loss_percent"], losses.sel(country="CHN"), atol=1e-5)


@pytest.mark.parametrize("name", FROM_PYTHON)
def test_they_have_the_handles_of_an_answer(part: World, name: str, tmp_path: Path) -> None:
    given: dict[str, Any] = {"simulate_many": {"scenarios": [CUT]}}.get(
        name, {"pairs": [("RUS", "CHN")], "cache": False}
    )
    answer = getattr(su, name)(**given, world=part, draws=2)
    assert answer.frame.attrs["units"]["loss_percent"] == "percent"
    assert {"loss_percent_low", "loss_percent_high"} <= set(answer.frame.columns)
    assert "<table" in answer._repr_html_()
    assert answer.plot().startswith("<svg")
    for ending in ("csv", "json", "md", "xlsx"):
        assert answer.write(tmp_path / f"a.{ending}").stat().st_size > 100
    assert Answer.from_dict(answer.to_dict()) == answer


def test_every_question_is_public_without_a_further_line() -> None:
    listed = dir(su)
    for name, question in QUESTIONS.items():
        asked = face(name)
        assert name in listed
        kinds = {one.name: one.kind for one in inspect.signature(asked).parameters.values()}
        states = [one.name for one in question.parameters if one.required]
        assert [
            one for one, kind in kinds.items() if kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        ] == states


def test_the_world_is_an_option_of_all_that_need_one() -> None:
    for name in names():
        for parameter in inspect.signature(getattr(su, name)).parameters.values():
            assert parameter.name != "world" or parameter.kind is inspect.Parameter.KEYWORD_ONLY, name


def test_rooms_and_functions_of_one_name() -> None:
    """A room with the name of a public function does not hide it, and is imported from as ever."""
    rooms = {path.name for path in Path(su.__file__).parent.iterdir() if path.is_dir()}
    assert rooms & set(names()) == set(su._HIDDEN_ROOMS)
    code = (
        "import suasion.measures, suasion.dossier, suasion as su; from suasion import measures;"
        "assert measures.hirschman([1.0]) == 100; assert su.dated_measures().frame.shape[0] > 3; assert callable(su.dossier);"
        "from suasion import *; assert exit_cost is su.exit_cost"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_was_public_is() -> None:
    assert all(callable(getattr(su, name)) for name in (*OF_MODELS, *FROM_PYTHON))
    assert su.code("Russia") == "RUS"
