"""Many scenarios at once equal single simulations, whatever they are made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import suasion as su
from suasion.equilibrium import Elasticities, prepare, resolve, respond, simulate, simulate_many
from suasion.equilibrium.batch.many import GAP, BatchTask, respond_many
from suasion.equilibrium.batch.patch import ground_of, patch_on
from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.scenario.scenario import compile_scenario
from suasion.errors import Doubt, ExtremeAnswerWarning, InputError
from suasion.world import World
from suasion.world.testing import random_world

OWN = Elasticities(sigma=4.0, zeta=0.6, epsilon=0.3, kappa=0.9)
#: Both solvers close every equation to 1e-10 in logs, and changes are smooth in the unknowns; in levels of hats.
CLOSE = 1e-8
LEVELS = ("welfare", "real_income", "real_wage", "consumer_price")


@pytest.fixture(scope="module")
def small() -> World:
    """Six countries, four sectors, no taxes in the base."""
    return random_world(6, 4, seed=5)


def mixture(world: World) -> list[su.Scenario]:
    """One of each kind, coalitions, and several together; the last three are not for batches."""
    a, b, c, d, e, f = world.countries
    s = world.sectors
    return [
        su.Scenario("nothing"),
        su.Scenario("embargo", [su.Embargo(a, b)]),
        su.Scenario("embargo of a sector", [su.Embargo([a, b], [e, f], sectors=[s[1]])]),
        su.Scenario("tariff", [su.Tariff(a, c, 0.3), su.Tariff(c, a, 0.2, sectors=[s[0]])]),
        su.Scenario("export ban", [su.ExportBan(d, [a, b], sectors=[s[2]])]),
        su.Scenario("import ban", [su.ImportBan([a, b, c], d)]),
        su.Scenario("trade cost", [su.TradeCost(e, f, 1.4)]),
        su.Scenario("productivity", [su.Productivity(b, 0.9)]),
        su.Scenario("endowment", [su.Endowments(c, 1.05)]),
        su.Scenario(
            "together",
            [su.Embargo([a, b], c), su.Tariff([d, e], f, 0.25), su.Productivity(f, 0.95), su.ExportBan(e, a)],
        ),
        su.Scenario("export tax", [su.ExportTax(a, b, 0.2)]),
        su.Scenario("quota", [su.Quota(a, b, 0.5, sectors=[s[0]])]),
        su.Scenario("autarky", [su.Embargo(a, [b, c, d, e, f])]),
    ]


SINGLY = {"export tax", "quota", "autarky"}


@pytest.mark.parametrize("horizon", ["long", "short", 4.0])
@pytest.mark.parametrize("rule", ["balance", "world"])
def test_equals_single_simulations(small: World, horizon: str | float, rule: str) -> None:
    """Every labelled number of every scenario; what a batch cannot treat is solved singly and says so."""
    options = {"deficits": rule, "elasticities": OWN}
    scenarios = mixture(small)
    many = simulate_many(small, scenarios, horizon, **options)  # type: ignore[arg-type]
    assert many.failed == ()
    assert float(many.residual.max()) <= CLOSE
    for scenario in scenarios:
        single = simulate(small, scenario, horizon, **options)  # type: ignore[arg-type]
        here = {"scenario": scenario.name, "horizon": str(horizon)}
        for name in LEVELS:
            found = getattr(many, name).sel(here).values
            assert found == pytest.approx(getattr(single, name).values, abs=100 * CLOSE), scenario.name
        money = many.equivalent_variation.sel(here).values
        wanted = single.equivalent_variation.values
        assert money == pytest.approx(wanted, abs=CLOSE * float(single.base.income.max()))
        assert bool(many.batched.sel(here)) == (scenario.name not in SINGLY), scenario.name


def test_base_tariffs_share_the_batch() -> None:
    """A world with tariffs in force: their revenue moves with every cut and is raised by every tariff."""
    world = random_world(5, 3, seed=2, tariffs=True)
    assert world.array("tariff").any()
    a, b, c, *_ = world.countries
    scenarios = [
        su.Scenario("cut", [su.Embargo(a, b)]),
        su.Scenario("raise", [su.Tariff(a, [b, c], 0.2)]),
        su.Scenario("set", [su.Tariff(b, a, 0.0, mode="set")]),
    ]
    many = simulate_many(world, scenarios, "long", elasticities=OWN)
    assert bool(many.batched.all())
    for scenario in scenarios:
        single = simulate(world, scenario, "long", elasticities=OWN)
        for name in LEVELS:
            found = getattr(many, name).sel(scenario=scenario.name, horizon="long").values
            assert found == pytest.approx(getattr(single, name).values, abs=100 * CLOSE)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_mixture_equals_single(small: World, data: st.DataObject) -> None:
    """Random instruments between random sides, several to a scenario, all in one batch."""
    country = st.sampled_from(small.countries)
    pair = st.lists(country, min_size=2, max_size=2, unique=True)
    rate = st.floats(0.02, 0.6)
    instrument = st.one_of(
        pair.map(lambda p: su.Embargo(*p)),
        pair.map(lambda p: su.ExportBan(*p)),
        st.tuples(pair, rate).map(lambda x: su.Tariff(*x[0], x[1])),
        st.tuples(pair, st.floats(1.01, 2.0)).map(lambda x: su.TradeCost(*x[0], x[1])),
        st.tuples(country, st.floats(0.8, 1.2)).map(lambda x: su.Productivity(*x)),
    )
    drawn = data.draw(st.lists(st.lists(instrument, min_size=1, max_size=3), min_size=1, max_size=4))
    scenarios = [su.Scenario(f"case {j}", items) for j, items in enumerate(drawn)]
    many = simulate_many(small, scenarios, "long", elasticities=OWN)
    for scenario in scenarios:
        single = simulate(small, scenario, "long", elasticities=OWN)
        found = many.welfare.sel(scenario=scenario.name, horizon="long").values
        assert found == pytest.approx(single.welfare.values, abs=100 * CLOSE)


def test_labels_table_and_several_horizons(small: World) -> None:
    """Dimensions carry names; the table has one row a scenario, horizon and country; attributes say the unit."""
    many = simulate_many(small, mixture(small)[:3], "both", elasticities=OWN)
    assert many.welfare.dims == ("scenario", "horizon", "country")
    assert list(many.welfare["horizon"].values) == ["short", "long"]
    assert many.welfare.attrs["unit"].startswith("per cent")
    assert set(many.labels) == set(many.parameters) == {"short", "long"}
    table = many.frame
    assert len(table) == 3 * 2 * 6
    assert (table.reason == "").all()
    assert "3 scenarios" in repr(many)
    nothing = many.dataset().sel(scenario="nothing")
    assert float(np.abs(nothing.welfare).max()) < 1e-8  # per cent; a base is balanced to 1e-10


def test_no_equilibrium_is_marked_and_leaves_the_others_alone(small: World) -> None:
    """A good without any supplier: NaN with its reason, an infinite residual, and a neighbour with its numbers."""
    a, *others = small.countries
    scenarios = [
        su.Scenario(
            "orphan", [su.ImportBan(a, others, sectors=[small.sectors[0]]), su.Embargo(a, others[0])]
        ),
        su.Scenario("fine", [su.Tariff(a, others[0], 0.1)]),
    ]
    lone = simulate_many(small, scenarios, "long", elasticities=Elasticities(sigma=0.9))
    assert ("orphan", "long") in lone.failed
    assert np.isnan(lone.welfare.sel(scenario="orphan")).all()
    assert np.isinf(float(lone.residual.sel(scenario="orphan", horizon="long")))
    assert "sigma" in lone.reasons.reason[0]
    assert (lone.frame.query("scenario == 'orphan'").reason != "").all()
    assert np.isfinite(lone.welfare.sel(scenario="fine")).all()


def test_doubts_are_those_of_single_simulations() -> None:
    """Each once, and the largest change of a country with the scenario that makes it."""
    world = random_world(3, 2, seed=4)
    meant = [su.Scenario(f"rate {rate:g}", [su.Tariff("C1", "C2", rate)]) for rate in (0.05, 5.0, 8.0)]
    lost = su.Scenario("endowments", [su.Endowments("C3", 0.3)])
    with pytest.warns(su.SuasionWarning) as said:
        found = simulate_many(world, [*meant, lost], ["short", "long"], deficits="eliminate")
    single = []
    for scenario in meant:
        with pytest.warns(su.SuasionWarning):
            single += simulate(world, scenario, "long", deficits="eliminate").warnings
    texts = [str(doubt) for doubt in found.warnings]
    assert len(set(texts)) == len(texts) == len(said)
    asked = {str(doubt) for doubt in single if not isinstance(doubt, ExtremeAnswerWarning)}
    assert asked <= set(texts)
    far = [doubt for doubt in found.warnings if isinstance(doubt, ExtremeAnswerWarning)]
    (extreme,) = (doubt for doubt in far if doubt.doubt is Doubt.EXTREME)
    assert any(
        doubt.doubt is Doubt.LOSS and "endowments: C3" in str(doubt) for doubt in far
    )  # flagged in the first year
    worst = found.welfare.sel(scenario="endowments", country="C3").values.min()
    assert f"endowments: C3 {worst:+.3g} %" in str(extreme)


def test_names_must_differ(small: World) -> None:
    """Scenarios are found by name, so two of one name are refused; so is an empty list."""
    twice = [su.Scenario("one"), su.Scenario("one")]
    with pytest.raises(InputError, match="More than one scenario is called one"):
        simulate_many(small, twice)
    with pytest.raises(InputError, match="There is no scenario"):
        simulate_many(small, [])
    with pytest.raises(InputError, match="There is no horizon"):
        simulate_many(small, twice[:1], [])


def test_progress_counts_all_horizons(small: World) -> None:
    """The last call says that all is done."""
    seen: list[tuple[int, int]] = []
    simulate_many(
        small,
        mixture(small),
        "both",
        elasticities=OWN,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (26, 26)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize("horizon", ["long", "short"])
def test_draws_share_a_batch(small: World, horizon: str) -> None:
    """Draws of the elasticities with a linearised base of their own give the welfare of single solves."""
    from dataclasses import replace

    from suasion.equilibrium import draws

    economy = prepare(small, resolve(small, horizon, elasticities=OWN))
    shock = compile_scenario(small, su.Scenario("cut", [su.Embargo(*small.countries[:2])]))
    ground = ground_of(economy.accounts, economy.parameters)
    sets = draws(small, 8, horizon, seed=3, elasticities=OWN)
    jobs = [BatchTask(patch_on(replace(ground, parameters=p), shock), lambda: shock, p) for p in sets]
    outcome = respond_many(economy, jobs)
    assert outcome.batched.all()
    for p, found in zip(sets, outcome.log_welfare, strict=True):
        single = respond(replace(economy, parameters=p), shock)[0]
        assert found == pytest.approx(log_welfare(single), abs=CLOSE)


def test_an_idle_cell_does_not_slow_the_iteration(world: World) -> None:
    """Cells without output have nothing to respond with; they once kept the short run from closing."""
    from suasion.equilibrium.batch.drive import solve_batch
    from suasion.equilibrium.batch.powers import powers_of
    from suasion.equilibrium.batch.sweep import common_of
    from suasion.equilibrium.linear import linearise

    part = world.select(["SGP", "BEL", "USA", "CHN", "JPN", "DEU"])
    economy = prepare(part, resolve(part, "short"), "balance", resolve(part, "long"))
    accounts = economy.accounts
    assert (accounts.output == 0).any(), "the world must have idle cells for this test to mean something"
    shock = compile_scenario(part, su.Scenario("cut", [su.Embargo("SGP", "BEL")]))
    patch = patch_on(ground_of(accounts, economy.parameters), shock)
    assert patch is not None
    common = common_of(accounts, economy.parameters, linearise(accounts, economy.parameters))
    powers = powers_of(accounts, [economy.parameters])
    done = solve_batch(common, powers, [patch], np.zeros(len(part.countries)), None, GAP)
    assert done.residual[0] <= GAP
    assert done.iterations[0] <= 14  # twelve; idle cells that respond double it
