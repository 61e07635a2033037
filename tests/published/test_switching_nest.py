"""The switching nest against digits computed once by an independent reference program, and against its own limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from published.test_golden_economy import C, R, W, parameters, shock
from suasion.equilibrium.batch.many import job_of, respond_many
from suasion.equilibrium.economy import Economy, certificate_of, log_welfare, prepare, respond
from suasion.equilibrium.types import Parameters, Shock, Switching
from suasion.errors import CollapseError
from suasion.world import World
from suasion.world.testing import golden_world, symmetric_world

MOBILITY = {"mobile": 0.0, "specific": 1.0, "roy 1.5": 2.0 / 3.0}
NEST = {  # SHORT nests, sigma 1.8 locked, 6 and 3 switching, b 0.25, mu 4
    ("G1", "mobile"): (0.9149811031, 1.0005970559, 0.9961004767),
    ("G1", "specific"): (0.9145941111, 1.0006229481, 0.9961056554),
    ("G1", "roy 1.5"): (0.9147465949, 1.0006137083, 0.9961035787),
    ("G2", "mobile"): (0.6092674804, 1.0018302422, 0.9785766556),
    ("G2", "specific"): (0.6028192143, 1.0022564779, 0.9785698378),
    ("G2", "roy 1.5"): (0.6062205313, 1.0020461152, 0.9785657912),
    ("G3", "mobile"): (0.5892246174, 0.9944641256, 0.9789326328),
    ("G3", "specific"): (0.5879780811, 0.9942697192, 0.9789873040),
    ("G3", "roy 1.5"): (0.5887831269, 0.9943449633, 0.9789701717),
    ("G7", "mobile"): (0.4866054347, 0.9790147906, 0.9790147906),
    ("G7", "specific"): (0.4789331068, 0.9789983049, 0.9789983049),
    ("G7", "roy 1.5"): (0.4840051368, 0.9790088005, 0.9790088005),
}


def nested(
    b: float = 0.25,
    mu: float = 4.0,
    free: tuple[float, float] = (6.0, 3.0),
    factors: str = "roy 1.5",
    given: Parameters | None = None,
) -> Parameters:
    """Elasticities of the golden economy with a switching nest."""
    given = given or parameters("SHORT", "mobile")
    size = given.sigma.size
    switching = Switching(np.array(free), np.full(size, b), np.full(size, mu))
    return replace(given, switching=switching, mobility=np.array([MOBILITY[factors]]))


def golden(**changes: object) -> Economy:
    """The golden economy with a switching nest."""
    return prepare(golden_world(), nested(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("event", "factors"), list(NEST))
def test_rows_of_the_golden_economy(event: str, factors: str) -> None:
    """Nine of the ten printed digits, certified in levels; a batch gives the same to its own tolerance of 1e-10."""
    economy = golden(factors=factors)
    solved, _ = respond(economy, shock(event))
    assert np.exp(log_welfare(solved)) == pytest.approx(NEST[event, factors], abs=1e-9)
    assert certificate_of(solved).ok(1e-9)
    many = respond_many(economy, [job_of(economy, shock(event))])
    assert many.log_welfare[0] == pytest.approx(log_welfare(solved), abs=1e-9)
    assert many.batched.all() == (event != "G7")  # that one parts the world


def two(p: float, b: float) -> tuple[World, Parameters]:
    """Two equal countries with one sector, half of cost value added, and home share ``p``."""
    world = symmetric_world(2, domestic=p, va_share=0.5)
    one = np.ones((2, 1))
    switching = Switching(np.array([5.0]), np.array([b]), np.array([4.0]))
    nests = {"zeta": 0.3 * one, "epsilon": 0.1 * one, "eta": one, "kappa": np.full(2, 0.5)}
    return world, Parameters(np.array([1.96]), **nests, mobility=np.zeros(1), switching=switching)


def _apart(d: float | None) -> Shock:
    """Trade costs between the two times ``d``; None is the cut."""
    off = ~np.eye(2, dtype=bool)[:, :, None]
    return Shock(cut=off) if d is None else Shock(trade_cost=np.where(off, d, 1.0))


@pytest.mark.parametrize(
    ("p", "d", "b", "welfare"),
    [
        (0.8, 1.3, 0.25, 0.914018907690),
        (0.8, None, 0.25, 0.681715333673),
        (0.8, None, 0.0, 0.600378736725),
        (0.3, None, 0.25, 0.112387976218),
        (0.3, None, 1.0, 0.505194376321),
    ],
)
def test_two_equal_countries(p: float, d: float | None, b: float, welfare: float) -> None:
    """Closed form W = [(h^(zeta-1) - (1-a)) / a]^(1/(1-zeta)) with h of (M2.1), printed to twelve digits."""
    world, elasticities = two(p, b)
    solved, _ = respond(prepare(world, elasticities), _apart(d))
    assert np.exp(log_welfare(solved)) == pytest.approx([welfare] * 2, abs=1e-11)


def test_price_of_a_lost_share() -> None:
    """The h behind those rows, and that of the table of lost shares with two decimals."""
    _, elasticities = two(0.8, 0.25)
    lost = {0.2: 1.195739696764, 0.7: 2.034428463308}
    for share, price in lost.items():
        assert np.exp(elasticities.modes.lost(np.array([share]))) == pytest.approx(price, abs=1e-11)
    table = {0.1: 1.09, 0.3: 1.32, 0.5: 1.62, 0.7: 2.03, 0.9: 2.81, 0.98: 4.22}
    for share, price in table.items():
        assert np.exp(elasticities.modes.lost(np.array([share])))[0] == pytest.approx(price, abs=0.006)


def test_emergency_premium() -> None:
    """(M2.2): with nothing left in the locked mode a good costs b^(-1/(mu-1)) of what it costs who switches."""
    _, elasticities = two(0.8, 0.25)
    nearly, free = 1.0 - 2.0**-30, 30.0 * np.log(2.0) / 4.0
    rise = elasticities.modes.lost(np.array([nearly]))[0]
    assert rise - free == pytest.approx(np.log(4.0) / 3.0, abs=1e-9)


def test_without_switching_a_short_run_may_collapse() -> None:
    """The row p = 0.3 has an equilibrium only because buyers switch (2.33)."""
    world, elasticities = two(0.3, 0.0)
    with pytest.raises(CollapseError, match="has no finite cost"):
        respond(prepare(world, elasticities), _apart(None))


@pytest.mark.parametrize("change", [{"b": 0.0}, {"free": (1.8, 1.8)}])
@pytest.mark.parametrize("event", ["G1", "G2", "G4", "G5"])
def test_without_the_nest_nothing_changes_in_any_bit(change: dict[str, object], event: str) -> None:
    """Nobody switches, or those who do have nothing better: the equations are those of one mode."""
    plain = replace(parameters("SHORT", "mobile"), mobility=np.array([MOBILITY["roy 1.5"]]))
    without, _ = respond(prepare(golden_world(), plain), shock(event))
    having, _ = respond(golden(**change), shock(event))
    assert np.array_equal(without.x, having.x)


def test_all_switching_is_the_long_run_sigma() -> None:
    everyone, _ = respond(golden(b=1.0), shock("G2"))
    plain = replace(
        parameters("SHORT", "mobile"), sigma=np.array([6.0, 3.0]), mobility=np.array([MOBILITY["roy 1.5"]])
    )
    without, _ = respond(prepare(golden_world(), plain), shock("G2"))
    assert np.array_equal(without.x, everyone.x)


@pytest.mark.parametrize("b", [1e-6, 0.25, 0.9])
@pytest.mark.parametrize("mu", [1.01, 4.0, 30.0])
def test_the_base_is_reproduced(b: float, mu: float) -> None:
    """All changes are one to 1e-12, the rounding of a few dozen operations."""
    solved, _ = respond(golden(b=b, mu=mu), Shock())
    assert np.abs(solved.x).max() < 1e-12
    assert certificate_of(solved).residual < 1e-12


def test_local_elasticity() -> None:
    """At the base relative shares answer with 1 - [(1 - b) sigma + b sigma of switching], here -1.85 for energy."""
    economy, step = golden(), 1e-5
    change = []
    for sign in (1.0, -1.0):
        cost = np.ones((3, 3, 2))
        cost[R, W, 0] = np.exp(sign * step)
        solved, _ = respond(economy, Shock(trade_cost=cost))
        pi, unit = solved.swept.pi[0, R], solved.swept.costs.unit[:, 0]
        change.append([np.log(pi[W] / pi[C]), sign * step + unit[W] - unit[C]])
    (high, dear), (low, cheap) = change
    assert (high - low) / (dear - cheap) == pytest.approx(-1.85, abs=1e-8)
    assert economy.parameters.local_sigma[0] == pytest.approx(2.85, abs=1e-15)


def test_a_rising_cost_leads_to_the_cut() -> None:
    """Distances in percentage points of R's welfare, printed with two digits."""
    economy = golden()
    target = np.exp(log_welfare(respond(economy, shock("G2"))[0]))[R]
    for d, gap, within in ((1e3, 0.116, 5e-4), (1e5, 2.9e-3, 5e-5), (1e8, 1.2e-5, 5e-7)):
        cost = np.ones((3, 3, 2))
        cost[R, W] = cost[W, R] = d
        welfare = np.exp(log_welfare(respond(economy, Shock(trade_cost=cost))[0]))[R]
        assert 100.0 * (welfare - target) == pytest.approx(gap, abs=within)


def test_losses_fall_with_the_share_that_switches() -> None:
    losses = [
        -100.0 * np.expm1(log_welfare(respond(golden(b=b), shock("G2"))[0]))[R]
        for b in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
    ]
    # Printed with two digits; the fourth is 30.935 and was rounded up.
    assert losses == pytest.approx([50.24, 45.42, 39.38, 30.94, 23.61, 16.97], abs=6e-3)
