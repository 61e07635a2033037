"""Losses of ties by which states are made to join: those that ship, and solved ones where a comparison is close.

Losses of all pairs ship with four digits. A camp whose every comparison is wider apart than rounding can turn is the
one that solved losses give; the ties of closer comparisons are solved until none is left. So are all the holder's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from suasion.coercion.leverage.intervals import loss_intervals
from suasion.coercion.leverage.matrix import LeverageMatrix, leverage_matrix
from suasion.coercion.outcomes import Side
from suasion.coercion.restored import ThreatRules, Ties, ties_of, unsure
from suasion.types import BoolArray, DeficitRule, FloatArray

if TYPE_CHECKING:
    from suasion.world import World


#: A loss that ships may differ from the solved one by this share of it, and by so much in logs: twenty times what is
#: lost by rounding, so that another machine's last digits do not matter either.
ROUNDED, LEAST = 1e-3, 1e-7


@dataclass(frozen=True, slots=True)
class Threats:
    """What is asked of ties.

    world, holder, name, horizon, deficits: of the threats; the name is the holder's as printed.
    rules: when a threat works.
    asked: place of each target to who may be recruited against it, (N,).
    """

    world: World
    holder: Side
    name: str
    horizon: str | float
    deficits: DeficitRule
    rules: ThreatRules
    asked: Mapping[int, BoolArray]

    def matrix(self, pairs: Sequence[tuple[Side, Side]] | None = None) -> LeverageMatrix:
        """Losses of some pairs, or of all with those of the holder."""
        if pairs is not None:
            return leverage_matrix(self.world, self.horizon, pairs=pairs, deficits=self.deficits)
        group = {} if self.name in self.world.countries else {self.name: self.holder}
        return leverage_matrix(self.world, self.horizon, coalitions=group, deficits=self.deficits)


def deciding_ties(threats: Threats, inside: Sequence[str]) -> Ties:
    """Return losses of ties that give the camps which those of all pairs solved would.

    inside: members of the holder.
    """
    pair = _shipped(threats)
    world, codes = threats.world, threats.world.countries
    if pair is None:
        return ties_of(threats.matrix(), threats.name, codes)
    own = threats.matrix([(threats.holder, code) for code in world.states if code not in inside])
    first = ties_of(own, threats.name, codes)
    ties = Ties(pair, first.held, first.own)
    slack = np.where(pair == 0.0, 0.0, ROUNDED * np.abs(pair) + LEAST)
    if threats.name in codes:
        place = codes.index(threats.name)
        pair[:, place], pair[place] = first.held, first.own
        slack[:, place] = slack[place] = 0.0
    while True:
        close = [unsure(ties, slack, target, asked, threats.rules) for target, asked in threats.asked.items()]
        rows, columns = np.nonzero(np.triu(np.logical_or.reduce([one | one.T for one in close])))
        if not rows.size:
            return ties
        pairs = [(codes[one], codes[other]) for one, other in zip(rows, columns, strict=True)]
        found = ties_of(threats.matrix(pairs), pairs[0][0], codes).pair
        for one, other in ((rows, columns), (columns, rows)):
            pair[one, other], slack[one, other] = found[one, other], 0.0


def _shipped(threats: Threats) -> FloatArray | None:
    """(N, N) losses in logs as they ship; None where they do not, or a tolerance or a reader asks for single ones."""
    world, rows = threats.world, loss_intervals(threats.world)
    rows = rows[rows["horizon"].astype(str) == str(threats.horizon)]
    states = len(world.states)
    if threats.deficits != "balance" or threats.rules.tolerance < 100.0 or len(rows) < states * (states - 1):
        return None
    if len(threats.asked) == 1:  # what refusing and obeying cost is shown then, and read off all pairs
        return None
    place = {code: k for k, code in enumerate(world.countries)}
    pair = np.zeros((len(place), len(place)))
    one, other = (rows[name].astype(str).map(place).to_numpy(int) for name in ("country", "partner"))
    pair[one, other] = -np.log1p(-rows["loss_percent"].to_numpy(float) / 100.0)
    return pair
