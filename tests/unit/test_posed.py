"""Questions asked of other worlds: own elasticities, other factors, and after what is in force already."""

from __future__ import annotations

import numpy as np
import pytest

import suasion as su
from suasion import questions
from suasion.coercion import exit_cost
from suasion.equilibrium import Elasticities, Embargo, PriceCap, Scenario, Tariff, economy, simulate
from suasion.equilibrium.afterwards import world_after
from suasion.equilibrium.elasticities.response import elasticities_in, shipped_elasticities, written
from suasion.errors import ElasticityError, InputError
from suasion.questions import QUESTIONS
from suasion.questions.posed import posed

WAR = Scenario("war", [Tariff("USA", "CHN", 0.4), Tariff("CHN", "USA", 0.2)])


@pytest.fixture(scope="module")
def small(world):
    return world.select(["USA", "CHN", "DEU", "RUS", "IND", "SAU"])


def test_a_cut_after_a_war_is_the_further_loss_of_both(small):
    """Equilibria of constant elasticities compose: 1e-6 of a loss of per cents, solved twice to 1e-10."""
    after = world_after(small, WAR)
    both = simulate(small, Scenario("both", [*WAR.instruments, Embargo("DEU", "CHN")]))
    first, second = simulate(small, WAR), simulate(after, Scenario("cut", [Embargo("DEU", "CHN")]))
    found = (1 + first.welfare / 100) * (1 + second.welfare / 100)
    np.testing.assert_allclose(found, 1 + both.welfare / 100, rtol=1e-8)
    assert after.checksum != small.checksum


def test_a_tariff_on_top_of_one_in_force_adds_to_it(small):
    """What a scenario adds is laid on the rates of the world after; a rate that is set replaces them."""
    after = world_after(small, WAR)
    twice = simulate(after, Scenario("more", [Tariff("USA", "CHN", 0.1)]))
    whole = simulate(small, Scenario("all", [*WAR.instruments, Tariff("USA", "CHN", 0.1)]))
    first = simulate(small, WAR)
    np.testing.assert_allclose(
        (1 + first.welfare / 100) * (1 + twice.welfare / 100), 1 + whole.welfare / 100, rtol=1e-8
    )


def test_questions_take_own_elasticities_as_the_model_does(small):
    own = Elasticities(sigma={"C26": 3.0}, zeta=0.3)
    asked = {"audience": (), "horizon": "long", "world": small}
    answer = su.exit_cost("DEU", "CHN", elasticities=own, **asked)
    direct = exit_cost(small, "DEU", "CHN", horizon="long", elasticities=own)
    assert answer.frame["loss_percent"].tolist() == direct.table["loss_percent"].tolist()
    told = su.exit_cost("DEU", "CHN", elasticities="sigma.C26=3,zeta=0.3", **asked)
    assert told.run == answer.run
    assert "posed.elasticities" in [one.key for one in answer.findings]
    usual = su.exit_cost("DEU", "CHN", **asked)
    assert usual.frame["loss_percent"].tolist() != answer.frame["loss_percent"].tolist()
    assert not [one for one in usual.findings if one.key.startswith("posed.")]


def test_given_and_factors_reach_every_question(small):
    """A question of the world after is the question with `given`, whatever it asks."""
    after = world_after(small, WAR)
    for ask, options in (
        (su.exit_cost, {"audience": ()}),
        (su.welfare_exposure, {"draws": 0}),
        (su.dispute, {}),
        (su.substitutes, {"draws": 0}),
    ):
        states = ("DEU", "CHN") if ask is not su.welfare_exposure else ("DEU",)
        one = ask(*states, given=WAR, factors="specific", world=small, **options)
        other = ask(*states, factors="specific", world=after, **options)
        number = one.frame.select_dtypes("number").columns[0]
        np.testing.assert_allclose(one.frame[number].astype(float), other.frame[number].astype(float))
        assert {"posed.given", "posed.factors"} <= {one.key for one in one.findings}


def test_the_command_of_an_answer_asks_the_same_again(small):
    """A scenario made in Python has an address, which the command line reads."""
    cut = su.embargo("USA", "CHN")
    one = su.exit_cost(
        "DEU", "CHN", audience=(), horizon="long", given=cut, elasticities="sigma=4", world=small
    )
    given = one.run.parameters["given"]
    again = su.exit_cost(
        "DEU", "CHN", audience=(), horizon="long", given=given, elasticities="sigma=4", world=small
    )
    assert again.run == one.run
    assert again.frame.equals(one.frame)
    assert f"--given '{given}'" in one.run.command


def test_a_scenario_after_another_one(small):
    answer = questions.simulate("tariff 10 USA on CHN", given="tariff 40 USA on CHN", world=small)
    first = questions.simulate("tariff 10 USA on CHN", world=small)
    assert answer.frame["loss_percent"].tolist() != first.frame["loss_percent"].tolist()
    assert answer.run.parameters["given"] == "tariff 40 USA on CHN"


@pytest.mark.parametrize("name", shipped_elasticities())
def test_sets_that_ship_are_read(name):
    """Those of closed forms have inputs of fixed shares; those of estimates say how trade answers, and nothing else."""
    own = elasticities_in(name)
    closed = name in ("cobb-douglas", "textbook")
    assert own.zeta == (1.0 if closed else None)
    assert closed or own.sigma is not None or own.long_factor is not None


def test_elasticities_are_read_as_they_are_written(tmp_path):
    own = Elasticities(sigma={"C26": 3.0, "B06": 8.5}, zeta=0.3, exchange=["B06"])
    assert elasticities_in(written(own)) == own
    assert elasticities_in({"zeta": 0.3}).zeta == 0.3
    file = tmp_path / "mine.yaml"
    file.write_text("sigma:\n  C26: 3\n  B06: 8.5\nzeta: 0.3\nexchange: [B06]\n", encoding="utf-8")
    assert elasticities_in(file) == own
    assert elasticities_in("") is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("sigam=4", "Did you mean sigma"),
        ("sigma=four", "has no number"),
        ("no-such-set", "Shipped under a name: border, caliendo-parro, cobb-douglas"),
        ("sigma=0.0001,roy=0.2", "roy is 0.2; it must be"),
    ],
)
def test_bad_elasticities_are_told(given, message):
    with pytest.raises(ElasticityError, match=message):
        elasticities_in(given)


#: Questions that cut trade, with arguments that make one.
CUTTING = {
    "exit_cost": {"a": "RUS", "b": "CHN"},
    "leverage": {"holder": "CHN"},
    "country": {"a": "RUS"},
    "critical_levels": {"a": "RUS", "b": "CHN"},
    "joint_threats": {"holder": "USA"},
    "levers": {"a": "RUS", "b": "CHN"},
    "substitutes": {"a": "RUS", "b": "CHN"},
    "drivers": {"a": "RUS", "b": "CHN"},
    "dispute": {"a": "RUS", "b": "CHN"},
    "straits": {},
    "simulate": {"scenario": "embargo USA on CHN"},
    "why": {"scenario": "embargo USA on CHN"},
}


@pytest.fixture
def never_balanced(monkeypatch):
    """A base that is balanced fails the test: it takes long with a low sigma, and its failure tells another reason."""

    def refuse(*_, **__):
        raise AssertionError("a base was balanced")

    monkeypatch.setattr(economy, "rebase", refuse)


@pytest.mark.parametrize("name", CUTTING)
def test_a_sigma_up_to_one_is_refused_before_anything_is_balanced(name, small, tmp_path, never_balanced):
    """The price of a good that loses w of its supply rises by (1 - w) ** (-1 / (sigma - 1)): never at sigma of one."""
    file = tmp_path / "low.yaml"
    file.write_text("sigma:\n  C26: 0.9\n", encoding="utf-8")
    for given, told in (("sigma=0.5", r"A01 \(0.5\), .* and 4. more"), (file, r"in C26 \(0.9\):")):
        with pytest.raises(ElasticityError, match=f"needs sigma > 1, .*{told}"):
            QUESTIONS[name].ask(**CUTTING[name], elasticities=given, world=small)
    with pytest.raises(ElasticityError, match="needs sigma > 1"):
        QUESTIONS["simulate"].ask(
            "tariff 5 USA on DEU", given="embargo USA on CHN", elasticities=file, world=small
        )


def test_a_sigma_just_above_one_still_answers(small):
    found = questions.exit_cost("USA", "CHN", elasticities="sigma=1.05", world=small, draws=0)
    assert found.absent is None
    assert found.frame.loss_percent.between(0, 100).all()


def test_a_sigma_below_one_answers_where_nothing_is_cut(small):
    """Own elasticities of the model of a tariff may be any above zero."""
    found = questions.simulate("tariff 10 USA on CHN", elasticities="sigma=0.9", world=small, draws=0)
    assert found.absent is None


def test_a_base_that_a_low_sigma_keeps_from_balance_says_so(world):
    three = world.select(["RUS", "IRL", "SGP"])
    with pytest.raises(ElasticityError, match=r"cannot be ended with so small a sigma"):
        questions.simulate(
            "tariff 10 RUS on IRL", elasticities="sigma=0.2", world=three, draws=0
        )  # at .3 there is a base


def test_an_empty_file_of_elasticities_is_told_by_its_own_first_line(tmp_path):
    file = tmp_path / "empty.yaml"
    file.write_text("", encoding="utf-8")
    with pytest.raises(ElasticityError, match="begins with `sigma:`; this is empty"):
        elasticities_in(file)


def test_what_cannot_be_in_force_is_told(small):
    with pytest.raises(InputError, match="factors is 'moblie'"):
        posed(small, factors="moblie")
    final = Scenario("homes", [Tariff("USA", "CHN", 0.4, use="final")])
    with pytest.raises(InputError, match="one use only"):
        posed(small, given=final)
    with pytest.raises(InputError, match="from afar write sigma=4"):
        QUESTIONS["exit_cost"].from_text({"a": "RUS", "b": "CHN", "elasticities": "../mine.yaml"})


def test_a_cap_in_force_lives_on(small):
    cap = Scenario("cap", [PriceCap("USA", "SAU", 0.8, ["B06"])])
    after = world_after(small, cap)
    first = simulate(small, cap)
    assert first.welfare.sel(country="SAU") < 0
    np.testing.assert_allclose(simulate(after, Scenario("nothing", [])).welfare, 0.0, atol=1e-7)


def test_a_world_that_responds_otherwise_is_saved_as_its_accounts(small, tmp_path):
    other = posed(small, elasticities="sigma=4")
    assert su.World.load(other.save(tmp_path / "other.npz")).checksum == small.checksum


def test_a_scenario_of_a_table_of_ones_own_is_asked_like_any():
    """Labels that are no country's, as a reader's own table has them."""
    from suasion.world.testing import random_world

    answer = questions.simulate(su.embargo("C1", "C2"), world=random_world(5, 3, seed=3))
    assert {"C1", "C2"} <= set(answer.frame["country"])
