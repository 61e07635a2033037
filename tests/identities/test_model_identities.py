"""What must hold in any world: the order of labels, the currency and the way of cutting it up do not matter.

Worlds, elasticities and shocks are drawn by Hypothesis. Every solve is certified to 1e-9; comparisons of two solves
allow 1e-9, the sum of what two solves to 1e-11 may leave after the conditioning of a shock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.economies import FloatArray, alone, between, cells, certified, result, uneven, welfare

from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.decomposition import decompose
from suasion.equilibrium.economy import certificate_of, log_welfare, prepare
from suasion.equilibrium.types import Limit, Parameters, Shock
from suasion.errors import CollapseError, NoSupplierError, ShockError
from suasion.world import World
from suasion.world.testing import random_world

SAME = 1e-9
quick = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    derandomize=True,
)


@dataclass(frozen=True)
class Case:
    """A world, elasticities and a shock."""

    world: World
    given: Parameters
    shock: Shock


def drawn_shock(world: World, kind: str, rng: np.random.Generator) -> Shock:
    """Shock of a kind, or of several at once."""
    n, s = len(world.countries), len(world.sectors)
    home = np.eye(n, dtype=bool)[:, :, None]
    one, other = rng.choice(n, 2, replace=False)
    route = cells(world, one, other) | (cells(world, other, one) if rng.random() < 0.5 else False)
    parts: dict[str, Any] = {
        "cut": route,
        "tariff": world.array("tariff") + rng.uniform(0.0, 0.5, (n, n, s)) * ~home,
        "export_tax": rng.uniform(-0.1, 0.3, (n, n, s)) * ~home,
        "trade_cost": np.where(home, 1.0, rng.uniform(0.8, 1.5, (n, n, s))),
        "productivity": rng.uniform(0.7, 1.3, (n, s)),
        "endowments": rng.uniform(0.7, 1.3, n),
    }
    return Shock(**(parts if kind == "all" else {kind: parts[kind]}))


KINDS = ("cut", "tariff", "export_tax", "trade_cost", "productivity", "endowments", "all")


@st.composite
def cases(draw: Any, kinds: tuple[str, ...] = KINDS, owing: float = np.inf) -> Case:
    """Draw a case; ``owing`` bounds transfers as a share of absorption, beyond which no shock can keep them."""
    seed = draw(st.integers(0, 10_000))
    world = random_world(draw(st.integers(3, 5)), draw(st.integers(1, 4)), seed, draw(st.booleans()))
    assume((np.abs(world.array("transfer")) <= owing * accounts_of(world).income).all())
    mobility = draw(st.sampled_from([0.0, 0.5, 1.0]))
    return Case(
        world,
        uneven(world, seed, mobility),
        drawn_shock(world, draw(st.sampled_from(kinds)), np.random.default_rng(seed)),
    )


# --- the least that may be asked ---------------------------------------------------------------------------------


@quick
@given(cases(owing=0.25), st.sampled_from(["balance", "world", "gdp"]))
def test_no_shock_is_no_change(case: Case, rule: str) -> None:
    """Changes below 1e-12: a base that was solved again carries its own 1e-11 at most."""
    economy = prepare(case.world, case.given, rule)
    solved = certified(economy, Shock())
    bound = 1e-12 if rule != "balance" else 1e-10
    assert np.abs(log_welfare(solved)).max() < bound


@quick
@given(cases())
def test_random_shocks_are_certified(case: Case) -> None:
    """Markets, budgets, profits and the dropped market within 1e-9, recomputed in levels."""
    certificate = certificate_of(certified(prepare(case.world, case.given), case.shock))
    assert certificate.ok(SAME)
    assert certificate.dropped_market < 1e-8


@quick
@given(cases(owing=0.25), st.sampled_from(["balance", "world", "gdp"]))
def test_world_trade_balances(case: Case, rule: str) -> None:
    """Imports less exports at the border are the transfer of each country; the world's sum to zero."""
    found = result(case.world, case.shock, case.given, rule)
    tax = found.solved.problem.export_tax
    border = found.solved.swept.weights.net * (1.0 if tax is None else 1.0 + tax)
    swept = found.solved.swept
    border = border * (swept.inverse * swept.expenditure.T)[..., None] * swept.cost_power[:, None, :]
    net = border.sum((0, 2)) - border.sum((0, 1))
    assert net == pytest.approx(swept.transfer, abs=SAME * found.base.income.sum())
    assert abs(net.sum()) < 1e-12 * border.sum()


@quick
@given(cases())
def test_parts_add_up_to_the_change(case: Case) -> None:
    """The integrated parts sum to 100 ln W; the quadrature with 21 points leaves a ten-thousandth per cent at most."""
    solved = certified(prepare(case.world, case.given), case.shock)
    parts = decompose(solved, points=21)
    assert parts.sum(1) == pytest.approx(100.0 * log_welfare(solved), abs=1e-4)
    assert np.abs(parts[:, 3]).max() < 1e-9  # no transfer: trade balances


@quick
@given(cases(owing=0.25), st.sampled_from(["world", "gdp"]))
def test_parts_add_up_with_transfers(case: Case, rule: str) -> None:
    found = result(case.world, case.shock, case.given, rule)
    # Surplus countries' absorption is geared: their path bends more, and more digits go.
    assert found.decomposition.attrs["gap"] < 1e-2
    exact = 100.0 * np.log1p(found.welfare.values / 100.0)
    gap = np.abs(found.decomposition.sum("component").values - exact).max()
    assert gap == pytest.approx(found.decomposition.attrs["gap"], abs=1e-9)


# --- labels ---------------------------------------------------------------------------------------------------------


def permuted(case: Case, places: FloatArray, goods: FloatArray) -> Case:
    """The same world with its countries and sectors in another order."""

    def axes(array: Any, kinds: str) -> Any:
        for axis, kind in enumerate(kinds):
            array = None if array is None else np.take(array, places if kind == "c" else goods, axis=axis)
        return array

    w, p, x = case.world, case.given, case.shock
    arrays = {name: axes(w.array(name), "ccs") for name in ("intermediate", "final", "tariff", "export_tax")}
    arrays |= {"input_use": axes(w.array("input_use"), "css")}
    arrays |= {"factor_income": axes(w.array("factor_income"), "cs")}
    world = World(
        tuple(w.countries[j] for j in places), tuple(w.sectors[k] for k in goods), w.year, arrays, w.factors
    )
    moved = replace(
        p,
        sigma=axes(p.sigma, "s"),
        kappa=axes(p.kappa, "c"),
        **{name: axes(getattr(p, name), "cs") for name in ("zeta", "epsilon", "eta")},
    )
    shock = Shock(
        **{name: axes(getattr(x, name), "ccs") for name in ("cut", "trade_cost", "tariff", "export_tax")},
        productivity=axes(x.productivity, "cs"),
        endowments=axes(x.endowments, "c"),
    )
    return Case(world, moved, shock)


@quick
@given(cases(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case: Case, random: Any) -> None:
    """Permuting countries and sectors permutes the results."""
    places = np.array(random.sample(range(len(case.world.countries)), len(case.world.countries)))
    goods = np.array(random.sample(range(len(case.world.sectors)), len(case.world.sectors)))
    other = permuted(case, places, goods)
    one = result(case.world, case.shock, case.given)
    two = result(other.world, other.shock, other.given)
    assert two.welfare.values == pytest.approx(one.welfare.values[places], abs=100 * SAME)
    assert two.output.values == pytest.approx(one.output.values[np.ix_(places, goods)], abs=100 * SAME)


@quick
@given(cases(owing=0.25), st.sampled_from([1e-3, 0.5, 84.0, 1e4]), st.sampled_from(["balance", "world"]))
def test_currency_does_not_matter(case: Case, rate: float, rule: str) -> None:
    """Values in roubles: percentages stay, amounts scale."""
    names = ("intermediate", "final", "input_use", "factor_income")
    rouble = case.world.replace(**{name: rate * case.world.array(name) for name in names})
    one = result(case.world, case.shock, case.given, rule)
    two = result(rouble, case.shock, case.given, rule)
    assert two.welfare.values == pytest.approx(one.welfare.values, abs=100 * SAME)
    assert two.prices.values == pytest.approx(one.prices.values, abs=100 * SAME)
    scale = rate * one.base.income
    assert two.equivalent_variation.values / scale == pytest.approx(
        one.equivalent_variation.values / one.base.income, abs=SAME
    )
    assert two.trade.values == pytest.approx(rate * one.trade.values, rel=1e-8, abs=1e-9 * rate)


# --- cutting up and putting together ------------------------------------------------------------------------------


def halved_country(case: Case) -> Case:
    """The last country as two halves, each buying half of what it bought from each origin, halves included."""
    n = len(case.world.countries)
    old = np.append(np.arange(n), n - 1)
    half = np.where(old == n - 1, 0.5, 1.0)
    half[: n - 1] = 1.0

    def flows(array: FloatArray) -> FloatArray:
        return array[np.ix_(old, old)] * half[:, None, None] * half[None, :, None]

    w, p, x = case.world, case.given, case.shock
    arrays = {name: flows(w.array(name)) for name in ("intermediate", "final")}
    arrays |= {name: w.array(name)[np.ix_(old, old)] for name in ("tariff", "export_tax")}
    arrays |= {name: w.array(name)[old] * half[:, None, None] for name in ("input_use", "factor_income")}
    world = World((*w.countries, "half"), w.sectors, w.year, arrays, w.factors)
    given_ = replace(
        p, kappa=p.kappa[old], **{name: getattr(p, name)[old] for name in ("zeta", "epsilon", "eta")}
    )
    pairs = ("cut", "trade_cost", "tariff", "export_tax")
    taken = {name: None if getattr(x, name) is None else getattr(x, name)[np.ix_(old, old)] for name in pairs}
    single = {
        name: None if getattr(x, name) is None else getattr(x, name)[old]
        for name in ("productivity", "endowments")
    }
    return Case(world, given_, Shock(**taken, **single))


@quick
@given(cases())
def test_halving_a_country_changes_nothing(case: Case) -> None:
    """Two identical halves that trade with each other as the whole did with itself fare like the whole."""
    n = len(case.world.countries)
    halves = halved_country(case)
    whole = welfare(case.world, case.shock, case.given)
    parts = welfare(halves.world, halves.shock, halves.given)
    assert parts[:n] == pytest.approx(whole, abs=SAME)
    assert parts[n] == pytest.approx(parts[n - 1], abs=SAME)


def doubled_sector(case: Case) -> Case:
    """The last sector as two with the same elasticities, technology and customers."""
    s = len(case.world.sectors)
    old = np.append(np.arange(s), s - 1)
    half = np.ones(s + 1)
    half[s - 1 :] = 0.5
    w, p, x = case.world, case.given, case.shock
    arrays = {name: w.array(name)[..., old] * half for name in ("intermediate", "final")}
    arrays |= {name: w.array(name)[..., old] for name in ("tariff", "export_tax")}
    arrays["input_use"] = w.array("input_use")[:, old][:, :, old] * half[:, None] * half
    arrays["factor_income"] = w.array("factor_income")[:, old] * half[:, None]
    world = World(w.countries, (*w.sectors, "twin"), w.year, arrays, w.factors)
    fields = {name: getattr(p, name)[:, old] for name in ("zeta", "epsilon", "eta")}
    last = ("cut", "trade_cost", "tariff", "export_tax", "productivity")
    shock = {name: None if getattr(x, name) is None else getattr(x, name)[..., old] for name in last}
    return Case(world, replace(p, sigma=p.sigma[old], **fields), Shock(**shock, endowments=x.endowments))


@quick
@given(cases())
def test_merging_identical_sectors_changes_nothing(case: Case) -> None:
    """Sectors that cost the same, sell the same and share their elasticities are one sector."""
    twin = doubled_sector(case)
    one = welfare(case.world, case.shock, case.given)
    two = welfare(twin.world, twin.shock, twin.given)
    assert two == pytest.approx(one, abs=SAME)


# --- what the linear formula covers -------------------------------------------------------------------------------


@quick
@given(cases(("tariff", "trade_cost")))
def test_the_linear_formula_is_exact_for_small_shocks(case: Case) -> None:
    """A thousandth of the shock: base weights are right to first order, the rest is a thousandth of it."""
    small, base = 1e-3, case.world.array("tariff")
    x = case.shock
    shock = Shock(
        tariff=None if x.tariff is None else base + small * (x.tariff - base),
        trade_cost=None if x.trade_cost is None else x.trade_cost**small,
    )
    found = result(case.world, shock, case.given)
    size = np.abs(found.welfare).max().item()
    assert found.welfare_linear.values == pytest.approx(found.welfare.values, abs=0.05 * size + 1e-8)


@pytest.mark.parametrize(
    ("shock", "reason"),
    [
        ({"cut": True}, "a cut flow"),
        ({"limits": True}, "a quota or price cap"),
        ({"export_tax": True}, "an export tax"),
        ({"productivity": True}, "productivity"),
        ({"endowments": True}, "endowments"),
        ({"transfer": True}, "a transfer"),
    ],
)
def test_the_linear_formula_names_what_it_does_not_cover(shock: dict[str, bool], reason: str) -> None:
    world = random_world(3, 2, seed=1)
    route = cells(world, 0, 1)
    values = {
        "cut": route,
        "limits": (Limit("quota", route, 0.9, "importer", "quota"),),
        "export_tax": np.where(route, 0.1, 0.0),
        "productivity": np.full((3, 2), 0.9),
        "endowments": np.full(3, 0.9),
        "transfer": np.array([1.0, -1.0, 0.0]),
    }
    found = result(world, Shock(**{name: values[name] for name in shock}), uneven(world, 1))
    with pytest.raises(ShockError, match=f"tariff and iceberg shocks only; this one has {reason}"):
        _ = found.welfare_linear


def test_the_linear_formula_refuses_the_elimination_of_deficits() -> None:
    world = random_world(3, 2, seed=1)
    found = result(world, Shock(), uneven(world, 1), "eliminate")
    with pytest.raises(ShockError, match="this one has a transfer"):
        _ = found.welfare_linear


# --- short-run worlds: what cannot be solved is refused, nothing is returned uncertified -------------------------


@quick
@given(st.integers(0, 10_000), st.sampled_from([0.0, 1.0]), st.sampled_from([1.2, 1.5, 2.0]))
def test_rigid_economies_are_solved_or_refused(seed: int, mobility: float, sigma: float) -> None:
    """Embargoes at low elasticities: a certified equilibrium or a diagnosis, never an uncertified number."""
    world = random_world(4, 3, seed)
    rigid = uneven(world, seed, mobility)
    rigid = replace(rigid, sigma=np.full(3, sigma), zeta=np.full((4, 3), 0.3), epsilon=np.full((4, 3), 0.1))
    economy = prepare(world, rigid, "balance", base_parameters=uneven(world, seed, mobility))
    cut = between(world, 0, 1) | between(world, 0, 2)
    try:
        traded = log_welfare(certified(economy, Shock(cut=cut)))[0]
        in_autarky = log_welfare(certified(economy, Shock(cut=alone(world, 0))))[0]
    except (CollapseError, NoSupplierError):
        return
    assert traded > in_autarky  # what trade is left is worth something: there are no taxes here
