"""Who can pressure whom: what each side loses when a tie is cut, and where dependence becomes critical.

Exit costs come from the exact equilibrium after a cut, for both sides, in per cent and in dollars, with
the other outlet open or closed; power is also given by its partial-equilibrium formula; critical levels are
curves in the size of the tie, never one number.
"""

from suasion.coercion.critical import CriticalLevels, critical_levels, tolerance_share
from suasion.coercion.exit_cost import ExitCost, Instrument, exit_cost
from suasion.coercion.leverage import LeverageMatrix, leverage_matrix
from suasion.coercion.power import one_input_power, power
from suasion.coercion.ties import TieStudy, study_ties

__all__ = [
    "CriticalLevels",
    "ExitCost",
    "Instrument",
    "LeverageMatrix",
    "TieStudy",
    "critical_levels",
    "exit_cost",
    "leverage_matrix",
    "one_input_power",
    "power",
    "study_ties",
    "tolerance_share",
]
