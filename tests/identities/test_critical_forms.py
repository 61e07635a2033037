"""Critical levels and further cuts against formulas that can be worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest
from tests.economies import without_inputs

from suasion.coercion.critical import critical_levels, turnover_share
from suasion.coercion.outcomes import Outcomes, alongside
from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.flags import Flag, Flagged
from suasion.world import World
from suasion.world.testing import golden_world

GRID = (0.25, 1.0, 4.0)
#: Both sides of each identity are one product of the same numbers: only rounding parts them.
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def small() -> World:
    return golden_world()


def test_turnover_share_leaves_own_trade_out() -> None:
    """A sells B 10 and C 20, buys of B 30 and of C 40; what it sells itself, 1,000, is no trade."""
    flow = [[1000.0, 30.0, 40.0], [10.0, 500.0, 7.0], [20.0, 3.0, 200.0]]  # importer, exporter
    base = accounts_of(without_inputs(flow))
    assert turnover_share(base, 0, 1) == pytest.approx(100 * (10 + 30) / (10 + 30 + 20 + 40), rel=ROUNDING)
    assert turnover_share(base, 1, 2) == pytest.approx(100 * (7 + 3) / (10 + 30 + 7 + 3), rel=ROUNDING)


def test_a_crossing_is_linear_in_the_log_of_the_factor(small: World) -> None:
    """Loss and share of turnover at the crossing are those of the chord over log m, and not of that over m."""
    levels = critical_levels(small, "R", "W", "long", factors=GRID, tolerances=(2.0, 5.0))
    found = levels.thresholds.query("definition == 'tolerance' and crossing == 'reached'")
    assert len(found)
    for row in found.itertuples():
        curve = levels.curves[levels.curves.country == row.country]
        logs = np.log(curve.m)
        assert np.interp(np.log(row.m), logs, curve.loss_percent) == pytest.approx(
            row.level_percent, rel=ROUNDING
        )
        assert np.interp(np.log(row.m), logs, curve.turnover_share) == pytest.approx(
            row.turnover_share, rel=ROUNDING
        )


@pytest.mark.parametrize("beta", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("column", ["loss_usd", "loss_percent"])
def test_a_concession_weighs_each_loss_by_the_bargaining_weight(
    small: World, beta: float, column: str
) -> None:
    """Where a side concedes, its loss times the weight of who threatens is the other's times the rest."""
    levels = critical_levels(small, "R", "W", "long", factors=GRID, beta=beta)
    curves = {name: part.reset_index(drop=True) for name, part in levels.curves.groupby("country")}
    money = "concession_money" if column == "loss_usd" else "concession_percent"
    rows = levels.thresholds[levels.thresholds.definition == money].set_index("country")
    for own, other in (("R", "W"), ("W", "R")):
        gap = beta * curves[own][column] - (1.0 - beta) * curves[other][column]
        crossing = "passed_already" if gap[0] >= 0 else "reached" if (gap >= 0).any() else "not_reached"
        assert rows.crossing[own] == crossing
        if crossing == "reached":
            assert np.interp(np.log(rows.m[own]), np.log(curves[own].m), gap) == pytest.approx(
                0.0, abs=ROUNDING * gap.abs().max()
            )


def test_one_weight_makes_a_side_concede_and_the_other_does_not(small: World) -> None:
    """A threat that weighs little wins nothing even by today's losses; one that weighs all wins from the start."""
    crossings = [
        critical_levels(small, "R", "W", "long", factors=GRID, beta=beta)
        .thresholds.query("country == 'R' and definition == 'concession_percent'")
        .crossing.item()
        for beta in (1e-6, 1.0 - 1e-6)
    ]
    assert crossings == ["not_reached", "passed_already"]


def test_a_further_cut_is_measured_from_the_cut_before() -> None:
    """Both ends of the bracket lose 20 and 40 per cent in all, 10 of them before: 1 - .8 / .9 and 1 - .6 / .9."""
    logs = {"audience": np.log([[0.9, 1.0], [0.9, 1.0]]), "both": np.log([[0.8, 1.0], [0.6, 1.0]])}
    found = Outcomes(
        label="short",
        income=np.array([[100.0, 50.0]]),
        log_welfare={},
        certificates={},
        failures={},
        marks=(),
        doubts=(),
        flags={"both": (Flagged("A", next(iter(Flag)), "", np.nan, 2.0),)},
        bracket=logs,
        capital={name: ends[0] for name, ends in logs.items()},
    )
    row = alongside(found, ["A"], ["A", "B"], ("both", "audience"), 15.0)
    assert row["replacement_percent"] == pytest.approx(100 * (1 - 0.8 / 0.9), rel=ROUNDING)
    assert row["no_switching_percent"] == pytest.approx(100 * (1 - 0.6 / 0.9), rel=ROUNDING)
    assert row["capital_percent"] == pytest.approx(100 * (1 - 0.8 / 0.9), rel=ROUNDING)
    from_base = alongside(found, ["A"], ["A", "B"], ("both", None), 15.0)
    assert from_base["replacement_percent"] == pytest.approx(20.0, rel=ROUNDING)
