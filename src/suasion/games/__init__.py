"""Who gains how much: cooperative games, supply networks, lock-in and debt.

A supply network (producers, transit states, customers, routes) becomes a game whose coalitions are worth the largest
surplus from what their members consent to; the Shapley value and the nucleolus divide it. Lock-in and debt give the
same question its short answers: what a sole customer can extract, and what discount a debtor accepts.
"""

from suasion.games.bargain import Bargain, Project, Unsolved, bargain, compare, project
from suasion.games.coalitions import game_of, worth_of
from suasion.games.core import LeastCore, excesses, in_core, is_convex, least_core, objections
from suasion.games.debt import (
    CNPC_2012,
    Discount,
    OilForLoans,
    discount_cost,
    implied_power,
)
from suasion.games.lockin import (
    PipelinePrice,
    alternative_value,
    hold_up_loss,
    lock_in,
    network_lock_in,
    outlets,
    pipeline_price,
    replacement_rise,
)
from suasion.games.network import Customer, Producer, Route, SupplyNetwork
from suasion.games.network_file import NetworkFigure, NetworkFile, parse_network, read_network
from suasion.games.nucleolus import nucleolus, prenucleolus
from suasion.games.ranges import RangeSweep, sweep
from suasion.games.tu import Game, bankruptcy
from suasion.games.values import Estimate, banzhaf, dividends, estimate_shapley, shapley

__all__ = [
    "CNPC_2012",
    "Bargain",
    "Customer",
    "Discount",
    "Estimate",
    "Game",
    "LeastCore",
    "NetworkFigure",
    "NetworkFile",
    "OilForLoans",
    "PipelinePrice",
    "Producer",
    "Project",
    "RangeSweep",
    "Route",
    "SupplyNetwork",
    "Unsolved",
    "alternative_value",
    "bankruptcy",
    "banzhaf",
    "bargain",
    "compare",
    "discount_cost",
    "dividends",
    "estimate_shapley",
    "excesses",
    "game_of",
    "hold_up_loss",
    "implied_power",
    "in_core",
    "is_convex",
    "least_core",
    "lock_in",
    "network_lock_in",
    "nucleolus",
    "objections",
    "outlets",
    "parse_network",
    "pipeline_price",
    "prenucleolus",
    "project",
    "read_network",
    "replacement_rise",
    "shapley",
    "sweep",
    "worth_of",
]
