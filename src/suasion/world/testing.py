"""Small worlds with known answers, and an assertion that two worlds are equal."""

from __future__ import annotations

import numpy as np

from suasion.errors import DataError
from suasion.types import FloatArray
from suasion.world import arrays as acc
from suasion.world.checks import Provenance
from suasion.world.world import World


def golden_world() -> World:
    """Return the golden economy: three countries, two sectors, no taxes, balanced trade.

    Value added is (1, 8, 20); goods (energy, other) have shares (.2, .8) in final use and in inputs,
    value-added shares (.6, .4) and openness (.5, .2). Of what is not bought from home by habit, each country
    buys from all, itself included, in proportion to their value added. Million USD.
    """
    size = np.array([1.0, 8.0, 20.0])
    spending, va_share, openness = np.array([0.2, 0.8]), np.array([0.6, 0.4]), np.array([0.5, 0.2])
    turnover = size[:, None] * spending / (spending @ va_share)  # output and purchases (country, sector)
    home = np.eye(3)[:, :, None] * (1.0 - openness)
    origin = home + openness * (size / size.sum())[None, :, None]
    flow = origin * turnover[:, None, :]
    inputs = ((1.0 - va_share) * turnover)[:, :, None] * spending
    return _proportional_world(
        ("R", "C", "W"),
        ("energy", "other"),
        flow,
        inputs,
        turnover * va_share,
        "golden economy",
    )


def symmetric_world(countries: int = 2, domestic: float = 0.8, va_share: float = 0.5) -> World:
    """Return equal countries with one sector: domestic share and value-added share as given.

    The closed forms of a symmetric economy hold on it. Million USD; each country's output is 100.
    """
    foreign = (1.0 - domestic) / (countries - 1)
    share = np.where(np.eye(countries, dtype=bool), domestic, foreign)
    inputs = np.full((countries, 1, 1), 100.0 * (1.0 - va_share))
    names = tuple(f"C{j + 1}" for j in range(countries))
    income = np.full((countries, 1), 100.0 * va_share)
    return _proportional_world(
        names, ("good",), 100.0 * share[:, :, None], inputs, income, "symmetric economy"
    )


def random_world(countries: int = 4, sectors: int = 3, seed: int = 0, tariffs: bool = False) -> World:
    """Return a world drawn at random with deficits, uneven origins and, if asked, tariffs.

    countries, sectors: Size.
    seed: Seed of the generator; the same seed gives the same world.
    tariffs: Draw tariffs of up to 30 % on imports.
    """
    rng = np.random.default_rng(seed)
    home = np.eye(countries, dtype=bool)[:, :, None]
    flow = rng.lognormal(0.0, 1.0, (countries, countries, sectors)) * np.where(home, 8.0, 1.0)
    output = flow.sum(axis=0)
    cost = output * rng.uniform(0.3, 0.7, (countries, sectors))
    inputs = cost[:, :, None] * rng.dirichlet(np.ones(sectors), (countries, sectors))
    inputs *= min(
        1.0, 0.9 * float((flow.sum(axis=1) / inputs.sum(axis=1)).min())
    )  # leave something for final use
    world = _proportional_world(
        tuple(f"C{j + 1}" for j in range(countries)),
        tuple(f"S{j + 1}" for j in range(sectors)),
        flow,
        inputs,
        output - inputs.sum(axis=2),
        f"random economy, seed {seed}",
    )
    return world.with_tariffs(rng.uniform(0.0, 0.3, flow.shape) * ~home) if tariffs else world


def assert_world_equal(left: World, right: World, rtol: float = 0.0) -> None:
    """Raise ``AssertionError`` unless two worlds have the same labels, year, marks and numbers.

    left, right: Worlds to compare.
    rtol: Relative gap allowed between cells, as a share of the array's largest cell.
    """
    for name in ("countries", "sectors", "factors", "year", "missing", "use_kind"):
        if getattr(left, name) != getattr(right, name):
            raise AssertionError(f"`{name}` differs: {getattr(left, name)} and {getattr(right, name)}")
    for name in acc.STORED:
        one, two = left.array(name), right.array(name)
        scale = max(float(np.abs(one).max()), float(np.abs(two).max()))
        gap = float(np.abs(one - two).max())
        if gap > rtol * scale:
            raise AssertionError(f"`{name}` differs by {gap:.3g}, {gap / scale:.3g} of its largest cell")


def _proportional_world(
    countries: tuple[str, ...],
    sectors: tuple[str, ...],
    flow: FloatArray,
    inputs: FloatArray,
    income: FloatArray,
    name: str,
) -> World:
    """World in which inputs and final use have the same mix of origins; ``flow`` holds both together."""
    share = inputs.sum(axis=1) / flow.sum(axis=1)
    if (share > 1.0).any():
        raise DataError(f"The toy world {name!r} uses more inputs than it buys; lower the input shares.")
    intermediate = flow * share[:, None, :]
    arrays = {"intermediate": intermediate, "final": flow - intermediate}
    return World(
        countries,
        sectors,
        2000,
        {**arrays, "input_use": inputs, "factor_income": income},
        provenance=Provenance(dataset=name),
    )
