"""A desk with the warm model: solves one question at one horizon and keeps what the pages show of it.

The base after the deficit rule is prepared once for each rule, each solved point is small plain data, and a
memo that outlives the process may keep it.
"""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import numpy as np

from suasion import __version__
from suasion.equilibrium import Economy, Parameters, Result, Scenario, compile_scenario, resolve, run
from suasion.equilibrium.accounts import Accounts, FloatArray, sector_last
from suasion.equilibrium.economy import base_of, economy_on
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.equilibrium.scenario.instrument import Instrument
from suasion.equilibrium.scenario.places import party, sector_mask
from suasion.errors import ConvergenceError, ShockError
from suasion.questions.scenarios.address import Query, digest, scenario_of
from suasion.questions.scenarios.expected_time import DearError, expected_seconds
from suasion.world import World, load_world

KEPT_POINTS = 128
RESIDUAL, DROPPED = 1e-9, 1e-8
"""Gaps below which an equilibrium counts as certified, as in the dossier."""


class Memo(Protocol):
    """Where solved points outlive this process."""

    def read(self, key: str) -> bytes | None:
        """Return what is kept under a key, or None."""

    def write(self, key: str, content: bytes) -> None:
        """Keep it."""


@dataclass(frozen=True, slots=True)
class SolvedPoint:
    """One scenario solved at one horizon, as plain numbers in the order of the world's labels.

    Attributes
    ----------
    years : float
        Horizon.
    percent, usd : tuple of float
        Change of welfare by economy: per cent of own real expenditure, million USD at base prices.
    income : tuple of float
        Base real expenditure by economy, million USD.
    flows : mapping of str to tuple of (float, float)
        Covered goods before and after by partner, quantities at base prices in million USD: "coalition buys",
        "coalition sells", "target buys", "target sells". Empty without two sides.
    price : mapping of str to tuple of float
        "coalition" and "target" to the change of the user price of each industry's good over the side's own
        consumer prices, per cent.
    output : mapping of str to tuple of float
        The same sides to the change of the quantity produced by industry, per cent; NaN where nothing was produced.
    residual, dropped : float
        Gaps of the certificate.
    remarks : tuple of str
        How the shock was read, and which elasticities were filled.
    doubts : tuple of str
        What is probably not meant, and what lies beyond the model.
    reason : str
        Why there is no equilibrium; then all tuples are empty.
    """

    years: float
    percent: tuple[float, ...] = ()
    usd: tuple[float, ...] = ()
    income: tuple[float, ...] = ()
    flows: dict[str, tuple[tuple[float, float], ...]] | None = None
    price: dict[str, tuple[float, ...]] | None = None
    output: dict[str, tuple[float, ...]] | None = None
    residual: float = 0.0
    dropped: float = 0.0
    remarks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    reason: str = ""

    @property
    def certified(self) -> bool:
        """Whether both gaps are small enough to print the number."""
        return not self.reason and self.residual <= RESIDUAL and self.dropped <= DROPPED


@dataclass(frozen=True, slots=True)
class Sides:
    """Who acts, who is acted on, and which goods are covered: masks over the world's labels.

    Attributes
    ----------
    coalition, target : bool array (country,)
    covered : bool array (sector,)
    """

    coalition: np.ndarray[Any, Any]
    target: np.ndarray[Any, Any]
    covered: np.ndarray[Any, Any]


class WarmModel:
    """The warm model.

    Parameters
    ----------
    world : World, optional
        The embedded one by default.
    memo : Memo, optional
        Where points outlive this process.
    allowance : float
        Seconds that a point may be expected to take; a dearer one is refused before it is solved.
    """

    def __init__(
        self, world: World | None = None, memo: Memo | None = None, allowance: float = math.inf
    ) -> None:
        self.world = world or load_world()
        self.memo = memo
        self.allowance = allowance
        self._points: OrderedDict[str, SolvedPoint] = OrderedDict()

    def warm(self) -> None:
        """Prepare what every question needs, so that the first one does not wait for it."""
        for years in (1.0, 10.0):
            self.economy(Query(measures=(), years=years))

    def accounts(self, query: Query) -> Accounts:
        """Return the base after the deficit rule of a question."""
        return base_of(self.world, resolve_base(self.world), query.deficits)

    def parameters(self, query: Query) -> Parameters:
        """Elasticities at the horizon of a question, moved by its two factors."""
        return moved(resolve(self.world, query.years), query)

    def economy(self, query: Query) -> Economy:
        """Return the base with the elasticities of a question, ready for shocks."""
        return economy_on(self.accounts(query), self.parameters(query), query.deficits)

    def point(self, query: Query) -> SolvedPoint:
        """Solve a question at its horizon, or recall it.

        Raises
        ------
        InputError
            The scenario is not valid for this world.
        DearError
            It is expected to take longer than this desk may spend.
        """
        key = self.key(query)
        if key not in self._points:
            kept = None if self.memo is None else self.memo.read(key)
            self._points[key] = _point_of(json.loads(kept)) if kept else self._solve(query)
            if self.memo is not None and not kept:
                self.memo.write(key, json.dumps(asdict(self._points[key])).encode())
        _keep(self._points, key, KEPT_POINTS)
        return self._points[key]

    def knows(self, query: Query) -> bool:
        """Whether the point of a question can be recalled without solving."""
        key = self.key(query)
        return key in self._points or (self.memo is not None and self.memo.read(key) is not None)

    def key(self, query: Query) -> str:
        """Hash of everything that the point of a question depends on."""
        plain = replace(query, draws=0, name="")
        return digest(["point", 3, __version__, self.world.checksum, plain.address])

    def _solve(self, query: Query) -> SolvedPoint:
        scenario = scenario_of(query)
        shock = compile_scenario(self.world, scenario)
        expected = expected_seconds(shock)
        if expected > self.allowance:
            raise DearError(
                f"The question will take some {expected:.0f} seconds; {self.allowance:g} are allowed."
            )
        try:
            result = run(self.economy(query), self.world, scenario, shock)
        except (ShockError, ConvergenceError) as error:
            return SolvedPoint(query.years, reason=str(error))
        return point_of(result, sides_of(self.world, scenario), query.years)


def _keep(kept: OrderedDict[str, Any], key: str, most: int) -> None:
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


def moved(parameters: Parameters, query: Query) -> Parameters:
    """Move elasticities by the factors of a question: sigma - 1 by ``ease``, theta and epsilon by ``swap``."""
    if query.ease == 1.0 and query.swap == 1.0:
        return parameters
    switching = parameters.switching
    if switching is not None:
        switching = replace(switching, sigma=1.0 + query.ease * (switching.sigma - 1.0))
    return replace(
        parameters,
        sigma=1.0 + query.ease * (parameters.sigma - 1.0),
        switching=switching,
        theta=query.swap * parameters.theta,
        epsilon=query.swap * parameters.epsilon,
    )


def sides_of(world: World, scenario: Scenario) -> Sides:
    """Read who acts and who is acted on; a target that strikes back stays the target, "all" leaves the others out."""
    year = world.year if scenario.year is None else scenario.year
    coalition, target = np.zeros((2, len(world.countries)), dtype=np.bool_)
    covered = np.zeros(len(world.sectors), dtype=np.bool_)
    for item in scenario.instruments:
        act, hit = (_mask(world, item, key, year) for key in ("senders", "targets"))
        answers = (act & target).any() and not (act & coalition).any()  # a target that strikes back
        coalition, target = (coalition | hit, target | act) if answers else (coalition | act, target | hit)
        covered |= sector_mask(getattr(item, "sectors", None), world)
    return Sides(coalition, target & ~coalition, covered)


def _mask(world: World, item: Instrument, key: str, year: int) -> Any:
    tokens: Sequence[str] = getattr(item, key, ())
    return party(tokens, world, year).mask if tokens else np.zeros(len(world.countries), dtype=np.bool_)


def point_of(result: Result, sides: Sides, years: float) -> SolvedPoint:
    """Take from a result what the pages show.

    Parameters
    ----------
    result : Result
        A solved scenario.
    sides : Sides
        Who acts, who is acted on, which goods are covered.
    years : float
        Horizon.
    """
    check = result.certificate
    both = {"coalition": sides.coalition, "target": sides.target}
    present = {name: mask for name, mask in both.items() if mask.any()}
    return SolvedPoint(
        years=years,
        percent=_plain(result.welfare.values),
        usd=_plain(result.equivalent_variation.values),
        income=_plain(result.base.income),
        flows=_flows(result, present, sides.covered) if len(present) == 2 else {},
        price={name: _plain(_relative_prices(result, mask)) for name, mask in present.items()},
        output={name: _plain(_outputs(result, mask)) for name, mask in present.items()},
        residual=float(check.residual),
        dropped=float(check.dropped_market),
        remarks=result.notes,
        doubts=tuple(map(str, result.warnings)),
    )


def _plain(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _flows(result: Result, sides: dict[str, Any], covered: Any) -> dict[str, tuple[tuple[float, float], ...]]:
    """Covered goods that each side buys by origin and sells by destination, before and after, at base prices."""
    price = np.exp(result.producer_price)  # of the exporter, at the gate
    before, after = sector_last(result.base.receipts), result.trade.values / price[None]
    some = [flow[..., covered].sum(2) for flow in (before, after)]
    made = {}
    for name, mask in sides.items():
        made[f"{name} buys"] = [flow[mask].sum(0) for flow in some]
        made[f"{name} sells"] = [flow[:, mask].sum(1) for flow in some]
    return {key: tuple(zip(*map(_plain, pair), strict=True)) for key, pair in made.items()}


def _relative_prices(result: Result, mask: Any) -> FloatArray:
    """Change of user prices over own consumer prices, weighted by base purchases, per cent (sector,)."""
    price = 1.0 + result.prices.values[mask] / 100.0
    relative = price / (1.0 + result.consumer_price.values[mask] / 100.0)[:, None]
    weight = result.base.expenditure[mask]
    total = weight.sum(0)
    change = np.full(total.shape, np.nan)
    np.divide((relative * weight).sum(0), total, out=change, where=total > 0)
    return np.asarray(100.0 * (change - 1.0))


def _outputs(result: Result, mask: Any) -> FloatArray:
    """Change of the quantity produced at base prices, per cent (sector,)."""
    base = result.base.output[mask]
    change = np.nan_to_num(result.output.values[mask], nan=0.0)
    total = base.sum(0)
    out = np.full(total.shape, np.nan)
    np.divide((base * change).sum(0), total, out=out, where=total > 0)
    return np.asarray(out)


def _point_of(data: dict[str, Any]) -> SolvedPoint:
    """SolvedPoint from the memo's JSON, lists as tuples again."""
    tables = {
        key: data[key] and {side: tuple(values) for side, values in data[key].items()}
        for key in ("price", "output")
    }
    flows = data["flows"] and {key: tuple(map(tuple, pairs)) for key, pairs in data["flows"].items()}
    flat = {key: tuple(data[key]) for key in ("percent", "usd", "income", "remarks", "doubts")}
    return SolvedPoint(**{**data, **tables, **flat, "flows": flows})
