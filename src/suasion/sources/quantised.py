"""A compact, platform-independent code for tables of non-negative money flows.

Amounts are whole numbers of a small unit (100 USD in the embedded table). Small amounts are kept exactly;
larger ones are rounded to the nearest level of a ladder whose steps are 0.4 %, so no amount moves by more
than 0.2 %. The ladder is made with integers only: the same bytes give the same numbers on every machine.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from suasion.types import IntArray

CodeArray = npt.NDArray[np.uint16]

STEP_PER_MILLE = 4
"""Distance between neighbouring levels, in thousandths of the lower one."""
LARGEST = 2**62
"""An amount that every ladder can hold."""


@cache
def _ladder() -> IntArray:
    """All levels that a whole number of 64 bits can hold, read-only."""
    ladder = [0, 1]
    while ladder[-1] < LARGEST:
        ladder.append(ladder[-1] + max(1, ladder[-1] * STEP_PER_MILLE // 1000))
    table = np.array(ladder, dtype=np.int64)
    table.setflags(write=False)
    return table


def levels(largest: int) -> IntArray:
    """Ladder of representable amounts: 0, 1, 2, ..., then steps of 0.4 %, up to at least ``largest``.

    largest: the largest amount that must be representable, in units.
    Returns: ndarray of int64, shape (number of levels,). Strictly increasing; position is the code.
    """
    return _ladder()[: max(2, int(np.searchsorted(_ladder(), largest)) + 1)]


def encode(amounts: npt.NDArray[np.float64], largest: int) -> CodeArray:
    """Code of the nearest level for each amount; a positive amount never becomes zero.

    amounts: ndarray of float64. Non-negative amounts, in units.
    largest: argument of :func:`levels`; at least the largest amount.
    """
    ladder = levels(largest)
    middles = (ladder[1:] + ladder[:-1]) / 2.0
    codes: CodeArray = np.searchsorted(middles, amounts).astype(np.uint16)
    codes[(amounts > 0) & (codes == 0)] = 1
    return codes


def decode(codes: CodeArray, largest: int) -> IntArray:
    """Amounts, in units, of the codes made by :func:`encode` with the same ``largest``."""
    return np.asarray(levels(largest)[codes])
