"""Shares of trade as the learner reads them: all goods, the last year with its holes patched, and fuels."""

from __future__ import annotations

from functools import cache

import numpy as np

from suasion.outlook.histories import Flows, flows_from, flows_of
from suasion.outlook.learner.record import ShareRecord, record_of_shares


@cache
def goods_record() -> ShareRecord:
    """Shares of partners in the goods turnover of states; a patched flow is no outcome."""
    from suasion.measures.history import WORTH
    from suasion.sources.goods_totals import LATER, LINE, goods_totals

    flows = flows_of(goods_totals(), "CEPII BACI, goods")
    values, years = flows.values, flows.years
    recorded = np.isin(years, [*LINE, *LATER])
    values[recorded] = np.nan_to_num(values[recorded])
    holes = np.zeros(values.shape, dtype=bool)
    last = int(np.flatnonzero(years == LINE[-1])[0])
    grown = values[recorded].sum((1, 2)) / values[last].sum()
    for at, growth in zip(np.flatnonzero(recorded), grown, strict=True):
        if years[at] in LATER:
            holes[at] = (values[last] >= WORTH) & (values[at] == 0)
            values[at] = np.where(holes[at], growth * values[last], values[at])
    return record_of_shares(Flows(flows.source, flows.countries, years, values), "turnover", holes)


@cache
def fuels_record() -> ShareRecord:
    """Shares of buyers in the exports of crude oil, natural gas and coal, 1995 to 2024: for scoring, nothing ships."""
    return record_of_shares(flows_from("materials", group="fuels"), "exports", steady=True)
