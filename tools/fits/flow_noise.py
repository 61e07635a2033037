"""What moves flows without a measure: the rule of :func:`suasion.equilibrium.batch.flow_ranges.usual_change`, fitted.

Changes of flows against both sides' other trade, of all pairs of the published flows, by years between and size. The
rule is fitted to windows that end by 2017, by least squares on the log of the 90 % quantiles of their absolute values,
and held against windows from 2017 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from suasion.equilibrium.batch.flow_ranges import usual_change
from suasion.sources.published_flows import REST, published_flows, regions
from suasion.types import FloatArray

FIRST, CHOSEN, LAST = 2011, 2017, 2020
SPANS = range(1, 7)
SIZES = (200.0, 500.0, 1000.0, 3000.0, 10000.0, 30000.0, np.inf)
"""Classes of flows, million USD."""
GOODS = {"industry": 1, "all_goods": 27}


@cache
def logs(year: int, of: str) -> tuple[FloatArray, FloatArray]:
    """Flows of all pairs and the four logs of their double difference, added up; (pair and good,) each."""
    kept = [place for place, name in enumerate(regions()) if name != REST]
    flow = published_flows(year)[np.ix_(kept, kept)][:, :, :-1].astype(np.float64)
    flow[np.arange(len(kept)), np.arange(len(kept))] = 0.0
    flow = flow if of == "industry" else flow.sum(2, keepdims=True)
    bought, sold = flow.sum(1, keepdims=True) - flow, flow.sum(0, keepdims=True) - flow
    others = flow.sum((0, 1), keepdims=True) - bought - sold - flow
    own, buys, sells, rest = (np.log(np.maximum(part, 1e-3)) for part in (flow, bought, sold, others))
    return flow.ravel(), (own - buys - sells + rest).ravel()


def windows(of: str, span: int, later: bool) -> tuple[FloatArray, FloatArray]:
    """Flows at the start of all windows of a length, and their absolute changes in logs."""
    starts = range(CHOSEN, LAST - span + 1) if later else range(FIRST, CHOSEN - span + 1)
    parts = [(logs(y, of)[0], np.abs(logs(y + span, of)[1] - logs(y, of)[1])) for y in starts]
    flow, change = (np.concatenate(side) for side in zip(*parts, strict=True))
    return flow[flow >= SIZES[0]], change[flow >= SIZES[0]]


def table(only: str = "") -> pd.DataFrame:
    """A row a kind of flow, span and class of size: cases, quantile, the rule, and what of later windows it held."""
    return pd.DataFrame([row for of in GOODS if only in ("", of) for row in _rows(of)])


def _rows(of: str) -> Iterator[dict[str, object]]:
    for span in SPANS:
        flow, change = windows(of, span, later=False)
        later = windows(of, span, later=True) if span <= LAST - CHOSEN else None
        for low, high in pairwise(SIZES):
            inside = (flow >= low) & (flow < high)
            middle = float(np.median(flow[inside]))
            yield {
                "of": of, "span": span, "from_musd": low, "cases": int(inside.sum()), "middle_musd": middle,
                "half_range": float(np.quantile(change[inside], 0.9)),
                "rule": float(usual_change(span, middle, GOODS[of])),
                "later_held": np.nan if later is None else _held(*later, (low, high), span, GOODS[of]),
            }  # fmt: skip


def _held(flow: FloatArray, change: FloatArray, ends: tuple[float, float], span: int, goods: int) -> float:
    inside = (flow >= ends[0]) & (flow < ends[1])
    return float((change[inside] <= usual_change(span, flow[inside], goods)).mean())


def fitted(found: pd.DataFrame) -> FloatArray:
    """Level, power of years and power of size in billion USD, of a kind of flow."""
    x = np.column_stack([np.ones(len(found)), np.log(found["span"]), np.log(found["middle_musd"] / 1000.0)])
    level, years, size = np.linalg.lstsq(x, np.log(found["half_range"].to_numpy(float)), rcond=None)[0]
    return np.array([np.exp(level), years, size])
