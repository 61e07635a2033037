"""Small economies, elasticities and shocks, and solves that are certified on the way, for the model's tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.economy import Economy, certificate_of, log_welfare, prepare, respond
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.result import Result
from suasion.equilibrium.scenario.scenario import Scenario
from suasion.equilibrium.simulate import run
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.types import Limit, Parameters, Shock, Switching
from suasion.types import DeficitRule
from suasion.world import World
from suasion.world.checks import Provenance

FloatArray = NDArray[np.float64]

#: The residual that every shipped number must meet, and the certificate's bound for the dropped market.
CERTIFIED = 1e-9


def buyer_world(weight: float, *shares: float) -> World:
    """B spends a weight of its money on an input of which S1, S2, ... sell these shares, and it itself the rest.

    There is nothing else but what everybody makes at home, and no input in making it.
    """
    names = ("B", *(f"S{j + 1}" for j in range(len(shares))))
    final = np.zeros((len(names), len(names), 2))
    final[0, :, 0] = 100.0 * weight * np.array([1.0 - sum(shares), *shares])
    final[range(len(names)), range(len(names)), 1] = 100.0 * (1.0 - weight)
    zero = np.zeros_like(final)
    use = np.zeros((len(names), 2, 2))
    arrays = {"intermediate": zero, "final": final, "input_use": use, "factor_income": final.sum(0)}
    return World(names, ("input", "home"), 2000, arrays, provenance=Provenance(dataset="one buyer"))


def parameters(
    world: World,
    sigma: ArrayLike,
    upper: float | None = None,
    *,
    zeta: float = 1.0,
    epsilon: float = 1.0,
    kappa: float = 1.0,
    eta: float = 1.0,
    mobility: ArrayLike = 0.0,
) -> Parameters:
    """Elasticities by value; ``upper`` sets zeta, epsilon and kappa at once, ``mobility`` is 1 / roy."""
    n, s = len(world.countries), len(world.sectors)
    if upper is not None:
        zeta = epsilon = kappa = upper
    return Parameters(
        sigma=np.broadcast_to(np.asarray(sigma, dtype=float), (s,)).copy(),
        zeta=np.full((n, s), zeta),
        epsilon=np.full((n, s), epsilon),
        eta=np.full((n, s), eta),
        kappa=np.full(n, kappa),
        mobility=np.broadcast_to(np.asarray(mobility, dtype=float), (len(world.factors),)).copy(),
        horizon="as given",
    )


def uneven(world: World, seed: int, mobility: ArrayLike = 0.0, switching: bool = False) -> Parameters:
    """Elasticities that differ between cells, with every nest on both sides of one.

    With ``switching`` some buyers of all goods but the first can change their suppliers.
    """
    rng = np.random.default_rng(seed)
    n, s = len(world.countries), len(world.sectors)
    drawn = Switching(rng.uniform(3.0, 9.0, s), np.arange(s) / (s + 1.0), rng.uniform(1.5, 6.0, s))
    rng = np.random.default_rng(seed)
    return Parameters(
        sigma=rng.uniform(2.0, 7.0, s),
        zeta=rng.uniform(0.5, 1.3, (n, s)),
        epsilon=rng.uniform(0.3, 1.3, (n, s)),
        eta=rng.uniform(0.5, 1.5, (n, s)),
        kappa=rng.uniform(0.5, 1.3, n),
        mobility=np.broadcast_to(np.asarray(mobility, dtype=float), (len(world.factors),)).copy(),
        horizon="as given",
        switching=drawn if switching else None,
    )


def without_inputs(flow: ArrayLike, **fields: Any) -> World:
    """World in which factors alone produce; ``flow`` is (importer, exporter) or (importer, exporter, sector)."""
    flow = np.asarray(flow, dtype=float)
    flow = flow[:, :, None] if flow.ndim == 2 else flow
    n, _, s = flow.shape
    arrays = {
        "intermediate": np.zeros_like(flow),
        "final": flow,
        "input_use": np.zeros((n, s, s)),
        "factor_income": flow.sum(0),
    }
    names = tuple(f"C{j + 1}" for j in range(n)), tuple(f"S{k + 1}" for k in range(s))
    return World(*names, 2000, {**arrays, **fields})


def cells(world: World, importer: Any, exporter: Any, sector: Any = slice(None)) -> NDArray[np.bool_]:
    """Mask (importer, exporter, sector); trade of a country with itself is left out."""
    n, s = len(world.countries), len(world.sectors)
    mask = np.zeros((n, n, s), dtype=bool)
    mask[importer, exporter, sector] = True
    return mask & ~np.eye(n, dtype=bool)[:, :, None]


def between(world: World, one: int, other: int) -> NDArray[np.bool_]:
    """Mask of the trade of two countries, both ways."""
    return cells(world, one, other) | cells(world, other, one)


def alone(world: World, country: int) -> NDArray[np.bool_]:
    """Mask of all foreign trade of a country."""
    return cells(world, country, slice(None)) | cells(world, slice(None), country)


def limit(kind: Any, mask: NDArray[np.bool_], bound: float, rent: Any = "importer") -> Shock:
    """Shock made of one quota or price cap."""
    return Shock(limits=(Limit(kind, mask, bound, rent, f"{kind} at {bound:g}"),))


def certified(economy: Economy, shock: Shock) -> Solved:
    """Solve a shock and insist on its certificate."""
    solved, _ = respond(economy, shock)
    certificate = certificate_of(solved)
    assert certificate.ok(CERTIFIED), certificate
    return solved


def welfare(
    world: World | Economy,
    shock: Shock,
    elasticities: Parameters | None = None,
    deficits: DeficitRule = "balance",
) -> FloatArray:
    """Change in welfare as a ratio, from a certified solve."""
    if isinstance(world, World):
        assert elasticities is not None
        world = prepare(world, elasticities, deficits)
    return np.exp(log_welfare(certified(world, shock)))


def result(world: World, shock: Shock, elasticities: Parameters, deficits: DeficitRule = "balance") -> Result:
    """Labelled outcome of a shock given as arrays."""
    return run(prepare(world, elasticities, deficits), world, Scenario("made up"), shock)


def unsolved(
    world: World, elasticities: Parameters, shock: Shock | None = None, rule: DeficitRule = "world"
) -> Any:
    """Counterfactual as the solver gets it."""
    return build_problem(accounts_of(world), elasticities, shock or Shock(), rule)
