"""Who gains how much: cooperative games, supply networks and lock-in.

A supply network (producers, transit states, customers, routes) becomes a game whose coalitions are worth the largest
surplus from what their members consent to; the Shapley value and the nucleolus divide it. Lock-in says how much of a
seller's capacity leads to one buyer only.
"""

from suasion.games.bargain import Bargain as Bargain
from suasion.games.bargain import Project as Project
from suasion.games.bargain import Unsolved as Unsolved
from suasion.games.bargain import bargain as bargain
from suasion.games.bargain import compare as compare
from suasion.games.bargain import project as project
from suasion.games.coalitions import game_of as game_of
from suasion.games.coalitions import worth_of as worth_of
from suasion.games.core import LeastCore as LeastCore
from suasion.games.core import excesses as excesses
from suasion.games.core import in_core as in_core
from suasion.games.core import is_convex as is_convex
from suasion.games.core import least_core as least_core
from suasion.games.core import nucleolus as nucleolus
from suasion.games.core import objections as objections
from suasion.games.core import prenucleolus as prenucleolus
from suasion.games.network import Customer as Customer
from suasion.games.network import Producer as Producer
from suasion.games.network import Route as Route
from suasion.games.network import SupplyNetwork as SupplyNetwork
from suasion.games.network import lock_in as lock_in
from suasion.games.network import network_lock_in as network_lock_in
from suasion.games.network import outlets as outlets
from suasion.games.network_file import NetworkFile as NetworkFile
from suasion.games.network_file import parse_network as parse_network
from suasion.games.network_file import read_network as read_network
from suasion.games.ranges import RangeSweep as RangeSweep
from suasion.games.ranges import sweep as sweep
from suasion.games.tu import Estimate as Estimate
from suasion.games.tu import Game as Game
from suasion.games.tu import bankruptcy as bankruptcy
from suasion.games.tu import banzhaf as banzhaf
from suasion.games.tu import dividends as dividends
from suasion.games.tu import estimate_shapley as estimate_shapley
from suasion.games.tu import shapley as shapley
