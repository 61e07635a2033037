"""What an outcome depends on: labels, units, outcomes, rankings, exact cut-offs, charts and the command."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest

import suasion as su
from suasion.cli import questions as command
from suasion.cli.app import CANNOT, OK, UNWRITABLE, run
from suasion.coercion import (
    EquivalentVariation,
    Linearisation,
    Loss,
    LossGap,
    LossRatio,
    RealIncome,
    Welfare,
    prepare_sensitivity,
    sensitivity,
)
from suasion.equilibrium import simulate
from suasion.equilibrium.adjoint import solve as adjoint_solve
from suasion.errors import ConvergenceError, InputError, NotInWorldError
from suasion.world import World
from suasion.world.testing import random_world

OWN = su.Elasticities(sigma=4.0, zeta=0.6, epsilon=0.3, kappa=0.9)
#: Central differences with a step of 1e-3 are wrong by the square of it, times third derivatives of order one.
NEAR = 1e-5
AXES = {
    "trade_cost": ("importer", "exporter", "sector"),
    "tariff": ("importer", "exporter", "sector"),
    "export_tax": ("importer", "exporter", "sector"),
    "productivity": ("country", "sector"),
    "endowments": ("country",),
    "transfer": ("country",),
}


@pytest.fixture(scope="module")
def small() -> World:
    return random_world(5, 3, seed=3)


@pytest.fixture(scope="module")
def cut() -> su.Scenario:
    return su.Scenario("C1 and C2 part", [su.Embargo("C1", "C2")])


@pytest.fixture(scope="module")
def prepared(small: World, cut: su.Scenario) -> Linearisation:
    return prepare_sensitivity(small, cut, elasticities=OWN)


def solved(world: World, *instruments, **options) -> su.Result:
    return simulate(world, su.Scenario("made up", list(instruments)), elasticities=OWN, **options)


@pytest.mark.parametrize("wrt", AXES)
def test_labels_and_units(small, wrt):
    found = sensitivity(small, Welfare("C1"), wrt, elasticities=OWN)
    assert found.effect.dims == AXES[wrt]
    assert found.effect.attrs["unit"].startswith("per cent per ")
    assert found.residual <= 1e-10
    assert "welfare of C1" in repr(found)
    if "exporter" in AXES[wrt] and wrt != "trade_cost":  # no tariff on trade with oneself
        assert np.isnan(found.effect.sel(importer="C2", exporter="C2")).all()


def test_effects_are_those_of_simulate(small):
    """A hundredth of a per cent of cost, a point of tariff, a transfer: as the solver has them."""
    step = 1e-3
    cost = sensitivity(small, Welfare("C2"), elasticities=OWN).effect.sel(
        importer="C2", exporter="C3", sector="S2"
    )
    up, down = (
        np.log1p(
            solved(small, su.TradeCost("C2", "C3", factor, ["S2"], "imports")).welfare.sel(country="C2") / 100
        )
        for factor in (np.exp(step), np.exp(-step))
    )
    assert float(cost) == pytest.approx(float(up - down) / (2 * step), rel=NEAR)
    duty = sensitivity(small, Welfare("C2"), "tariff", elasticities=OWN).effect.sel(
        importer="C2", exporter="C3"
    )
    up, down = (
        np.log1p(solved(small, su.Tariff("C2", "C3", rate)).welfare.sel(country="C2") / 100)
        for rate in (step, -step)
    )
    assert float(duty.sum()) == pytest.approx(float(up - down) / (2 * step), rel=1e-4)


def test_outcomes_hang_together(small, prepared):
    """Dollars are per cents of dollars; real income is welfare where nothing is given away; a gap is a difference."""
    percent = prepared.sensitivity(Welfare("C3")).effect
    spending = prepared.state.spending[2] * np.exp(prepared.state.after[2])
    dollars = prepared.sensitivity(EquivalentVariation("C3")).effect
    assert dollars.values == pytest.approx(percent.values * spending / 100.0, rel=1e-8, abs=1e-12 * spending)
    assert prepared.sensitivity(RealIncome("C3")).effect.values == pytest.approx(percent.values, abs=1e-10)
    gap = prepared.sensitivity(LossGap("C1", "C2")).effect
    parts = prepared.sensitivity(Loss("C1")).effect - prepared.sensitivity(Loss("C2")).effect
    assert gap.values == pytest.approx(parts.values, abs=1e-10)
    ratio = prepared.sensitivity(LossRatio("C1", "C2"))
    first, second = (Loss(c).value(prepared.state) for c in ("C1", "C2"))
    assert ratio.outcome.value(prepared.state) == pytest.approx(first / second)
    expected = prepared.sensitivity(Loss("C1")).effect / second
    expected = expected - first / second**2 * prepared.sensitivity(Loss("C2")).effect
    assert ratio.effect.values == pytest.approx(expected.values, rel=1e-7, abs=1e-10)


def test_a_loss_moves_with_both_worlds(small, prepared):
    """The loss from a cut compares two worlds, and a lower cost elsewhere changes both."""
    step = 1e-3
    cell = {"importer": "C1", "exporter": "C3", "sector": "S1"}
    found = float(prepared.sensitivity(Loss("C1")).effect.sel(cell))

    def loss(factor: float) -> float:
        cheaper = su.TradeCost("C1", "C3", factor, ["S1"], "imports")
        before = solved(small, cheaper).welfare.sel(country="C1")
        after = solved(small, cheaper, su.Embargo("C1", "C2")).welfare.sel(country="C1")
        return float(-100.0 * ((1.0 + after / 100.0) / (1.0 + before / 100.0) - 1.0))

    slope = (loss(np.exp(step)) - loss(np.exp(-step))) / (2 * step)
    assert found == pytest.approx(0.01 * slope, rel=1e-4)


def test_groups_and_weights(small):
    """A group's welfare is that of its summed expenditure, unless dollars count differently."""
    ready = prepare_sensitivity(small, elasticities=OWN)
    share = ready.state.spending[:2] / ready.state.spending[:2].sum()
    single = [ready.sensitivity(Welfare(c)).effect.values for c in ("C1", "C2")]
    both = ready.sensitivity(Welfare(("C1", "C2"))).effect.values
    assert both == pytest.approx(share[0] * single[0] + share[1] * single[1], abs=1e-10)
    only = ready.sensitivity(Welfare(("C1", "C2"), weights={"C1": 1.0, "C2": 0.0})).effect.values
    assert only == pytest.approx(single[0], abs=1e-10)


def test_real_income_is_net_of_the_transfer(small):
    """What a country is given raises its welfare one for one, and its own income hardly."""
    ready = prepare_sensitivity(small, deficits="world", elasticities=OWN)
    welfare = ready.sensitivity(Welfare("C1"), "transfer").effect.sel(country="C1")
    income = ready.sensitivity(RealIncome("C1"), "transfer").effect.sel(country="C1")
    assert 0.0 < float(income) < 0.2 * float(welfare)


def test_table_ranks_existing_foreign_flows(small, prepared):
    found = prepared.sensitivity(Welfare("C1"))
    table = found.table()
    assert list(table.columns) == ["importer", "exporter", "sector", "effect", "flow_usd", "share_percent"]
    assert (table.importer != table.exporter).all()
    assert not ((table.importer == "C1") & (table.exporter == "C2")).any()  # cut: no flow, no effect
    assert table.effect.abs().is_monotonic_decreasing
    assert len(found.table(home=True)) == len(table) + 5 * 3
    assert len(found.table(4)) == 4
    row = table.iloc[0]
    flow = solved(small, su.Embargo("C1", "C2")).trade
    where = {"importer": row.importer, "exporter": row.exporter, "sector": row.sector}
    assert row.flow_usd == pytest.approx(float(flow.sel(where)), rel=1e-7)


@pytest.mark.parametrize("rule", ["balance", "world", "gdp", "eliminate"])
def test_exact_cut_offs_equal_full_solves(small, rule):
    """Flow by flow, what `simulate` says of an import ban on it."""
    found = sensitivity(small, Welfare("C1"), deficits=rule, elasticities=OWN)
    start = found.outcome.value(found.prepared.state)  # not zero where deficits are eliminated on the way
    assert (abs(start) > 1e-6) == (rule == "eliminate")
    cuts = found.exact(6)
    assert len(cuts.table) == 6
    assert (cuts.table.reason == "").all()
    for row in cuts.table.itertuples():
        ban = su.ImportBan(row.importer, row.exporter, sectors=[row.sector])
        change = float(np.log1p(solved(small, ban, deficits=rule).welfare.sel(country="C1") / 100.0))
        assert row.exact == pytest.approx(100.0 * change - start, abs=1e-7)
    assert cuts.unit == "per cent"
    assert -1.0 <= cuts.effect_rank <= 1.0


def test_first_order_cut_off_is_right_for_small_flows():
    """A flow that hardly matters to its buyer costs what its first-order worth says."""
    world = random_world(8, 3, seed=8)
    cuts = sensitivity(world, Welfare("C1"), elasticities=OWN).exact(150)
    small = cuts.table[cuts.table.share_percent < 1.5]
    assert len(small) >= 5
    # What is left is the seller's lost market, as large to it as it may be small to the buyer.
    assert small.ratio.to_numpy() == pytest.approx(1.0, abs=0.15)
    assert small.ratio.median() == pytest.approx(1.0, abs=0.03)
    assert cuts.first_order_rank > 0.9


def test_exact_cut_offs_after_a_scenario(small, cut):
    """The further cut is made in the world already cut, and a loss looks at both worlds."""
    found = sensitivity(small, LossGap("C1", "C2"), at=cut, elasticities=OWN)
    row = found.exact(1).table.iloc[0]
    ban = su.ImportBan(row.importer, row.exporter, sectors=[row.sector])
    worlds = [
        solved(small, *parts).welfare
        for parts in ([], [su.Embargo("C1", "C2")], [ban], [su.Embargo("C1", "C2"), ban])
    ]
    level = [{c: 1.0 + float(w.sel(country=c)) / 100.0 for c in ("C1", "C2")} for w in worlds]
    gaps = [
        100.0 * ((1.0 - after["C1"] / before["C1"]) - (1.0 - after["C2"] / before["C2"]))
        for before, after in ((level[0], level[1]), (level[2], level[3]))
    ]
    assert row.exact == pytest.approx(gaps[1] - gaps[0], abs=1e-6)


def test_embedded_world_ranks_crude_oil_to_china_first(world):
    """The flows that matter for Russia, and their exact cut-offs: published in the documentation."""
    found = sensitivity(world, Welfare("RUS"))
    top = found.table(3)
    assert list(top.iloc[0][["importer", "exporter", "sector"]]) == ["CHN", "RUS", "B06"]
    assert top.effect[0] == pytest.approx(-0.0069, abs=0.0003)
    assert found.residual <= 1e-10


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda w: sensitivity(w, Welfare("USA")), NotInWorldError, "USA is outside the world's table"),
        (
            lambda w: sensitivity(w, Welfare("C1"), "prices"),
            InputError,
            "wrt='prices' is not one of trade_cost",
        ),
        (lambda w: sensitivity(w, Loss("C1")), InputError, "needs a scenario"),
        (lambda w: sensitivity(w, Welfare("C1")).table(0), InputError, "top=0 must be at least 1"),
        (lambda w: sensitivity(w, RealIncome(("C1", "C2"))), InputError, "is a group; give one country"),
        (lambda w: sensitivity(w, RealIncome("C1")).exact(3), InputError, "Use Welfare"),
        (lambda w: sensitivity(w, Welfare("C1"), "tariff").exact(3), InputError, "not by tariff"),
        (
            lambda w: sensitivity(w, Welfare(("C1", "C2"), weights={"C1": 1.0})),
            InputError,
            "must name C1, C2 and nobody else",
        ),
        (lambda w: sensitivity(w, Welfare("C1", weights={"C1": -1.0})), InputError, ">= 0"),
    ],
)
def test_errors_say_what_and_how(small, call, error, text):
    with pytest.raises(error, match=text):
        call(small)


def test_ratio_of_nothing(small, prepared):
    from dataclasses import replace

    state = replace(prepared.state, after=prepared.state.before)
    with pytest.raises(InputError, match="C2 loses nothing"):
        LossRatio("C1", "C2").value(state)


def test_derivatives_that_cannot_be_had_are_refused(small, monkeypatch):
    monkeypatch.setattr(adjoint_solve, "_RESTARTS", 1)
    monkeypatch.setattr(adjoint_solve, "_BASIS", 3)
    with pytest.raises(ConvergenceError, match="gap of the transposed equations"):
        sensitivity(small, Welfare("C1"), elasticities=OWN)


def test_unknown_derivative(prepared):
    from suasion.equilibrium.adjoint.backward import Seeds

    seeds = Seeds(*(np.zeros(5) for _ in range(3)))
    nothing = adjoint_solve.gradient(prepared.point, seeds, prepared.scaling)
    assert nothing.steps == 0
    assert not nothing.by("endowments").any()
    with pytest.raises(InputError, match="not one of"):
        nothing.by("prices")  # type: ignore[arg-type]


@pytest.fixture
def at_home(small, monkeypatch):
    """The command on a small world."""
    monkeypatch.setattr(command, "chosen_world", lambda: small)


def test_the_question_tells_the_ranking_of_the_model(small):
    """Numbers, order and exact cut-offs are those of the model; own elasticities reach it."""
    answer = su.sensitivity("C1", top=4, exact=True, elasticities=OWN, world=small)
    found = sensitivity(small, Welfare("C1"), elasticities=OWN)
    assert answer.frame["effect_percent"].tolist() == found.table(4)["effect"].tolist()
    assert answer.frame["cut_percent"].tolist() == found.exact(4).table["exact"].tolist()
    assert [*answer.frame["seller"]] == [*found.table(4)["exporter"]]
    assert all(check.holds for check in answer.checks)
    # The word of a sentence, raises or lowers, has the sign.
    told = [one.values["effect"].value for one in answer.findings if "effect" in one.values]
    assert told
    assert min(told) > 0
    money = su.sensitivity("C1", outcome="usd", wrt="productivity", world=small).frame
    assert set(money.columns) == {"route", "country", "industry", "effect_musd"}


def test_command_prints_and_writes(at_home, tmp_path, capsys):
    out, chart = tmp_path / "all.parquet", tmp_path / "top.svg"
    assert run(["sensitivity", "C1", "--top", "4", "--exact", "--out", str(out), "--chart", str(chart)]) == OK
    printed, told = capsys.readouterr()
    assert max(map(len, printed.splitlines())) <= 80
    assert "largest residual" in told
    assert len(pd.read_parquet(out)) == 4
    assert chart.read_bytes().startswith(b"<svg")


def test_command_in_other_formats(at_home, capsys):
    assert run(["sensitivity", "C1", "--wrt", "endowments", "--format", "json"]) == OK
    table = json.loads(capsys.readouterr().out)["tables"][0]
    place = [one["name"] for one in table["columns"]].index("country")
    assert {row[place] for row in table["rows"]} == {f"C{j}" for j in range(1, 6)}
    assert run(["sensitivity", "C1", "--format", "csv", "--top", "2"]) == OK
    assert len(list(csv.DictReader(io.StringIO(capsys.readouterr().out)))) == 2


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (["--wrt", "prices"], CANNOT, "not one of"),
        (["--outcome", "joy"], CANNOT, "no outcome 'joy'"),
        (["--outcome", "loss"], CANNOT, "needs a scenario"),
        (["--chart", "nowhere/x.svg"], UNWRITABLE, "does not exist"),
    ],
)
def test_command_errors(at_home, capsys, options, code, text):
    assert run(["sensitivity", "C1", *options]) == code
    assert text in capsys.readouterr().err


@pytest.mark.parametrize("rule", ["world", "balance"])
@pytest.mark.parametrize("country", ["C1", "C3"])
def test_a_transfer_is_paid_by_all_others(small, rule, country):
    """Central differences of `simulate`: the receiver pays nothing of what it is given.

    At a step of a thousandth of income the differences are good to the square of that, and to 1e-9 / 1e-3.
    """
    others = [name for name in small.countries if name != country]
    step = 1e-3 * float(small.array("value_added").sum(1).min())
    own = su.Elasticities(sigma=4.0)

    def welfare(senders, targets):
        made = simulate(small, su.Scenario("t", [su.Transfer(senders, targets, step)]), own, deficits=rule)
        return 100.0 * np.log1p(made.welfare.values / 100.0)

    change = (welfare(others, [country]) - welfare([country], others)) / (2.0 * step)
    for name in small.countries:
        found = sensitivity(small, Welfare(name), "transfer", horizon=own, deficits=rule)
        expected = 1e3 * change[small.countries.index(name)]
        assert float(found.effect.sel(country=country)) == pytest.approx(expected, rel=1e-5)
