"""What must hold in any economy: bounds, adding up, antisymmetry, scale, order of labels, aggregation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.measures import (
    concentration,
    exposure_matrix,
    network,
    share_matrix,
    trade_power,
)
from suasion.measures.dependence import FLOWS, _compare
from suasion.measures.exposure import exposure_both
from suasion.measures.network import _network
from suasion.products.channels import technology_channels
from suasion.world import World, load_world
from suasion.world.testing import random_world

ROUNDING = 1e-12  # sums of at most a few hundred doubles of like size
SOLVED = 1e-10  # the solver stops at a relative residual of 1e-12

worlds = st.builds(
    random_world,
    countries=st.integers(2, 6),
    sectors=st.integers(1, 5),
    seed=st.integers(0, 10**6),
    tariffs=st.booleans(),
)
few = settings(deadline=None)


@few
@given(world=worlds, flow=st.sampled_from(FLOWS))
def test_shares_lie_between_0_and_1_and_sum_to_1(world: World, flow: str) -> None:
    share = share_matrix(world, flow)  # type: ignore[arg-type]
    assert ((share >= 0) & (share <= 1)).all()
    assert np.allclose(share.sum("partner"), 1.0, atol=ROUNDING)
    assert np.allclose(np.diag(share), 0.0, atol=0.0)


@few
@given(world=worlds, flow=st.sampled_from(FLOWS))
def test_asymmetry_is_antisymmetric_and_ratios_invert(world: World, flow: str) -> None:
    share = share_matrix(world, flow).to_numpy()  # type: ignore[arg-type]
    indices = _compare(share, share.T)
    asymmetry, ratio = indices["asymmetry"], indices["ratio"]
    off = ~np.eye(len(world.countries), dtype=bool)
    assert np.allclose(asymmetry, -asymmetry.T, atol=ROUNDING)
    assert np.allclose((ratio * ratio.T)[off], 1.0, atol=ROUNDING)
    for name in ("salience", "symmetry", "interdependence"):
        values = indices[name]
        assert np.allclose(values, values.T, atol=ROUNDING)
        assert ((values >= 0) & (values <= 1)).all()


@few
@given(world=worlds)
def test_turnover_share_lies_between_export_and_import_shares(world: World) -> None:
    turnover, exports, imports = (share_matrix(world, flow).to_numpy() for flow in FLOWS)
    assert (turnover <= np.maximum(exports, imports) + ROUNDING).all()
    assert (turnover >= np.minimum(exports, imports) - ROUNDING).all()


@few
@given(world=worlds, scale=st.floats(1e-3, 1e3))
def test_currency_does_not_matter(world: World, scale: float) -> None:
    values = ("intermediate", "final", "input_use", "factor_income")
    other = world.replace(**{name: scale * world.array(name) for name in values})
    assert np.allclose(share_matrix(other), share_matrix(world), atol=ROUNDING)
    assert np.allclose(exposure_matrix(other), exposure_matrix(world), atol=SOLVED)


@few
@given(world=worlds, seed=st.integers(0, 10**6))
def test_order_of_labels_does_not_matter(world: World, seed: int) -> None:
    rng = np.random.default_rng(seed)
    c, s = rng.permutation(len(world.countries)), rng.permutation(len(world.sectors))
    moved = {
        "intermediate": world.array("intermediate")[np.ix_(c, c, s)],
        "final": world.array("final")[np.ix_(c, c, s)],
        "input_use": world.array("input_use")[np.ix_(c, s, s)],
        "factor_income": world.array("factor_income")[np.ix_(c, s)],
        "tariff": world.array("tariff")[np.ix_(c, c, s)],
        "export_tax": world.array("export_tax")[np.ix_(c, c, s)],
    }
    countries, sectors = [world.countries[i] for i in c], [world.sectors[k] for k in s]
    other = World(tuple(countries), tuple(sectors), world.year, moved)
    for measure in (share_matrix, exposure_matrix):
        one, two = measure(world), measure(other)
        labels = {dim: list(world.countries) for dim in one.dims}
        assert np.allclose(two.sel(labels), one, atol=SOLVED)


@few
@given(seed=st.integers(0, 10**6))
def test_merging_partners_adds_their_shares(seed: int) -> None:
    world = random_world(5, 3, seed=seed)
    merged = world.aggregate(countries={"BLOC": ["C4", "C5"]})
    before, after = share_matrix(world), share_matrix(merged)
    both = before.sel(country=["C1", "C2", "C3"], partner=["C4", "C5"]).sum("partner")
    assert np.allclose(after.sel(country=["C1", "C2", "C3"], partner="BLOC"), both, atol=ROUNDING)


@few
@given(seed=st.integers(0, 10**6))
def test_total_share_is_the_mean_of_sector_shares_weighted_by_trade(seed: int) -> None:
    world = random_world(4, 3, seed=seed)
    total = share_matrix(world, "exports")
    parts = [share_matrix(world, "exports", [k]) for k in world.sectors]
    flow = world.array("intermediate") + world.array("final")
    abroad = flow.sum(axis=0) - np.einsum("nnk->nk", flow)  # exports (country, sector)
    weights = abroad / abroad.sum(axis=1, keepdims=True)
    mean = sum(weights[:, [k]] * part.to_numpy() for k, part in enumerate(parts))
    assert np.allclose(mean, total, atol=ROUNDING)


@few
@given(world=worlds)
def test_exposure_both_sum_to_1_over_suppliers(world: World) -> None:
    net = network(world)
    for name in ("face_value", "look_through"):
        matrix = exposure_matrix(world, name, net)  # type: ignore[arg-type]
        assert ((matrix >= 0) & (matrix <= 1)).all()
        assert np.allclose(matrix.sum("supplier"), 1.0, atol=SOLVED)


@few
@given(seed=st.integers(0, 10**6), tariffs=st.booleans())
def test_value_added_content_exhausts_every_product(seed: int, tariffs: bool) -> None:
    world = random_world(4, 3, seed=seed, tariffs=tariffs)
    net = network(world)
    output = world.array("output").reshape(-1, 1)
    share = world.array("value_added").reshape(-1, 1) / output
    tax = (
        1.0 - share - net.links.bought(np.ones_like(output)) / output
    )  # what users pay on inputs above basic prices
    assert np.allclose(net.embodied(share + tax), 1.0, atol=SOLVED)
    if not tariffs:
        assert np.allclose(tax, 0.0, atol=SOLVED)


@few
@given(world=worlds)
def test_output_goes_to_somebodys_final_use(world: World) -> None:
    n = len(world.countries)
    needed = network(world).required(world.array("final").reshape(n, -1).T)
    assert np.allclose(needed.sum(axis=1), world.array("output").ravel(), rtol=SOLVED)


@few
@given(seed=st.integers(0, 10**6))
def test_world_value_added_is_spent_by_somebody(seed: int) -> None:
    # forward and backward views of the same trade in value added: v' L f, summed either way
    world = random_world(4, 3, seed=seed)
    backward = (
        exposure_matrix(world, "value_added").to_numpy() * world.array("final").sum(axis=(1, 2))[:, None]
    )
    net = network(world)
    share = (world.array("value_added") / world.array("output")).reshape(-1, 1)
    n = len(world.countries)
    forward = (share * net.required(world.array("final").reshape(n, -1).T)).reshape(n, -1, n).sum(axis=1)
    assert np.allclose(backward, forward.T, rtol=1e-8)  # both solves stop at 1e-12 of their own largest entry


@few
@given(world=worlds, eps=st.floats(0.5, 10.0))
def test_trade_power_is_antisymmetric_and_falls_with_the_elasticity(world: World, eps: float) -> None:
    power = trade_power(world, eps)
    net = power["net_power"].to_numpy()
    assert np.allclose(net, -net.T, atol=ROUNDING)
    assert np.allclose(
        power["import_power"].to_numpy().T * eps, share_matrix(world, "imports"), atol=ROUNDING
    )


@few
@given(world=worlds, flow=st.sampled_from(FLOWS))
def test_concentration_bounds(world: World, flow: str) -> None:
    table = concentration(world, flow)  # type: ignore[arg-type]
    partners = len(world.countries) - 1
    assert (table["hhi"].astype(float) >= 1 / partners - ROUNDING).all()
    assert (table["hhi"].astype(float) <= 1 + ROUNDING).all()
    assert (table["effective_number"].astype(float) >= 1 - SOLVED).all()
    assert (table["effective_number"].astype(float) <= partners + SOLVED).all()


def test_two_countries_are_each_others_only_partner() -> None:
    share = share_matrix(random_world(2, 3, seed=4))
    assert share.sel(country="C1", partner="C2").item() == pytest.approx(1.0, abs=ROUNDING)


def test_the_network_is_the_same_with_any_number_of_threads():
    """Sums of linear algebra keep their order: a page of it has the same digits wherever it is made."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    world = load_world()
    demand = np.repeat(world.array("output").reshape(-1, 1), 10, axis=1)
    found = []
    for threads in (1, 2):
        with threadpoolctl.threadpool_limits(limits=threads, user_api="blas"):
            found.append(_network(world).required(demand))
    np.testing.assert_array_equal(*found)


def test_what_was_asked_before_moves_no_digit():
    """A pair after another that shares a state with it, and first of all: the same numbers, not almost the same."""
    world = load_world()
    first, later = _network(world), _network(world)
    for ask in (lambda a, b, net: technology_channels(a, b, world, net)["value"],
                lambda a, b, net: exposure_both(a, b, world, net)[0].country["share"]):  # fmt: skip
        ask("RUS", "CHN", later)
        np.testing.assert_array_equal(ask("USA", "CHN", first), ask("USA", "CHN", later))
