"""Screening an economy's imports: indicators with thresholds, the rule over years, and a list ranked by loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from suasion.errors import InputError, expect
from suasion.products.bootstrap import MOST_YEARS, mean_band, rule_probability
from suasion.products.elasticities import responses
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
from suasion.products.loss import supplier_losses
from suasion.products.production import Production, produced
from suasion.products.store import ProductStore, connect, open_store, side_by_side
from suasion.types import FloatArray

if TYPE_CHECKING:
    import duckdb

MILLION = 1e-3  # thousand USD to million USD
YEARS = 5


@dataclass(frozen=True)
class Overlap:
    """How far two lists of goods agree.

    Attributes
    ----------
    flagged, common : goods flagged, and how many of them are among as many goods with the largest loss
    share : common over flagged; NaN if none is flagged
    loss_share : part of the loss of all goods that lies in the flagged ones
    import_share : part of the imports that lies in the flagged ones
    """

    flagged: int
    common: int
    share: float
    loss_share: float
    import_share: float


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
    overlap : of the flagged goods and those with the largest loss
    source : where the trade comes from
    second : to how many products the Commission's second indicator, which needs production, was applied; None where
        it was to all, or does not belong to the rule
    asked : years that were asked for; a group has members in fewer
    """

    economy: str
    variant: str
    years: tuple[int, ...]
    table: pd.DataFrame
    overlap: Overlap
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
    production: Production | None = None,
) -> Screen:
    """Screen the imports of an economy or a dated bloc for dependence.

    Parameters
    ----------
    economy : country (code or name), or a group such as ``EU``, with its members of each year
    store : product data; :func:`suasion.products.open_store` by default
    variant : {"commission", "cepii"}
        Which indicators.
    year : last year; the store's last without it
    years : years behind the bootstrap, 3 to 8
    production : production in tonnes, the store's without it; the second indicator of the Commission is then applied
        to single economies too

    Returns
    -------
    Screen

    Raises
    ------
    InputError
        If the economy, variant or year is not known, or ``years`` is out of its range.
    """
    expect(economy, str, "economy", "A code, a name or a group comes first; no world is needed.")
    data = open_store() if store is None else store
    rule, last = rule_of(variant), data.year(year)
    if not SPAN <= years <= MOST_YEARS:
        raise InputError(f"`years` is {years}; the screen uses {SPAN} to {MOST_YEARS} years.")
    made = data.production if production is None else production
    asked = tuple(y for y in data.years if last - years < y <= last)
    used = years_of(economy, asked)
    with connect(data) as connection:
        labels = axes(data, connection)
        seen = list(
            side_by_side(lambda one: _seen(connection.cursor(), labels, data, economy, one, rule, made), used)
        )
    flows, values = seen[-1].flows, np.array([one.values for one in seen])
    table = _table(flows, labels, rule, values, np.array([one.flags for one in seen]), data)
    second = _second(rule, values, flows)
    return Screen(seen[-1].code, variant, used, table, overlap(table), data.source, second, asked)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One year of one economy: indicators (3, P) and flags (P,)."""

    code: str
    flows: YearFlows
    values: FloatArray
    flags: FloatArray


def _seen(
    connection: duckdb.DuckDBPyConnection, labels: Axes, store: ProductStore, economy: str, year: int, rule: Rule,
    production: Production | None,
) -> _Seen:  # fmt: skip
    code, numbers = numbers_of(economy, store, year)
    flows = year_flows(connection, labels, year, numbers)
    second = None
    if production is not None and rule.variant == "commission" and not flows.inside.any():
        tonnes = tonnes_bought(connection, labels, year, numbers)
        second = outside_share(tonnes, produced(production, code, year, labels.products))[None]
    values = indicators(flows, rule.variant, second)
    return _Seen(code, flows, values[:, 0], flagged(values, rule.thresholds, flows.recorded)[0])


def _table(
    flows: YearFlows, labels: Axes, rule: Rule, values: FloatArray, flags: FloatArray, store: ProductStore
) -> pd.DataFrame:
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
        "supplier_share": np.divide(
            flows.top[0], flows.imports[0], out=np.zeros_like(mean), where=flows.imports[0] > 0
        ),
        **dict(zip(rule.names, last, strict=True)),
        **{f"margin_{n + 1}": last[n] - limit for n, limit in enumerate(rule.thresholds)},
        "years_flagged": np.nansum(flags[-SPAN:], axis=0).astype(int),
        "dependent": persistent(flags[-SPAN:]),
        "probability": rule_probability(flags),
        "margin": mean,
        "margin_low": low,
        "margin_high": high,
        **_losses(flows, labels),
    }
    every = pd.DataFrame(columns)
    table: pd.DataFrame = every[flows.imports[0] > 0].sort_values("loss", ascending=False, ignore_index=True)
    table["loss_rank"] = np.arange(1, len(table) + 1)
    return table


def _losses(flows: YearFlows, labels: Axes) -> dict[str, FloatArray]:
    found = supplier_losses(flows, responses(labels.products))
    rises = {"rise": found.rise, "rise_low": found.rise_low, "rise_high": found.rise_high}
    money = {"loss": found.loss, "loss_low": found.loss_low, "loss_high": found.loss_high}
    return {k: v[0] * 100.0 for k, v in rises.items()} | {k: v[0] * MILLION for k, v in money.items()}


def overlap(table: pd.DataFrame) -> Overlap:
    """Compare the goods flagged with as many goods of the largest loss.

    table: of a :class:`Screen`.
    """
    hit = (table["dependent"] == 1).to_numpy()
    count = int(hit.sum())
    common = int(hit[np.argsort(-table["loss"].to_numpy(), kind="stable")[:count]].sum())
    parts = [
        float(table.loc[hit, column].sum() / table[column].sum()) if table[column].sum() > 0 else float("nan")
        for column in ("loss", "imports")
    ]
    return Overlap(count, common, common / count if count else float("nan"), *parts)


def _second(rule: Rule, values: FloatArray, flows: YearFlows) -> int | None:
    """Products to which the second indicator of the Commission was applied; None where to all of them."""
    bought = flows.imports[0] > 0
    known = int((~np.isnan(values[-1, 1]) & bought).sum())
    return known if rule.variant == "commission" and known < int(bought.sum()) else None
