"""Losses by ties of estimated economies that ship: whole, with ranges of their class, and the same at every door."""

from __future__ import annotations

import importlib
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import state_losses as made
from suasion.answers.picture.inline.world_map import WITHIN, paths, world_map
from suasion.coercion import leverage_matrix, loss_interval, loss_intervals
from suasion.coercion.leverage.carried import ELASTICITIES, estimated_intervals, state_losses
from suasion.coercion.leverage.intervals import listed_states
from suasion.coercion.leverage.losses import tie_losses
from suasion.questions import country, exit_cost, leverage, panel
from suasion.sources.published_flows import regions
from suasion.sweep import collect, parse_grid, run_sweep
from suasion.types import Z90
from suasion.world import load_world
from suasion.world.every_state import DOUBT, PARTNER_DOUBT, beyond_the_table, estimated_states

KNOWN, ESTIMATED = 80, 115
TIES = ESTIMATED * KNOWN + ESTIMATED * (ESTIMATED - 1) // 2
GRID = """
name: ties
world: every
pairs: {from: [MNG, FJI], to: [CHN, AUS]}
horizons: [long, short]
report: sides
"""
NO_STATES = {"ATF", "CYN", "ESH", "FLK", "GRL", "NCL", "PRI"}
"""Shapes of the outline that have neither an account nor customs of a state."""


@pytest.fixture(scope="module")
def ties() -> pd.DataFrame:
    return tie_losses(load_world()).set_index(["country", "partner"])


def test_both_sides_of_all_ties_ship():
    table = state_losses()
    assert len(table) == 2 * TIES
    assert not table.duplicated(["country", "partner"]).any()
    beyond = set(beyond_the_table(estimated_states()))
    assert set(table["country"]) == beyond | set(regions()[:-1])
    assert (table["country"].isin(beyond) | table["partner"].isin(beyond)).all()
    numbers = table[["short_percent", "long_percent", "income_musd", "trade_musd"]]
    assert np.isfinite(numbers).all().all()
    back = table.set_index(["partner", "country"])["trade_musd"]
    assert (table.set_index(["country", "partner"])["trade_musd"] == back.reindex(zip(table["country"], table["partner"], strict=True)).to_numpy()).all()  # fmt: skip


def test_the_largest_losses_of_the_first_year_have_their_bracket():
    table = state_losses()
    large = table["short_percent"] > 15.0
    assert large.sum() > 30
    assert (table[large]["flag"] != "").all()
    ends = table[large][["replacement", "short_percent", "no_switching"]].dropna()
    assert len(ends) == large.sum()
    assert (ends["replacement"] <= ends["short_percent"] * 1.001).mean() > 0.95


def test_a_range_is_that_of_the_class_and_of_elasticities():
    """By hand: Mongolia is of class A, Iran of B, North Korea of C; a known side has more doubt than A."""
    world = load_world()
    for sides, doubt, mark in (
        (("MNG", "CHN"), DOUBT["A"], "class_a"),
        (("CHN", "MNG"), PARTNER_DOUBT, "class_a"),
        (("IRN", "MNG"), DOUBT["B"], "class_b"),
        (("MNG", "PRK"), DOUBT["C"], "class_c"),
    ):
        for horizon, spreads in ELASTICITIES.items():
            found = loss_interval(world, *sides, horizon)
            below, above = (math.exp(Z90 * math.hypot(doubt, spread)) for spread in spreads)
            assert found.flag == mark
            assert found.low_percent == pytest.approx(found.loss_percent / below)
            assert found.high_percent == pytest.approx(min(found.loss_percent * above, 100.0))
    assert loss_interval(world, "MNG", "CHN", "months") is None
    assert loss_interval(world.select(["RUS", "CHN", "USA"]), "MNG", "CHN") is None


def test_ranges_of_both_sides_agree():
    table = estimated_intervals().set_index(["country", "partner", "horizon"])
    back = table.reset_index().set_index(["partner", "country", "horizon"]).reindex(table.index)
    assert (table["loses_more"] + back["loses_more"]).to_numpy() == pytest.approx(1.0)
    both = table["low_ratio"].notna()
    assert both.mean() > 0.9  # the others have a gain
    assert (table["low_ratio"] * back["high_ratio"])[both].to_numpy() == pytest.approx(1.0)
    assert (table["low_percent"] <= table["high_percent"]).all()
    inside = (table["low_percent"] <= table["loss_percent"]) & (
        table["loss_percent"] <= table["high_percent"]
    )
    assert inside.all()


def test_lists_have_everybody_and_say_who_is_estimated(ties):
    assert len(listed_states(load_world())) == KNOWN + ESTIMATED
    assert len(ties) == KNOWN * (KNOWN - 1) + 2 * TIES
    assert listed_states(load_world(year=2022)) == load_world(year=2022).states
    assert (ties["estimate"] == "none").sum() == KNOWN * (KNOWN - 1)
    assert ties.loc[("MNG", "CHN"), "estimate"] == "A"
    assert ties.loc[("IRN", "PRK"), "estimate"] == "C"
    assert not ties.filter(like="percent").isna().any().any()


def test_one_number_at_every_door(ties):
    """Range, list, page of a country and panel have the loss that ships; ties of known ones stay theirs."""
    world = load_world()
    answer = country("KAZ", world=world)
    needed = answer.table("depended-on-by").frame.set_index("country").loc["KGZ"]
    years = panel(("KGZ",), on=("KAZ",), years=(2023,), what=("losses",)).table("panel").frame.iloc[0]
    for horizon in ELASTICITIES:
        found = loss_interval(world, "KGZ", "KAZ", horizon)
        for one in (ties.loc[("KGZ", "KAZ")], needed, years):
            assert one[f"{horizon}_percent"] == found.loss_percent
            assert one[f"{horizon}_percent_low"] == found.low_percent
            assert one[f"{horizon}_percent_high"] == found.high_percent
        known = loss_interval(world, "RUS", "CHN", horizon)
        assert ties.loc[("RUS", "CHN"), f"{horizon}_percent"] == known.loss_percent
    assert needed["estimate"] == "A"
    assert years["loss_table"].endswith("115 economies estimated")
    assert "leverage.estimated" in {one.key for one in answer.table("depends-on").notes}


def test_no_state_is_without_a_colour(ties):
    """Only land without an account is hatched; Kosovo has the colour of Serbia's customs, and its words."""
    losses = ties.xs("CHN", level="partner")["short_percent"].to_dict()
    drawn = world_map(losses, ("CHN",), "what is seen", {"SRB": "Serbia: 1 %"})
    assert drawn.count("url(#hatch)") == len(NO_STATES)
    assert set(paths()) - {*losses, "CHN", *WITHIN} == NO_STATES
    assert drawn.count("Serbia: 1 %") == 2


def test_ranges_of_elasticities_hold_exact_draws_of_estimated_ties(root):
    """Nearly nine in ten or more, those of the known being used; eight draws, which move all sides alike."""
    found = pd.read_csv(root / "docs" / "evidence" / "state_losses.csv")
    for _, part in found.groupby("horizon"):
        assert part["inside"].mean() > 0.87
        assert 0.2 < part["deviation"].median() < 0.35


def test_ties_are_solved_those_that_cut_least_first():
    world = load_world().select(["RUS", "CHN", "USA"])
    assert made.ties_of(world) == ()  # nobody of them is estimated


@pytest.mark.evidence
def test_what_ships_is_what_a_question_solves():
    """To the digits of the table; the world of every state is opened by the names."""
    world = load_world(states="all")
    pairs = [("MNG", "CHN"), ("ARM", "RUS"), ("CUB", "VEN"), ("FJI", "AUS")]
    for horizon in ELASTICITIES:
        solved = leverage_matrix(world, horizon, pairs=pairs, cache=False).frame
        for row in solved.to_dict("records"):
            found = loss_interval(load_world(), row["country"], row["partner"], horizon)
            assert row["loss_percent"] == pytest.approx(found.loss_percent, rel=6e-4)
            assert (row["low_percent"], row["high_percent"]) == (found.low_percent, found.high_percent)
    told = exit_cost("MNG", "CHN", audience=(), horizon="long").table("exit-costs").frame.set_index("country")
    found = loss_interval(world, "MNG", "CHN")
    assert told.loss_percent["MNG"] == pytest.approx(found.loss_percent, rel=6e-4)
    assert told.loss_percent_low["MNG"] == pytest.approx(found.low_percent, rel=6e-4)
    held = leverage(holder="CHN", world=load_world()).table("exposed").frame.set_index("country").loc["MNG"]
    assert (held.long_percent, held.long_percent_low) == (found.loss_percent, found.low_percent)
    whole = leverage_matrix(world, "long")
    assert float(whole.loss_percent.sel(country="MNG", partner="CHN")) == found.loss_percent
    assert len(whole.frame) == (KNOWN + ESTIMATED) * (KNOWN + ESTIMATED - 1)
    assert len(loss_intervals(world)) == 2 * len(whole.frame)


@pytest.mark.evidence
def test_a_sweep_finds_what_ships(tmp_path):
    """In this process; that local processes and a cluster write the same bytes is tested in `tests/faults`."""
    grid = parse_grid(GRID)
    run_sweep(grid, tmp_path / "out", workers=0)
    rows = collect(tmp_path / "out").to_dict("records")
    assert len(rows) == 16
    for row in rows:
        other = row["b"] if row["country"] == row["a"] else row["a"]
        found = loss_interval(load_world(), row["country"], other, row["horizon"])
        assert row["loss_percent"] == pytest.approx(
            found.loss_percent, rel=6e-4, abs=6e-6
        )  # digits that ship


@pytest.mark.evidence
@pytest.mark.parametrize("pair", [("MNG", "CHN"), ("IRN", "CHN"), ("PRK", "CHN")])
def test_an_independent_solver_agrees_on_the_whole_world(pair):
    """Forty lines of NumPy without a Jacobian; both stop at 1e-10 of an equation."""
    from fixed_point import fixed_point
    from suasion.coercion.outcomes import base_accounts
    from suasion.equilibrium import Embargo, Scenario, compile_scenario, resolve, respond
    from suasion.equilibrium.economy import economy_on, log_welfare
    from suasion.world.every_state import state_world

    world = state_world()
    parameters, accounts = resolve(world, "long"), base_accounts(world, "balance")
    shock = compile_scenario(world, Scenario("cut", [Embargo(*pair)]))
    theirs, _ = fixed_point(accounts, parameters, shock.cut)
    ours = log_welfare(respond(economy_on(accounts, parameters, "balance"), shock)[0])
    assert np.abs(theirs - ours).max() < 1e-8


def test_a_state_without_a_published_product_has_an_answer():
    asked = SimpleNamespace(a="PRK", b="CHN"), SimpleNamespace(year=2023)
    assert all(
        one.values["a"].code != "PRK"
        for one in importlib.import_module("suasion.questions.exit_cost")._beside_trade(*asked)
    )
