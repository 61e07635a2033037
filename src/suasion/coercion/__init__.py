"""Who can pressure whom: what each side loses when a tie is cut, and where dependence becomes critical.

Exit costs come from the exact equilibrium after a cut, for both sides, in per cent and in dollars, with
the other outlet open or closed; power is also given by its partial-equilibrium formula; critical levels are
curves in the size of the tie, never one number. Sensitivities say which flows, taxes and endowments an outcome depends
on; drivers say which elasticities the spread of an answer comes from.
"""

from suasion.coercion.critical import CriticalLevels, critical_levels
from suasion.coercion.drivers.spread import Drivers, drivers, scenario_drivers
from suasion.coercion.exit_cost import ExitCost, Instrument, exit_cost
from suasion.coercion.leverage.intervals import (
    LossInterval,
    loss_interval,
    loss_intervals,
    outlet_closed,
    pair_intervals,
)
from suasion.coercion.leverage.matrix import LeverageMatrix, leverage_matrix
from suasion.coercion.leverage.ranges import loss_ranges
from suasion.coercion.nash import NashTariffs, nash_tariffs
from suasion.coercion.power import one_input_power, power
from suasion.coercion.sensitivity.exact import CutOffs
from suasion.coercion.sensitivity.gradient import Linearisation, Sensitivity, prepare_sensitivity, sensitivity
from suasion.coercion.sensitivity.outcomes import (
    EquivalentVariation,
    Loss,
    LossGap,
    LossRatio,
    RealIncome,
    Welfare,
)
from suasion.coercion.substitutes import Substitutes, substitutes
from suasion.coercion.ties import TieStudy, study_ties
from suasion.coercion.war_risk import DisputeRisk, TradePolicy, dispute_risk

__all__ = [
    "CriticalLevels",
    "CutOffs",
    "DisputeRisk",
    "Drivers",
    "EquivalentVariation",
    "ExitCost",
    "Instrument",
    "LeverageMatrix",
    "Linearisation",
    "Loss",
    "LossGap",
    "LossInterval",
    "LossRatio",
    "NashTariffs",
    "RealIncome",
    "Sensitivity",
    "Substitutes",
    "TieStudy",
    "TradePolicy",
    "Welfare",
    "critical_levels",
    "dispute_risk",
    "drivers",
    "exit_cost",
    "leverage_matrix",
    "loss_interval",
    "loss_intervals",
    "loss_ranges",
    "nash_tariffs",
    "one_input_power",
    "outlet_closed",
    "pair_intervals",
    "power",
    "prepare_sensitivity",
    "scenario_drivers",
    "sensitivity",
    "study_ties",
    "substitutes",
]
