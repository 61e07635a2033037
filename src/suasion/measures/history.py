"""The goods trade of a pair through the years: a line where one source counts one thing, marked points elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import SameCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.factbook import partner_shares
from suasion.sources.goods_totals import LATER, LINE, goods_totals, on_record
from suasion.sources.groups import group_code, is_group, members
from suasion.sources.totals import totals
from suasion.types import Citation

COLUMNS = (
    "country", "partner", "year", "flow", "value", "whole", "share", "low", "high", "form", "reporter", "source",
    "vintage", "definition", "hole",
)  # fmt: skip
SIDES = {"turnover": ("exporter", "importer"), "exports": ("exporter",), "imports": ("importer",)}
FLOWS = tuple(SIDES)
BACK = {"exporter": "importer", "importer": "exporter"}
_NO_TRADE = pd.Series(dtype=float)
SOURCE: Citation = "CEPII BACI"
DEFINITION: Citation = "goods, free on board, partners' reports reconciled"
VINTAGES: dict[int, Citation] = dict.fromkeys(LINE, "HS 1992 summed over products") | dict.fromkeys(
    LATER, "HS 2022, version 202501"
)
NOTED = 0.01
"""Share from which on a partner is among those whose share moved most."""
WORTH = 100.0
"""Million USD in the last year of the line from which a missing flow of a later year counts as a hole."""
NOT_REPORTING = {"RUS": 2022}
"""Economies of which only partners' reports are left, with the first such year."""
TIMES, APART = 2.0, 0.1
"""Factor and distance from which on a published share contradicts the recorded one of its year. Assumption, ranges 1.4
to 3 and 0.05 to 0.2: definitions alone, such as re-exports and valuation, make smaller gaps."""
CITED = {"share_of_turnover": "turnover", "share_of_exports": "exports", "share_of_imports": "imports"}


def trade_history(a: str, b: str) -> pd.DataFrame:
    """Return a pair's goods trade and its share in all trade of each side, year by year.

    Parameters
    ----------
    a, b : two countries or groups: codes or names; the trade of a group is that of its members of the end of the last
        year known with others.

    Returns
    -------
    DataFrame
        One row per country, flow and year. ``value``, ``whole``: trade with the partner and with everybody, million
        USD; ``share`` (0 to 1); ``low``, ``high``: where flows of the year are missing, the share with twice the patch
        and with none. ``form``: ``"line"`` (2000 to 2020: one source, one definition), ``"hollow"`` (another vintage,
        holes patched: not to be joined to the line), ``"dot"`` (a published total with its own definition).
        ``reporter``: ``"both"``, ``"partner only"``, ``"as published"`` or ``"estimate"``, where the flow itself is a
        hole. ``hole`` names partners whose flows the year lacks. A later year without any flow of either has no row.

    Raises
    ------
    SameCountryError
        If both are one country, or share one.
    InputError
        If a name is unknown.
    """
    first, second = (group_code(one) or resolve_country(one) for one in (a, b))
    if set(_inside(first)) & set(_inside(second)):
        raise SameCountryError(f"{a} and {b} are one country, or share one; the history is of a pair.")
    rows = [row for of, other in ((first, second), (second, first)) for row in _lines(of, other)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return pd.concat([frame, _dots(first, second)], ignore_index=True)


def contradicted(history: pd.DataFrame) -> pd.DataFrame:
    """Return published shares that are quite other than the recorded ones of their year, where none later agrees.

    history: of a pair, as :func:`trade_history` returns it.
    Returns: ``country``, ``partner``, ``year``, ``flow``, ``told`` and ``share`` (published and recorded, 0 to 1), from
      cited totals and the main partners that the CIA World Factbook prints.
    """
    keys = ["country", "partner", "year", "flow"]
    dots = history["form"] == "dot"
    cited = history.loc[dots, [*keys, "share"]]
    printed = partner_shares().astype({"reporter": str, "partner": str, "flow": str})
    printed = printed.rename(columns={"reporter": "country"})[[*keys, "share"]]
    told = pd.concat([cited, printed]).rename(columns={"share": "told"})
    both = history.loc[~dots & (history["reporter"] != "estimate"), [*keys, "share"]].merge(told, on=keys)
    last = both.sort_values("year", kind="stable").groupby(["country", "flow"], sort=False).tail(1)
    ratio = last["share"] / last["told"]
    far = ((ratio * TIMES < 1) | (ratio > TIMES)) & (last["share"] - last["told"]).abs().ge(APART)
    found: pd.DataFrame = last[far].sort_values("year", ascending=False, kind="stable", ignore_index=True)
    return found


def _lines(of: str, other: str) -> list[tuple[object, ...]]:
    """Rows of one country: years of the line, and years with holes that have some flow of either."""
    late = [year for year in LATER if all(on_record(year) & {*_inside(side)} for side in (of, other))]
    rows = [_row(of, other, flow, year) for flow in FLOWS for year in [*LINE, *late]]
    return [row for row in rows if row[5]]


def _row(of: str, other: str, flow: str, year: int) -> tuple[object, ...]:
    parts = [_by_year(of, side) for side in SIDES[flow]]
    known = [part.get(year, _NO_TRADE) for part in parts]
    patches = [_patch(of, side, year) for side in SIDES[flow]] if year in LATER else []
    value = sum(float(part.get(code, 0.0)) for part in known for code in _inside(other))
    guessed = sum(float(part.get(code, 0.0)) for part in patches for code in _inside(other))
    whole, patched = sum(float(part.sum()) for part in known), sum(float(part.sum()) for part in patches)
    rest = patched - guessed
    share = (value + guessed) / (whole + patched) if whole + patched else np.nan
    # Ends: what the patches of others are worth is doubled, or nothing; without any known flow neither says a thing.
    bounded = bool(patched and whole + guessed)
    low = (value + guessed) / (whole + guessed + 2 * rest) if bounded else np.nan
    high = (value + guessed) / (whole + guessed) if bounded else np.nan
    silent = year >= min(NOT_REPORTING.get(of, 9999), NOT_REPORTING.get(other, 9999))
    reporter = "estimate" if guessed else "partner only" if silent else "both"
    holes = sorted({str(name) for part in patches for name in part.index})
    form = "line" if year in LINE else "hollow"
    marks = (form, reporter, SOURCE, VINTAGES[year], DEFINITION, " ".join(holes))
    return (of, other, year, flow, value + guessed, whole + patched, share, low, high, *marks)


def _patch(of: str, side: str, year: int) -> pd.Series:
    """Flows that a later year lacks: those of the last year of the line, grown as the world's trade.

    Who reports its trade with a partner reports it both ways: a flow whose reverse is on record was none, and no hole.
    """
    before, now = (_by_year(of, side).get(one, _NO_TRADE) for one in (LINE[-1], year))
    reported = now.index.union(_by_year(of, BACK[side]).get(year, _NO_TRADE).index)
    lost = before[(before >= WORTH) & ~before.index.isin(reported)]
    return lost * _growth(year)


def partner_history(of: Sequence[str], count: int) -> pd.DataFrame:
    """Return the shares of a few partners in the goods trade of a country or bloc, year by year.

    They are the largest of the last year of the line, and the one among the others whose share moved most since the
    first. What members of a bloc sell each other is left out.

    of: codes of the country, or of the members of the bloc.
    count: partners.
    Returns: One row a partner and year: ``partner``, ``year``, ``value_musd`` (exports plus imports),
      ``goods_share`` (0 to 1), ``series_form`` as ``form`` of :func:`trade_history`.
    """
    flows = [(code, side) for code in of for side in ("exporter", "importer")]
    both = pd.concat([_by_partner(code, side).assign(member=code, side=side) for code, side in flows])
    out = both[~both["partner"].isin(of) & both["year"].isin(LINE)]
    values = out.groupby(["year", "partner"])["value"].sum().unstack().fillna(0.0)
    if values.empty:
        return pd.DataFrame(columns=["partner", "year", "value_musd", "goods_share", "series_form"])
    shares = values.div(values.sum(axis=1), axis=0)
    largest = list(shares.iloc[-1].nlargest(count - 1).index)
    moved = (shares.iloc[-1] - shares.iloc[0]).abs().drop(largest)[shares.iloc[-1] >= NOTED]
    chosen = [*largest, *moved.nlargest(1).index]
    later = {year: _patched(both, of, year) for year in LATER if on_record(year) & {*of}}
    parts = []
    for code in map(str, chosen):
        line = pd.DataFrame({"year": shares.index, "value_musd": values[code], "goods_share": shares[code]})
        parts.append(line.assign(partner=code, series_form="line"))
        for year, whole in later.items():
            if (value := float(whole.get(code, 0.0))) or whole.sum():
                row = {"year": year, "value_musd": value, "goods_share": value / whole.sum()}
                parts.append(pd.DataFrame([row]).assign(partner=code, series_form="hollow"))
    return pd.concat(parts, ignore_index=True)


def _patched(flows: pd.DataFrame, of: Sequence[str], year: int) -> pd.Series:
    """Trade with each partner outside in a later year, with what the year lacks, see :func:`_patch`.

    flows: ``member``, ``side``, ``partner``, ``year``, ``value``.
    """
    keys = ["member", "side", "partner"]
    outside = flows[~flows["partner"].isin(of) & flows["year"].isin([year, LINE[-1]])]
    now, before = (outside[outside["year"] == one].set_index(keys)["value"] for one in (year, LINE[-1]))
    back = now.rename(BACK, level="side").index
    lost = before[(before >= WORTH) & ~before.index.isin(now.index.union(back))] * _growth(year)
    whole: pd.Series = pd.concat([now, lost]).groupby("partner").sum()
    return whole


@cache
def _growth(year: int) -> float:
    whole = goods_totals().groupby("year")["value"].sum()
    return float(whole[year] / whole[LINE[-1]])


@lru_cache(maxsize=16)
def _by_year(code: str, side: str) -> dict[Any, pd.Series]:
    """Trade of a country with each partner, million USD, by year."""
    inside = _inside(code)
    flows = pd.concat([_by_partner(one, side) for one in inside])
    years = flows[~flows["partner"].isin(inside)].groupby("year")
    return {year: part.groupby("partner")["value"].sum() for year, part in years}


@cache
def _inside(side: str) -> tuple[str, ...]:
    """A country itself, or the members of a group at the end of the last year known."""
    return members(side, LATER[-1]) if is_group(side) else (side,)


def _by_partner(code: str, side: str) -> pd.DataFrame:
    other = "importer" if side == "exporter" else "exporter"
    frame = goods_totals()
    chosen = frame[frame[side] == code]
    return chosen.rename(columns={other: "partner"})[["partner", "year", "value"]].astype({"partner": str})


def _dots(first: str, second: str) -> pd.DataFrame:
    """Shares that somebody published."""
    cited = totals()
    pair = cited["reporter"].isin((first, second)) & cited["partner"].isin((first, second))
    chosen = cited[pair & cited["measure"].isin(CITED)]
    return pd.DataFrame(
        {
            "country": chosen["reporter"],
            "partner": chosen["partner"],
            "year": chosen["year"],
            "flow": chosen["measure"].map(CITED),
            "value": np.nan,
            "whole": np.nan,
            "share": chosen["value"] / 100.0,
            "low": np.nan,
            "high": np.nan,
            "form": "dot",
            "reporter": "as published",
            "source": chosen["source"],
            "vintage": chosen["locator"],
            "definition": chosen["definition"],
            "hole": "",
        }
    ).reindex(columns=list(COLUMNS))
