"""Lock-in: how much of a seller's capacity leads to one buyer only, and what the buyer can extract.

Prices are those of Nash bargaining over what is left between the seller's alternative and the buyer's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.games.network import SupplyNetwork


@dataclass(frozen=True, slots=True)
class PipelinePrice:
    """Price on a dedicated pipe.

    Parameters
    ----------
    price : o + (1 - beta)(v - o); missing (nan) when there is nothing to gain
    seller_gain, buyer_gain : a unit, over their alternatives
    """

    price: float
    seller_gain: float
    buyer_gain: float


def lock_in(
    to_one_buyer: Sequence[float], capacity: Sequence[float], weights: Sequence[float] | None = None
) -> float:
    """Share of capacity that can serve one buyer only, from 0 to 1.

    Parameters
    ----------
    to_one_buyer : (K,) capacity for that buyer alone, of each product
    capacity : (K,) whole capacity
    weights : (K,) weight of each product, such as its share in export value; by capacity without it

    Returns
    -------
    float

    Raises
    ------
    InputError
        A capacity is negative or zero in total, one part exceeds the whole, or lengths differ.

    Notes
    -----
    LOCK = sum_k w_k x (capacity for one buyer only) / capacity, with weights that add up to one.
    """
    part, whole = np.asarray(to_one_buyer, float), np.asarray(capacity, float)
    weight = whole if weights is None else np.asarray(weights, float)
    if not part.shape == whole.shape == weight.shape or part.ndim != 1:
        raise InputError(
            "Capacities for one buyer, whole capacities and weights must have one number a product."
        )
    if not np.isfinite(np.concatenate((part, whole, weight))).all():
        raise InputError("Capacities and weights must be finite numbers; one is missing or infinite.")
    if (part < 0).any() or (part > whole).any() or (whole <= 0).any():
        raise InputError("Each capacity must be > 0, and that for one buyer between 0 and it.")
    if (weight < 0).any() or weight.sum() <= 0:
        raise InputError("Weights must be >= 0, and one of them above zero.")
    return float(weight @ (part / whole) / weight.sum())


def outlets(network: SupplyNetwork) -> pd.DataFrame:
    """Buyers that each producer of a network can reach over the routes that stand.

    Parameters
    ----------
    network : a supply network; routes yet to be built do not count

    Returns
    -------
    DataFrame
        One row a producer: ``producer``, ``player``, ``capacity``, ``buyers`` (players other than its own whose markets
        it reaches, in the network's order) and ``sole_buyer`` (the only one, else empty).
    """
    standing: dict[str, set[str]] = {}
    for route in network.routes:
        if route.investment is None and route.capacity > 0:
            standing.setdefault(route.start, set()).add(route.end)
    rows = []
    for producer in network.producers:
        places = _downstream(producer.node, standing)
        reached = {c.player for c in network.customers if c.node in places} - {producer.player, None}
        buyers = tuple(player for player in network.players if player in reached)
        sole = buyers[0] if len(buyers) == 1 else ""
        rows.append((producer.name, producer.player, producer.capacity, buyers, sole))
    return pd.DataFrame(rows, columns=["producer", "player", "capacity", "buyers", "sole_buyer"])


def network_lock_in(network: SupplyNetwork, seller: str, buyer: str) -> float:
    """Share of a seller's capacity in a network that leads to one buyer only, 0 to 1.

    Parameters
    ----------
    network : a supply network
    seller, buyer : players

    Returns
    -------
    float

    Raises
    ------
    InputError
        The seller produces nothing there.
    """
    table = outlets(network)
    own = table[(table["player"] == seller) & (table["capacity"] > 0)]
    if own.empty:
        raise InputError(f"{seller!r} produces nothing in {network.name}; no capacity can be locked in.")
    locked = own["capacity"].where(own["sole_buyer"] == buyer, 0.0)
    return lock_in(locked.to_list(), own["capacity"].to_list())


def _downstream(start: str, routes: Mapping[str, Collection[str]]) -> set[str]:
    """Places that can be reached, the first one included."""
    seen, ahead = {start}, [start]
    while ahead:
        for place in routes.get(ahead.pop(), ()):
            if place not in seen:
                seen.add(place)
                ahead.append(place)
    return seen


def alternative_value(best_other: float, current: float) -> float:
    """Worth of the best other outlet, net of rerouting, over that of the present one, from 0 to 1.

    Parameters
    ----------
    best_other, current : netbacks a unit, of the best other and of the present outlet

    Returns
    -------
    float

    Raises
    ------
    InputError
        The present outlet is worth nothing.

    Notes
    -----
    One is no lock-in: the seller loses nothing by turning away. A better outlet counts as one, a loss as zero.
    """
    check_finite(best_other=best_other, current=current)
    if current <= 0:
        raise InputError(f"The present outlet is worth {current:g}; the ratio needs a positive number.")
    return float(min(max(best_other / current, 0.0), 1.0))


def pipeline_price(outside: float, replacement: float, beta: float = 0.5) -> PipelinePrice:
    """Price of Nash bargaining on a dedicated pipe.

    Parameters
    ----------
    outside : seller's netback at its best other outlet, o
    replacement : what the buyer would pay elsewhere, v
    beta : power of the buyer, from 0 to 1

    Returns
    -------
    PipelinePrice

    Raises
    ------
    InputError
        beta is outside of [0, 1].
    """
    _check_power(beta)
    check_finite(outside=outside, replacement=replacement)
    gain = replacement - outside
    if gain < 0:
        return PipelinePrice(float("nan"), 0.0, 0.0)
    return PipelinePrice(outside + (1 - beta) * gain, (1 - beta) * gain, beta * gain)


def hold_up_loss(before: float, after: float, beta: float = 0.5) -> float:
    """Fall of the price a unit once the pipe is sunk and the seller's alternative has moved.

    Parameters
    ----------
    before, after : seller's alternative before and after sinking the cost, after <= before
    beta : power of the buyer

    Returns
    -------
    float

    Raises
    ------
    InputError
        The alternative rises, or beta is outside of [0, 1].

    Notes
    -----
    beta x (before - after).
    """
    _check_power(beta)
    check_finite(before=before, after=after)
    if after > before:
        raise InputError(f"Sinking the cost cannot raise the seller's alternative ({before:g} to {after:g}).")
    return beta * (before - after)


def replacement_rise(share: float, supply: float, demand: float, exact: bool = True) -> float:
    """Relative rise of the price when a share of supply disappears; 0.08 is 8 %.

    Parameters
    ----------
    share : supply lost over all supply, from 0 to below 1
    supply, demand : elasticities of the supply that is left and of demand, both as positive numbers, not both zero
    exact : solution with constant elasticities; else the formula for small shocks

    Returns
    -------
    float

    Raises
    ------
    InputError
        A number is out of its range.

    Notes
    -----
    Small shocks: share / (supply + demand). Exact: (1 - share) p^supply = p^-demand.
    """
    check_finite(share=share, supply=supply, demand=demand)
    total = supply + abs(demand)
    if not 0 <= share < 1 or supply < 0 or total <= 0:
        raise InputError(
            f"A share of {share:g} with elasticities {supply:g} and {demand:g} has no price: the share must "
            "be in [0, 1), one elasticity above zero."
        )
    return float((1 - share) ** (-1 / total) - 1) if exact else share / total


def check_finite(**numbers: float) -> None:
    """Refuse numbers that are missing or infinite.

    Raises InputError: One is; the message names it.
    """
    wrong = [f"{name} is {value}" for name, value in numbers.items() if not np.isfinite(value)]
    if wrong:
        raise InputError(f"{', '.join(wrong)}; give finite numbers.")


def _check_power(beta: float) -> None:
    if not 0 <= beta <= 1:
        raise InputError(f"beta is {beta:g}; the power of the buyer is from 0 to 1.")
