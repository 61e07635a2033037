"""What stands beside answers is the same whoever asks: one scenario, many, a matrix, a sweep."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pandas as pd
import pytest

from suasion.coercion.leverage.matrix import leverage_matrix
from suasion.equilibrium import Embargo, Scenario, Tariff, prepare, resolve, respond, simulate, simulate_many
from suasion.equilibrium.batch.many import job_of, respond_many
from suasion.equilibrium.flags import flags_on
from suasion.equilibrium.scenario.scenario import compile_scenario
from suasion.sweep.chunk import Solver
from suasion.sweep.grid import parse_grid
from suasion.sweep.plan import make_plan
from suasion.world import load_world

CUT, DUTY = Scenario("cut", [Embargo("MEX", "USA")]), Scenario("duty", [Tariff("USA", "CHN", 0.1)])


@pytest.fixture(scope="module")
def world():
    return load_world()


@pytest.fixture(scope="module")
def many(world):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return simulate_many(world, [CUT, DUTY], "both", beside=True)


def test_many_have_the_flags_and_brackets_of_one(world, many):
    with pytest.warns(UserWarning, match="MEX"):
        one = simulate(world, CUT, "short")
    mine = many.flags[(many.flags.scenario == "cut") & (many.flags.horizon == "short")].reset_index(drop=True)
    ours = one.flags[one.flags.flag != "width"].reset_index(drop=True)
    columns = ["country", "flag", "sector"]
    pd.testing.assert_frame_equal(mine[columns], ours[columns])
    assert "MEX" in set(mine.country)
    for end, name in (("replacement", "replacement_percent"), ("no switching", "no_switching_percent")):
        # Both solvers end with gaps of 1e-10 in logs at most.
        np.testing.assert_allclose(mine[name], ours[f"{end} (%)"], atol=1e-6)
    assert not (many.flags.scenario == "duty").any()


def test_many_have_the_long_run_with_capital_of_one(world, many):
    one = simulate(world, DUTY, "long")
    found = many.welfare_with_capital.sel(scenario="duty", horizon="long").values
    np.testing.assert_allclose(found, one.welfare_with_capital.values, atol=1e-7)
    assert np.isnan(many.welfare_with_capital.sel(horizon="short")).all()


def test_flags_of_a_batch_are_those_of_single_answers(world):
    economy = prepare(world, resolve(world, "short"), "balance", resolve(world, "long"))
    for sides in (("MEX", "USA"), ("BLR", "RUS"), ("FRA", "JPN")):
        shock = compile_scenario(world, Scenario("s", [Embargo(*sides)]))
        outcome = respond_many(economy, [job_of(economy, shock)])
        assert outcome.batched.all()
        single = flags_on(respond(economy, shock)[0], shock)
        assert [(f.country, f.flag, f.sector) for f in outcome.flags[0]] == [
            (f.country, f.flag, f.sector) for f in single
        ]
        np.testing.assert_allclose([f.value for f in outcome.flags[0]], [f.value for f in single], rtol=1e-7)


def test_a_sweep_and_a_matrix_have_the_same_bracket(world, many):
    plan = make_plan(parse_grid("name: g\npairs: [[MEX, USA], [FRA, JPN]]\nhorizons: [short]\n"))
    table = pd.read_parquet(io.BytesIO(Solver(plan).solve(0))).set_index(["a", "country"])
    row = table.loc[("MEX", "MEX")]
    flags = many.flags[(many.flags.scenario == "cut") & (many.flags.country == "MEX")].iloc[0]
    matrix = (
        leverage_matrix(world, "short", pairs=[("MEX", "USA")], cache=False)
        .flags.set_index("country")
        .loc["MEX"]
    )
    for end in ("replacement", "no_switching"):
        assert row[f"{end}_percent"] == pytest.approx(-flags[f"{end}_percent"], abs=1e-6)
        assert matrix[end] == pytest.approx(-flags[f"{end}_percent"], abs=1e-6)
    assert "loss" in row["flags"]
    assert table.loc[("FRA", "FRA"), "flags"] == ""
    assert np.isnan(table.loc[("FRA", "FRA"), "replacement_percent"])
