"""Horizon presets, the schedule between them, and draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import spearmanr

from suasion.equilibrium.elasticities.horizon import COMMON_SD, draws, resolve
from suasion.equilibrium.elasticities.own import Elasticities
from suasion.equilibrium.elasticities.points import quantiles, sobol_points
from suasion.equilibrium.elasticities.schedule import (
    FLOOR,
    NESTS,
    SPEED,
    mobility_at,
    nest_at,
    parse_horizon,
    progress,
    schedule,
    sigma_at,
)
from suasion.equilibrium.elasticities.sigma import sigma_table
from suasion.errors import ElasticityError, InputError
from suasion.sources.icio2022 import icio2022_arrays
from suasion.world.testing import golden_world, random_world


@pytest.fixture(scope="module")
def toy():
    """Three countries, two sectors that the table does not hold."""
    return golden_world()


@pytest.fixture(scope="module")
def industries():
    """Two economies with the 50 industries of the embedded world."""
    return random_world(2, 50).replace(sectors=icio2022_arrays().sectors)


class TestSchedule:
    def test_ends(self):
        assert schedule(1) == 0.76
        assert schedule(1e6) == 2.0

    def test_speed_is_the_one_that_closes_95_per_cent_of_two_in_eight_and_a_half_years(self):
        assert schedule(8.5) == pytest.approx(0.95 * 2.0, abs=5e-4)  # the speed is printed with three digits
        assert pytest.approx(math.log(1.24 / 0.1) / 7.5, abs=5e-4) == SPEED

    def test_progress(self):
        assert progress(1) == 0
        assert progress(10) == 1
        assert progress(30) == 1
        assert np.all(np.diff([progress(h) for h in np.linspace(1, 10, 50)]) > 0)

    def test_sigma_scales_and_has_a_floor(self):
        assert sigma_at(5.0, 10) == 5.0
        assert sigma_at(5.0, 1) == pytest.approx(5 * 0.76 / schedule(10), rel=1e-14)
        assert sigma_at([3.0, 1.2], 1).tolist() == [FLOOR, FLOOR] == [1.5, 1.5]
        assert sigma_at(5.0, 20) == pytest.approx(
            5.0 * 2.0 / schedule(10), rel=3e-3
        )  # 0.3 % short of the limit

    def test_words_and_years(self):
        assert parse_horizon("short").years == 1
        assert parse_horizon("long").years == 10
        assert parse_horizon(3.5).label == parse_horizon("3.5").label == "3.5 years"
        assert parse_horizon(1).label == "1 year"
        assert parse_horizon(np.int64(4)).years == 4

    @pytest.mark.parametrize(
        ("horizon", "message"),
        [
            ("medium", '\'medium\' is not allowed; give "months", "short", "long" or years'),
            ("both", "one after the other"),
            (None, "None is not allowed"),
            (True, "True is not allowed"),
            (0.5, "0.5 years is out of range: the schedule starts one year after"),
            (-3, "out of range"),
            (math.nan, "nan years is out of range"),
            (math.inf, "inf years is out of range"),
        ],
    )
    def test_wrong_horizons(self, horizon, message):
        with pytest.raises(InputError, match=message):
            parse_horizon(horizon)


class TestPresets:
    def test_long(self, industries):
        long = resolve(industries, "long")
        table = sigma_table()
        expected = [table[s].sigma for s in industries.sectors]
        assert np.allclose(long.sigma, expected, rtol=1e-15)
        nests = (long.zeta, long.epsilon, long.kappa, long.eta, long.mobility)
        assert [set(np.unique(nest)) for nest in nests] == [{0.5}, {0.2}, {0.9}, {1.0}, {0.0}]
        assert long.horizon == "long (10 years)"
        assert not [mark for mark in long.marks if "floor" in mark]

    def test_short(self, industries):
        short = resolve(industries, "short")
        nests = (short.zeta, short.epsilon, short.kappa, short.eta, short.mobility)
        assert [set(np.unique(nest)) for nest in nests] == [{0.3}, {0.1}, {0.5}, {1.0}, {1.0 / 1.5}]
        assert np.median(short.sigma) == pytest.approx(
            2.3, abs=0.05
        )  # exchange goods keep that of the long run
        assert np.median(short.local_sigma) == pytest.approx(3.2, abs=0.05)  # a quarter switches
        assert short.sigma.min() == FLOOR
        floored = [s for s, v in zip(industries.sectors, short.sigma, strict=True) if v == FLOOR]
        assert f"sigma is at its floor of 1.5 in {', '.join(floored)}." in short.marks

    def test_shapes_and_read_only(self, industries):
        parameters = resolve(industries)
        shapes = [parameters.sigma, parameters.zeta, parameters.epsilon, parameters.eta, parameters.kappa]
        assert [array.shape for array in shapes] == [(50,), (2, 50), (2, 50), (2, 50), (2,)]
        assert parameters.mobility.shape == (1,)
        with pytest.raises(ValueError, match="read-only"):
            parameters.sigma[0] = 1

    def test_years_between_lie_between(self, toy):
        years = [resolve(toy, h) for h in ("short", 2.0, 5.0, "long")]
        for name, direction in (("sigma", 1), ("zeta", 1), ("epsilon", 1), ("kappa", 1), ("mobility", -1)):
            path = [float(getattr(p, name).flat[0]) for p in years]
            assert np.all(direction * np.diff(path) > 0), name
        assert np.allclose(resolve(toy, 1).sigma, years[0].sigma)
        assert np.allclose(resolve(toy, 10).zeta, years[-1].zeta)

    def test_all_nests_keep_the_pace_of_the_schedule(self):
        weight = progress(4.0)
        for name, nest in NESTS.items():
            assert nest_at(name, 4.0) == nest.short + weight * (nest.long - nest.short)
            assert sum(nest.short_range) / 2 == pytest.approx(nest.short)
            assert sum(nest.long_range) / 2 == pytest.approx(nest.long)
        assert mobility_at(4.0) == (1 - weight) / 1.5

    def test_default_sectors_are_marked(self, toy):
        marks = resolve(toy).marks
        assert [mark.split(":")[0] for mark in marks] == ["sigma of energy is 5.00", "sigma of other is 5.00"]

    def test_factors(self, toy):
        assert resolve(toy, "long", factors="specific").mobility.tolist() == [1.0]
        assert resolve(toy, "short", factors="mobile").mobility.tolist() == [0.0]
        roy = resolve(toy, "short", factors="roy")
        assert roy.mobility == pytest.approx([1.0 / 1.5], rel=1e-15)
        assert "roy is 1.5 (assumption, range 1 to 2)." in roy.marks
        assert resolve(toy, "short", Elasticities(roy=4), factors="roy").mobility.tolist() == [0.25]
        with pytest.raises(InputError, match="factors='fixed' is not allowed; give \"mobile\""):
            resolve(toy, factors="fixed")

    def test_elasticities_only_once(self, toy):
        with pytest.raises(InputError, match="Elasticities are given twice"):
            resolve(toy, Elasticities(sigma=3), Elasticities(sigma=3))


class TestDraws:
    def test_seeds_and_prefixes(self, toy):
        first, again, other = (draws(toy, 8, seed=seed) for seed in (7, 7, 8))
        longer = draws(toy, 21, seed=7)
        for k in range(8):
            assert np.array_equal(first[k].sigma, again[k].sigma)
            assert np.array_equal(first[k].zeta, longer[k].zeta)
            assert not np.array_equal(first[k].sigma, other[k].sigma)
        assert first[0].horizon == "long (10 years), draw 1 of seed 7"

    def test_distribution(self, industries):
        sample = np.array([p.sigma for p in draws(industries, 1024)])
        table = sigma_table()
        for sector in ("A01", "B05", "J61"):
            k = industries.sectors.index(sector)
            logs = np.log(sample[:, k] - 1)
            unfloored = sample[:, k] > FLOOR
            middle, spread = np.log(table[sector].sigma - 1), math.hypot(COMMON_SD, table[sector].sd)
            assert np.median(logs) == pytest.approx(middle, abs=0.02)  # error of a Sobol median of 1024
            if unfloored.all():
                assert logs.std() == pytest.approx(spread, rel=0.03)

    def test_sectors_move_together(self, industries):
        sample = np.log(np.array([p.sigma for p in draws(industries, 1024)]) - 1)
        a, b = (sample[:, industries.sectors.index(s)] for s in ("C20", "C28"))
        expected = COMMON_SD**2 / (COMMON_SD**2 + sigma_table()["C20"].sd ** 2)
        assert np.corrcoef(a, b)[0, 1] == pytest.approx(expected, abs=0.05)  # three standard errors at 1024

    def test_no_draw_falls_to_one(self, industries):
        for horizon in ("short", "long"):
            assert min(p.sigma.min() for p in draws(industries, 512, horizon)) >= FLOOR

    def test_other_nests_fill_their_ranges(self, toy):
        sample = draws(toy, 512, "short")
        for name in ("zeta", "epsilon", "kappa"):
            values = np.array([getattr(p, name).flat[0] for p in sample])
            low, high = NESTS[name].short_range
            assert low < values.min() < low + 0.02 * (high - low)  # 512 points leave gaps of about 1/512
            assert high - 0.02 * (high - low) < values.max() < high
            assert values.mean() == pytest.approx(NESTS[name].short, abs=0.01)
        assert {p.eta.flat[0] for p in sample} == {1.0}

    def test_common_random_numbers_across_horizons(self, industries):
        short, long = (draws(industries, 64, h, seed=3) for h in ("short", "long"))
        k = industries.sectors.index("C20")
        pairs = np.array([(s.sigma[k], g.sigma[k]) for s, g in zip(short, long, strict=True)])
        assert np.allclose(pairs[:, 0] / pairs[:, 1], 0.76 / schedule(10), rtol=1e-12)
        zetas = np.array([(s.zeta[0, 0], g.zeta[0, 0]) for s, g in zip(short, long, strict=True)])
        assert spearmanr(zetas).statistic == pytest.approx(1.0)

    def test_own_values(self, toy):
        sample = draws(toy, 256, "short", elasticities=Elasticities(sigma={"energy": 1.2}, zeta=0.3))
        sigma = np.array([p.sigma[0] for p in sample])
        assert 1.0 < sigma.min() < 1.2 < sigma.max()  # moved, and no floor lifts an own value
        assert np.median(sigma) == pytest.approx(1.2, abs=0.01)
        assert {p.zeta.flat[0] for p in sample} == {0.3}

    def test_own_sigma_of_one_cannot_be_drawn(self, toy):
        with pytest.raises(ElasticityError, match=r"sigma of energy \(0.9\) is not above 1"):
            draws(toy, 4, elasticities=Elasticities(sigma={"energy": 0.9}))

    @pytest.mark.parametrize("n", [0, -1, 2.5, True, 10**6])
    def test_wrong_number(self, toy, n):
        with pytest.raises(InputError, match=r"The number of draws is .*; give a whole number from 1"):
            draws(toy, n)

    @pytest.mark.parametrize("seed", [-1, 0.5, None])
    def test_wrong_seed(self, toy, seed):
        with pytest.raises(InputError, match=r"The seed is .*; give a whole number >= 0"):
            draws(toy, 2, seed=seed)

    def test_quantiles_are_inside(self):
        points = quantiles(100, 54, 0)
        assert points.shape == (100, 54)
        assert points.min() > 0
        assert points.max() < 1

    @pytest.mark.parametrize("seed", [0, 1])
    def test_kept_points_are_those_of_the_sequence(self, seed):
        """What ships was made by ``sobol_points(64, 54, seed, more=3)``, in steps of its grid, 2 ** -30."""
        for n in (8, 64):
            assert (quantiles(n, 54, seed, more=3) == sobol_points(n, 54, seed, 3)).all()
