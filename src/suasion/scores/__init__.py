"""The room of scores: how good forecasts were, for probabilities of events and for distributions of numbers.

Pure functions of arrays. A score without a base rate or a reference forecast beside it says little, so that
skill, calibration and tests of equal accuracy stand here too. Rare events: look at the log score and the area under
precision and recall, never at accuracy.
"""

from suasion.scores.compare import DieboldMariano, clustered_interval, diebold_mariano, skill
from suasion.scores.distributions import coverage, crps_normal, crps_sample
from suasion.scores.events import (
    BrierParts,
    auc,
    average_precision,
    brier,
    brier_parts,
    calibration,
    calibration_table,
    log_score,
)

__all__ = [
    "BrierParts",
    "DieboldMariano",
    "auc",
    "average_precision",
    "brier",
    "brier_parts",
    "calibration",
    "calibration_table",
    "clustered_interval",
    "coverage",
    "crps_normal",
    "crps_sample",
    "diebold_mariano",
    "log_score",
    "skill",
]
