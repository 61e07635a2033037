"""Screening all economies at once, year by year, whatever the number of flows.

The database sums up years side by side, each on one thread, while the years before are judged; only the last few
are held, so that memory does not grow with the length of the store and the same store gives the same digits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.files import make_folder
from suasion.products.bootstrap import mean_error, rule_probability
from suasion.products.elasticities import Responses, responses
from suasion.products.flows import Axes, YearFlows, axes, year_flows
from suasion.products.indicators import (
    SPAN,
    Rule,
    Variant,
    binding_margin,
    flagged,
    indicators,
    persistent,
    rule_of,
)
from suasion.products.loss import supplier_loss
from suasion.products.screens import MILLION, YEARS
from suasion.products.store import MEMORY, ProductStore, connect, open_store, side_by_side
from suasion.quotient import over
from suasion.sources.cache import write_parquet
from suasion.types import FloatArray, Progress


def screen_all(
    store: ProductStore | None = None,
    *,
    variant: Variant = "cepii",
    years: int = YEARS,
    since: int | None = None,
    out: Path | None = None,
    memory: str = MEMORY,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Screen every economy and product of a store in every year, with the bootstrap over years.

    Parameters
    ----------
    store : product data; :func:`suasion.products.open_store` by default
    variant : {"commission", "cepii"}
        Which indicators; the Commission's second one is not applied, for it needs production.
    years : years behind the bootstrap
    since : first year to report
    out : folder for one Parquet file a year with a row for each economy and imported product: codes as positions are
        avoided, so ``economy``, ``product``, ``imports`` (m USD), ``margin``, ``margin_error``, ``years_flagged``,
        ``dependent`` (missing where open), ``probability``, ``loss`` (m USD).
    memory : most memory of the database; see :func:`suasion.products.connect`
    threads : years read at once; one a core without it
    progress : called with years done, years in all, and the year

    Returns
    -------
    DataFrame
        One row an economy and year: ``year``, ``economy``, ``products`` (imported), ``dependent``, ``open`` (not
        decided for want of records), ``expected`` (sum of probabilities), ``import_share`` and ``loss_share``
        (of the dependent products), ``common`` (dependent products among as many with the largest loss).

    Raises
    ------
    InputError
        If ``years`` is below 3, or the variant is not known.
    """
    data = open_store() if store is None else store
    rule = rule_of(variant)
    if years < SPAN:
        raise InputError(f"`years` is {years}; the rule over years needs {SPAN}.")
    if out is not None:
        make_folder(out)
    kept: deque[tuple[FloatArray, FloatArray]] = deque(maxlen=years)  # flags and margins of each
    rows = []
    with connect(data, memory=memory) as connection:
        labels = axes(data, connection)
        elastic = responses(labels.products)
        used = [year for year in data.years if since is None or year > since - years]
        every = side_by_side(lambda year: year_flows(connection.cursor(), labels, year), used, threads)
        for done, flows in enumerate(every, start=1):
            year = flows.year
            kept.append(_judged(flows, rule))
            if len(kept) >= SPAN and (since is None or year >= since):
                rows.append(_report(flows, labels, kept, elastic, out))
            if progress is not None:
                progress(done, len(used), str(year))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["year", "economy"])


def _judged(flows: YearFlows, rule: Rule) -> tuple[FloatArray, FloatArray]:
    """Flags and margins of a year, by economy and product."""
    values = indicators(flows, rule.variant)
    return flagged(values, rule.thresholds, flows.recorded), binding_margin(values, rule.thresholds)


def _report(
    flows: YearFlows,
    labels: Axes,
    kept: Sequence[tuple[FloatArray, FloatArray]],
    elastic: Responses,
    out: Path | None,
) -> pd.DataFrame:
    """Summary of the window that ends with this year; writes the rows where asked."""
    flags, margins = map(np.stack, zip(*kept, strict=True))
    dependent, probability = persistent(flags[-SPAN:]), rule_probability(flags)
    loss = supplier_loss(flows, elastic)[1] * MILLION
    bought = flows.imports > 0
    if out is not None:
        at = np.nonzero(bought)
        write_parquet(
            _rows(at, flows, labels, flags, margins, dependent, probability, loss),
            out / f"{flows.year}.parquet",
        )
    seen = flows.recorded & bought.any(axis=1)
    hit = (dependent == 1) & bought
    return pd.DataFrame(
        {
            "year": flows.year,
            "economy": np.array(labels.economies)[seen],
            "products": bought.sum(axis=1)[seen],
            "dependent": hit.sum(axis=1)[seen],
            "open": (np.isnan(dependent) & bought).sum(axis=1)[seen],
            "expected": np.nansum(np.where(bought, probability, 0.0), axis=1)[seen],
            "import_share": _part(flows.imports, hit)[seen],
            "loss_share": _part(loss, hit)[seen],
            "common": _common(loss, hit)[seen],
        }
    )


def _rows(
    at: tuple[np.ndarray, ...], flows: YearFlows, labels: Axes, flags: FloatArray, margins: FloatArray,
    dependent: FloatArray, probability: FloatArray, loss: FloatArray,
) -> pd.DataFrame:  # fmt: skip
    return pd.DataFrame(
        {
            "economy": pd.Categorical.from_codes(at[0].astype(np.int64), pd.Index(labels.economies)),
            "product": labels.numbers[at[1]].astype(np.int32),
            "imports": flows.imports[at] * MILLION,
            "margin": margins[-1][at].astype(np.float32),
            "margin_error": mean_error(margins)[at].astype(np.float32),
            "years_flagged": np.nansum(flags[-SPAN:], axis=0)[at].astype(np.int8),
            "dependent": dependent[at].astype(np.float32),
            "probability": probability[at].astype(np.float32),
            "loss": loss[at],
        }
    )


def _part(values: FloatArray, hit: np.ndarray) -> FloatArray:
    return over(np.where(hit, values, 0.0).sum(axis=1), values.sum(axis=1), np.nan)


def _common(loss: FloatArray, hit: np.ndarray) -> np.ndarray:
    """Flagged products among as many with the largest loss, for each economy."""
    counts = hit.sum(axis=1)
    found = np.zeros(len(counts), dtype=np.int64)
    for row in np.flatnonzero(counts):
        count = int(counts[row])
        found[row] = hit[row, np.argpartition(-loss[row], count - 1)[:count]].sum()
    return found
