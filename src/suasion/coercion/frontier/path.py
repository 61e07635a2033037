"""Follow the best policy along lambda from both ends, keep the better one, and check the whole curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.frontier.ascent import Ascent, Policy
from suasion.types import FloatArray, Progress

if TYPE_CHECKING:
    from suasion.coercion.frontier.contest import Contest


#: A point of the curve may be beaten by another by no more than this share of the trade at stake.
TOLERATED = 1e-8
#: Where climbs from above and random ones begin, as a share of the log of the highest tax: 230 per cent. Hardly
#: anything is traded there any more; farther out the objective is flat, and a climb would not know where to turn.
FAR = 0.5


@dataclass(frozen=True, slots=True)
class Checks:
    """What a curve of best policies must satisfy.

    Attributes
    ----------
    monotone : the target's equivalent variation, or the sales that count as harm, fall as lambda rises
    own_monotone : so does the senders'
    envelope : no policy of the curve is better at another's lambda than that one's own: the points are their own
        concave envelope
    worst_regret_musd : most that a point is beaten by another of the curve, million USD; at most rounding
    two_ways_musd : largest gap between the objectives found from the two ends, million USD; NaN where it was followed
        from below alone
    restart_gain_musd : most that a random start found above the kept policy, million USD; zero or less is good
    restarts : number of random starts
    corner_gain_musd : most that an exact embargo of one group, or of all, added to an interior policy, million USD
    solves, gradients : how many equilibria and derivatives it took
    """

    monotone: bool
    own_monotone: bool
    envelope: bool
    worst_regret_musd: float
    two_ways_musd: float
    restart_gain_musd: float
    restarts: int
    corner_gain_musd: float
    solves: int
    gradients: int


@dataclass(frozen=True, slots=True)
class Path:
    """Best policies along lambda.

    weights: lambda, rising.
    stands: the best policy at each.
    checks: of the curve.
    """

    weights: tuple[float, ...]
    stands: tuple[Policy, ...]
    checks: Checks


def trace(
    contest: Contest,
    climber: Ascent,
    weights: Sequence[float],
    restarts: int,
    seed: int,
    progress: Progress | None = None,
    *,
    from_above: bool = True,
) -> Path:
    """Trace the curve.

    contest: sides, moves, economy.
    climber: of its board.
    weights: lambda, rising.
    restarts: random starts at the first, middle and last lambda.
    seed: of the random starts.
    progress: called with (done, total, what).
    from_above: whether it is followed from the highest lambda too, and the better of the two kept.
    """
    count = len(weights)
    total = 2 * count if from_above else count
    say = progress or (lambda done, total, what: None)
    nothing, none = np.zeros(len(contest.high)), np.zeros(len(contest.high), dtype=bool)
    inner = up = _follow(
        contest, climber, weights, nothing, none, lambda k: say(k, total, f"lambda {weights[k]:g}")
    )
    gap = np.nan
    if from_above:
        top = np.where(contest.ours, FAR * contest.high, 0.0)
        down = _follow(
            contest,
            climber,
            weights[::-1],
            top,
            none,
            lambda k: say(count + k, total, f"lambda {weights[count - 1 - k]:g}, from above"),
        )[::-1]
        gap = max(abs(a.value - b.value) for a, b in zip(up, down, strict=True))
        inner = [a if a.value >= b.value else b for a, b in zip(up, down, strict=True)]
    best = [climber.corners(contest.aim(w), stand) for w, stand in zip(weights, inner, strict=True)]
    corner = max(new.value - old.value for new, old in zip(best, inner, strict=True))
    best, gain, tried = _restarted(contest, climber, weights, best, restarts, seed)
    best = _improved(contest, climber, weights, best)
    say(total, total, "checks")
    checks = _checks(contest, climber, weights, best, (gap, gain, tried, corner))
    return Path(tuple(weights), tuple(best), checks)


def _follow(
    contest: Contest,
    climber: Ascent,
    weights: Sequence[float],
    policy: FloatArray,
    closed: NDArray[np.bool_],
    tell: Callable[[int], None],
) -> list[Policy]:
    """Climb at each weight from where the two before it point to."""
    found: list[Policy] = []
    for place, weight in enumerate(weights):
        tell(place)
        start = found[-1].policy if found else policy
        if len(found) > 1:
            stride = (weight - weights[place - 1]) / (weights[place - 1] - weights[place - 2])
            start = start + stride * (found[-1].policy - found[-2].policy)
        aim, start = contest.aim(weight), np.clip(start, 0.0, contest.high)
        found.append(
            climber.follow(aim, start, closed, along=True) if found else climber.climb(aim, start, closed)
        )
    return found


def _restarted(
    contest: Contest,
    climber: Ascent,
    weights: Sequence[float],
    best: list[Policy],
    restarts: int,
    seed: int,
) -> tuple[list[Policy], float, int]:
    """Climb from random policies at three weights; keep what is better and say by how much it was."""
    rng = np.random.default_rng(seed)
    places = sorted({0, len(weights) // 2, len(weights) - 1}) if restarts else []
    gain, tried = -np.inf, 0
    for place in places:
        aim = contest.aim(weights[place])
        for _ in range(restarts):
            start = np.where(contest.ours, rng.uniform(0.0, FAR, contest.high.size) * contest.high, 0.0)
            found = climber.climb(aim, start, np.zeros(start.size, dtype=bool))
            tried += 1
            gain = max(gain, found.value - best[place].value)
            if found.value > best[place].value:
                best[place] = found
    return best, float(gain if tried else 0.0), tried


def _improved(
    contest: Contest, climber: Ascent, weights: Sequence[float], best: list[Policy]
) -> list[Policy]:
    """Climb again from another point of the curve wherever that one is better at this weight."""
    value = _values(contest, weights, best)
    for place, weight in enumerate(weights):
        other = int(value[place].argmax())
        if value[place, other] > value[place, place] + TOLERATED * contest.scale:
            best[place] = climber.climb(contest.aim(weight), best[other].policy, best[other].closed)
    return best


def _values(contest: Contest, weights: Sequence[float], best: Sequence[Policy]) -> FloatArray:
    """Objective of every policy of the curve at every weight, (weight, policy)."""
    own, held = _ends(contest, best)
    return np.asarray(own - np.array(weights)[:, None] * held)


def _ends(contest: Contest, best: Sequence[Policy]) -> tuple[FloatArray, FloatArray]:
    """What the senders want high, and what they want low, of every policy, million USD."""
    own = [stand.variation[contest.senders].sum() for stand in best]
    return np.array(own), np.array([contest.aim(1.0).held(stand.variation, stand.solved) for stand in best])


def _checks(
    contest: Contest,
    climber: Ascent,
    weights: Sequence[float],
    best: Sequence[Policy],
    found: tuple[float, float, int, float],
) -> Checks:
    value = _values(contest, weights, best)
    regret = float((value - np.diag(value)[:, None]).max())
    slack = TOLERATED * contest.scale
    own, held = _ends(contest, best)
    gap, gain, tried, corner = found
    return Checks(
        monotone=bool((np.diff(held) <= slack).all()),
        own_monotone=bool((np.diff(own) <= slack).all()),
        envelope=regret <= slack,
        worst_regret_musd=regret,
        two_ways_musd=gap,
        restart_gain_musd=gain,
        restarts=tried,
        corner_gain_musd=corner,
        solves=climber.solves,
        gradients=climber.gradients,
    )
