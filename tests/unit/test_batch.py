"""Batched solves equal single ones, and what batches cannot treat falls back."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from suasion.equilibrium import Elasticities, Shock, prepare, resolve, respond
from suasion.equilibrium.batch.first import first_gaps, only_weights_change
from suasion.equilibrium.batch.many import job_of, respond_many
from suasion.equilibrium.batch.patch import cut_patch, ground_of, patch_on
from suasion.equilibrium.batch.powers import powers_of
from suasion.equilibrium.batch.sweep import common_of, stack_patches, sweep_batch
from suasion.equilibrium.economy import Economy, log_welfare
from suasion.equilibrium.problem import components
from suasion.world import World
from suasion.world.testing import random_world, symmetric_world

OWN = Elasticities(sigma=4.0, zeta=0.6, epsilon=0.3, kappa=0.9)
#: Both solvers close every equation to 1e-10 in logs; welfare is a smooth function of the unknowns.
CLOSE = 1e-8


@pytest.fixture(scope="module")
def economy() -> Economy:
    """A random world of six countries and four sectors, deficits balanced."""
    world = random_world(6, 4, seed=5)
    return prepare(world, resolve(world, "long", elasticities=OWN))


def blank(economy: Economy) -> np.ndarray:
    """Zeros in the shape of trade: importer, exporter, sector."""
    n, s = economy.accounts.output.shape
    return np.zeros((n, n, s))


def shocks(economy: Economy) -> list[Shock]:
    """One of each kind that batches treat, and their mixture."""
    n, s = economy.accounts.output.shape
    cut = blank(economy).astype(bool)
    cut[0, 1] = cut[1, 0] = True
    tariff = blank(economy)
    tariff[2, 3] = 0.4
    tariff[3, 2, 1:] = 0.15
    cost = blank(economy) + 1.0
    cost[4, :4] = 1.3
    productivity = np.ones((n, s))
    productivity[5, 0] = 0.8
    endowments = np.ones(n)
    endowments[1] = 0.9
    transfer = np.zeros(n)
    transfer[:2] = 0.01 * economy.accounts.income[0], -0.01 * economy.accounts.income[0]
    parts = {
        "cut": cut,
        "tariff": tariff,
        "trade_cost": cost,
        "productivity": productivity,
        "endowments": endowments,
        "transfer": transfer,
    }
    return [Shock(), *(Shock(**{key: value}) for key, value in parts.items()), Shock(**parts)]


@pytest.mark.parametrize("rule", ["balance", "world", "eliminate"])
def test_batch_equals_single(rule: str) -> None:
    """Every kind of shock, and all of them mixed in one batch, give the welfare of the single solver."""
    world = random_world(6, 4, seed=5)
    economy = prepare(world, resolve(world, "long", elasticities=OWN), rule)  # type: ignore[arg-type]
    given = shocks(economy)
    outcome = respond_many(economy, [job_of(economy, shock) for shock in given])
    assert outcome.batched.all()
    for shock, found in zip(given, outcome.log_welfare, strict=True):
        assert found == pytest.approx(log_welfare(respond(economy, shock)[0]), abs=CLOSE)


@pytest.mark.parametrize("horizon", ["long", "short"])
def test_first_gaps_are_those_of_a_sweep(world: World, horizon: Literal["long", "short"]) -> None:
    """Taken from the changed cells alone: a cut, a duty beside duties, a seller that all others cut, and no shock."""
    economy = prepare(world, resolve(world, horizon))
    n, goods = len(world.countries), len(world.sectors)
    cut, all_cut = np.zeros((2, n, n, goods), dtype=bool)
    cut[2, 3], all_cut[1:, 0] = True, True
    duty = np.zeros((n, n, goods))
    duty[7, 3, :20] = 0.25
    jobs = [
        job_of(economy, shock) for shock in (Shock(cut=cut), Shock(tariff=duty), Shock(cut=all_cut), Shock())
    ]
    assert economy.corrector.linear is not None
    common = common_of(economy.accounts, economy.parameters, economy.corrector.linear)
    powers = powers_of(economy.accounts, [economy.parameters])
    patches = [job.patch for job in jobs if job.patch is not None]
    stack = stack_patches(common, patches, economy.accounts.transfer)
    assert only_weights_change(common, stack)
    cells = np.zeros((n, goods, len(jobs)))
    factor = cells[:, 0] if common.linear.mobile else cells
    swept = sweep_batch(common, stack, powers, cells, cells, factor)
    found = first_gaps(common, stack, powers)
    assert not any(gap[..., 3].any() for gap in found)
    for gap, target in zip(found, (swept.price, swept.output, swept.factor), strict=True):
        # The base itself is balanced to 1e-10 in logs, which a sweep sees and the changed cells do not.
        np.testing.assert_allclose(gap, target, rtol=1e-9, atol=2e-10)


@pytest.mark.parametrize("elasticity", [1.0, 0.7])
def test_batch_equals_single_at_unit_elasticities(elasticity: float) -> None:
    """The Cobb-Douglas forms of the nests are separate code in the batch."""
    world = random_world(6, 3, seed=8)
    own = Elasticities(sigma=5.0, zeta=elasticity, epsilon=elasticity, kappa=elasticity)
    economy = prepare(world, resolve(world, "long", elasticities=own))
    jobs = [job_of(economy, shock) for shock in shocks(economy)]
    outcome = respond_many(economy, jobs)
    assert outcome.batched.all()
    for job, found in zip(jobs, outcome.log_welfare, strict=True):
        assert found == pytest.approx(log_welfare(respond(economy, job.shock())[0]), abs=CLOSE)


@pytest.mark.parametrize("roy", [1.0, 2.5])
def test_batch_equals_single_with_immobile_factors(roy: float) -> None:
    """Specific and Roy factors: the reduced system has a wage for every cell."""
    world = random_world(6, 4, seed=9)
    economy = prepare(
        world, resolve(world, "long", elasticities=Elasticities(sigma=2.5, zeta=0.4, epsilon=0.2, roy=roy))
    )
    jobs = [job_of(economy, shock) for shock in shocks(economy)]
    outcome = respond_many(economy, jobs)
    assert outcome.batched.all()
    for job, found in zip(jobs, outcome.log_welfare, strict=True):
        assert found == pytest.approx(log_welfare(respond(economy, job.shock())[0]), abs=CLOSE)


def test_no_shock_in_a_batch_is_no_change(economy: Economy) -> None:
    """To the rounding of a sweep."""
    outcome = respond_many(economy, [job_of(economy, Shock())])
    assert np.abs(outcome.log_welfare).max() < 1e-12


def test_cut_patch_is_the_compiled_cut(economy: Economy) -> None:
    """Built from a list of flows or from a trade-sized array: the same cells."""
    cut = blank(economy).astype(bool)
    cut[1, 4] = cut[4, 1] = True
    ground = ground_of(economy.accounts, economy.parameters)
    long = patch_on(ground, Shock(cut=cut))
    k, n, i = np.nonzero(cut.transpose(2, 0, 1))
    short = cut_patch(ground, np.stack([k, n, i]))
    assert long is not None
    assert short is not None
    assert set(map(tuple, long.cells.T)) == set(map(tuple, short.cells.T))
    assert not short.gross.any()


def test_what_batches_cannot_treat(economy: Economy) -> None:
    """Autarky and an export tax are solved singly, with the same answer as ever."""
    n = economy.accounts.transfer.size
    autarky = blank(economy).astype(bool)
    autarky[0, 1:] = autarky[1:, 0] = True
    tax = blank(economy)
    tax[1:, 0] = 0.1
    given = [Shock(cut=autarky), Shock(export_tax=tax)]
    outcome = respond_many(economy, [job_of(economy, shock) for shock in given])
    assert not outcome.batched.any()
    assert np.isfinite(outcome.log_welfare).all()
    assert outcome.log_welfare.shape == (2, n)


def test_no_equilibrium_has_a_reason(economy: Economy) -> None:
    """A good without any supplier: the job has a reason, its neighbours their numbers."""
    cut = blank(economy).astype(bool)
    cut[0, :, 0] = True
    outcome = respond_many(economy, [job_of(economy, Shock(cut=cut)), job_of(economy, Shock())])
    assert "no supplier" in outcome.reasons[0]
    assert np.isnan(outcome.log_welfare[0]).all()
    assert outcome.reasons[1] == ""


def test_progress_ends_at_the_total(economy: Economy) -> None:
    """The last call says that all is done."""
    seen: list[tuple[int, int]] = []
    respond_many(economy, [job_of(economy, Shock())] * 3, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)


def test_random_pairs_of_the_embedded_world(world: World) -> None:
    """Six pairs drawn at random, together and singly; residual at most 1e-8."""
    economy = prepare(world, resolve(world, "long"))
    pairs = np.random.default_rng(11).choice(len(world.countries), (6, 2), replace=False)
    given = []
    for a, b in pairs:
        cut = blank(economy).astype(bool)
        cut[a, b] = cut[b, a] = True
        given.append(Shock(cut=cut))
    outcome = respond_many(economy, [job_of(economy, shock) for shock in given])
    assert outcome.residual.max() <= 1e-8
    for shock, found in zip(given, outcome.log_welfare, strict=True):
        assert found == pytest.approx(log_welfare(respond(economy, shock)[0]), abs=CLOSE)


def test_a_collapse_is_left_to_the_single_solver_which_says_why() -> None:
    """A home share of .3 is below the .4204 at which one sector with sigma 2, q .2, a .5 collapses; .6 is above.

    Patches do not test for it: where no finite prices exist the batch finds none.
    """
    own = Elasticities(sigma=2.0, zeta=0.2, epsilon=0.2, kappa=0.2)
    for domestic, word in ((0.3, "no finite cost"), (0.6, "")):
        world = symmetric_world(countries=3, domestic=domestic, va_share=0.5)
        economy = prepare(world, resolve(world, "long", elasticities=own))
        cut = np.zeros((3, 3, 1), dtype=bool)
        cut[0, 1:] = cut[1, 0] = cut[2, 0] = True
        both = np.zeros_like(cut)
        both[0, 1] = both[1, 0] = True
        jobs = [job_of(economy, Shock(cut=cells)) for cells in (cut, both)]
        reasons = respond_many(economy, jobs).reasons
        assert word in reasons[0]
        assert reasons[1] == ""


@pytest.mark.parametrize("strong", [False, True])
def test_blocs_are_those_of_a_search(strong: bool) -> None:
    """Sparse random links, against SciPy's search; labels may differ, who stands with whom may not."""
    rng = np.random.default_rng(7)
    for n in (1, 2, 9, 30):
        links = rng.random((n, n)) < 1.2 / n
        found = components(links, strong)
        kind = "strong" if strong else "weak"
        expected = connected_components(links, connection=kind)[1]
        assert np.array_equal(found[:, None] == found, expected[:, None] == expected)
