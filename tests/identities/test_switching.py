"""The switching nest against a short solver in levels, in batches and draws, and on worlds that were shocked before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.economies import between, cells, certified, limit, uneven
from tests.levels import in_levels

from suasion.equilibrium import Elasticities, advance, draws, resolve
from suasion.equilibrium.batch.many import job_of, respond_draws, respond_many
from suasion.equilibrium.economy import Economy, log_welfare, prepare, respond
from suasion.equilibrium.elasticities.schedule import EXCHANGE_GOODS
from suasion.equilibrium.types import Shock
from suasion.errors import ElasticityError
from suasion.world import World
from suasion.world.testing import random_world

#: Two solvers that close their equations to 1e-10 in logs; welfare is a smooth function of the unknowns.
CLOSE = 1e-9


@pytest.fixture(scope="module")
def economy() -> Economy:
    """Four countries, three goods, tariffs, Roy factors; the buyers of two goods switch."""
    world = random_world(4, 3, seed=2, tariffs=True)
    elasticities = uneven(world, 3, 2.0 / 3.0, switching=True)
    alike = np.full_like(elasticities.epsilon, 0.4)  # batches need it
    return prepare(world, replace(elasticities, epsilon=alike))


def shocks(economy: Economy) -> dict[str, dict[str, np.ndarray]]:
    """A cut both ways, a tariff, an iceberg cost, and a share removed, as the fields of a shock."""
    n, s = economy.accounts.output.shape
    blank = np.zeros((n, n, s))
    assert economy.accounts.tariff is not None
    tariff = economy.accounts.tariff.transpose(1, 2, 0).copy()
    tariff[2, 1] += 0.6
    cut, cost, left = blank.astype(bool), blank + 1.0, blank + 1.0
    cut[0, 1] = cut[1, 0] = True
    cost[3, :3] = 1.5
    left[1, [0, 2, 3], 1:] = 0.3
    return {
        "cut": {"cut": cut},
        "tariff": {"tariff": tariff},
        "iceberg": {"trade_cost": cost},
        "share": {"left": left},
    }


@pytest.mark.parametrize("name", ["cut", "tariff", "iceberg", "share"])
def test_against_a_solver_in_levels(economy: Economy, name: str) -> None:
    base, given = economy.accounts, shocks(economy)[name]
    one = np.ones((*base.output.shape[:1] * 2, base.output.shape[1]))
    assert base.tariff is not None
    before = base.tariff.transpose(1, 2, 0)
    tariff = given.get("tariff", before)
    dearer = given.get("trade_cost", one) * (1.0 + tariff) / (1.0 + before)
    left = given.get("left", one) * ~given.get("cut", ~one.astype(bool))
    solved = certified(economy, Shock(**given))
    assert log_welfare(solved) == pytest.approx(
        in_levels(base, economy.parameters, (dearer, left, tariff)), abs=CLOSE
    )


def test_batches_equal_single_solves(economy: Economy) -> None:
    """All kinds at once and each alone, with productivity and endowments."""
    each = [Shock(**fields) for fields in shocks(economy).values()]
    whole = {key: value for fields in shocks(economy).values() for key, value in fields.items()}
    productivity = np.ones_like(economy.accounts.output)
    productivity[0, 1] = 0.8
    each += [Shock(**whole, productivity=productivity, endowments=np.array([1.0, 0.9, 1.0, 1.0]))]
    many = respond_many(economy, [job_of(economy, shock) for shock in each])
    assert many.batched.all()
    for shock, row in zip(each, many.log_welfare, strict=True):
        assert row == pytest.approx(log_welfare(certified(economy, shock)), abs=CLOSE)


def test_a_share_of_one_is_the_cut_and_shares_multiply(economy: Economy) -> None:
    """Half of what is left of a half is three quarters removed; all of it is an embargo."""
    from suasion.equilibrium.scenario.instruments import Embargo, Share
    from suasion.equilibrium.scenario.scenario import Scenario, compile_scenario

    world = random_world(4, 3, seed=2)

    def compiled(*instruments: object) -> Shock:
        return compile_scenario(world, Scenario("s", list(instruments)))  # type: ignore[arg-type]

    twice = compiled(Share("C1", "C2", 0.5), Share("C1", "C2", 0.5, direction="imports"))
    assert twice.left is not None
    assert twice.left[0, 1] == pytest.approx(0.25, abs=0)
    assert twice.left[1, 0] == pytest.approx(0.5, abs=0)
    assert np.array_equal(compiled(Share("C1", "C2", 1.0)).cut, compiled(Embargo("C1", "C2")).cut)  # type: ignore[arg-type]


def test_a_share_removed_is_a_cost_where_there_is_one_sigma() -> None:
    """d = (1 - s)^(1 / (1 - sigma)) prices the flow off as much."""
    world = random_world(4, 3, seed=2)
    economy = prepare(world, uneven(world, 3, 1.0))
    mask = cells(world, 0, 2)
    left = np.where(mask, 0.3, 1.0)
    cost = left ** (1.0 / (1.0 - economy.parameters.sigma))
    one, other = (
        certified(economy, Shock(**{key: value})) for key, value in (("left", left), ("trade_cost", cost))
    )
    assert log_welfare(one) == pytest.approx(log_welfare(other), abs=CLOSE)


def test_one_shock_after_another_is_both_at_once(economy: Economy) -> None:
    """A world already cut keeps what its buyers have switched: the order of two shocks makes no difference."""
    first, second = Shock(**shocks(economy)["cut"]), Shock(**shocks(economy)["iceberg"])
    whole = log_welfare(certified(economy, replace(second, cut=first.cut)))
    for one, other in ((first, second), (second, first)):
        after = advance(economy, one)
        parts = log_welfare(certified(economy, one)) + log_welfare(certified(after, other))
        assert parts == pytest.approx(whole, abs=CLOSE)
        many = respond_many(after, [job_of(after, other)])
        assert log_welfare(certified(economy, one)) + many.log_welfare[0] == pytest.approx(whole, abs=CLOSE)


def test_a_quota_is_the_tariff_that_ships_the_same(economy: Economy) -> None:
    """Its wedge is a tariff of the importer, locked and switching buyers paying it alike."""
    mask = cells(random_world(4, 3, seed=2), 1, 0, 1)
    quota = certified(economy, limit("quota", mask, 0.5))
    assert economy.accounts.tariff is not None
    tariff = economy.accounts.tariff.transpose(1, 2, 0).copy()
    wedge = np.exp(quota.x[-1])
    assert wedge > 1.1
    tariff[mask] = (1.0 + tariff[mask]) * wedge - 1.0
    taxed = certified(economy, Shock(tariff=tariff))
    assert log_welfare(taxed) == pytest.approx(log_welfare(quota), abs=CLOSE)
    before, after = economy.accounts.receipts[1, 1, 0], taxed.swept.flows[1, 1, 0]
    assert after / np.exp(taxed.swept.costs.unit[0, 1]) / before == pytest.approx(0.5, rel=CLOSE)


def test_the_parts_of_a_change_add_up(economy: Economy) -> None:
    """Terms of trade, volume, technology and transfer, with a cut and a share removed, to the path's 1e-6."""
    from suasion.equilibrium.decomposition import decompose

    for name in ("cut", "share"):
        solved = certified(economy, Shock(**shocks(economy)[name]))
        assert decompose(solved).sum(1) == pytest.approx(100.0 * log_welfare(solved), abs=1e-4)


def test_draws_in_a_batch_equal_single_solves(small: World) -> None:
    """b, mu and roy differ between draws; a batch treats them all."""
    central = resolve(small, "short")
    economy = prepare(small, central, "balance", resolve(small, "long"))
    shock = Shock(cut=between(small, 0, 1))
    solved, _ = respond(economy, shock)
    sets = draws(small, 6, "short", seed=3)
    assert len({float(one.mobility[0]) for one in sets}) == 6
    outcome = respond_draws(economy, shock, solved, sets)
    assert outcome.batched.all()
    for one, row in zip(sets, outcome.log_welfare, strict=True):
        alone, _ = respond(replace(economy, parameters=one), shock)
        assert row == pytest.approx(log_welfare(alone), abs=CLOSE)


@pytest.fixture
def small() -> World:
    """A world whose sectors no table knows."""
    return random_world(5, 3, seed=4)


def test_what_a_horizon_assumes(world: World) -> None:
    """Exchange goods, share of switching buyers, and mobility, from the first months to the long run."""
    listed = np.isin(world.sectors, EXCHANGE_GOODS)
    long = resolve(world, "long")
    months, short, three = (resolve(world, horizon) for horizon in ("months", "short", 3))
    assert not months.modes.dual.size
    assert months.mobility.tolist() == [1.0]
    assert short.mobility == pytest.approx([2.0 / 3.0])
    assert 0.0 < three.mobility[0] < short.mobility[0]
    assert long.switching is None
    assert np.array_equal(months.sigma, short.sigma)
    assert np.array_equal(short.sigma[listed], long.sigma[listed])
    assert (short.sigma[~listed] <= long.sigma[~listed]).all()
    for one, share in ((short, 0.25), (three, 1.0 - 0.75 * np.exp(-0.336 * 2.0))):
        assert one.switching is not None
        assert np.array_equal(one.switching.sigma, long.sigma)
        assert one.switching.share[listed].tolist() == [0.0] * 10
        assert one.switching.share[~listed] == pytest.approx(share)
        assert set(one.switching.mu) == {4.0}


def test_draws_stay_on_the_stated_ranges(world: World) -> None:
    """Half of them on either side of the central value."""
    sample = draws(world, 64, "short")
    found = {
        "b": ([p.switching.share.max() for p in sample if p.switching], 0.15, 0.25, 0.40),
        "mu": ([p.switching.mu[0] for p in sample if p.switching], 3.0, 4.0, 6.0),
        "roy": ([1.0 / p.mobility[0] for p in sample], 1.0, 1.5, 2.0),
    }
    for values, low, centre, high in found.values():
        assert len(values) == 64
        assert low <= min(values) < low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) < max(values) <= high
        assert (np.array(values) < centre).sum() == 32  # a scrambled Sobol sequence fills both halves alike


def test_todays_short_run_can_be_asked_for(world: World) -> None:
    """Nobody switches, no goods have exchanges, factors are specific: sigma is .392 times the long run's, floored."""
    found = resolve(world, "short", Elasticities(switching=0.0, exchange=()), factors="specific")
    long = resolve(world, "long")
    assert not found.modes.dual.size
    assert found.mobility.tolist() == [1.0]
    assert found.sigma == pytest.approx(
        np.maximum(1.5, long.sigma * 0.76 / (2.0 - 1.24 * np.exp(-3.024))), rel=1e-12
    )
    economy = prepare(world, found, "balance", long)
    russia, china = world.countries.index("RUS"), world.countries.index("CHN")
    solved, _ = respond(economy, Shock(cut=between(world, russia, china)))
    # As recorded before there was a switching nest.
    assert 100.0 * np.expm1(log_welfare(solved))[[russia, china]] == pytest.approx(RECORDED, abs=1e-8)


RECORDED = [-5.0804463962, -0.6320114305]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"switching": 1.2}, "from 0 to 1"),
        ({"mu": 1.0}, "> 1"),
        ({"sigma_switching": 0.0}, "> 0"),
        ({"exchange": 3}, "list of sectors"),
    ],
)
def test_own_values_out_of_range(given: dict[str, object], words: str) -> None:
    with pytest.raises(ElasticityError, match=words):
        Elasticities(**given)  # type: ignore[arg-type]


def test_an_unknown_exchange_good_is_refused(small: World) -> None:
    with pytest.raises(ElasticityError, match="exchange"):
        resolve(small, "short", Elasticities(exchange=["B06"]))


def test_the_table_of_sensitivities_has_whole_shares(small: World) -> None:
    """Both modes of a flow are one flow in what a reader sees."""
    import suasion as su
    from suasion.coercion import sensitivity

    table = sensitivity(small, su.Welfare("C1"), horizon="short").table(5)
    assert table.share_percent.between(0.0, 100.0).all()
