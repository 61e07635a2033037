"""Dynamic ordinal ideal points of states from their votes in the General Assembly, with uncertainty.

The model is that of Bailey, Strezhnev and Voeten: an ordinal probit whose items are bridged over repeated
resolutions and whose ideal points drift from one UN session to the next. ``record`` arranges the votes,
``model`` is the likelihood, ``sampler`` the moves, ``identification`` the unit, ``posterior`` the results.
"""

from suasion.statecraft.ideal_points.posterior import IdealPoints, estimate_ideal_points, update
from suasion.statecraft.ideal_points.record import VotingRecord, voting_record
from suasion.statecraft.ideal_points.simulate import SimulatedVotes, simulate_votes

__all__ = [
    "IdealPoints",
    "SimulatedVotes",
    "VotingRecord",
    "estimate_ideal_points",
    "simulate_votes",
    "update",
    "voting_record",
]
