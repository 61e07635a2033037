"""Governance-weighted risk of a buyer's imports, as in GeoPolRisk.

    import risk = sum over suppliers of g_i f_i / sum over suppliers of f_i,   g = 1/2 - PV / 5

``f_i`` are imports from i and ``PV`` is the political-stability indicator, which runs from about -2.5 (worst) to 2.5;
g puts it on a scale from 0 (most stable) to 1. (Method page of geopolrisk.org: the weighted average of import shares.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from suasion.quotient import over
from suasion.sources.materials import governance
from suasion.types import FloatArray

UNKNOWN = 0.01


def import_risk(bought: FloatArray, economies: Sequence[str], year: int) -> FloatArray:
    """Weigh a buyer's imports by its suppliers' political stability, product by product, by value.

    bought: (C, P) imports from each economy; the buyer's own rows are zero.
    economies: codes, (C,).
    year: calendar year; the indicator is that of the last year on record up to it.
    Returns: (P,). 0 to 1. NaN without imports, and where suppliers without an indicator hold more than a
      hundredth of them: what is not known is not zero.
    """
    table = governance()
    dated = table[table["year"] <= max(year, int(table["year"].min()))].sort_values("year", kind="stable")
    latest = dated.drop_duplicates("country", keep="last").set_index("country")["estimate"]
    weight = 0.5 - latest.reindex(list(economies)).to_numpy(dtype=np.float64) / 5.0
    total, known = bought.sum(axis=0), ~np.isnan(weight)
    seen = bought[known].sum(axis=0)
    mean = over(weight[known] @ bought[known], seen, np.nan)
    return np.where(total - seen <= UNKNOWN * total, mean, np.nan)
