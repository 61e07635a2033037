"""How good forecasts of shares have been: the summary of the hindcasts that the package keeps.

The whole table is in the documentation; here are, by source and years ahead, the two random walks, the three best
attempts, and the structural form where it was scored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from suasion.files import shipped

FILE = "hindcast_record.json"
POOL = "pool_record.json"


class Role(StrEnum):
    """What a form of forecast is in the summary, beside the structural form."""

    ATTEMPT = "one of the three best attempts"
    WALK = "random walk"


ATTEMPT, WALK = Role.ATTEMPT.value, Role.WALK.value


@dataclass(frozen=True, slots=True)
class PoolRecord:
    """Weights at which a pool of forms would have scored best on past shares.

    source, measure: histories, and what is shared.
    horizon: years ahead.
    weights: form to weight, sum one.
    score, even, best: mean log density of the log odds under the pool, under equal weights, and under the
      best form alone, in nats; larger is better.
    """

    source: str
    measure: str
    horizon: int
    forecasts: int
    origins: int
    weights: dict[str, float]
    score: float
    even: float
    best: float


@cache
def pool_record() -> PoolRecord:
    """Return the kept weights.

    Raises SourceFileError if the file is damaged: install the package again.
    """
    return shipped("suasion.outlook.hindcast", POOL, lambda file: PoolRecord(**json.load(file)))


@cache
def record() -> tuple[dict[str, Any], ...]:
    """Return the kept rows: how good each form of forecast was, all pairs with enough trade together.

    Returns: By source, measure and years ahead, the best form first. ``source``, ``measure``: histories, and what is
      shared; ``horizon``: years ahead; ``form`` and its ``role`` (a random walk, one of the three best attempts, or the
      structural form); ``forecasts``; ``crps``: mean, percentage points of the share; ``skill``: over the random walk
      with estimated drift, 1 - CRPS over its CRPS; ``skill_still``, ``low``, ``high``: over the random
      walk without drift, with its 90 % interval from whole dyads; ``p_still``: probability of equal accuracy
      with the walk without drift, over origins, None where it cannot be had; ``verdict``: in words.
    Raises SourceFileError if the file is damaged: install the package again.
    """
    return shipped("suasion.outlook.hindcast", FILE, lambda file: tuple(json.load(file)))
