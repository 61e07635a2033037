"""Welfare changes of the golden three-country economy, computed once by an independent reference program.

Countries R, C, W; sectors energy, other. Forty-two rows: three sets of elasticities, factors mobile or
specific, seven shocks.
"""

from __future__ import annotations

import numpy as np
import pytest

from suasion.equilibrium.economy import certificate_of, log_welfare, prepare, respond
from suasion.equilibrium.types import Parameters, Shock
from suasion.world.testing import golden_world

R, C, W = 0, 1, 2
ENERGY = 0
SETS = {  # sigma by sector, zeta, epsilon, kappa
    "CD": ((5.0, 5.0), 1.0, 1.0, 1.0),
    "NEST": ((6.0, 3.0), 0.5, 0.2, 0.9),
    "SHORT": ((1.8, 1.8), 0.3, 0.1, 0.5),
}
GOLDEN = {
    ("CD", "mobile", "G1"): (0.9328617068, 1.0005623789, 0.9969849512),
    ("CD", "mobile", "G2"): (0.8863892007, 1.0010147127, 0.9946882398),
    ("CD", "mobile", "G3"): (0.8767695360, 0.9993815558, 0.9947927051),
    ("CD", "mobile", "G4"): (1.0098506992, 0.9528478220, 1.0088218798),
    ("CD", "mobile", "G5"): (1.0038236047, 0.9995161983, 0.9995161983),
    ("CD", "mobile", "G6"): (0.9246979555, 0.9998010285, 0.9998010285),
    ("CD", "mobile", "G7"): (0.8416075540, 0.9948911048, 0.9948911048),
    ("CD", "specific", "G1"): (0.9328096206, 1.0005709787, 0.9969836628),
    ("CD", "specific", "G2"): (0.8863507439, 1.0010312858, 0.9946828160),
    ("CD", "specific", "G3"): (0.8762771715, 0.9991259958, 0.9947908444),
    ("CD", "specific", "G4"): (1.0099362687, 0.9528669196, 1.0088206858),
    ("CD", "specific", "G5"): (1.0070076628, 0.9994946049, 0.9994946049),
    ("CD", "specific", "G6"): (0.9172683910, 0.9997393875, 0.9997393875),
    ("CD", "specific", "G7"): (0.8416075540, 0.9948911048, 0.9948911048),
    ("NEST", "mobile", "G1"): (0.9260372465, 1.0006663175, 0.9966746275),
    ("NEST", "mobile", "G2"): (0.8327597774, 1.0010859943, 0.9919221185),
    ("NEST", "mobile", "G3"): (0.8180653107, 1.0000563695, 0.9920983663),
    ("NEST", "mobile", "G4"): (1.0102218278, 0.9486503559, 1.0118754522),
    ("NEST", "mobile", "G5"): (0.9936058427, 0.9998657240, 0.9998657240),
    ("NEST", "mobile", "G6"): (0.9006301957, 1.0005290180, 1.0005290180),
    ("NEST", "mobile", "G7"): (0.7675534965, 0.9921499092, 0.9921499092),
    ("NEST", "specific", "G1"): (0.9259492680, 1.0006576096, 0.9966823534),
    ("NEST", "specific", "G2"): (0.8323660787, 1.0011680486, 0.9919077503),
    ("NEST", "specific", "G3"): (0.8195485553, 0.9995220479, 0.9921456767),
    ("NEST", "specific", "G4"): (1.0100407559, 0.9479077992, 1.0121586908),
    ("NEST", "specific", "G5"): (1.0046213731, 0.9995682220, 0.9995682220),
    ("NEST", "specific", "G6"): (0.9069367825, 1.0000437501, 1.0000437501),
    ("NEST", "specific", "G7"): (0.7675315075, 0.9921499092, 0.9921499092),
    ("SHORT", "mobile", "G1"): (0.9115097791, 1.0004896986, 0.9959327125),
    ("SHORT", "mobile", "G2"): (0.5011240152, 1.0032525942, 0.9739054584),
    ("SHORT", "mobile", "G3"): (0.4734602368, 0.9937053031, 0.9744244895),
    ("SHORT", "mobile", "G4"): (1.0086367305, 0.9312755804, 1.0225664266),
    ("SHORT", "mobile", "G5"): (1.0153564808, 0.9992920756, 0.9992920756),
    ("SHORT", "mobile", "G6"): (0.9222201813, 0.9993002230, 0.9993002230),
    ("SHORT", "mobile", "G7"): (0.3330164169, 0.9745838496, 0.9745838496),
    ("SHORT", "specific", "G1"): (0.9116735056, 1.0004676832, 0.9959272702),
    ("SHORT", "specific", "G2"): (0.4922713890, 1.0034020404, 0.9738773129),
    ("SHORT", "specific", "G3"): (0.4682089799, 0.9941195219, 0.9743297347),
    ("SHORT", "specific", "G4"): (1.0086674772, 0.9315817977, 1.0223964973),
    ("SHORT", "specific", "G5"): (1.0154717473, 0.9993474392, 0.9993474392),
    ("SHORT", "specific", "G6"): (0.9214967984, 0.9993101697, 0.9993101697),
    ("SHORT", "specific", "G7"): (0.3078766655, 0.9745540051, 0.9745540051),
}


def parameters(name: str, factors: str) -> Parameters:
    """Elasticities of a named set, the same in every cell."""
    sigma, zeta, epsilon, kappa = SETS[name]
    return Parameters(
        sigma=np.array(sigma),
        zeta=np.full((3, 2), zeta),
        epsilon=np.full((3, 2), epsilon),
        eta=np.ones((3, 2)),
        kappa=np.full(3, kappa),
        mobility=np.array([0.0 if factors == "mobile" else 1.0]),
    )


def shock(name: str) -> Shock:
    """The seven shocks; trade arrays are (importer, exporter, sector)."""
    cut, ones = np.zeros((3, 3, 2), dtype=bool), np.ones((3, 3, 2))
    if name == "G1":  # trade costs 25 % both ways W-R
        ones[R, W] = ones[W, R] = 1.25
        return Shock(trade_cost=ones)
    if name == "G4":  # W's tariff of 30 % on all goods of C
        return Shock(tariff=_rate((W, C, slice(None)), 0.3))
    if name == "G5":  # R's export tax of 20 % on energy to both
        return Shock(export_tax=_rate((slice(1, 3), R, ENERGY), 0.2))
    if name == "G6":
        productivity = np.ones((3, 2))
        productivity[R, ENERGY] = 0.8
        return Shock(productivity=productivity)
    if name == "G7":
        cut[R, 1:] = cut[1:, R] = True
        return Shock(cut=cut)
    cut[R, W] = cut[W, R] = True  # G2: embargo both ways W-R; G3: C also stops buying R's energy
    cut[C, R, ENERGY] = name == "G3"
    return Shock(cut=cut)


def _rate(where: tuple[object, ...], rate: float) -> np.ndarray:
    rates = np.zeros((3, 3, 2))
    rates[where] = rate  # type: ignore[index]
    return rates


@pytest.mark.parametrize(("name", "factors", "event"), list(GOLDEN))
def test_golden_rows(name: str, factors: str, event: str) -> None:
    """Every row to the nine digits asked for (it is printed with ten), and certified in levels."""
    economy = prepare(golden_world(), parameters(name, factors))
    solved, _ = respond(economy, shock(event))
    assert np.exp(log_welfare(solved)) == pytest.approx(GOLDEN[name, factors, event], abs=1e-9)
    assert certificate_of(solved).ok(1e-9)


def test_all_rows_are_here() -> None:
    """Forty-two rows: 3 sets x 2 factor rules x 7 shocks."""
    assert len(GOLDEN) == 42


@pytest.mark.parametrize("name", list(SETS))
@pytest.mark.parametrize("factors", ["mobile", "specific"])
def test_no_shock_is_no_change(name: str, factors: str) -> None:
    """M1: all changes are one to 1e-12, the rounding of a few dozen operations."""
    economy = prepare(golden_world(), parameters(name, factors))
    solved, _ = respond(economy, Shock())
    assert np.abs(solved.x).max() < 1e-12
    assert np.abs(log_welfare(solved)).max() < 1e-12


def test_immobile_factors_do_not_always_lose_more() -> None:
    """The reverse of a common belief: in NEST, G6 specific factors soften R's loss."""
    assert GOLDEN["NEST", "specific", "G6"][R] > GOLDEN["NEST", "mobile", "G6"][R]
