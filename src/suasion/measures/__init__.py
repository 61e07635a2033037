"""The measures room: how much two states depend on each other, as shares, concentration and exposure.

Every measure is a pure function of a world or of a plain table, and describes the accounts as they stand:
who trades how much with whom, directly and through supply chains, in total and by good. None of them says
what losing a tie would cost; that takes a model, and lives elsewhere. Nothing here imports one.
"""

from suasion.measures.concentration import concentration as concentration
from suasion.measures.concentration import effective_number as effective_number
from suasion.measures.concentration import hhi as hhi
from suasion.measures.concentration import hirschman as hirschman
from suasion.measures.concentration import normalised_hhi as normalised_hhi
from suasion.measures.concentration import trade_power as trade_power
from suasion.measures.dependence import Dependence as Dependence
from suasion.measures.dependence import dependence as dependence
from suasion.measures.dependence import share_matrix as share_matrix
from suasion.measures.dependence import trade as trade
from suasion.measures.exposure import Exposure as Exposure
from suasion.measures.exposure import exposure as exposure
from suasion.measures.exposure import exposure_both as exposure_both
from suasion.measures.exposure import exposure_matrix as exposure_matrix
from suasion.measures.history import trade_history as trade_history
from suasion.measures.materials import COMMODITIES as COMMODITIES
from suasion.measures.materials import MaterialShares as MaterialShares
from suasion.measures.materials import material_shares as material_shares
from suasion.measures.network import Network as Network
from suasion.measures.network import network as network
from suasion.measures.totals import partner_shares as partner_shares
from suasion.measures.totals import total_dots as total_dots
