"""Elasticities of one world at one horizon, and draws of them for bands."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suasion.equilibrium.elasticities.own import Elasticities, by_label, check_labels, is_table
from suasion.equilibrium.elasticities.points import quantiles
from suasion.equilibrium.elasticities.response import Factors, Response
from suasion.equilibrium.elasticities.schedule import (
    FLOOR,
    LONG_YEARS,
    MU,
    NESTS,
    ROY,
    SWITCHING,
    Horizon,
    factor_at,
    mobility_at,
    nest_at,
    parse_horizon,
    sigma_at,
    switching_at,
)
from suasion.equilibrium.elasticities.sigma import exchange_goods, sigma_values
from suasion.equilibrium.types import Parameters, Switching
from suasion.errors import Doubt, ElasticityError, HorizonWarning, InputError, SuasionWarning, expect
from suasion.remarks import Remark, Topic
from suasion.sources.capital_shares import capital_shares
from suasion.types import BoolArray, FloatArray
from suasion.world import World

COMMON_SD = 0.25
"""Standard deviation of the part of ln(sigma - 1) that all sectors share. Assumption, range 0.15 to 0.40."""

DRAWN = ("zeta", "epsilon", "kappa", "switching", "mu", "roy")
"""What is drawn beside sigma, in the order of the quantiles."""
FIRST_YEAR = ("switching", "mu", "roy")
"""Those of them that matter before the long run only."""


@dataclass(frozen=True, slots=True)
class _Sigma:
    """Long-run sigma: values, which are the user's own, which have exchanges, spread, notes, preset, own factors."""

    value: FloatArray
    own: BoolArray
    exchange: BoolArray
    spread: FloatArray
    marks: tuple[Remark, ...]
    preset: FloatArray
    factors: tuple[float, float] | None = None

    def at(self, years: float, shift: FloatArray | float = 0.0) -> tuple[FloatArray, FloatArray]:
        """Values of buyers who keep and of buyers who change their suppliers, with ln(sigma - 1) shifted."""
        moved = 1.0 + (self.value - 1.0) * np.exp(shift)
        if self.factors:
            first, last = self.factors
            fixed = self.own | self.exchange
            free, kept = (
                np.where(fixed, moved, 1.0 + factor_at(when, first, last) * (moved - 1.0))
                for when in (max(years, LONG_YEARS), years)
            )
            return kept, free
        free = np.where(self.own, moved, sigma_at(moved, max(years, LONG_YEARS)))
        return np.where(self.own | self.exchange, free, sigma_at(moved, years)), free


def resolve(
    world: World,
    horizon: str | float | Elasticities = "long",
    elasticities: Elasticities | None = None,
    factors: Factors | None = None,
) -> Parameters:
    """Every elasticity of a world at a horizon, as arrays.

    Parameters
    ----------
    world : World
        Its sectors are looked up in the embedded table; those that are not there get the documented default
        and a mark.
    horizon : {"months", "short", "long"}, years, or Elasticities
        The first months, the first year, ten years, or years >= 1 since the shock. Elasticities given here are own
        values over the long-run preset.
    elasticities : Elasticities, optional
        Own values, used as they are at every horizon.
    factors : {"mobile", "specific", "roy", "capital"}, optional
        None follows the horizon: specific in the first months, Roy in the first year, mobile from ten years on.
        ``"capital"`` is mobile labour with a stock of capital that adjusts until its rental is the price of investment.

    Returns
    -------
    suasion.equilibrium.types.Parameters
        ``marks`` names every filled, defaulted and floored value.

    Raises
    ------
    ElasticityError
        Own values with an unknown label or another shape.
    InputError
        An unknown horizon or factor rule.
    """
    expect(world, World, "world", "It comes first; load_world() gives the embedded one.")
    horizon, elasticities, factors = _own(world, horizon, elasticities, factors)
    when = parse_horizon(horizon)
    sigma = _sigma(world, elasticities)
    return _build(world, when, elasticities, factors, sigma, sigma.at(when.years), {})


def resolve_base(world: World, elasticities: Elasticities | None = None) -> Parameters:
    """Elasticities by which a base is solved again without deficits: long run, factors mobile, own values else.

    A world without deficits is one to which everybody has had time to adjust. How fast factors follow a shock, be it
    said by the horizon, by ``factors`` or by an own ``roy``, is a matter of the answer and leaves the base as it is.

    world, elasticities: as in :func:`resolve`.
    """
    return resolve(world, "long", elasticities, "mobile")


def draws(
    world: World,
    n: int,
    horizon: str | float | Elasticities = "long",
    seed: int = 0,
    elasticities: Elasticities | None = None,
    factors: Factors | None = None,
) -> tuple[Parameters, ...]:
    """Draws of all uncertain elasticities from a scrambled Sobol sequence.

    ``ln(sigma - 1)`` of every sector, at its long-run value, gets a common normal shift (standard deviation
    :data:`COMMON_SD`) and one of its own; then the horizon's schedule and floor apply. ``zeta``, ``epsilon``
    and ``kappa`` are uniform on their ranges; so are ``switching``, ``mu`` and ``roy``, below and above their central
    values with equal probability, where the horizon is not the long run. Own values of ``sigma`` are shifted too, but
    neither scaled nor floored; own values of the others stay fixed.

    Parameters
    ----------
    world, horizon, elasticities, factors
        As in :func:`resolve`.
    n : int
        Number of draws, at least 1. The first draws of a longer sequence are those of a shorter one.
    seed : int
        Seed of the scrambling. Equal seeds give draw by draw the same quantiles at every horizon, so that the
        difference between horizons is not noise.

    Returns
    -------
    tuple of Parameters

    Raises
    ------
    ElasticityError
        Where an own sigma is not above 1: its logarithm does not exist.
    InputError
        When ``n`` or ``seed`` is out of range.
    """
    size = len(world.sectors) + 1 + len(DRAWN)
    uniform = quantiles(n, size - len(FIRST_YEAR), seed, more=len(FIRST_YEAR))
    made = at_quantiles(world, uniform, horizon, elasticities, factors)
    return tuple(
        replace(one, horizon=f"{one.horizon}, draw {index + 1} of seed {seed}")
        for index, one in enumerate(made)
    )


def at_quantiles(
    world: World,
    uniform: FloatArray,
    horizon: str | float | Elasticities = "long",
    elasticities: Elasticities | None = None,
    factors: Factors | None = None,
) -> tuple[Parameters, ...]:
    """Elasticities at given quantiles of their distributions, those of :func:`draws`.

    world, horizon, elasticities, factors: As in :func:`resolve`.
    uniform: (n, 1 + S + 6). In (0, 1): common part of sigma, own part of every sector, zeta, epsilon, kappa,
      switching, mu, roy.
    Raises ElasticityError where an own sigma is not above 1.
    """
    from scipy.special import ndtri  # slow to import; only draws need it

    horizon, elasticities, factors = _own(world, horizon, elasticities, factors)
    when = parse_horizon(horizon)
    sigma = _sigma(world, elasticities)
    low = [f"{s} ({v:g})" for s, v in zip(world.sectors, sigma.value, strict=True) if v <= 1.0]
    if low:
        raise ElasticityError(
            f"sigma of {', '.join(low[:5])} is not above 1, so ln(sigma - 1) cannot be drawn."
        )
    normal = np.asarray(ndtri(uniform[:, : -len(DRAWN)]))
    shift = COMMON_SD * normal[:, :1] + sigma.spread * normal[:, 1:]
    result: list[Parameters] = []
    for index, row in enumerate(uniform[:, -len(DRAWN) :].tolist()):
        positions = dict(zip(DRAWN, row, strict=True))
        values = sigma.at(when.years, shift[index])
        result.append(_build(world, when, elasticities, factors, sigma, values, positions))
    return tuple(result)


def _own(
    world: World, horizon: str | float | Elasticities, given: Elasticities | None, factors: Factors | None
) -> tuple[str | float, Elasticities, Factors | None]:
    """Horizon proper, own values and mobility: of whichever argument carried them, else as the world responds."""
    usual: Response = world.response or Response()
    factors = factors or usual.factors
    if isinstance(horizon, Elasticities):
        if given is not None:
            raise InputError(
                "Elasticities are given twice, as `horizon` and as `elasticities`; give them once."
            )
        return "long", horizon, factors
    if given is not None:
        expect(given, Elasticities, "elasticities", "Give Elasticities(sigma=4), for instance.")
    return horizon, given or usual.elasticities or Elasticities(), factors


def _sigma(world: World, own: Elasticities) -> _Sigma:
    """Long-run sigma of each sector, with own values laid over."""
    table = sigma_values(world.sectors)
    preset = np.array([value.sigma for value in table])
    values = by_label("sigma", own.sigma, world.sectors, preset, "sector")
    given: Any = own.sigma
    named = {label for label, _ in given} if is_table(given) else set(world.sectors)
    is_own = np.array([given is not None and sector in named for sector in world.sectors])
    marks = tuple(v.mark for v, mine in zip(table, is_own, strict=True) if v.mark and not mine)
    exchange = exchange_goods(world.sectors) if own.exchange is None else own.exchange
    check_labels("exchange", exchange, world.sectors, "sector")
    has_one = np.isin(world.sectors, exchange)
    spread = np.array([value.sd for value in table])
    first: Any = own.first_factor
    factors = None if first is None else (first, own.long_factor)
    return _Sigma(values, is_own, has_one, spread, marks, preset, factors)  # type: ignore[arg-type]


def _build(
    world: World,
    when: Horizon,
    own: Elasticities,
    factors: Factors | None,
    sigma: _Sigma,
    values: tuple[FloatArray, FloatArray],
    positions: dict[str, float],
) -> Parameters:
    """Parameters from sigma values and, for a draw, positions in the ranges of the other nests."""
    shape = (len(world.countries), len(world.sectors))
    nests = {name: nest_at(name, when.years, positions.get(name)) for name in NESTS}
    by_sector = {
        name: by_label(name, getattr(own, name), world.sectors, np.full(shape, nests[name]), "sector")
        for name in ("zeta", "epsilon", "eta")
    }
    kappa = by_label("kappa", own.kappa, world.countries, np.full(shape[0], nests["kappa"]), "country")
    mobility, note = _mobility(world, when, own, factors, positions.get("roy"))
    capital, filled = _capital(world, own) if factors == "capital" else (None, ())
    kept, free = values
    switching = _switching(world, when, own, sigma, free, positions)
    floored = [s for s, v, o in zip(world.sectors, kept, sigma.own, strict=True) if v == FLOOR and not o]
    low = {"floor": FLOOR, "sectors": ", ".join(floored)}
    floor = (Remark(Topic.SIGMA_AT_FLOOR, low),) if floored else ()
    arrays = {"sigma": kept, **by_sector, "kappa": kappa, "mobility": mobility}
    for array in (*arrays.values(), switching.sigma, switching.share, switching.mu):
        array.flags.writeable = False
    made = Parameters(
        **arrays,
        horizon=when.label,
        marks=(*sigma.marks, *floor, *note, *filled),
        switching=switching,
        years=when.years,
        doubts=_doubts(world, when, sigma),
        capital=capital,
    )
    apart = bool(made.drawn_modes.dual.size or (kept != switching.sigma).any())
    return made if apart else _of_one_mode(made)


def _capital(world: World, own: Elasticities) -> tuple[FloatArray, tuple[Remark, ...]]:
    """Share of capital in value added, and a note where it is filled."""
    if len(world.factors) > 1:
        raise InputError('factors="capital" needs a world with one factor; this one has several. Merge them.')
    preset, missing = capital_shares(world.countries)
    share = by_label("capital", own.capital, world.countries, preset, "country")
    share.flags.writeable = False
    filled = (Remark(Topic.CAPITAL_FILLED, {"countries": ", ".join(missing)}),)
    return share, filled if missing and own.capital is None else ()


def _of_one_mode(parameters: Parameters) -> Parameters:
    """Leave out buyers who switch where they make no difference."""
    sigma = parameters.modes.sigma
    sigma.flags.writeable = False
    return replace(parameters, sigma=sigma, switching=None)


def _switching(
    world: World,
    when: Horizon,
    own: Elasticities,
    sigma: _Sigma,
    free: FloatArray,
    positions: dict[str, float],
) -> Switching:
    """Buyers who change suppliers: their sigma, their share at the horizon, and mu.

    Where all buyers have one sigma, for that of the sector is the user's or the long run's, nobody is told apart.
    """
    share = switching_at(when.years, SWITCHING.at(positions.get("switching")))
    one = when.months or when.years >= LONG_YEARS
    apart = ~(sigma.own | sigma.exchange) if own.sigma_switching is None else np.ones_like(sigma.own)
    shares = np.where(apart & (not one), share, 0.0)
    mu = np.full(shares.size, MU.at(positions.get("mu")))
    presets = {"sigma_switching": free, "switching": shares, "mu": mu}
    return Switching(
        *(
            by_label(name, getattr(own, name), world.sectors, preset, "sector")
            for name, preset in presets.items()
        )
    )


def _doubts(world: World, when: Horizon, sigma: _Sigma) -> tuple[SuasionWarning, ...]:
    """Return what is doubtful about elasticities at a horizon: years without estimates, own values of later years."""
    found = []
    if when.years > LONG_YEARS:
        found.append(HorizonWarning(Doubt.LATE_YEARS, {"years": when.years, "last": LONG_YEARS}))
    late = sigma.own & ~sigma.exchange & (sigma.value >= sigma.preset) & (when.years < LONG_YEARS)
    if late.any():
        k = int(late.argmax())
        preset = float(sigma_at(sigma.preset, when.years)[k])
        values = {"sigma": float(sigma.value[k]), "sector": world.sectors[k], "preset": preset}
        found.append(HorizonWarning(Doubt.OWN_SIGMA, values | {"horizon": when.label, "last": LONG_YEARS}))
    return tuple(found)


def _mobility(
    world: World, when: Horizon, own: Elasticities, factors: Factors | None, position: float | None
) -> tuple[FloatArray, tuple[Remark, ...]]:
    """1 / roy of each factor, and a note where it is assumed."""
    count = len(world.factors)
    fixed = {"mobile": 0.0, "specific": 1.0, "capital": 0.0}
    if factors in fixed:
        return np.full(count, fixed[str(factors)]), ()
    if factors not in (None, "roy"):
        raise InputError(
            f'factors={factors!r} is not allowed; give "mobile", "specific", "roy", "capital" or None.'
        )
    dispersion = ROY.at(position)
    preset = 1.0 / dispersion if factors == "roy" else mobility_at(when.years, dispersion)
    if when.months and factors is None:
        preset = 1.0
    roy = np.full(count, math.inf if preset == 0.0 else 1.0 / preset)
    mobility = 1.0 / by_label("roy", own.roy, world.factors, roy, "factor")
    assumed = factors == "roy" and own.roy is None
    values = {"roy": dispersion, "low": ROY.low, "high": ROY.high}
    return mobility, (Remark(Topic.ROY_ASSUMED, values),) if assumed else ()
