"""Who gains how much: cooperative games, supply networks and lock-in.

A supply network (producers, transit states, customers, routes) becomes a game whose coalitions are worth the largest
surplus from what their members consent to; the Shapley value and the nucleolus divide it. Lock-in says how much of a
seller's capacity leads to one buyer only.
"""

from suasion.games.bargain import Bargain, Project, Unsolved, bargain, compare, project
from suasion.games.coalitions import game_of, worth_of
from suasion.games.core import LeastCore, excesses, in_core, is_convex, least_core, objections
from suasion.games.lockin import lock_in, network_lock_in, outlets
from suasion.games.network import Customer, Producer, Route, SupplyNetwork
from suasion.games.network_file import NetworkFigure, NetworkFile, parse_network, read_network
from suasion.games.nucleolus import nucleolus, prenucleolus
from suasion.games.ranges import RangeSweep, sweep
from suasion.games.tu import Game, bankruptcy
from suasion.games.values import Estimate, banzhaf, dividends, estimate_shapley, shapley

__all__ = [
    "Bargain",
    "Customer",
    "Estimate",
    "Game",
    "LeastCore",
    "NetworkFigure",
    "NetworkFile",
    "Producer",
    "Project",
    "RangeSweep",
    "Route",
    "SupplyNetwork",
    "Unsolved",
    "bankruptcy",
    "banzhaf",
    "bargain",
    "compare",
    "dividends",
    "estimate_shapley",
    "excesses",
    "game_of",
    "in_core",
    "is_convex",
    "least_core",
    "lock_in",
    "network_lock_in",
    "nucleolus",
    "objections",
    "outlets",
    "parse_network",
    "prenucleolus",
    "project",
    "read_network",
    "shapley",
    "sweep",
    "worth_of",
]
