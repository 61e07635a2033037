"""Indicators of dependence by product, their thresholds, and the rule over years.

European Commission, SWD(2021) 352 (formulas as the project's methods note gives them), of a bloc:

    CDI1 = sum of squared shares of suppliers outside in imports from outside        > 0.4
    CDI2 = imports from outside / all imports, those between members included        > 0.5
    CDI3 = imports from outside / all exports of the members                         > 1

CEPII GeoDep (page of the data set, criteria 1 to 4), of any economy: Herfindahl index of imports > 0.4, of the
world's exports > 0.4, imports over exports > 1; all three in at least two of three years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from suasion.errors import InputError
from suasion.products.flows import YearFlows
from suasion.quotient import over
from suasion.types import BoolArray, FloatArray

Variant = Literal["commission", "cepii"]
SPAN, NEEDED = 3, 2
"""The rule over years: flagged in at least two of three."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Names and thresholds of the three indicators of a variant."""

    variant: Variant
    names: tuple[str, str, str]
    thresholds: tuple[float, float, float]


FIRST, THIRD = "import_concentration", "imports_over_exports"
RULES: dict[str, Rule] = {
    "commission": Rule("commission", (FIRST, "outside_share", THIRD), (0.4, 0.5, 1.0)),
    "cepii": Rule("cepii", (FIRST, "world_concentration", THIRD), (0.4, 0.4, 1.0)),
}  # fmt: skip


def rule_of(variant: str) -> Rule:
    """Return a variant's rule.

    Raises InputError if there is no such variant.
    """
    if variant not in RULES:
        raise InputError(f"There is no variant {variant!r}. Known: {', '.join(RULES)}.")
    return RULES[variant]


def outside_share(outside: FloatArray, inside: FloatArray) -> FloatArray:
    """Return CDI2: imports from outside over these and what comes from inside (trade, or production).

    Parameters
    ----------
    outside, inside : same unit, same shape. NaN inside stays NaN: not applied.

    Returns
    -------
    array
        Same shape.
    """
    return over(outside, outside + inside, np.nan)


def imports_over_exports(imports: FloatArray, exports: FloatArray) -> FloatArray:
    """Return CDI3: imports over exports; infinite without exports, NaN without imports.

    Parameters
    ----------
    imports, exports : same unit, same shape

    Returns
    -------
    array
        Same shape.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(imports > 0, imports / exports, np.nan))


def indicators(flows: YearFlows, variant: Variant, second: FloatArray | None = None) -> FloatArray:
    """Return the three indicators of a year.

    flows: trade of the year.
    variant: {"commission", "cepii"}. Which rule.
    second: (B, P) CDI2 where production is known, for single economies; NaN where not applied.
    Returns: (3, B, P). NaN where not defined or not applied.
    """
    if variant == "cepii":
        middle = np.broadcast_to(flows.world_concentration, flows.imports.shape)
    elif second is not None:
        middle = second
    elif flows.inside.any():
        middle = outside_share(flows.imports, flows.inside)
    else:
        middle = np.full(flows.imports.shape, np.nan)
    return np.stack([flows.concentration, middle, imports_over_exports(flows.imports, flows.sales)])


def flagged(
    values: FloatArray, thresholds: tuple[float, ...], recorded: BoolArray | None = None
) -> FloatArray:
    """Say where all indicators that apply exceed their thresholds.

    Parameters
    ----------
    values : (3, ...)
        The indicators. A NaN in the second is not applied; in the first it means no imports: not dependent.
    thresholds : of the three
    recorded : (B,) economies with any record in the year

    Returns
    -------
    (...)
        1 dependent, 0 not, NaN where the year has no record of the economy.
    """
    first, second, third = values
    flag = (first > thresholds[0]) & (third > thresholds[2]) & ((second > thresholds[1]) | np.isnan(second))
    made: FloatArray = np.asarray(flag, dtype=np.float64)
    if recorded is not None:
        made[~recorded] = np.nan
    return made


def binding_margin(values: FloatArray, thresholds: tuple[float, ...]) -> FloatArray:
    """Return the smallest of the relative margins, indicator / threshold - 1: above zero means dependent.

    Parameters
    ----------
    values : (3, ...)
        The indicators.
    thresholds : of the three

    Returns
    -------
    (...)
        NaN without imports.
    """
    margins = [value / limit - 1.0 for value, limit in zip(values, thresholds, strict=True)]
    least = np.fmin(np.fmin(margins[0], margins[1]), margins[2])
    return np.asarray(np.where(np.isnan(values[0]), np.nan, least))


def persistent(flags: FloatArray, needed: int = NEEDED, span: int = SPAN) -> FloatArray:
    """Apply the rule over years.

    Parameters
    ----------
    flags : (Y, ...)
        1, 0 or NaN (no record) of the last years; with fewer than ``span`` years the others count as no record.
    needed, span : years that must be flagged, and of how many

    Returns
    -------
    (...)
        1 or 0; NaN where years without record leave it open.
    """
    last = flags[-span:]
    sure = (last == 1).sum(axis=0)
    perhaps = sure + np.isnan(last).sum(axis=0) + (span - len(last))
    return np.where(sure >= needed, 1.0, np.where(perhaps < needed, 0.0, np.nan))
