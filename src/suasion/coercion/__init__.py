"""Who can pressure whom: what each side loses when a tie is cut, and where dependence becomes critical.

Exit costs come from the exact equilibrium after a cut, for both sides, in per cent and in dollars, with
the other outlet open or closed; power is also given by its partial-equilibrium formula; critical levels are
curves in the size of the tie, never one number. Sensitivities say which flows, taxes and endowments an outcome depends
on; drivers say which elasticities the spread of an answer comes from.
"""

from suasion.coercion.critical import CriticalLevels as CriticalLevels
from suasion.coercion.critical import critical_levels as critical_levels
from suasion.coercion.dated import TieStudy as TieStudy
from suasion.coercion.dated import study_ties as study_ties
from suasion.coercion.drivers.spread import Drivers as Drivers
from suasion.coercion.drivers.spread import drivers as drivers
from suasion.coercion.drivers.spread import scenario_drivers as scenario_drivers
from suasion.coercion.exit_cost import ExitCost as ExitCost
from suasion.coercion.exit_cost import Instrument as Instrument
from suasion.coercion.exit_cost import exit_cost as exit_cost
from suasion.coercion.leverage.carried import LossInterval as LossInterval
from suasion.coercion.leverage.carried import outlet_closed as outlet_closed
from suasion.coercion.leverage.intervals import loss_interval as loss_interval
from suasion.coercion.leverage.intervals import loss_intervals as loss_intervals
from suasion.coercion.leverage.intervals import loss_ranges as loss_ranges
from suasion.coercion.leverage.intervals import pair_intervals as pair_intervals
from suasion.coercion.leverage.matrix import LeverageMatrix as LeverageMatrix
from suasion.coercion.leverage.matrix import leverage_matrix as leverage_matrix
from suasion.coercion.nash import NashTariffs as NashTariffs
from suasion.coercion.nash import nash_tariffs as nash_tariffs
from suasion.coercion.power_years import power as power
from suasion.coercion.sensitivity.exact import CutOffs as CutOffs
from suasion.coercion.sensitivity.gradient import Linearisation as Linearisation
from suasion.coercion.sensitivity.gradient import Sensitivity as Sensitivity
from suasion.coercion.sensitivity.gradient import prepare_sensitivity as prepare_sensitivity
from suasion.coercion.sensitivity.gradient import sensitivity as sensitivity
from suasion.coercion.sensitivity.outcomes import EquivalentVariation as EquivalentVariation
from suasion.coercion.sensitivity.outcomes import Loss as Loss
from suasion.coercion.sensitivity.outcomes import LossGap as LossGap
from suasion.coercion.sensitivity.outcomes import LossRatio as LossRatio
from suasion.coercion.sensitivity.outcomes import RealIncome as RealIncome
from suasion.coercion.sensitivity.outcomes import Welfare as Welfare
from suasion.coercion.substitutes import Substitutes as Substitutes
from suasion.coercion.substitutes import substitutes as substitutes
from suasion.coercion.war_risk import DisputeRisk as DisputeRisk
from suasion.coercion.war_risk import TradePolicy as TradePolicy
from suasion.coercion.war_risk import dispute_risk as dispute_risk
