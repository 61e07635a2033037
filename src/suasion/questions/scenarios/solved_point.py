"""What is kept of one solved horizon of a scenario: plain numbers in the order of the world's labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from suasion.equilibrium import Result, Scenario
from suasion.equilibrium.accounts import sector_last
from suasion.equilibrium.batch.bands import NO_REVENUE
from suasion.equilibrium.scenario.instrument import Instrument
from suasion.equilibrium.scenario.places import party, sector_mask
from suasion.types import FloatArray
from suasion.world import World


@dataclass(frozen=True, slots=True)
class Margins:
    """What is told beside the losses of one point, where it takes further equilibria; out of a memo tuples are lists.

    flags: Flags on each economy's number, joined by blanks; empty for none.
    replacement, no_switching: tuple of (float or None). Loss in per cent with lost suppliers replaced at a
      premium, and where nobody switches: of who has a flag.
    capital: tuple of (float or None). Loss in per cent in a long run in which the stock of capital adjusts
      too.
    """

    flags: Sequence[str] = ()
    replacement: Sequence[float | None] = ()
    no_switching: Sequence[float | None] = ()
    capital: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True)
class SolvedPoint:
    """One scenario solved at one horizon: plain numbers in the order of the world's labels, as JSON keeps them.

    years: Horizon; 0 for the first months.
    percent, usd: Change of welfare by economy: per cent of own real expenditure, million USD at base prices.
    income: Base real expenditure by economy, million USD.
    flows: mapping of str to tuple of (float, float). Covered goods before and after by partner, quantities at
      base prices in million USD: "coalition buys", "coalition sells", "target buys", "target sells". Empty
      without two sides.
    price: "coalition" and "target" to the change of the user price of each industry's good over the side's
      own consumer prices, per cent.
    output: The same sides to the change of the quantity produced by industry, per cent; NaN where nothing was
      produced.
    real_income, real_wage, consumer_price: Changes by economy, per cent.
    revenue: New revenue of tariffs, export taxes and rents by economy, million USD.
    residual, dropped: Gaps of the certificate.
    remarks: How the shock was read, and which elasticities were filled.
    doubts: tuple of (str, mapping). What is probably not meant, and what lies beyond the model: the doubt,
      and the values of its words.
    reason: Why there is no equilibrium; then there is nothing else.
    """

    years: float
    percent: Sequence[float] = ()
    usd: Sequence[float] = ()
    income: Sequence[float] = ()
    flows: Mapping[str, Sequence[tuple[float, float]]] | None = None
    price: dict[str, Sequence[float]] | None = None
    output: dict[str, Sequence[float]] | None = None
    real_income: Sequence[float] = ()
    real_wage: Sequence[float] = ()
    consumer_price: Sequence[float] = ()
    revenue: Sequence[float] = ()
    residual: float = 0.0
    dropped: float = 0.0
    remarks: Sequence[str] = ()
    doubts: Sequence[tuple[str, dict[str, Any]]] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """Who acts, who is acted on, and which goods are covered: masks over the world's labels.

    coalition, target: bool array (country,).
    covered: bool array (sector,).
    """

    coalition: np.ndarray[Any, Any]
    target: np.ndarray[Any, Any]
    covered: np.ndarray[Any, Any]


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

    result: A solved scenario.
    sides: Who acts, who is acted on, which goods are covered.
    years: Horizon.
    """
    check, revenue = result.certificate, result.revenue.values
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
        real_income=_plain(result.real_income.values),
        real_wage=_plain(result.real_wage.values),
        consumer_price=_plain(result.consumer_price.values),
        revenue=_plain(np.where(np.abs(revenue) < NO_REVENUE * result.base.income, 0.0, revenue)),
        residual=float(check.residual),
        dropped=float(check.dropped_market),
        remarks=result.notes,
        doubts=tuple((str(one.doubt), dict(one.values)) for one in result.warnings),
    )


def margins_of(result: Result) -> Margins:
    """Take the further equilibria of a result: the bracket is solved where there is a flag.

    result: A solved scenario.
    """
    flags: dict[str, list[str]] = {code: [] for code in result.countries}
    for item in result.flagged:
        flags[item.country].append(item.flag.value)
    capital = tuple(_loss(value) for value in result.welfare_with_capital.values)
    named = tuple(" ".join(dict.fromkeys(own)) for own in flags.values())
    if not result.flagged:
        return Margins(named, (None,) * len(flags), (None,) * len(flags), capital)
    ends = [
        tuple(_loss(row[k]) if own else None for row, own in zip(result.bracket.values, named, strict=True))
        for k in (0, 2)
    ]
    return Margins(named, ends[0], ends[1], capital)


def _loss(change: Any) -> float | None:
    """A change as a loss; None where it is not known."""
    return None if change != change else -float(change) + 0.0


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
