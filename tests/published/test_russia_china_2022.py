"""Exit costs of Russia and China on the embedded world, against an independent computation.

The reference is a separate program on the same table: sigma 5, Cobb-Douglas above. Its destination split
of final sales was made apart from ours, so two digits are what can agree.
"""

from __future__ import annotations

import pytest

from suasion.coercion import study_ties
from suasion.equilibrium import Elasticities
from suasion.world import World

PLAIN = Elasticities(sigma=5.0, zeta=1.0, epsilon=1.0, kappa=1.0)


def test_world_rule(world: World) -> None:
    """Deficits kept: Russia about 1.4 %, China about .12 %, 26 and 20 bn USD; with the West closed 1.7 times."""
    study = study_ties(world, "RUS", "CHN", "WEST", "long", deficits="world", elasticities=PLAIN)
    open_, closed = study.partner_open, study.partner_closed
    assert closed is not None
    assert open_.loss("RUS", "long") == pytest.approx(1.43, abs=0.02)
    assert open_.loss("CHN", "long") == pytest.approx(0.12, abs=0.005)
    assert open_.loss("RUS", "long", "usd") == pytest.approx(26e3, rel=0.03)
    assert open_.loss("CHN", "long", "usd") == pytest.approx(20e3, rel=0.03)
    assert closed.loss("RUS", "long") / open_.loss("RUS", "long") == pytest.approx(1.7, abs=0.1)


def test_balance_rule(world: World) -> None:
    """Base balanced first: about 1.0 and .11 %. Closing the West then adds far less than under the world rule."""
    study = study_ties(world, "RUS", "CHN", "WEST", "long", elasticities=PLAIN)
    open_, closed = study.partner_open, study.partner_closed
    assert closed is not None
    assert open_.loss("RUS", "long") == pytest.approx(0.995, abs=0.01)
    assert open_.loss("CHN", "long") == pytest.approx(0.110, abs=0.003)
    assert 1.0 < closed.loss("RUS", "long") / open_.loss("RUS", "long") < 1.3


def test_every_solve_is_certified(world: World) -> None:
    """Residual at most 1e-9 and dropped market at most 1e-8, at both horizons, outlet open and closed."""
    study = study_ties(world, "RUS", "CHN", ["USA", "EU"])
    for cost in (study.partner_open, study.partner_closed, study.audience_open):
        assert cost is not None
        for certificate in cost.certificates.values():
            assert certificate.residual <= 1e-9
            assert certificate.dropped_market <= 1e-8
