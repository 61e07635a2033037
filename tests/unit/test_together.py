"""Draws driven together: the numbers are those of single solves, and a draw that fails takes nobody with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suasion.coercion import exit_cost
from suasion.coercion.exit_cost import tie_shock
from suasion.equilibrium import Shock, respond
from suasion.equilibrium.economy import advance, economy_on, log_welfare, prepare
from suasion.equilibrium.elasticities.horizon import draws, resolve
from suasion.errors import ElasticityError, InputError, NoSupplierError, SuasionError
from suasion.outlook import Break, CostPath, OwnRate, ProjectionOptions, WorldPath, outlook
from suasion.outlook.growth.gdp import TOLERANCE
from suasion.outlook.projection import together as module
from suasion.outlook.projection.chain import CENTRAL, Draw, prepare_course, walk, walk_together
from suasion.outlook.projection.outlook import make_task
from suasion.outlook.projection.solve import solve_block
from suasion.outlook.projection.together import NEAR, ROUGH, respond_alike, together

WEST = ("USA", "DEU")
PATH = WorldPath("sanctions", costs=(CostPath(WEST, ("RUS",), ((2023, 1.5),), hold=True),))
#: Equations of a draw hold to ROUGH in logs and its real GDP to ten times that, in the short run to some 1e-7; the
#: smallest losses here are a thousandth of real expenditure, so that they are right to 1e-4 of themselves.
CLOSE = 1e-4


@pytest.fixture(scope="module")
def small(world):
    return world.select(["RUS", "CHN", "USA", "DEU"], ["A01", "B06", "C26", "C29"])


@pytest.fixture(scope="module")
def economy(small):
    return prepare(small, resolve(small, "long"))


def test_a_block_of_draws_is_its_draws_one_by_one(small):
    options = ProjectionOptions(horizons=("short", "long", "steady"), audience=WEST, draws=3)
    ask = small, "RUS", "CHN", [PATH], 2025, (2022, 2025), options
    whole = solve_block(make_task(*ask), "sanctions", [1, 2, 3])
    single = make_task(*ask)
    for d in (1, 2, 3):
        alone = solve_block(single, "sanctions", [d])
        mine = whole[whole.draw == d].reset_index(drop=True)
        names = ["draw", "year", "quantity", "of", "horizon", "outlet"]
        assert mine[names].equals(alone[names])
        assert mine["value"].to_numpy() == pytest.approx(alone["value"].to_numpy(), rel=CLOSE)
        assert mine["value"].notna().all()


def test_equations_of_every_draw_hold(economy, small):
    sets = draws(small, 5, "long", seed=1)
    shock = tie_shock(small, "RUS", "CHN")
    shared = together(economy, sets)
    found = shared.respond(range(5), [shock] * 5, [None] * 5)
    for own, solved in zip(sets, found, strict=True):
        exact, _ = respond(replace(economy, parameters=own), shock)
        assert solved.method == "shared Newton steps"
        assert solved.solution.residual <= ROUGH
        assert log_welfare(solved) == pytest.approx(log_welfare(exact), abs=10 * ROUGH)


def test_draws_come_in_any_order_and_twice(economy, small):
    sets = draws(small, 3, "long", seed=1)
    shock = tie_shock(small, "RUS", "CHN")
    found = together(economy, sets).respond([2, 0, 2], [shock, Shock(), shock], [None] * 3)
    assert found[0].problem.parameters is sets[2]
    assert log_welfare(found[0]) == pytest.approx(log_welfare(found[2]), abs=1e-12)
    assert log_welfare(found[1]) == pytest.approx(0.0, abs=ROUGH)


def test_one_that_fails_takes_nobody_with_it(economy, small):
    """A buyer without any supplier has no equilibrium; the others have theirs, and the error says what is wrong."""
    shape = (len(small.countries), len(small.countries), len(small.sectors))
    everything = np.zeros(shape, dtype=bool)
    everything[0, :, 0] = True
    sets = draws(small, 3, "long", seed=1)
    shocks = [Shock(), Shock(cut=everything), tie_shock(small, "RUS", "CHN")]
    one, two, three = together(economy, sets).respond(range(3), shocks, [None] * 3)
    assert isinstance(two, NoSupplierError)
    assert not isinstance(one, SuasionError)
    assert not isinstance(three, SuasionError)


def test_what_does_not_arrive_together_is_solved_singly(economy, small, monkeypatch):
    monkeypatch.setattr(module, "MOST", 1)
    sets = draws(small, 2, "long", seed=1)
    shock = tie_shock(small, "RUS", "CHN")
    found = together(economy, sets).respond([0, 1], [shock, shock], [None, None])
    assert [solved.method for solved in found] == ["Anderson acceleration"] * 2


@pytest.mark.parametrize("astray", ["nobody", "all, at first", "all"])
def test_worlds_much_alike_are_cut_like_one_of_them(small, monkeypatch, astray):
    """Whoever is led astray where the example ended is steered by its base, and at last solved singly."""
    monkeypatch.setattr(module, "MOST_BESIDE", 40 if astray == "nobody" else 1)
    monkeypatch.setattr(module, "MOST", 1 if astray == "all" else 80)
    short = resolve(small, "short")
    base = prepare(small, short, base_parameters=resolve(small, "long"))
    shock = tie_shock(small, "RUS", "CHN")
    example, _ = respond(base, shock)
    worlds = [
        (advance(base, Shock(endowments=np.full(5, size))).accounts, own)
        for size, own in zip((0.9, 1.0, 1.2), draws(small, 3, "short", seed=1), strict=True)
    ]
    found = respond_alike(example, shock, worlds, [example.x] * 3)
    for (accounts, own), solved in zip(worlds, found, strict=True):
        exact, _ = respond(economy_on(accounts, own, "balance"), shock)
        assert (solved.method == "shared Newton steps") is (astray != "all")
        # Welfare is an average of logs that hold to NEAR each; gaps add up over users and goods.
        assert log_welfare(solved) == pytest.approx(log_welfare(exact), abs=10 * NEAR)


def test_a_world_that_cannot_be_cut_alike_says_why(small):
    short = resolve(small, "short")
    base = prepare(small, short, base_parameters=resolve(small, "long"))
    shock = tie_shock(small, "RUS", "CHN")
    example, _ = respond(base, shock)
    low = replace(short, sigma=np.full(len(small.sectors), 0.9))
    one, two = respond_alike(example, shock, [(base.accounts, low), (base.accounts, short)], [example.x] * 2)
    assert isinstance(one, ElasticityError)
    assert "An embargo needs sigma > 1" in str(one)
    assert not isinstance(two, SuasionError)


def test_without_an_example_the_first_draw_becomes_one(small):
    """An outlook that goes on after a stop reads its central course from a file, and says the same."""
    options = ProjectionOptions(horizons=("short",), audience=WEST, draws=3)
    ask = small, "RUS", "CHN", [PATH], 2025, (2022, 2025), options
    guided = make_task(*ask)
    solve_block(guided, "sanctions", [0])
    one, other = (solve_block(task, "sanctions", [1, 2, 3]) for task in (guided, make_task(*ask)))
    assert one["value"].to_numpy() == pytest.approx(other["value"].to_numpy(), rel=CLOSE)
    assert one["value"].notna().all()


def test_a_draw_that_cannot_follow_its_path_says_so_from_there_on(small):
    """A cost that is no number has no equilibrium; the draw beside it goes on to the end."""
    base = prepare(small, resolve(small, "long"))
    own = OwnRate(("CHN",), 2023, 2025, 5.0, 4.0, 6.0)
    course = prepare_course(small, WorldPath("growth", growth=(own,)), 2025, base.accounts, base.parameters)
    nan = Draw(jump=np.array([0.0, 0.0, np.nan, np.nan]))
    course = replace(course, pair=np.ones((5, 5, 5), dtype=bool))
    years = list(walk_together(course, [CENTRAL, nan]))
    assert [isinstance(broken, SuasionError) for _, broken in years] == [False, False, True, True]
    assert all(state.gap <= TOLERANCE for state, _ in years)
    message = str(years[2][1])
    assert message.startswith("'growth' in 2024: ")
    with pytest.raises(NoSupplierError, match="'growth' in 2024"):
        list(walk(course, nan))


def test_some_horizons_may_have_no_bands(small):
    options = ProjectionOptions(horizons=("short", "long"), audience=(), draws=8, drawn=("long",))
    calm = replace(PATH, breaks=Break(0.0, 0.0, 0.0))
    made = outlook(small, "RUS", "CHN", [calm], 2024, years=(), options=options)
    drawn, central = (
        made.fan("loss_percent", "RUS", horizon).set_index("year") for horizon in ("long", "short")
    )
    assert drawn.loc[2024, "p5"] < drawn.loc[2024, "p95"]
    assert np.isnan(central.loc[2024, "p5"])
    assert central.loc[2024, "central"] > 0
    assert not made.fan("loss_percent", "RUS", "short").failed.any()  # not drawn is not failed
    with pytest.raises(InputError, match="horizon short were not drawn; those drawn are long"):
        made.probability("loss_percent", "RUS", 1.0, "short")
    with pytest.raises(InputError, match="drawn names 'steady', which is not among the horizons"):
        outlook(small, "RUS", "CHN", [calm], 2024, years=(), options=replace(options, drawn=("steady",)))


def test_the_base_of_draws_is_the_library_s_own(small):
    """The first reading of an outlook is the exit cost that the library gives for the same world."""
    made = outlook(small, "RUS", "CHN", [PATH], 2023, years=(), options=ProjectionOptions(("long",), ()))
    assert made.fan("loss_percent", "RUS")["central"].iloc[0] == pytest.approx(
        exit_cost(small, "RUS", "CHN", horizon="long").loss("RUS", "long"), rel=1e-6
    )
