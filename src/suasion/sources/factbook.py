"""Embedded tables from two editions of the CIA World Factbook (public domain): 2014-15 and 2025.

The Factbook prints prose; these tables hold what was read in it. ``vintage`` names the edition (2014 or
2025), ``year`` the year that the figure itself carries.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from suasion.sources.embedded import load_csv, load_parquet


def partner_shares() -> pd.DataFrame:
    """Shares of the main partners in exports and imports, 2014 and 2023.

    Returns
    -------
    DataFrame
        Columns: ``reporter``, ``partner`` (ISO 3166 alpha-3), ``flow`` (``"exports"`` or ``"imports"``),
        ``year``, ``share`` (fraction of the reporter's flow), ``vintage``. The edition of 2025 prints the
        first five partners in whole per cent, for goods, partly from mirror data. A partner that is not
        printed is small or unknown, not zero.
    """
    return load_parquet("partner_shares.parquet")


def memberships() -> pd.DataFrame:
    """Memberships of international organizations, editions of 2014 and 2025.

    Returns
    -------
    DataFrame
        Columns: ``country`` (ISO 3166 alpha-3), ``organization`` (abbreviation as printed), ``status``
        (``"member"``, ``"observer"`` and others as printed), ``vintage``. The Factbook lags behind events:
        an entry says what that edition printed.
    """
    return load_parquet("memberships.parquet")


def military() -> pd.DataFrame:
    """Military expenditure in per cent of GDP.

    Returns
    -------
    DataFrame
        Columns: ``country``, ``year``, ``percent_of_gdp``, ``vintage``. Where both editions cover a year
        they may differ.
    """
    return load_parquet("military.parquet")


def economy() -> pd.DataFrame:
    """Trade totals, output and its growth.

    Returns
    -------
    DataFrame
        Columns: ``country``, ``item``, ``year``, ``value``, ``unit``, ``vintage``. Items: ``exports`` and
        ``imports`` (goods and services, balance of payments; the edition of 2014 goods), ``gdp_nominal``
        (official exchange rate), ``gdp_ppp`` (2021 USD at purchasing power parity), ``real_growth`` (per
        cent a year).
    """
    return load_parquet("economy.parquet")


def country_codes() -> pd.DataFrame:
    """Crosswalk of country codes of the embedded sources.

    Returns
    -------
    DataFrame
        Columns, all text, empty where there is none: ``iso3``, ``iso2``, ``m49`` (three digits), ``fips``
        (the Factbook's), ``name`` and ``long_name`` (Factbook), ``trade_name`` (BACI). Names imply no view
        on any status.
    """
    return _codes().copy()


@cache
def _codes() -> pd.DataFrame:
    columns = ("iso3", "iso2", "m49", "fips", "name", "long_name", "trade_name")
    return load_csv("countries.csv", text=columns).fillna("")
