"""The measures room: how much two states depend on each other, as shares, concentration and exposure.

Every measure is a pure function of a world or of a plain table, and describes the accounts as they stand:
who trades how much with whom, directly and through supply chains, in total and by good. None of them says
what losing a tie would cost; that takes a model, and lives elsewhere. Nothing here imports one.
"""

from suasion.measures.concentration import concentration, effective_number, hhi, hirschman, normalised_hhi
from suasion.measures.dependence import (
    Dependence,
    dependence,
    gdp_ratio_matrix,
    pair_indices,
    share_matrix,
    trade,
)
from suasion.measures.exposure import (
    Exposure,
    exposure,
    exposure_both,
    exposure_matrix,
)
from suasion.measures.history import trade_history
from suasion.measures.material_ranks import material_partners, top_materials
from suasion.measures.materials import COMMODITIES, MaterialShares, material_shares
from suasion.measures.network import Network, network
from suasion.measures.power import trade_power
from suasion.measures.totals import partner_shares, total_dots

__all__ = [
    "COMMODITIES",
    "Dependence",
    "Exposure",
    "MaterialShares",
    "Network",
    "concentration",
    "dependence",
    "effective_number",
    "exposure",
    "exposure_both",
    "exposure_matrix",
    "gdp_ratio_matrix",
    "hhi",
    "hirschman",
    "material_partners",
    "material_shares",
    "network",
    "normalised_hhi",
    "pair_indices",
    "partner_shares",
    "share_matrix",
    "top_materials",
    "total_dots",
    "trade",
    "trade_history",
    "trade_power",
]
