"""Screening the imports of an economy, or of all: indicators with thresholds, and a list ranked by loss.

The database sums up years side by side, each on one thread, while the years before are judged; only the last few
are held, so that memory does not grow with the length of the store and the same store gives the same digits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from suasion.errors import InputError, expect
from suasion.files import make_folder
from suasion.products.baci_rows import MOST_YEARS, mean_band, mean_error, rule_probability
from suasion.products.elasticities import Responses, responses
from suasion.products.flows import Axes, YearFlows, axes, numbers_of, tonnes_bought, year_flows, years_of
from suasion.products.indicators import (
    SPAN,
    Rule,
    Variant,
    binding_margin,
    flagged,
    indicators,
    outside_share,
    persistent,
    rule_of,
)
from suasion.products.loss import ENDS, supplier_loss
from suasion.products.piped import Piped, piped_everywhere, piped_goods, with_pipe
from suasion.products.production import produced
from suasion.products.store import MEMORY, ProductStore, connect, open_store, side_by_side
from suasion.quotient import over
from suasion.sources.cache import write_parquet
from suasion.types import FloatArray, Progress

if TYPE_CHECKING:
    import duckdb

MILLION = 1e-3  # thousand USD to million USD
YEARS = 5


@dataclass(frozen=True, eq=False)
class Screen:
    """Screen of one economy or bloc.

    Attributes
    ----------
    economy : code, or name of the group
    variant : which rule
    years : years that were used; the last one dates the numbers
    table : one row a product imported in the last year, the largest loss first: ``product``, ``name``, ``imports`` (m
        USD), ``supplier``, ``supplier_share``, the three indicators, their margins (``margin_1`` to ``margin_3``,
        indicator less threshold), ``years_flagged`` (of the last three), ``dependent``, ``probability``, ``margin``
        (smallest relative margin, mean over years), ``margin_low``, ``margin_high``, ``rise``, ``rise_low``,
        ``rise_high`` (per cent), ``loss``, ``loss_low``, ``loss_high`` (m USD), ``loss_rank``.
    overlap : how far the goods flagged are those dearest to lose: ``flagged``, ``common`` (how many of them are among
        as many goods with the largest loss), ``share`` (common over flagged; NaN if none is), ``loss_share`` and
        ``import_share`` (part of the loss of all goods, and of the imports, that lies in the flagged ones)
    source : where the trade comes from
    second : to how many products the Commission's second indicator, which needs production, was applied; None where
        it was to all, or does not belong to the rule
    asked : years that were asked for; a group has members in fewer
    """

    economy: str
    variant: str
    years: tuple[int, ...]
    table: pd.DataFrame
    overlap: Mapping[str, float]
    source: str
    second: int | None
    asked: tuple[int, ...]


def screen(
    economy: str,
    store: ProductStore | None = None,
    *,
    variant: Variant | str = "commission",
    year: int | None = None,
    years: int = YEARS,
) -> Screen:
    """Screen the imports of an economy or a dated bloc for dependence.

    Parameters
    ----------
    economy : country (code or name), or a group such as ``EU``, with its members of each year
    store : product data; :func:`suasion.products.open_store` by default. With production in it the second indicator of
        the Commission is applied to single economies too.
    variant : {"commission", "cepii"}
        Which indicators.
    year : last year; the store's last without it
    years : years behind the bootstrap, 3 to 8

    Returns
    -------
    Screen

    Raises
    ------
    InputError
        If the economy, variant or year is not known, or ``years`` is out of its range.
    """
    expect(economy, str, "economy", "A code, a name or a group comes first; no world is needed.")
    if store is not None:
        expect(
            store, ProductStore, "store", 'Name one economy, as su.screen("EU"); open_store() opens a store.'
        )
    data = open_store() if store is None else store
    rule, last = rule_of(variant), data.year(year)
    if not SPAN <= years <= MOST_YEARS:
        raise InputError(f"`years` is {years}; the screen uses {SPAN} to {MOST_YEARS} years.")
    asked = tuple(y for y in data.years if last - years < y <= last)
    used = years_of(economy, asked)
    with connect(data) as connection:
        labels = axes(data, connection)
        seen = list(
            side_by_side(lambda one: _seen(connection.cursor(), labels, data, economy, one, rule), used)
        )
        code, flows = seen[-1][:2]
        piped = piped_goods(connection, last, code)
    values, flags = (np.array([one[k] for one in seen]) for k in (2, 3))
    table = _table(flows, labels, rule, values, flags, data, piped)
    second = _second(rule, values, flows)
    return Screen(code, variant, used, table, overlap(table), data.source, second, asked)


def _seen(
    connection: duckdb.DuckDBPyConnection, labels: Axes, store: ProductStore, economy: str, year: int, rule: Rule,
) -> tuple[str, YearFlows, FloatArray, FloatArray]:  # fmt: skip
    """One year of one economy: its code, flows, indicators (3, P) and flags (P,)."""
    code, numbers = numbers_of(economy, store, year)
    flows = year_flows(connection, labels, year, numbers)
    second = None
    if store.production is not None and rule.variant == "commission" and not flows.inside.any():
        tonnes = tonnes_bought(connection, labels, year, numbers)
        second = outside_share(tonnes, produced(store.production, code, year, labels.products))[None]
    values = indicators(flows, rule.variant, second)
    return (code, flows, values[:, 0], flagged(values, rule.thresholds, flows.recorded)[0])


def _table(
    flows: YearFlows, labels: Axes, rule: Rule, values: FloatArray, flags: FloatArray, store: ProductStore,
    piped: Sequence[Piped],
) -> pd.DataFrame:  # fmt: skip
    """Put the columns together; ``values`` are (Y, 3, P), ``flags`` (Y, P)."""
    last = values[-1]
    margin = np.array([binding_margin(value, rule.thresholds) for value in values])
    mean, low, high = mean_band(margin)
    names = store.products.set_index("product")["name"]
    supplier = flows.supplier[0]
    columns = {
        "product": labels.products,
        "name": names.reindex(list(labels.products)).to_numpy(),
        "imports": flows.imports[0] * MILLION,
        "supplier": np.array([*labels.economies, ""], dtype=object)[supplier],
        "supplier_share": over(flows.top[0], flows.imports[0]),
        **dict(zip(rule.names, last, strict=True)),
        **{f"margin_{n + 1}": last[n] - limit for n, limit in enumerate(rule.thresholds)},
        "years_flagged": np.nansum(flags[-SPAN:], axis=0).astype(int),
        "dependent": persistent(flags[-SPAN:]),
        "probability": rule_probability(flags),
        "margin": mean,
        "margin_low": low,
        "margin_high": high,
        **_losses(flows, labels, piped),
    }
    every = pd.DataFrame(columns)
    table: pd.DataFrame = every[flows.imports[0] > 0].sort_values("loss", ascending=False, ignore_index=True)
    table["loss_rank"] = np.arange(1, len(table) + 1)
    return table


def _losses(flows: YearFlows, labels: Axes, piped: Sequence[Piped]) -> dict[str, FloatArray]:
    elastic = responses(labels.products)
    found = {name: supplier_loss(flows, elastic, at) for name, at in ENDS.items()}
    for name, at in ENDS.items():
        for good in piped:
            _by_pipe(good, 0, name, found[name], flows, labels, elastic.demand[at])
    rises = {f"rise{name}": rise[0] * 100.0 for name, (rise, _) in found.items()}
    return rises | {f"loss{name}": loss[0] * MILLION for name, (_, loss) in found.items()}


def _by_pipe(
    good: Piped, row: int, end: str, found: tuple[FloatArray, FloatArray], flows: YearFlows, labels: Axes,
    demand: FloatArray,
) -> None:  # fmt: skip
    """Put a buyer's own price and loss in place of the world's, where its seller by pipe is its largest one.

    row: of the buyer in rises and losses, which are changed.
    """
    place = labels.products.index(good.product)
    if labels.economies[flows.supplier[row, place]] == good.seller:
        rise, loss = found[0][row], found[1][row]
        with_pipe(good, place, end, rise, loss, (flows.imports[row], flows.top[row], demand))


def overlap(table: pd.DataFrame) -> dict[str, float]:
    """Compare the goods flagged with as many goods of the largest loss; see :class:`Screen`.

    table: of a :class:`Screen`.
    """
    hit = (table["dependent"] == 1).to_numpy()
    count = int(hit.sum())
    common = int(hit[np.argsort(-table["loss"].to_numpy(), kind="stable")[:count]].sum())
    parts = {
        f"{name}_share": float(table.loc[hit, column].sum() / table[column].sum())
        if table[column].sum() > 0
        else float("nan")
        for name, column in (("loss", "loss"), ("import", "imports"))
    }
    return {"flagged": count, "common": common, "share": common / count if count else float("nan"), **parts}


def _second(rule: Rule, values: FloatArray, flows: YearFlows) -> int | None:
    """Products to which the second indicator of the Commission was applied; None where to all of them."""
    bought = flows.imports[0] > 0
    known = int((~np.isnan(values[-1, 1]) & bought).sum())
    return known if rule.variant == "commission" and known < int(bought.sum()) else None


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
                piped = piped_everywhere(connection, year, labels.economies)
                rows.append(_report(flows, labels, kept, elastic, piped, out))
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
    piped: Sequence[Piped],
    out: Path | None,
) -> pd.DataFrame:
    """Summary of the window that ends with this year; writes the rows where asked."""
    flags, margins = map(np.stack, zip(*kept, strict=True))
    dependent, probability = persistent(flags[-SPAN:]), rule_probability(flags)
    found = supplier_loss(flows, elastic)
    for good in piped:
        row = labels.economies.index(good.buyer)
        _by_pipe(good, row, "", found, flows, labels, elastic.demand[ENDS[""]])
    loss = found[1] * MILLION
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
