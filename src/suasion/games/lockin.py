"""Lock-in: how much of a seller's capacity leads to one buyer only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.games.network import SupplyNetwork


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
