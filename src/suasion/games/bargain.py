"""Who gets what in a supply network, and what a link, a customer or a rule of access changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import pandas as pd

from suasion.errors import NetworkError
from suasion.games.coalitions import best_choice, game_of
from suasion.games.core import MOST_PLAYERS, least_core, nucleolus
from suasion.games.network import SupplyNetwork
from suasion.games.network_models import known
from suasion.games.tu import Game, banzhaf, shapley
from suasion.types import FloatArray

COLUMNS = ("player", "name", "shapley", "nucleolus", "banzhaf", "alone", "gain", "share_percent", "pivotal")


class Unsolved(StrEnum):
    """Why a network has no nucleolus: more players than it is computed for, or worth more alone than together."""

    TOO_MANY = "too_many"
    ALONE = "alone"


@dataclass(frozen=True)
class Bargain:
    """Division of the surplus of a network.

    Parameters
    ----------
    game : worth of every coalition of the players
    table : one row a player: player, name, shapley, nucleolus (missing beyond 18 players, or where the players are
        worth more alone), banzhaf, alone (its worth with nobody's consent but its own), gain (shapley less alone),
        share_percent (of the sum of gains), pivotal (loss of everybody together when it stays away).
    flows : routes and producers with everybody on board: kind, name, quantity, capacity, use_percent, built.
    markets : customers: name, quantity, price.
    core_empty : whether some coalition must always get less than it is worth
    network : SupplyNetwork
    unsolved : why there is no nucleolus
    shared : players that are worth more alone than they add: something without an owner is counted more than once.
    """

    game: Game = field(repr=False)
    table: pd.DataFrame
    flows: pd.DataFrame = field(repr=False)
    markets: pd.DataFrame = field(repr=False)
    core_empty: bool
    network: SupplyNetwork = field(repr=False)
    unsolved: Unsolved | None = None
    shared: tuple[str, ...] = ()

    def of(self, player: str, column: str = "shapley") -> float:
        """Number of one player.

        Raises
        ------
        NetworkError
            There is no such player or column.
        """
        rows = self.table.set_index("player")
        if player not in rows.index or column not in rows.columns:
            raise NetworkError(
                f"There is no {column!r} of {player!r} here. Players: {', '.join(rows.index)}."
            )
        return float(rows[column].to_numpy()[rows.index.get_loc(player)])


def bargain(network: SupplyNetwork) -> Bargain:
    """Divide the surplus of a network among its players.

    Parameters
    ----------
    network : at most 20 players

    Returns
    -------
    Bargain
        In the network's unit of value.

    Raises
    ------
    NetworkError
        More than 20 players.
    ConvergenceError
        A solver failed.
    """
    game = game_of(network)
    unsolved = _unsolved(game)
    kernel = np.full(game.n, np.nan) if unsolved else nucleolus(game)
    flows, markets = _outcome(network)
    empty = game.n > 1 and least_core(game).empty
    table = _table(network, game, kernel)
    # 1e-6 of the largest: the convex programmes stop at 1e-7.
    odd = table["player"][table["pivotal"] < table["alone"] - 1e-6 * table["alone"].abs().max()]
    return Bargain(game, table, flows, markets, empty, network, unsolved, tuple(odd))


def division(network: SupplyNetwork, game: Game) -> pd.DataFrame:
    """Players with their Shapley value, its gain over standing alone, and their share of all gains in per cent."""
    value = shapley(game)
    gain = value - game.alone
    total = gain.sum()
    return pd.DataFrame(
        {
            "player": list(network.players),
            "name": list(network.players.values()),
            "shapley": value,
            "gain": gain,
            "share_percent": 100.0 * gain / total if total > 0 else np.zeros(game.n),
        }
    )


def compare(networks: Mapping[str, SupplyNetwork]) -> pd.DataFrame:
    """Divisions of several networks side by side: with and without a link, a customer, a rule of access.

    Parameters
    ----------
    networks : name of each case and its network; the first is the one compared with

    Returns
    -------
    DataFrame
        Columns case, player, name, shapley, gain, share_percent, change (of shapley from the first case; missing where
        the player is not in it).

    Raises
    ------
    NetworkError
        No network is given.
    """
    if not networks:
        raise NetworkError("There is nothing to compare: give at least one network.")
    parts = {case: division(network, game_of(network)) for case, network in networks.items()}
    base = next(iter(parts.values())).set_index("player")["shapley"]
    out = pd.concat(parts, names=["case"]).reset_index("case").reset_index(drop=True)
    return out.assign(change=out["shapley"] - out["player"].map(base))


@dataclass(frozen=True, slots=True)
class Project:
    """What a new link is worth to those who would build it.

    Parameters
    ----------
    gross : rise of the promoters' Shapley value once the link stands, a year
    cost : its fixed cost a year
    surplus : rise of the surplus of all, before that cost
    changes : rise of each player's Shapley value
    """

    gross: float
    cost: float
    surplus: float
    changes: Mapping[str, float]

    @property
    def net(self) -> float:
        """Gross less cost: above zero the promoters build."""
        return self.gross - self.cost


def project(network: SupplyNetwork, route: str, promoters: Sequence[str]) -> Project:
    """Strategic value of a route that is yet to be built: the game with it standing against the game without it.

    Parameters
    ----------
    network : its other routes to be built are left out of both games
    route : str
    promoters : players whose values count

    Returns
    -------
    Project

    Raises
    ------
    NetworkError
        The route is not one that is yet to be built, or a promoter no player.
    """
    options = {r.name: r.investment for r in network.optional}
    known("planned route", (route,), tuple(options))
    known("player", promoters, tuple(network.players))
    others = network.without(routes=[name for name in options if name != route])
    with_it, without = game_of(others.building(route, None)), game_of(others.without(routes=[route]))
    rise = dict(zip(network.players, shapley(with_it) - shapley(without), strict=True))
    gross = sum(float(rise[p]) for p in promoters)
    return Project(gross, options[route] or 0.0, with_it.total - without.total, MappingProxyType(rise))


def _unsolved(game: Game) -> Unsolved | None:
    own = float(game.alone.sum())
    if game.n > MOST_PLAYERS:
        return Unsolved.TOO_MANY
    return Unsolved.ALONE if own > game.total + 1e-9 * abs(own) else None


def _table(network: SupplyNetwork, game: Game, kernel: FloatArray) -> pd.DataFrame:
    rest = game.worth[(1 << game.n) - 1 - (1 << np.arange(game.n))]
    table = division(network, game).assign(
        nucleolus=kernel, banzhaf=banzhaf(game), alone=game.alone, pivotal=game.total - rest
    )
    return table[list(COLUMNS)]


def _outcome(network: SupplyNetwork) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What flows, and what customers pay at the margin, when everybody takes part."""
    items, flow, built = best_choice(network)
    sources = [("route", r.name, r.name in built) for r in network.routes]
    sources += [("producer", p.name, False) for p in network.producers]
    capacity, quantity = items.capacity[: len(sources)], flow[: len(sources)]
    use = 100.0 * quantity / np.where(capacity > 0, capacity, 1.0)
    flows = pd.DataFrame(sources, columns=["kind", "name", "built"]).assign(
        quantity=quantity, capacity=capacity, use_percent=use
    )
    bought = flow[len(sources) :]
    price = [c.intercept - c.slope * q for c, q in zip(network.customers, bought, strict=True)]
    names = [c.name for c in network.customers]
    return flows, pd.DataFrame({"name": names, "quantity": bought, "price": price})
