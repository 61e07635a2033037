"""Which elasticities drive an answer: the estimators on functions with known indices, groups, draws, the command."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

import suasion as su
from suasion.cli import questions as command
from suasion.cli.app import OK, run
from suasion.coercion import drivers, exit_cost, scenario_drivers
from suasion.coercion.drivers.indices import mix, sobol_indices
from suasion.coercion.drivers.spread import columns_of, default_groups
from suasion.equilibrium import draws
from suasion.equilibrium.elasticities.horizon import at_quantiles
from suasion.equilibrium.elasticities.points import quantiles
from suasion.errors import ElasticityError, InputError
from suasion.world.testing import random_world

FEW = 16


@pytest.fixture(scope="module")
def small():
    return random_world(4, 3, seed=3)


def evaluated(function, dimensions, groups, rows, seed=1):
    """Values of a function on all samples of a scrambled Sobol sequence."""
    uniform = quantiles(rows, 2 * dimensions, seed)
    samples = mix(uniform[:, :dimensions], uniform[:, dimensions:], groups)
    return np.array([function(sample) for sample in samples])


def ishigami(uniform):
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on (-pi, pi)^3."""
    x = np.pi * (2.0 * uniform - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami():
    """Published analytic indices; 16,384 rows leave an error of about a hundredth."""
    found = sobol_indices(evaluated(ishigami, 3, [[0], [1], [2]], 2**14))
    assert found["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.015)
    assert found["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.015)


def test_ishigami_with_the_rows_of_the_library():
    """With 256 rows the intervals hold the truth of all but one of six at most (90 % each)."""
    found = sobol_indices(evaluated(ishigami, 3, [[0], [1], [2]], 256))
    truth = np.array([[0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]])
    low, high = (found[[f"first_{end}", f"total_{end}"]].to_numpy().T for end in ("low", "high"))
    assert ((low <= truth) & (truth <= high)).sum() >= 5


def test_groups_of_ishigami():
    """The group of x1 and x3 takes all that x2 leaves: together they are additive."""
    found = sobol_indices(evaluated(ishigami, 3, [[0, 2], [1]], 2**13))
    assert found["first"].to_numpy() == pytest.approx([0.5576, 0.4424], abs=0.02)
    assert found["total"].to_numpy() == pytest.approx(found["first"].to_numpy(), abs=0.03)


def test_additive_function():
    """Without interaction first-order and total indices are the shares of the variances, and sum to one."""
    weights = np.array([3.0, 2.0, 1.0, 0.0])
    found = sobol_indices(evaluated(lambda u: u @ weights, 4, [[0], [1], [2], [3]], 2**12))
    assert found["first"].to_numpy() == pytest.approx(weights**2 / (weights**2).sum(), abs=0.02)
    assert found["total"].to_numpy() == pytest.approx(weights**2 / (weights**2).sum(), abs=0.02)
    assert found["total"][3] == 0.0


def test_rows_with_failures_are_left_out():
    values = evaluated(ishigami, 3, [[0], [1], [2]], 256)
    values[3, 5] = values[0, 9] = np.nan
    found = sobol_indices(values)
    assert (found["rows"] == 254).all()
    whole = np.delete(values, [5, 9], axis=1)
    assert found["total"].to_numpy() == pytest.approx(sobol_indices(whole)["total"].to_numpy())


def test_what_does_not_vary_has_no_indices():
    assert np.isnan(sobol_indices(np.ones((5, 8)))["first"]).all()
    assert np.isnan(sobol_indices(np.full((5, 8), np.nan))["total"]).all()


@pytest.mark.parametrize("own", [None, su.Elasticities(sigma={"S1": 8.0}, zeta=0.4, kappa={"C2": 0.5})])
@pytest.mark.parametrize("horizon", ["long", "short", 4.0])
def test_quantiles_give_the_draws_of_bands(small, horizon, own):
    """One definition of the uncertainty: the same quantiles give the draws that bands use."""
    uniform = quantiles(5, 1 + 3 + 3, seed=2, more=3)
    for one, other in zip(
        draws(small, 5, horizon, 2, own), at_quantiles(small, uniform, horizon, own), strict=True
    ):
        for name in ("sigma", "zeta", "epsilon", "eta", "kappa", "mobility"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_low_own_sigma_cannot_be_drawn(small):
    with pytest.raises(ElasticityError, match="not above 1"):
        at_quantiles(small, quantiles(2, 10, 0), "long", su.Elasticities(sigma=0.9))


def test_default_groups_cover_everything(world, small):
    """Every uncertain number belongs to one group, on the embedded world and on one with other sector codes."""
    for one in (world, small):
        for horizon, nests in (("long", 3), ("short", 6)):
            columns = columns_of(one, default_groups(one, horizon))
            assert sorted(c for group in columns for c in group) == list(range(1 + len(one.sectors) + nests))
    assert "sigma_goods" in default_groups(world)


@pytest.mark.parametrize(
    ("groups", "text"),
    [
        ({}, "0 groups are declared"),
        ({str(j): ("zeta",) for j in range(9)}, "9 groups are declared; give 1 to 8"),
        ({"a": ("zeta", "gamma")}, "No uncertain parameter is called 'gamma'"),
        ({"a": ("eta",)}, "eta has no range"),
        ({"a": ("zeta",), "b": ("zeta",)}, "twice: zeta"),
        ({"a": ("zeta",), "b": ()}, "empty: b"),
    ],
)
def test_groups_are_checked(small, groups, text):
    with pytest.raises(InputError, match=text):
        columns_of(small, groups)


def test_pair(small):
    """Both sides and their ratio, with indices that have intervals and answers that are those of exit costs."""
    found = drivers(small, "C1", "C2", rows=FEW)
    assert list(dict.fromkeys(found.table.outcome)) == [
        "loss of C1",
        "loss of C2",
        "loss of C1 over that of C2",
    ]
    assert (found.table.total_low <= found.table.total + 1e-9).all()
    assert (found.solves, found.failed, found.reasons) == (FEW * 7, 0, ())
    cost = exit_cost(small, "C1", "C2", horizon="long")
    assert found.answers.central[0] == pytest.approx(cost.loss("C1", "long"), abs=1e-7)
    assert found.answers.central[2] == pytest.approx(cost.ratios.ratio_percent[0], rel=1e-6)
    low, high = found.answers.low[0], found.answers.high[0]
    assert low < found.answers.central[0] < high


def test_pair_in_a_world_already_cut(small):
    given = su.Scenario("C3 is shut", [su.Embargo("C1", "C3")])
    found = drivers(small, "C1", "C2", rows=4, given=given, groups={"all": ("common",)})
    cost = exit_cost(small, "C1", "C2", given=given, horizon="long")
    assert found.answers.central[0] == pytest.approx(cost.loss("C1", "long"), abs=1e-7)
    assert found.given == "C3 is shut"
    assert found.solves == 2 * 4 * 3


def test_scenario(small):
    """A tariff's welfare effects, at an own group of one elasticity that is fixed: nothing depends on it."""
    tariff = su.Scenario("a tariff", [su.Tariff("C1", "C2", 0.2)])
    own = su.Elasticities(zeta=0.5)
    groups = {"zeta": ("zeta",), "rest": ("common", "S1", "S2", "S3")}
    found = scenario_drivers(small, tariff, [su.Welfare("C1")], rows=FEW, groups=groups, elasticities=own)
    assert found.table.total[0] == pytest.approx(0.0, abs=1e-12)
    assert found.table.total[1] > 0.5
    with pytest.raises(InputError, match="at least one outcome"):
        scenario_drivers(small, tariff, [])


def test_too_few_rows(small):
    with pytest.raises(InputError, match="rows=1 must be at least 2"):
        drivers(small, "C1", "C2", rows=1)


def test_failed_draws_are_counted(small, monkeypatch):
    """A draw without an equilibrium leaves its row out of every sample, and says why."""
    import importlib

    module = importlib.import_module("suasion.coercion.drivers.spread")
    real = module.respond_draws

    def failing(*given):
        outcome = real(*given)
        outcome.log_welfare[3] = np.nan
        return replace(outcome, reasons=("", "", "", "no equilibrium", *outcome.reasons[4:]))

    monkeypatch.setattr(module, "respond_draws", failing)
    found = drivers(small, "C1", "C2", rows=FEW)
    assert found.failed == 1
    assert found.reasons == ("no equilibrium",)
    assert set(found.answers.rows) == {FEW - 1}


def test_progress(small):
    told = []
    drivers(small, "C1", "C2", rows=4, progress=lambda *what: told.append(what))
    assert told[-1] == (28, 28, "draws")


def test_the_question_tells_the_indices_of_the_model(small):
    answer = su.drivers("C1", "C2", draws=FEW, world=small)
    found = drivers(small, "C1", "C2", rows=FEW)
    assert answer.frame["total_index"].tolist() == found.table["total"].tolist()
    assert answer.table("driver-answers").frame["answer"].tolist() == found.answers["central"].tolist()
    assert answer.frame["driven"].tolist() == ["loss"] * 10 + ["ratio"] * 5


def test_command(small, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "chosen_world", lambda: small)
    chart, out = tmp_path / "drivers.svg", tmp_path / "drivers.csv"
    options = ["--draws", "8", "--chart", str(chart), "--out", str(out)]
    assert run(["drivers", "C1", "C2", *options]) == OK
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
    assert len(list(csv.DictReader(io.StringIO(out.read_text())))) == 15
    assert chart.read_bytes().startswith(b"<svg")


def test_command_on_a_scenario(small, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "chosen_world", lambda: small)
    file = tmp_path / "cut.yaml"
    file.write_text("name: Cut\ninstruments:\n  - type: embargo\n    senders: [C1]\n    targets: [C2]\n")
    assert run(["drivers", "C1", "C2", "--scenario", str(file), "--draws", "4", "--format", "csv"]) == OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {(row["driven"], row["country"]) for row in rows} == {("welfare", "C1"), ("welfare", "C2")}
