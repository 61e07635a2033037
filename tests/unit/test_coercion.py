"""Exit costs, the value of the alternative, power and critical levels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.economies import buyer_world, parameters

import suasion as su
from suasion.coercion import (
    critical_levels,
    drivers,
    exit_cost,
    leverage_matrix,
    power,
    study_ties,
)
from suasion.coercion.critical import Crossing, collapse_radius
from suasion.coercion.exit_cost import tie_shock
from suasion.coercion.frontier.contest import frontier
from suasion.coercion.levers.study import levers
from suasion.equilibrium import (
    Elasticities,
    Embargo,
    Parameters,
    Scenario,
    prepare,
    resolve,
    respond,
    simulate,
)
from suasion.equilibrium.accounts import Accounts, accounts_of
from suasion.equilibrium.economy import log_welfare
from suasion.errors import ExtremeAnswerWarning, InputError, NotInWorldError, SameCountryError
from suasion.outlook.projection.outlook import ProjectionOptions, outlook
from suasion.world import World
from suasion.world.testing import golden_world, random_world, symmetric_world

OWN = Elasticities(sigma=5.0, zeta=0.5, epsilon=0.2, kappa=0.9)


@pytest.fixture(scope="module")
def small() -> World:
    """The golden economy: R, C, W."""
    return golden_world()


# One input, weight 5 %: loss in log points x 100 at these controlled shares, to the three decimals printed.
TABLE = {
    2: (0.527, 0.992, 1.783, 3.466, 6.020, 11.513, 23.026),
    3: (0.263, 0.496, 0.892, 1.733, 3.010, 5.756, 11.513),
    5: (0.132, 0.248, 0.446, 0.866, 1.505, 2.878, 5.756),
    9: (0.066, 0.124, 0.223, 0.433, 0.753, 1.439, 2.878),
}
SHARES = (0.1, 0.18, 0.3, 0.5, 0.7, 0.9, 0.99)


def power_over_buyer(holder: str | list[str], sigma: float, weight: float, *shares: float) -> float:
    """Of suppliers over the one buyer, Cobb-Douglas, per cent."""
    world = buyer_world(weight, *shares)
    made = power(world, holder, "B", parameters=parameters(world, sigma))
    assert made.direct_percent[0] == pytest.approx(made.formula_percent[0])
    return float(made.formula_percent[0])


@pytest.mark.parametrize("sigma", list(TABLE))
def test_power_table(sigma: int) -> None:
    """The partial formula at weight .05, as tabulated.

    One unit of the last digit: the table prints .753 where .05 / 8 x ln(1 / .3) is .75248.
    """
    got = [power_over_buyer("S1", float(sigma), 0.05, w) for w in SHARES]
    assert got == pytest.approx(TABLE[sigma], abs=1e-3)


def test_coalition_is_convex() -> None:
    """Three suppliers with .3 each, sigma 2, weight .05: alone 1.78, together 11.5, six and a half times as much."""
    one, two, all_three = (
        power_over_buyer(holder, 2.0, 0.05, 0.3, 0.3, 0.3)
        for holder in ("S1", ["S1", "S2"], ["S1", "S2", "S3"])
    )
    assert (one, two) == (pytest.approx(1.783, abs=5e-4), pytest.approx(5.0 * np.log(1 / 0.4)))
    assert all_three == pytest.approx(11.513, abs=5e-4)
    assert all_three / one == pytest.approx(6.46, abs=5e-3)


def test_full_control_has_no_finite_power() -> None:
    """Who sells all of an input takes more than any number."""
    assert power_over_buyer("S1", 3.0, 0.05, 1.0) == np.inf


def test_power_of_all_foreigners_is_the_autarky_formula(small: World) -> None:
    """Everybody else together: the partial formula is then exact, the loss of R in autarky under Cobb-Douglas."""
    parameters = resolve(small, Elasticities(sigma=5.0, zeta=1.0, epsilon=1.0, kappa=1.0))
    percent = power(small, ["C", "W"], "R", parameters=parameters).formula_percent[0]
    assert -np.expm1(-percent / 100) == pytest.approx(1 - 0.841607553988, abs=1e-10)


def test_exit_cost_is_the_simulated_embargo(small: World) -> None:
    """The table repeats what `simulate` says, with the sign turned."""
    cost = exit_cost(small, "R", "W", horizon="long", elasticities=OWN)
    run = simulate(small, Scenario("cut", [Embargo("R", "W")]), "long", elasticities=OWN)
    for country in ("R", "W"):
        assert cost.loss(country, "long") == pytest.approx(-float(run.welfare.sel(country=country)), rel=1e-9)
        usd = -float(run.equivalent_variation.sel(country=country))
        assert cost.loss(country, "long", "usd") == pytest.approx(usd, rel=1e-9)
    assert cost.certificates["long"].ok(1e-9)


def test_identity_of_the_ratios(small: World) -> None:
    """ratio in per cent = ratio in USD x ratio of incomes, to rounding."""
    ratios = exit_cost(small, "R", "W", elasticities=OWN).ratios
    product = ratios.ratio_usd * ratios.income_ratio
    assert product.to_numpy() == pytest.approx(ratios.ratio_percent.to_numpy(), rel=1e-12)


def test_losses_of_successive_cuts_add_up(small: World) -> None:
    """At base prices leaving W after C costs what is left of leaving both, in either order."""
    study = study_ties(small, "R", "C", ["W"], "long", elasticities=OWN)
    assert study.partner_closed
    assert study.audience_open
    assert study.audience_closed
    first = study.partner_open.loss("R", "long", "usd") + study.audience_closed.loss("R", "long", "usd")
    second = study.audience_open.loss("R", "long", "usd") + study.partner_closed.loss("R", "long", "usd")
    assert first == pytest.approx(second, rel=1e-10)


def test_given_equals_the_study(small: World) -> None:
    """`given=` and the study of both outlets are the same question."""
    given = Scenario("W closed", [Embargo("R", "W")])
    cost = exit_cost(small, "R", "C", given=given, horizon="short", elasticities=OWN)
    study = study_ties(small, "R", "C", ["W"], "short", elasticities=OWN)
    assert study.partner_closed
    assert cost.loss("R", "short") == pytest.approx(study.partner_closed.loss("R", "short"), rel=1e-9)
    assert cost.given == "W closed"


def test_the_alternative_has_value(small: World) -> None:
    """In the golden economy leaving C costs R more once W is closed: C is then the only outlet."""
    study = study_ties(small, "R", "C", ["W"], "long", elasticities=OWN)
    assert study.partner_closed
    assert study.partner_closed.loss("R", "long") > study.partner_open.loss("R", "long")


def test_bans_are_one_way(small: World) -> None:
    """A ban on R's exports to W is W's ban on imports from R; either costs less than the embargo."""
    kinds = [
        exit_cost(small, "R", "W", horizon="long", instrument="export_ban", elasticities=OWN),
        exit_cost(small, "W", "R", horizon="long", instrument="import_ban", elasticities=OWN),
    ]
    losses = [kind.loss("R", "long") for kind in kinds]
    assert losses[0] == pytest.approx(losses[1], rel=1e-9)
    assert losses[0] < exit_cost(small, "R", "W", horizon="long", elasticities=OWN).loss("R", "long")


def test_bands_hold_the_centre_and_repeat(small: World) -> None:
    """The same seed gives the same band; the central loss lies in it; the gap's sign is sure here."""
    first, second = (exit_cost(small, "R", "W", horizon="long", draws=16, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, second.table)
    row = first.table.iloc[0]
    assert row.low_percent < row.loss_percent < row.high_percent
    assert row.low_usd < row.loss_usd < row.high_usd
    assert first.ratios.gap_low[0] > 0
    assert (first.table.failed_draws == 0).all()


def test_elsewhere_names_every_country(small: World) -> None:
    """Bystanders are in the table; C gains a little when R and W part."""
    elsewhere = exit_cost(small, "R", "W", horizon="long", elasticities=OWN).elsewhere.set_index("country")
    assert list(elsewhere.index) == ["R", "C", "W"]
    assert elsewhere.change_percent["C"] > 0


def test_no_equilibrium_is_a_reason_not_a_number() -> None:
    """A home share of .3 is below the .4204 at which one sector with sigma 2, q .2, a .5 collapses: no number, a reason."""
    world = symmetric_world(countries=2, domestic=0.3, va_share=0.5)
    own = Elasticities(sigma=2.0, zeta=0.2, epsilon=0.2, kappa=0.2)
    row = exit_cost(world, *world.countries, horizon="long", elasticities=own).table.iloc[0]
    assert np.isnan(row.loss_percent)
    assert "no finite cost" in row.reason


def test_wrong_sides(small: World, world: World) -> None:
    """Each wrong pair has its message."""
    with pytest.raises(SameCountryError, match="R stands on both sides"):
        exit_cost(small, "R", "R")
    with pytest.raises(SameCountryError, match="FRA stands on both sides"):
        exit_cost(world, "FRA", "EU")
    with pytest.raises(NotInWorldError, match="IRN is outside the world's table of 80 countries"):
        exit_cost(world, "RUS", "IRN")
    with pytest.raises(InputError, match="instrument='blockade' is not one of embargo"):
        exit_cost(small, "R", "W", instrument="blockade")  # type: ignore[arg-type]
    with pytest.raises(SameCountryError, match="Name third parties"):
        study_ties(small, "R", "C", ["C"])
    with pytest.raises(InputError, match="number of draws is -1"):
        exit_cost(small, "R", "W", draws=-1)
    with pytest.raises(InputError, match="There is no loss of 'C' at horizon 'long'"):
        exit_cost(small, "R", "W", horizon="long").loss("C", "long")


def test_critical_curves(small: World) -> None:
    """m = 1 is the exit cost; losses and shares rise with m; the crossing brackets the level."""
    levels = critical_levels(small, "R", "W", "long", factors=(0.1, 0.5, 2.0), elasticities=OWN)
    mine = levels.curves[levels.curves.country == "R"].set_index("m")
    cost = exit_cost(small, "R", "W", horizon="long", elasticities=OWN)
    assert mine.loss_percent[1.0] == pytest.approx(cost.loss("R", "long"), rel=1e-8)
    assert (np.diff(mine.loss_percent) > 0).all()
    assert (np.diff(mine.turnover_share) > 0).all()
    row = levels.thresholds.query("country == 'R' and definition == 'tolerance'").iloc[-1]
    below, above = (
        mine.loss_percent[mine.index <= row.m].iloc[-1],
        mine.loss_percent[mine.index >= row.m].iloc[0],
    )
    assert below <= 5.0 <= above


def test_critical_thresholds_say_why_not(small: World) -> None:
    """A level outside the grid has no number but says on which side it lies, and how far was looked."""
    levels = critical_levels(
        small, "R", "W", "long", factors=(1.0, 1.5), tolerances=(0.1, 90.0), elasticities=OWN
    )
    rows = levels.thresholds.query("country == 'R' and definition == 'tolerance'")
    assert list(rows.crossing) == [Crossing.PASSED_ALREADY, Crossing.NOT_REACHED]
    assert list(rows.m_examined) == [1.0, 1.5]
    assert rows.m.isna().all()


def test_critical_levels_refuse_bad_arguments(small: World) -> None:
    """Factors are positive and beta is a share."""
    with pytest.raises(InputError, match="Factors must be positive"):
        critical_levels(small, "R", "W", factors=(0.0, 1.0))
    with pytest.raises(InputError, match=r"beta in \(0, 1\)"):
        critical_levels(small, "R", "W", beta=1.0)


@pytest.mark.parametrize(("sigma", "share"), [(2.0, 0.4204), (3.0, 0.1768), (5.0, 0.0313)])
def test_collapse_radius_is_one_at_the_closed_form(sigma: float, share: float) -> None:
    """One sector, a = .5, q = .2: collapse at home shares .4204, .1768, .0313, to the four digits printed."""
    pi = np.array([[[share, 1 - share], [1 - share, share]]])
    base = Accounts(
        countries=("A", "B"), sectors=("x",), pi=pi, expenditure=np.full((2, 1), 2.0), output=np.full((2, 1), 2.0),
        va_share=np.full((2, 1), 0.5), input_share=np.ones((2, 1, 1)), final_share=np.ones((2, 1)),
        factor_share=np.ones((2, 1, 1)), tariff=None, export_tax=None, transfer=np.zeros(2),
    )  # fmt: skip
    q = np.full((2, 1), 0.2)
    parameters = Parameters(np.array([sigma]), q, q, np.ones((2, 1)), np.ones(2), np.zeros(1))
    # The radius changes by (1 - q) / (sigma - 1) per cent for a per cent of the share, which has four digits.
    assert collapse_radius(base, parameters, 0, 1) == pytest.approx(1.0, abs=2e-3)


def test_tie_of_groups_leaves_home_trade_alone(world: World) -> None:
    """A group's members keep trading with one another; only the tie is cut."""
    cut = tie_shock(world, "EU", "RUS").cut
    assert cut is not None
    germany, france, russia = (world.countries.index(c) for c in ("DEU", "FRA", "RUS"))
    assert cut[germany, russia].all()
    assert cut[russia, germany].all()
    assert not cut[germany, france].any()
    assert not np.einsum("iik->ik", cut).any()


def test_side_losses_sum_over_members(world: World) -> None:
    """The EU's loss in USD is the sum of its members'; its per cent is of their joint expenditure."""
    parameters = resolve(world, "long")
    economy = prepare(accounts_of(world), parameters)
    solved, _ = respond(economy, tie_shock(world, "EU", "RUS"))
    cost = exit_cost(world, "EU", "RUS", horizon="long")
    members = [c in set(_eu(world)) for c in world.countries]
    usd = -(economy.accounts.income * np.expm1(log_welfare(solved)))[members].sum()
    assert cost.loss("EU", "long", "usd") == pytest.approx(usd, rel=1e-7)
    share = 100 * usd / economy.accounts.income[members].sum()
    assert cost.loss("EU", "long") == pytest.approx(share, rel=1e-7)


def _eu(world: World) -> tuple[str, ...]:
    from suasion.sources.groups import expand

    return expand(["EU"], world.year)


@pytest.mark.parametrize(
    "ask",
    [
        lambda world: exit_cost(world, "C1", "C2", deficits="eliminate"),
        lambda world: leverage_matrix(world, deficits="eliminate", cache=False),
        lambda world: drivers(world, "C1", "C2", deficits="eliminate"),
        lambda world: critical_levels(world, "C1", "C2", deficits="eliminate"),
        lambda world: su.dossier("RUS", "CHN", world=world, deficits="eliminate"),
        lambda world: frontier(world, "C1", "C2", deficits="eliminate"),
        lambda world: levers(world, "C1", "C2", ["C3"], deficits="eliminate"),
        lambda world: outlook(world, "C1", "C2", to=2025, options=ProjectionOptions(deficits="eliminate")),
    ],
    ids=["exit cost", "leverage", "drivers", "critical", "dossier", "frontier", "levers", "outlook"],
)
def test_the_end_of_imbalances_is_no_cost_of_a_tie(ask: Any) -> None:
    """Refused, where a creditor would seem to gain 16 % by a break."""
    with pytest.raises(InputError, match="no cost of the tie"):
        ask(random_world(4, 2, seed=1))


def test_a_loss_beyond_the_model_is_said_of_a_tie() -> None:
    world = symmetric_world(2, domestic=0.1)
    own = su.Elasticities(sigma=5.0, zeta=1.0, epsilon=1.0, kappa=1.0)
    with pytest.warns(ExtremeAnswerWarning, match=r"changes by more than 25 %: C1 -\d"):
        found = exit_cost(world, "C1", "C2", horizon=own)
    assert found.loss("C1") > 25.0
    assert [type(doubt) for doubt in found.warnings] == [ExtremeAnswerWarning]
