"""The room of outlooks: where a dependence goes, how sure that is, and how good earlier calls would have been.

Statistical forms carry a share into the future with their past errors; structural paths solve the world economy
year by year under named scenarios. Each is scored on rolling origins before it is believed, and what lies beyond
the data is marked.
"""

from suasion.outlook.forms import FORMS, History, LogitWalk, curve, fit_walk, forecast
from suasion.outlook.passage import passage_probability, simulated_passage
from suasion.outlook.stack import Stack, stack_weights

__all__ = [
    "FORMS",
    "History",
    "LogitWalk",
    "Stack",
    "curve",
    "fit_walk",
    "forecast",
    "passage_probability",
    "simulated_passage",
    "stack_weights",
]
